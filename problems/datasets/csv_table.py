"""Tables in CSV files: a header, then numbers row by row; one column, the target, may be text."""

import array
import csv
import io
import itertools
import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from problems.datasets.dataset import Dataset
from problems.datasets.limits import check_size
from problems.errors import InputError, choose
from problems.written import read_real

__all__ = ["TARGETS", "read_csv"]

TARGETS = ("target", "label", "class", "y")
"""Names of columns that are the target if none is asked for, the first of these that there is."""

DELIMITERS = ",;\t"
"""What may stand between cells: that by which the header falls into most columns."""

CHECKED = 4096
"""The size is looked at after so many rows each, before memory is full."""

Row = tuple[int, list[str]]
"""A row's number, counted from 1 as editors do, and its cells."""


def read_csv(name: str, content: bytes, target: str | None) -> Dataset:
    """Read a table; see `problems.datasets.files.read_table`. Rows are counted with the header as row 1.

    Raises
    ------
    InputError
        If there is no header, names or rows do not fit, or a cell is no number.
    """
    rows = _rows(name, content)
    header, first = next(rows, None), next(rows, None)
    if header is None or first is None:
        rest = "is empty" if header is None else "has one row only"
        raise InputError(f"{name} {rest}; give a header with the names of the columns, then rows of numbers.")
    names = [cell.strip() for cell in header[1]]
    _check_header(name, names, first[1])
    place, chosen = _choose_target(names, target)
    features = names[:place] + names[place + 1 :]

    values, numbers, targets = array.array("d"), array.array("q"), []
    for number, row in itertools.chain([first], rows):
        if len(row) != len(names):
            raise InputError(f"{name}, row {number}: {len(row)} cells under {len(names)} names; give one a column.")
        targets.append(row.pop(place).strip())
        numbers.append(number)
        try:
            values.extend(map(read_real, row))
        except ValueError:
            at = next(i for i, cell in enumerate(row) if not _is_number(cell))
            raise _refusal(name, number, features[at], row[at]) from None
        if len(numbers) % CHECKED == 0:
            check_size(name, len(numbers), len(names))
    check_size(name, len(numbers), len(names))
    return Dataset.from_samples(
        np.array(values).reshape(len(numbers), len(features)),
        _read_targets(name, names[place], targets, numbers),
        name=name,
        features=features,
        target=names[place],
        description=f"Rows of {name}{chosen}",
        sample=lambda sample: f"row {numbers[sample]}",
    )


def _rows(name: str, content: bytes) -> Iterator[Row]:
    """Yield the rows that are not blank."""

    def read(delimiter: str) -> Iterator[list[str]]:
        # A byte order mark, which spreadsheets write, is no part of the first name.
        return csv.reader(io.TextIOWrapper(io.BytesIO(content), "utf-8-sig", newline=""), delimiter=delimiter)

    number = 0
    try:
        delimiter = max(DELIMITERS, key=lambda one: len(next(filter(None, read(one)), [])))
        for number, row in enumerate(read(delimiter), 1):
            if any(map(str.strip, row)) or len(row) > 1:
                yield number, row
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, _place(content)) + 1
        raise InputError(
            f"{name}, row {line}: byte {error.object[error.start]} is no text in UTF-8; save the table in UTF-8."
        ) from None
    except csv.Error as error:
        raise InputError(f"{name}, after row {number}: this is no CSV ({error}); save the table as CSV.") from None


def _place(content: bytes) -> int:
    """Return where the first byte stands that is no text; the reader's own error counts within a block."""
    try:
        content.decode()
    except UnicodeDecodeError as error:
        return error.start
    return len(content)


def _check_header(name: str, names: Sequence[str], first: Sequence[str]) -> None:
    """Refuse names that are missing, doubled, or the first row of a table without names."""
    looks = [list(map(_is_number, row)) for row in (names, first)]
    if all(looks[0]) or (any(looks[0]) and looks[0] == looks[1]):
        raise InputError(
            f"{name} has no header: its first row holds the number {names[looks[0].index(True)]}, as the second does; "
            "put a row with the names of the columns before it."
        )
    if len(names) == 1:
        raise InputError(
            f"{name} has one column, {names[0]!r}; give a feature and a target at least, separated by commas, "
            "semicolons or tabs."
        )
    for place, column in enumerate(names):
        if not column:
            raise InputError(
                f"{name}: column {place + 1} has no name; give it one, or leave it out (of pandas: index=False)."
            )
        if column in names[:place]:
            raise InputError(
                f"{name}: columns {names.index(column) + 1} and {place + 1} are both called {column!r}; rename one."
            )


def _choose_target(names: Sequence[str], target: str | None) -> tuple[int, str]:
    """Return the place of the target and, if it was not asked for, in words which one was taken."""
    if target is not None:
        return choose("target column", target, {name: place for place, name in enumerate(names)}), ""
    folded = [name.casefold() for name in names]
    named = [folded.index(name) for name in TARGETS if name in folded]
    place = named[0] if named else len(names) - 1
    return place, f" (target: {'' if named else 'the last '}column {names[place]!r})"


def _read_targets(name: str, column: str, cells: list[str], numbers: Sequence[int]) -> NDArray:
    """Return numbers if all cells are some, and text if none is."""
    try:
        return np.array(list(map(read_real, cells)))
    except ValueError:
        are_numbers = list(map(_is_number, cells))
        word = are_numbers.index(False)
        if "" in cells or any(are_numbers):
            word = cells.index("") if "" in cells else word
            raise _refusal(name, numbers[word], column, cells[word], "other rows have numbers there: ") from None
        return np.array(cells, dtype=object)


def _is_number(cell: str) -> bool:
    try:
        read_real(cell)
    except ValueError:
        return False
    return True


def _refusal(name: str, number: int, column: str, cell: str, why: str = "") -> InputError:
    where = f"{name}, row {number}, column {column!r}"
    if not cell.strip():
        return InputError(f"{where}: the cell is empty; fill it in or drop the row.")
    if re.fullmatch(r"\s*[-+]?\d*,\d+\s*", cell):
        return InputError(f"{where}: {cell!r} is no number; write decimals with a point.")
    return InputError(f"{where}: {cell!r} is no number; {why or 'every feature is one: '}drop the row or the column.")
