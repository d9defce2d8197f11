"""Records of equal settings, repeats apart: what tables have rows of and figures have points of."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compare.sweeps.record import Record

__all__ = ["LETTERS", "Cell", "cells", "constant", "in_words", "refusals", "varying"]

REPEATED = ("seed", "repeat")
"""Settings that tell independent repeats apart."""

LETTERS: Mapping[str, str] = {
    "dimension": "D",
    "features": "D",
    "prime": "P",
    "points": "K",
    "nodes": "N",
    "regularization": "lambda",
    "ridge": "penalty",
}
"""How the mathematics calls a setting, where it has a letter."""


@dataclass(frozen=True)
class Cell:
    """One combination of settings.

    Attributes
    ----------
    settings
        All but seed and repeat.
    records
        One for each seed and repeat, by these two; none of them failed or refused.
    """

    settings: Mapping[str, Any]
    records: tuple[Record, ...]

    def values(self, value: Callable[[Mapping[str, Any]], float]) -> list[float]:
        """Return one number of each record's result, in the order of seeds and repeats."""
        return [value(record.result) for record in self.records if record.result is not None]

    def keys(self) -> list[tuple[Any, ...]]:
        """Return seed and repeat of each record: what cells are paired by."""
        return [tuple(record.settings[name] for name in REPEATED) for record in self.records]


def cells(records: Iterable[Record]) -> list[Cell]:
    """Group results by their settings, in the order of these, whatever the order of the records."""
    groups: dict[tuple[Any, ...], list[Record]] = {}
    for record in records:
        if record.result is not None and "refused" not in record.result:
            groups.setdefault(tuple(_setting(record).items()), []).append(record)
    return [
        Cell(dict(key), tuple(sorted(groups[key], key=lambda record: [record.settings[name] for name in REPEATED])))
        for key in sorted(groups, key=_order)
    ]


def varying(found: Sequence[Cell]) -> list[str]:
    """Return the settings that have several values."""
    names = found[0].settings if found else ()
    return [name for name in names if len({cell.settings[name] for cell in found}) > 1]


def constant(found: Sequence[Cell]) -> str:
    """Say which settings have one value, and which."""
    changing = varying(found)
    return in_words({name: value for name, value in found[0].settings.items() if name not in changing}) if found else ""


def in_words(settings: Mapping[str, Any]) -> str:
    """Write settings, as in "P = 3, K = 50, relu"."""
    words = []
    for name, value in settings.items():
        if value is None:
            words.append(f"all {name}")
        elif isinstance(value, str):
            words.append(value)
        else:
            words.append(f"{LETTERS.get(name, name)} = {value:,}")
    return ", ".join(words)


def refusals(records: Iterable[Record]) -> list[tuple[str, str, int]]:
    """Return what was refused: settings without seed and repeat, the first reason, and how often."""
    found: dict[str, list[str]] = {}
    for record in records:
        if record.result is not None and "refused" in record.result:
            found.setdefault(in_words(_setting(record)), []).append(str(record.result["refused"]))
    return [(settings, reasons[0], len(reasons)) for settings, reasons in found.items()]


def _order(settings: tuple[tuple[str, Any], ...]) -> list[tuple[bool, bool, Any]]:
    """Sort by one setting after the other; None, which means all, comes last."""
    return [(value is None, isinstance(value, str), 0 if value is None else value) for _, value in settings]


def _setting(record: Record) -> dict[str, Any]:
    return {name: value for name, value in record.settings.items() if name not in REPEATED}
