"""Rows of results: what stands in a column, in groups, and summed up with an interval.

A row is a mapping of names to values, one for each finished record or whatever was derived from some.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from compare.report.table import RECORD
from compare.statistics.estimates import Estimate, mean_estimate, median_range
from compare.statistics.folds import over_folds
from problems.errors import choose

__all__ = [
    "Middle",
    "Row",
    "Value",
    "averaged",
    "capital",
    "grouped",
    "in_words",
    "read",
    "records_of",
    "summarize",
]

Row = Mapping[str, Any]

Value = str | Callable[[Row], Any]
"""A column's name, or a function of a row."""

Middle = Literal["mean", "median"]
"""A mean with its 95% interval, or a median between the least and the greatest."""


def read(row: Row, value: Value) -> Any:
    """Return a value of a row.

    Raises
    ------
    InputError
        If there is no such column.
    """
    if callable(value):
        return value(row)
    return row[value] if value in row else choose("column", value, row)


def records_of(*rows: Any) -> tuple[str, ...]:
    """Return the hashes of the records that rows are made of, each once: of rows, or of lists of them."""
    found: dict[str, None] = {}
    for row in rows:
        if isinstance(row, Mapping):
            named = row.get(RECORD) or ()
            found |= dict.fromkeys([named] if isinstance(named, str) else named)
        elif row is not None:
            found |= dict.fromkeys(records_of(*row))
    return tuple(found)


def known(found: Any) -> float | None:
    """Return a number, of an estimate or its record the best value; None of what is missing or not finite."""
    best = found["best"] if isinstance(found, Mapping) else getattr(found, "best", found)
    return None if best is None or not math.isfinite(best) else float(best)


def grouped(rows: Iterable[Row], names: Sequence[str]) -> dict[tuple[Any, ...], list[Row]]:
    """Return the rows of each combination of what stands in some columns, in the order in which they come."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(read(row, name) for name in names), []).append(row)
    return groups


def averaged(rows: Iterable[Row], value: Value, each: Sequence[str]) -> dict[tuple[Any, ...], float]:
    """Return one number for each combination of the columns `each`: the mean over its rows.

    Where a row has no number, the combination has none.
    """
    found = {key: [known(read(row, value)) for row in group] for key, group in grouped(rows, each).items()}
    return {key: float(np.mean(values)) for key, values in found.items() if None not in values}  # type: ignore[arg-type]


def summarize(
    rows: Sequence[Row],
    value: Value,
    each: Sequence[str] = (),
    overlap: float | str = 0.0,
    middle: Middle = "mean",
) -> Estimate | None:
    """Return what rows say of one number: a mean or a median with its interval; None if no row has it.

    Parameters
    ----------
    rows
        The rows.
    value
        The number. If there is a single row and its value is an estimate already, that is returned.
    each
        Columns that tell independent repeats apart: rows alike in them are averaged first. If empty every row counts.
    overlap
        Held-out over training samples, where repeats are folds that share samples (see `over_folds`); a number, or a
        column.
    middle
        "mean" or "median".
    """
    if len(rows) == 1 and (ready := as_estimate(read(rows[0], value))) is not None:
        return ready
    if each:
        numbers = list(averaged(rows, value, each).values())
    else:
        numbers = [number for row in rows if (number := known(read(row, value))) is not None]
    if not numbers:
        return None
    if middle == "median":
        return median_range(numbers)
    ratio = overlap_of(rows, overlap)
    return over_folds(numbers, ratio) if ratio else mean_estimate(numbers)


def as_estimate(found: Any) -> Estimate | None:
    """Return an estimate, or the record of one, as an estimate; None of anything else."""
    if isinstance(found, Mapping):
        ends = [found.get(end) for end in ("low", "best", "high", "samples")]
    else:
        ends = [getattr(found, end, None) for end in ("low", "best", "high", "samples")]
    low, best, high, samples = ends
    if best is None:
        return None
    return Estimate(-math.inf if low is None else low, best, math.inf if high is None else high, samples or 1)


def overlap_of(rows: Sequence[Row], overlap: float | str) -> float:
    """Return a number, or the largest of a column."""
    if not isinstance(overlap, str):
        return overlap
    return max((number for row in rows if (number := known(read(row, overlap))) is not None), default=0.0)


def capital(words: str) -> str:
    """Return words as they begin a sentence."""
    return words[:1].upper() + words[1:]


def in_words(settings: Mapping[str, Any], names: Mapping[str, str] | None = None) -> str:
    """Write settings as readers see them, as in "iris, D = 4, all features".

    Parameters
    ----------
    settings
        Values by name; text says what it is by itself.
    names
        What readers call a setting, where that is something else.
    """
    said = []
    for setting, value in settings.items():
        name = (names or {}).get(setting, setting)
        if value is None:
            said.append(f"all {name}")
        elif isinstance(value, str):
            said.append(value)
        else:
            said.append(f"{name} = {value:,}" if isinstance(value, int | float) else f"{name} = {value}")
    return ", ".join(said)
