"""Plain data from files that may come from anybody, held against the dataclasses that they were written from."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from problems.activations import Activation
from problems.errors import InputError, choose

__all__ = ["as_settings", "fits"]

T = TypeVar("T")

LARGEST = math.sqrt(1.7e308)
"""Numbers up to it can be squared without leaving the floats."""


def as_settings(kind: type[T], record: Mapping[str, Any]) -> T:
    """Return recorded settings as a study's own: every one, each of its type.

    Parameters
    ----------
    kind
        The study's dataclass of settings.
    record
        Plain data, from a file that may come from anybody.

    Raises
    ------
    InputError
        If a setting is unknown, missing, or of another type.
    """
    hints = get_type_hints(kind)
    names = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    for name, value in record.items():
        choose("setting", name, names)
        if not fits(value, hints[name]):
            raise InputError(f"{name} = {value!r} is no such setting; the record was changed by hand: make a new run.")
    missing = [name for name in names if name not in record]
    if missing:
        raise InputError(
            f"The record lacks the setting {missing[0]!r}, which this version has: the run is of another version; "
            "take that one, or make a new run."
        )
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in record.items()})


def fits(value: Any, hint: Any) -> bool:
    """Tell whether plain data are of a type: finite numbers, text, None, sequences, dataclasses, unions of these."""
    if hint == Activation:
        return fits(value, str | Sequence[float])
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return any(fits(value, part) for part in get_args(hint))
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        return isinstance(value, dict) and value.keys() == hints.keys() and all(fits(value[k], hints[k]) for k in hints)
    if isinstance(origin or hint, type) and issubclass(origin or hint, Sequence) and (origin or hint) is not str:
        inner = get_args(hint)
        return isinstance(value, list) and all(not inner or fits(part, inner[0]) for part in value)
    if hint in (int, float):
        kinds = int if hint is int else int | float
        # By the comparison whole numbers that are no float are out, and so is what is no number.
        return isinstance(value, kinds) and not isinstance(value, bool) and -LARGEST <= value <= LARGEST
    return isinstance(value, NoneType if hint is None else hint)
