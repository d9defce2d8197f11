"""The grid of a sweep: values for each setting, from flags and from a YAML file, and the tasks that they make.

A file holds one mapping from settings to a value or a list of values, or a list of such mappings, whose tasks are run
one after the other::

    method: [dequantized, rejection]
    dimension: [4, 8, 16]
    prime: 3
    repeats: 5
"""

import itertools
import math
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

import yaml

from compare.sweeps.experiments import experiment
from compare.sweeps.task import Task
from problems.errors import InputError, choose, whole_number

__all__ = ["LARGEST", "REPEATS", "Grid", "read_file", "read_grids"]

LARGEST = 10**6
"""Tasks of a sweep at most."""

LARGEST_NUMBER = 10**18

REPEATS, REPEAT = "repeats", "repeat"
"""A grid says how many repeats there are; each task says which one it is, from 0."""


@dataclass(frozen=True)
class Grid:
    """Values for each setting of an experiment.

    Attributes
    ----------
    kind
        A name in `compare.sweeps.experiments.EXPERIMENTS`.
    axes
        For each of its settings, in their order, the values.
    """

    kind: str
    axes: Mapping[str, Sequence[Any]]

    def tasks(self) -> Iterator[Task]:
        """Return one task for each combination, whole repeats one after the other."""
        outer = [REPEAT, *(name for name in self.axes if name != REPEAT)]
        for values in itertools.product(*(self.axes[name] for name in outer)):
            chosen = dict(zip(outer, values, strict=True))
            yield Task.of(self.kind, {name: chosen[name] for name in self.axes})


def read_grids(kind: str, flags: Mapping[str, str | None], file: Path | None = None) -> list[Grid]:
    """Return the grids that flags and a file ask for; a flag takes the place of what the file says.

    Parameters
    ----------
    kind
        A name in `compare.sweeps.experiments.EXPERIMENTS`.
    flags
        For settings, values separated by commas; None for those left out.
    file
        A YAML file; none by default.

    Raises
    ------
    InputError
        If the file cannot be read, a setting does not exist, a value is none of its kind, or there are more than
        `LARGEST` tasks.
    """
    given = {name: _parts(name, text) for name, text in flags.items() if text is not None}
    parts: list[Mapping[str, Any]] = [{}] if file is None else read_file(file)
    grids = [_grid(kind, dict(part) | given) for part in parts]
    tasks = sum(math.prod(len(values) for values in grid.axes.values()) for grid in grids)
    if tasks > LARGEST:
        raise InputError(f"The grid has {tasks:,} tasks, and {LARGEST:,} are the most; give fewer values.")
    return grids


def read_file(path: Path) -> list[Mapping[str, Any]]:
    """Read a YAML file of one grid or a list of them.

    Raises
    ------
    InputError
        If it cannot be read, or holds neither.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _Loader)
    except OSError as error:
        raise InputError(f"The grid {path} cannot be read ({error.strerror}); name a YAML file.") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise InputError(f"The grid {path} is no YAML ({reason}); see tickets scale --help for its settings.") from None
    parts = content if isinstance(content, list) else [content]
    if not parts or not all(isinstance(part, dict) and part for part in parts):
        raise InputError(f"The grid {path} is no mapping from settings to values; write lines as 'dimension: [4, 8]'.")
    return parts


class _Loader(yaml.SafeLoader):
    """YAML in which no key stands twice: the first value would be lost without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} stands twice", node.start_mark)
        return super().construct_mapping(node, deep)


def _parts(name: str, text: str) -> list[str]:
    parts = [part.strip() for part in text.split(",")]
    if not all(parts):
        raise InputError(f"{name} = {text!r} has an empty place; write values separated by single commas.")
    return parts


def _grid(kind: str, given: Mapping[str, Any]) -> Grid:
    """Return the grid of values given, and defaults for the rest."""
    settings = experiment(kind).Settings
    kinds = get_type_hints(settings)
    known = [field for field in fields(settings) if field.name != REPEAT]
    names = dict.fromkeys([*(field.name for field in known), REPEATS])
    for name in given:
        choose("key of a grid", name, names)
    axes: dict[str, Sequence[Any]] = {}
    for field in known:
        if field.name not in given and field.default is MISSING:
            raise InputError(f"The grid says nothing of {field.name}; give it one value or several.")
        values = given.get(field.name, field.default)
        listed = values if isinstance(values, list) else [values]
        if not listed:
            raise InputError(f"{field.name} has no value in the grid; give one or several, or leave it out.")
        # Each value once, in their order.
        axes[field.name] = tuple(dict.fromkeys(_value(field.name, value, kinds[field.name]) for value in listed))
    repeats = given.get(REPEATS, ["5"])
    if isinstance(repeats, list):
        if len(repeats) != 1:
            raise InputError(
                f"{REPEATS} = {repeats} is a list; give one whole number, how often each task is repeated."
            )
        repeats = repeats[0]
    axes[REPEAT] = range(whole_number(REPEATS, _value(REPEATS, repeats, int), 1))
    return Grid(kind, axes)


def _value(name: str, value: Any, kind: Any) -> Any:
    """Return a value as its setting has it: text from a flag, or what YAML reads."""
    options = get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,)
    if type(None) in options:
        if value is None or value in ("none", "all"):
            return None
        (kind,) = (option for option in options if option is not type(None))
    try:
        if kind is str and isinstance(value, str):
            return value
        if kind is int and not isinstance(value, bool):
            number = int(value)
            if abs(number) > LARGEST_NUMBER:
                raise InputError(f"{name} is a number of more than 18 digits; give a smaller one.")
            if isinstance(value, str) or number == value:
                return number
        if kind is float and isinstance(value, int | float | str) and not isinstance(value, bool):
            return float(value)  # YAML 1.1 reads 1e-3 as text
    except InputError:
        raise
    except (TypeError, ValueError, OverflowError):
        pass
    words = {str: "a name", int: "a whole number", float: "a number"}
    raise InputError(f"{name} = {value!r} is not {words[kind]}; give one, or several as a list.")
