"""Columns that a user leaves out of a table, and those that look as if they should be: numbers of its rows."""

from collections.abc import Sequence

import numpy as np

from problems.datasets.columns import Column
from problems.datasets.dataset import listed
from problems.errors import InputError, choose

__all__ = ["asked", "kept", "numbering", "refuse_target"]

FEW_ROWS = 10
"""In fewer rows, whole numbers that are all different are no surprise."""

IDENTIFIERS = ("id", "index", "key", "no", "nr", "number", "row")
"""Words that columns of identifiers are called by, alone or as the last of several."""


def kept(label: str, names: Sequence[str], without: Sequence[str]) -> list[int]:
    """Return the places of the columns that are not left out.

    Parameters
    ----------
    label
        What the table is called.
    names
        Of its columns.
    without
        Names of those that are left out.

    Raises
    ------
    InputError
        If there is no such column.
    """
    for name in without:
        choose(f"column in {label} called", name, dict.fromkeys(names))
    return [place for place, name in enumerate(names) if name not in without]


def asked(without: Sequence[str]) -> list[str]:
    """Return a sentence about what was left out because somebody asked for it; none if nothing was."""
    return [f"Left out, as asked: {listed(list(without))}."] if without else []


def numbering(columns: Sequence[Column]) -> list[str]:
    """Return the names of the columns that seem to number the rows rather than to say something of them.

    These are whole numbers, no two alike, that count up by one from row to row or are called an identifier.
    """
    return [column.name for column in columns if _numbers_rows(column)]


def refuse_target(label: str, target: str | None, without: Sequence[str]) -> None:
    """Refuse a target that is left out.

    Raises
    ------
    InputError
        If it is.
    """
    if target is not None and target in without:
        raise InputError(
            f"{label}: the target {target!r} is to be left out too; take it off the list, or name another."
        )


def _numbers_rows(column: Column) -> bool:
    values = column.values
    if column.words is not None or column.dates or len(values) < FEW_ROWS or np.isnan(values).any():
        return False
    if np.all(np.diff(values) == 1) and values[0] == np.floor(values[0]):
        return True
    last = column.name.casefold().replace("-", "_").replace(" ", "_").rpartition("_")[2]
    if last not in IDENTIFIERS and not column.name.endswith(("Id", "ID")):
        return False
    return bool(np.all(values == np.floor(values))) and len(np.unique(values)) == len(values)
