"""Settings from a YAML file: a mapping from settings to a value or a list of values, or a list of such mappings.

method: [dequantized, rejection]
dimension: [4, 8, 16]
prime: 3
repeats: 5
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from compare.engine.fields import called, make
from compare.engine.study import Study
from problems.errors import InputError, choose
from problems.reading import read_file

__all__ = ["read_parts", "settings_of"]

LARGEST = 2**20
"""Bytes of a grid's file, at most."""

AS_MEANT = {
    "int": re.compile(r"[-+]?(0|[1-9]\d*)"),
    "float": re.compile(r"[^_:]*"),
    "bool": re.compile(r"true|false", re.IGNORECASE),
}
"""Text meant as it is written: YAML 1.1 also reads 010 as 8, 1_0 as 10, 1:30 as 90, and yes as true."""


def settings_of(
    study: Study, flags: Mapping[str, Any], file: Path | None = None, preset: str | None = None
) -> list[Any]:
    """Return the settings that flags, a file and a preset ask for: a flag takes the place of what the file says.

    Parameters
    ----------
    study
        The study.
    flags
        What was given, by the setting's name.
    file
        A YAML file; several parts make several settings, where the study's tasks are a free grid.
    preset
        One of the study's presets, for what is not given; its defaults if None.

    Raises
    ------
    InputError
        If the file cannot be read, the preset is unknown, or a setting is refused.
    """
    base = None if preset is None else choose("preset", preset, study.presets)
    parts: list[Mapping[str, Any]] = [{}] if file is None else read_parts(file)
    if len(parts) > 1 and not study.grids:
        raise InputError(
            f"The grid {file} has {len(parts)} parts, and tickets {study.name} takes one; write one mapping."
        )
    return [make(study.settings, _overridden(study, part, flags), base) for part in parts]


def _overridden(study: Study, part: Mapping[str, Any], flags: Mapping[str, Any]) -> dict[str, Any]:
    """Return a part of a grid with flags in the place of what it says by any of a setting's names."""
    fields = {word: setting.name for word, setting in called(study.settings).items()}
    given = {fields.get(name, name) for name in flags}
    return {str(name): value for name, value in part.items() if fields.get(str(name), name) not in given} | dict(flags)


def read_parts(path: Path) -> list[Mapping[str, Any]]:
    """Read a YAML file of one mapping or a list of them.

    Raises
    ------
    InputError
        If it cannot be read, or holds neither.
    """
    import yaml

    class Loader(yaml.SafeLoader):
        """YAML in which no key stands twice: the first value would be lost without a word."""

        def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
            keys = [key.value for key, _ in node.value]
            for key in keys:
                if keys.count(key) > 1:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"the key {key!r} stands twice", node.start_mark
                    )
            return super().construct_mapping(node, deep)

        def construct_scalar(self, node: Any) -> Any:
            plain = node.value if isinstance(node, yaml.ScalarNode) and node.style is None else ""
            known = AS_MEANT.get(node.tag.rpartition(":")[2])
            if plain and known is not None and known.fullmatch(plain) is None:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{plain} is read as something else by YAML 1.1; write the number, or true or false",
                    node.start_mark,
                )  # fmt: skip
            return super().construct_scalar(node)

    try:
        content = yaml.load(read_file(path, LARGEST).decode(), Loader)
    except OSError as error:
        raise InputError(f"The grid {path} cannot be read ({error.strerror}); name a YAML file.") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise InputError(f"The grid {path} is no YAML ({reason}); see --help for the settings it may name.") from None
    parts = content if isinstance(content, list) else [content]
    if not parts or not all(isinstance(part, dict) and part for part in parts):
        raise InputError(f"The grid {path} is no mapping from settings to values; write lines as 'dimension: [4, 8]'.")
    return parts
