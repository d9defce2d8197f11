"""Columns of anybody's table as they are read: numbers, words or dates, with what is missing in them."""

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from problems.datasets.dates import days_of
from problems.errors import InputError
from problems.showing import Shows
from problems.written import read_real

__all__ = ["MISSING", "Column", "column_of", "is_number", "read_words"]

MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "?", "-", ".", "\\n"})
"""Words for a missing number, in small letters, a backslash and n of databases among them; of a column of text only the
empty cell does."""

DATE = np.dtype("datetime64[us]")


@dataclass(frozen=True, repr=False)
class Column(Shows):
    """One column.

    Attributes
    ----------
    name
        Its name.
    values
        Numbers, days since 1970-01-01, or places in `words`, shape (n,); NaN where a value is missing.
    words
        The different texts of a column of text; None of numbers and dates.
    dates
        Whether the values are days.
    """

    name: str
    values: NDArray[np.float64]
    words: tuple[str, ...] | None = None
    dates: bool = False

    def _facts(self) -> Mapping[str, object]:
        return {
            "name": self.name,
            "values": len(self.values),
            "kind": "days" if self.dates else "numbers" if self.words is None else f"{len(self.words)} words",
        }


def is_number(cell: str) -> bool:
    """Tell whether a text is a number, with a decimal point."""
    try:
        read_real(cell)
    except ValueError:
        return False
    return True


def column_of(label: str, name: str, values: Any, row: str = "row {}") -> Column:
    """Make a column of an array, or of a list, of numbers, truth values, text or dates.

    Parameters
    ----------
    label, row
        What the table and a row are called in messages.
    name
        The column's name.
    values
        Of length n. None, NaN, NaT and NA are missing.

    Raises
    ------
    InputError
        If a value is none of these, or they are mixed: row and column are named.
    """
    array = np.asarray(values) if not isinstance(values, list) else _of_objects(values)
    if array.ndim != 1:
        raise InputError(f"{label}, column {name!r}: its values have shape {array.shape}; give one value a row.")
    kind = array.dtype.kind
    if kind in "iuf":
        return Column(name, array.astype(float))
    if kind in "bUS":
        words, places = np.unique(array.astype(str), return_inverse=True)
        return read_words(name, words.tolist(), places)
    if kind == "M":
        return Column(name, _days(array), dates=True)
    if kind != "O":
        remedy = "seconds of them" if kind == "m" else "real numbers of them"
        raise InputError(f"{label}, column {name!r}: values of type {array.dtype} are no features; make {remedy}.")
    return _of_anything(label, name, array.tolist(), row)


def _of_objects(values: list) -> NDArray[Any]:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _of_anything(label: str, name: str, values: Sequence[Any], row: str) -> Column:
    kinds = [_kind(value) for value in values]
    found = set(kinds) - {""}
    if found <= {"number"}:
        return Column(name, np.array([float(v) if k else math.nan for v, k in zip(values, kinds, strict=True)], float))
    if found == {"date"}:
        # Without a zone, as NumPy's dates are: those with one are told in universal time.
        moments = [_moment(value) if kind else "NaT" for value, kind in zip(values, kinds, strict=True)]
        return Column(name, _days(np.array(moments, dtype=DATE)), dates=True)
    if found == {"text"}:
        return _factorized(name, (str(v) if k else "" for v, k in zip(values, kinds, strict=True)))
    first = next(kind for kind in kinds if kind)
    odd = next(place for place, kind in enumerate(kinds) if kind == "other" or kind not in ("", first))
    what = "neither number, text nor date" if kinds[odd] == "other" else f"no {first}, as other rows hold there"
    raise InputError(
        f"{label}, {row.format(odd)}, column {name!r}: {values[odd]!r:.40} is {what}; make the column one kind, or "
        "leave it out."
    )


def _kind(value: Any) -> str:
    """Return what a value is; nothing of a missing one."""
    # NaN and pandas' NaT and NA: the first two equal nothing, and the last has no truth value.
    if value is None or type(value).__name__ in ("NAType", "NaTType") or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, str | bool | np.bool_):
        return "text" if value != "" else ""
    if isinstance(value, datetime.date):
        return "date"
    # Databases' decimals are no `Real`.
    return "number" if isinstance(value, Real) or type(value).__name__ == "Decimal" else "other"


def _moment(value: datetime.date) -> str:
    if isinstance(value, datetime.datetime):
        if value.tzinfo is not None:
            value = value.astimezone(datetime.UTC).replace(tzinfo=None)
        return value.isoformat()
    return value.isoformat()


def _days(moments: NDArray[Any]) -> NDArray[np.float64]:
    exact = moments.astype(DATE)
    days = exact.astype(np.int64) / 86_400_000_000
    return np.where(np.isnat(exact), np.nan, days)


def _factorized(name: str, cells: Iterable[str]) -> Column:
    known: dict[str, int] = {}
    places = [known.setdefault(cell, len(known)) for cell in cells]
    return read_words(name, list(known), np.array(places))


def read_words(name: str, words: Sequence[str], places: NDArray[Any]) -> Column:
    """Return what words are: numbers if all of them are, dates if all are, else text.

    Parameters
    ----------
    name
        The column's name.
    words
        The different texts.
    places
        Which of them each row has, shape (n,).
    """
    present = [word for word in words if word.lower() not in MISSING]
    if present and all(map(is_number, present)):
        numbers = [float(word) if word.lower() not in MISSING else math.nan for word in words]
        return Column(name, np.array(numbers)[places])
    days = days_of(present) if present else None
    if days is not None:
        known = dict(zip(present, days, strict=True))
        return Column(name, np.array([known.get(word, math.nan) for word in words])[places], dates=True)
    if not any(words):
        return Column(name, np.full(len(places), np.nan))
    kept = sorted(word for word in words if word)
    rank = {word: float(place) for place, word in enumerate(kept)}
    return Column(name, np.array([rank.get(word, math.nan) for word in words])[places], tuple(kept))
