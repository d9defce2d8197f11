"""From columns as they are read to a data set: categories coded, dates counted in days, names of rows left out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from shlex import quote

import numpy as np
from numpy.typing import NDArray

from problems.arrays import turned
from problems.datasets.columns import MISSING, Column, is_number
from problems.datasets.dataset import Dataset, listed
from problems.datasets.dates import odd_date
from problems.datasets.dressed import odd_numbers, unread_dates
from problems.datasets.left_out import numbering
from problems.datasets.missing import RULES, check_rule
from problems.errors import InputError, choose

__all__ = ["MOST_CATEGORIES", "TARGETS", "check_names", "encode"]

TARGETS = ("target", "label", "class", "y")
"""Names of columns that are the target if none is asked for, the first of these that there is."""

MOST_CATEGORIES = 64
"""A column of more different texts names its rows rather than telling them apart in kind, and is left out."""

FEW_ROWS = 10
"""So is one with a text of its own in each of so many rows or more."""


def encode(
    label: str,
    columns: Sequence[Column],
    target: str | None,
    rule: str,
    row: Callable[[int], str],
    described: str,
    notes: Sequence[str] = (),
) -> Dataset:
    """Make a data set of columns.

    Categories are coded by whole numbers from 0, in ascending order of their texts. Dates become days since
    1970-01-01. Empty columns, and texts of which there are more than `MOST_CATEGORIES`, are left out, and named in the
    notes of the data set.

    Parameters
    ----------
    label
        What the table is called.
    columns
        Of equal length, with different names.
    target
        The column to predict; None takes one of `TARGETS`, else the last.
    rule
        A name in `RULES`, for missing values.
    row
        What a row is called, by its place.
    described
        In a few words, what a row is.
    notes
        Sentences that reading had to say.

    Raises
    ------
    InputError
        If a value is missing and the rule refuses it, if texts stand among numbers, or nothing is left to learn from.
    """
    check_rule(rule)
    if len(columns) < 2:
        raise InputError(f"{label} has {len(columns)} column; give a feature and a target at least.")
    place, chosen = choose_target([column.name for column in columns], target)
    asked, features = columns[place], [*columns[:place], *columns[place + 1 :]]
    for column in columns:
        _check_words(label, column, row, column is asked)
    kept, left_out = _useful(features)
    if not kept:
        raise InputError(f"{label} has no feature to learn from: {'; '.join(left_out)}; give one that varies.")
    gaps = np.logical_or.reduce([np.isnan(column.values) for column in (*kept, asked)])
    used = [asked, *kept]
    rows, whole = np.arange(len(gaps)), True
    if gaps.any():
        if rule == "drop":
            rows, whole = np.flatnonzero(~gaps), False
            if not len(rows):
                raise InputError(f"{label}: every row has a missing value; fill some in, or take --missing median.")
        else:
            _refuse_missing(label, used, rule, row, int(np.argmax(gaps)), columns)
    imputed = "median" if gaps.any() and rule == "median" else None
    x = turned(np.stack([column.values for column in kept] if whole else [column.values[rows] for column in kept]))
    told = [*notes, *_notes(kept, asked, left_out, gaps, rows, imputed is not None), *_doubts(kept, asked)]
    data = Dataset.from_samples(
        x,
        _targets(asked, rows),
        name=label,
        features=[column.name for column in kept],
        target=asked.name,
        description=f"{described}{chosen}",
        sample=lambda sample: row(int(rows[sample])),
        gaps=imputed is not None,
    )
    codes = tuple((column.name, column.words) for column in kept if column.words is not None)
    dates = tuple(column.name for column in kept if column.dates)
    return replace(data, codes=codes, dates=dates, imputed=imputed, notes=tuple(told))


def check_names(label: str, names: Sequence[str]) -> None:
    """Refuse names of columns that are missing or doubled; the column is named by its number, from 1."""
    known: dict[str, int] = {}
    for place, column in enumerate(names):
        if not column:
            raise InputError(
                f"{label}: column {place + 1} has no name; give it one, or save the table without it (of pandas: "
                "index=False)."
            )
        if column in known:
            raise InputError(
                f"{label}: columns {known[column] + 1} and {place + 1} are both called {column!r}; rename one."
            )
        known[column] = place


def choose_target(names: Sequence[str], target: str | None) -> tuple[int, str]:
    """Return the place of the target and, if it was not asked for, in words which one was taken."""
    if target is not None:
        return choose("target column", target, {name: place for place, name in enumerate(names)}), ""
    folded = [name.casefold() for name in names]
    named = [folded.index(name) for name in TARGETS if name in folded]
    place = named[0] if named else len(names) - 1
    return place, f" (target: {'' if named else 'the last '}column {names[place]!r})"


def _check_words(label: str, column: Column, row: Callable[[int], str], is_target: bool) -> None:
    """Refuse a column of words among which there are numbers: half of them or more, and of the target any."""
    if column.words is None:
        if is_target and column.dates:
            raise InputError(
                f"{label}: the target {column.name!r} holds dates; make numbers or classes of them, or name another."
            )
        return
    numbers = np.array([is_number(word) for word in column.words])
    known = np.where(np.isnan(column.values), -1, column.values).astype(int)
    odd = odd_date(column.words)
    if odd is not None:
        at = int(np.argmax(known == column.words.index(odd[0])))
        raise InputError(
            f"{label}, {row(at)}, column {column.name!r}: {odd[0]!r:.40} {odd[1]}; mend it, or leave the column out "
            f"(--without {quote(column.name)})."
        )
    if not numbers.any():
        _refuse_dressed(label, column, known, row, is_target)
        return
    places = column.values[~np.isnan(column.values)].astype(int)
    share = np.mean(numbers[places])
    if is_target or share >= 0.5:
        at = int(np.argmax((known >= 0) & ~numbers[known]))
        other = "name another target" if is_target else f"the column (--without {quote(column.name)})"
        raise InputError(
            f"{label}, {row(at)}, column {column.name!r}: {column.words[known[at]]!r:.40} is no number; other rows "
            f"have numbers there: drop the row, or {other}."
        )


def _refuse_dressed(
    label: str, column: Column, known: NDArray[np.int64], row: Callable[[int], str], is_target: bool
) -> None:
    """Refuse words that are numbers or dates to a reader, and would be categories in the order of their letters."""
    words = column.words or ()
    other = "name another target" if is_target else f"leave the column out (--without {quote(column.name)})"
    for odd, why in (
        (odd_numbers(words), "is a number with signs; write digits alone, with a point before decimals"),
        (unread_dates(words), "is a date in a way that is not read; write 2024-02-01"),
    ):
        if odd:
            at = int(np.argmax(np.isin(known, [words.index(word) for word in odd])))
            raise InputError(f"{label}, {row(at)}, column {column.name!r}: {words[known[at]]!r:.40} {why}, or {other}.")


def _useful(features: Sequence[Column]) -> tuple[list[Column], list[str]]:
    """Return the features that can tell rows apart, and in words which ones cannot."""
    kept: list[Column] = []
    out: dict[str, list[str]] = {
        "without a value": [],
        f"with a text of its own in each row, or more than {MOST_CATEGORIES} of them": [],
    }
    empty, named = out.values()
    for column in features:
        known = int(np.count_nonzero(~np.isnan(column.values)))
        words = len(column.words or ())
        if not known:
            empty.append(column.name)
        elif words > MOST_CATEGORIES or words == known >= FEW_ROWS:
            named.append(column.name)
        else:
            kept.append(column)
    return kept, [f"{listed(names)} {why}" for why, names in out.items() if names]


def _refuse_missing(
    label: str, used: Sequence[Column], rule: str, row: Callable[[int], str], first: int, order: Sequence[Column]
) -> None:
    """Refuse the first missing value: by the rule any, else only one of the target."""
    target = used[0]
    if rule == "refuse":
        among = [column for column in order if any(column is one for one in used)]
        column = next(column for column in among if np.isnan(column.values[first]))
        count = sum(int(np.isnan(column.values).sum()) for column in used)
        rules = "leave such rows out (--missing drop)"
        rules = f"or {rules}" if column is target else f"{rules}, or have them imputed (--missing median)"
        of = f" (one of {count})" if count > 1 else ""
        raise InputError(
            f"{label}, {row(first)}, column {column.name!r}: the value is missing{of}; fill it in, {rules}."
        )
    if np.isnan(target.values).any():
        gap = int(np.argmax(np.isnan(target.values)))
        raise InputError(
            f"{label}, {row(gap)}, column {target.name!r}: the value is missing, and targets are never imputed; fill "
            "it in or drop the row (--missing drop)."
        )


def _targets(asked: Column, rows: NDArray[np.intp]) -> NDArray:
    values = asked.values[rows]
    return values if asked.words is None else np.array(asked.words, dtype=object)[values.astype(int)]


def _notes(
    kept: Sequence[Column],
    asked: Column,
    left_out: Sequence[str],
    gaps: NDArray[np.bool_],
    rows: NDArray[np.intp],
    imputed: bool,
) -> list[str]:
    told = [f"Left out: {sentence}." for sentence in left_out]
    for column in (*kept, asked):
        doubtful = [word for word in column.words or () if word.lower() in MISSING]
        if doubtful:
            told.append(
                f"Of {column.name!r} {listed(doubtful)} counts as a category; if that stands for what is missing, "
                "leave the cell empty."
            )
    if len(rows) < len(gaps):
        told.append(f"{len(gaps) - len(rows)} of {len(gaps)} rows are left out, for they have missing values.")
    if imputed:
        lacking = [(column.name, int(np.isnan(column.values).sum())) for column in kept]
        counted = ", ".join(f"{name!r} ({count})" for name, count in lacking if count)
        told.append(f"Missing values are {RULES['median']}: {counted}.")
    return told


def _doubts(kept: Sequence[Column], asked: Column) -> list[str]:
    """Say what looks as if it were not meant: rows that are numbered, words that differ by capitals alone."""
    told = []
    numbers = numbering(kept)
    if numbers:
        seem = "seems" if len(numbers) == 1 else "seem"
        told.append(
            f"{listed(numbers)} {seem} to number the rows: leave out what says nothing of them "
            f"(--without {quote(','.join(numbers))})."
        )
    if numbering([asked]):
        told.append(f"The target {asked.name!r} seems to number the rows: name another one (--target).")
    for column in (*kept, asked):
        known: dict[str, str] = {}
        for word in column.words or ():
            other = known.setdefault(word.casefold(), word)
            if other != word:
                told.append(f"Of {column.name!r} {other!r} and {word!r} differ by capitals alone, and are two.")
                break
    return told
