"""Tables in CSV files: a header, then rows of numbers, text and dates, however a program writes them."""

import array
import csv
import io
import itertools
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from shlex import quote
from typing import Any

import numpy as np
from numpy.typing import NDArray

from problems.arrays import turned
from problems.datasets import left_out
from problems.datasets.columns import MISSING, Column, is_number, read_words
from problems.datasets.dataset import Dataset
from problems.datasets.encoding import TARGETS, check_names, encode
from problems.datasets.limits import MOST_NUMBERS, check_columns, check_size, check_words
from problems.datasets.plain_table import read_plain
from problems.datasets.text_encodings import encoding_of
from problems.errors import InputError
from problems.memory import require_memory
from problems.showing import so_many
from problems.written import read_real

__all__ = ["TARGETS", "read_csv"]

DELIMITERS = ",;\t|"
"""Separators of cells: that by which the header falls into most columns."""

CHECKED = 4096
"""Rows that tell what columns hold; after as many each the size is looked at, before memory is full."""

MOST_LINE = 2**24
"""A line has so many bytes at most."""

COMMA = re.compile(r"[-+]?\d*,\d+(?:[eE][-+]?\d+)?")
"""A number with a decimal comma."""

THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2},\d{3}")
"""A number with a comma that may as well part thousands."""

DECLARED = re.compile(r"sep=(.)", re.IGNORECASE)
"""How a spreadsheet declares what stands between cells, in a row before the header."""

OF_R = "row.names = FALSE"
"""How R is told to write no names of rows."""

Row = tuple[int, list[str]]
"""A row's number, counted from 1 as editors do, and its cells."""


def read_csv(
    name: str, content: bytes, target: str | None, missing: str = "refuse", without: Sequence[str] = ()
) -> Dataset:
    """Read a table; see `problems.datasets.files.read_table`. Rows are counted with the header as row 1.

    Raises
    ------
    InputError
        If there is no header, names or rows do not fit, or a cell cannot be read.
    """
    _check_content(name, content)
    codec, note = encoding_of(name, content)
    rows, delimiter = _rows(name, content, codec)
    header = next(rows, None)
    start = [] if header is None else list(itertools.islice(rows, CHECKED))
    if header is None or not start:
        rest = "is empty" if header is None else "has one row only"
        raise InputError(f"{name} {rest}; give a header with the names of the columns, then rows of numbers.")
    names = [cell.strip() for cell in header[1]]
    unnamed = _named_by_number(names)
    _check_header(name, names, start[0][1], max((row for row in start), key=lambda row: len(row[1])))
    extra = all(len(row) == len(names) + 1 for _, row in start)
    for number, row in start:
        _check_width(name, names, number, row, extra)
    left_out.refuse_target(name, target, without)
    places = left_out.kept(name, names, without)
    found = _Found(name, names, places, [cells for _, cells in start], delimiter, _is_plain(content))
    if not found.add_plain(content, header):
        found.add(itertools.chain(start, rows))
    notes = [*([note] if note else []), *left_out.asked(without)]
    if found.commas:
        notes.append("Decimals are written with commas.")
    numbers, columns = found.numbers, found.columns()
    if unnamed:
        columns, told = _without_unnamed(name, columns, unnamed)
        notes += told
    return encode(name, columns, target, missing, lambda at: f"row {numbers[at]}", f"Rows of {name}", notes)


class _Found:
    """Rows read so far: columns of numbers as numbers, others as places in their words."""

    def __init__(
        self,
        name: str,
        names: Sequence[str],
        kept: Sequence[int],
        start: Sequence[Sequence[str]],
        delimiter: str,
        plain: bool,
    ) -> None:
        self.name, self.names, self.kept = name, names, kept
        self.delimiter = delimiter
        columns = list(zip(*start, strict=True))
        pointed = [
            _all_numbers(cells, float if plain else read_real) or _are_numbers(cells, is_number) for cells in columns
        ]
        written = [delimiter != "," and _have_commas(cells) for cells in columns]
        self.commas = any(written)
        if self.commas:
            self._refuse_thousands(columns, written)
            pointed = [one or two for one, two in zip(pointed, written, strict=True)]
        self.numeric = [place for place in kept if pointed[place]]
        self.read: Callable[[str], float] = _comma if self.commas else float if plain else read_real
        self.take = _taker(self.numeric)
        self.worded: list[tuple[int, dict[str, int], array.array[int]]] = [
            (place, {}, array.array("l")) for place in kept if not pointed[place]
        ]
        self.values: array.array[float] | NDArray[np.float64] = array.array("d")
        self.numbers = array.array("q")

    def add(self, rows: Iterable[Row]) -> None:
        """Take rows, each held against the header."""
        # Names of the method's own: this loop is where a large table's time goes.
        numbers, width, take, read = self.numbers, len(self.names), self.take, self.read
        values: array.array[float] = array.array("d")
        self.values = values
        for number, row in rows:
            if len(row) != width:
                _check_width(self.name, self.names, number, row)
            try:
                values.extend(map(read, take(row)))
            except ValueError:
                del values[len(numbers) * len(self.numeric) :]
                values.extend([self._value(number, place, row[place]) for place in self.numeric])
            for place, words, places in self.worded:
                places.append(words.setdefault(row[place].strip(), len(words)))
            numbers.append(number)
            if len(numbers) % CHECKED == 0:
                self.check()
        self.check()

    def add_plain(self, content: bytes, header: Row) -> bool:
        """Take all rows below the header at once, if the table is plain; tell whether it is.

        What `add` takes is the same, row by row.
        """
        number, cells = header
        lines_are_rows = not any("\n" in cell for cell in cells)
        # What is too large is refused row by row, before memory is full.
        if not lines_are_rows or content.count(b"\n") * len(cells) > MOST_NUMBERS:
            return False
        worded = [place for place, _, _ in self.worded]
        rows = read_plain(content, number, self.delimiter, len(self.names), self.numeric, worded, self.commas)
        if rows is None:
            return False
        self.values = rows.numbers.ravel()
        self.numbers = array.array("q", range(number + 1, number + 1 + len(rows.numbers)))
        for (_, words, places), texts in zip(self.worded, rows.texts.T, strict=True):
            places.extend(words.setdefault(cell.strip(), len(words)) for cell in texts)
        self.check()
        return True

    def check(self) -> None:
        """Refuse a table that is too large."""
        check_size(self.name, len(self.numbers), len(self.names))
        check_words(self.name, sum(len(words) for _, words, _ in self.worded))

    def columns(self) -> list[Column]:
        """Return the columns in their order."""
        # Turned once, so that every column lies in one piece.
        table = turned(np.frombuffer(self.values).reshape(len(self.numbers), len(self.numeric)))
        made = {place: Column(self.names[place], table[at]) for at, place in enumerate(self.numeric)}
        for place, words, places in self.worded:
            made[place] = read_words(self.names[place], list(words), np.frombuffer(places, dtype=places.typecode))
        return [made[place] for place in self.kept]

    def _value(self, number: int, place: int, cell: str) -> float:
        if cell.strip().lower() in MISSING:
            return math.nan
        try:
            return self.read(cell)
        except ValueError:
            raise self._refusal(number, place, cell) from None

    def _refusal(self, number: int, place: int, cell: str) -> InputError:
        where = f"{self.name}, row {number}, column {self.names[place]!r}: {cell!r:.60}"
        if self.commas and is_number(cell):
            return InputError(f"{where} has a point, and others have decimal commas; write decimals one way.")
        if _has_comma(cell):
            return InputError(f"{where} is no number; write decimals with a point.")
        return InputError(
            f"{where} is no number; other rows have numbers there: drop the row, or the column "
            f"(--without {quote(self.names[place])})."
        )

    def _refuse_thousands(self, columns: Sequence[Sequence[str]], written: Sequence[bool]) -> None:
        """Refuse commas of which none tells whether they stand before decimals or part thousands."""
        numbers = [cells for cells, one in zip(columns, written, strict=True) if one]
        commas = [cell.strip() for cells in numbers for cell in cells if "," in cell]
        if all(map(THOUSANDS.fullmatch, commas)):
            raise InputError(
                f"{self.name}, column {self.names[written.index(True)]!r}: {commas[0]!r} may be a decimal or "
                "thousands; write decimals with a point and thousands without a comma."
            )


def _taker(places: Sequence[int]) -> Callable[[Sequence[str]], Any]:
    """Return what takes the cells of some columns out of a row."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda row: [row[place] for place in places]


def _all_numbers(cells: Sequence[str], read: Callable[[str], float]) -> bool:
    """Tell whether all cells are numbers, as most columns' are: faster than counting them."""
    try:
        return all(map(math.isfinite, map(read, cells)))
    except ValueError:
        return False


def _are_numbers(cells: Sequence[str], test: Callable[[str], bool]) -> bool:
    """Tell whether at least half of what is there is a number."""
    present = [cell for cell in cells if cell.strip().lower() not in MISSING]
    return bool(present) and sum(map(test, present)) * 2 >= len(present)


def _have_commas(cells: Sequence[str]) -> bool:
    """Tell whether cells are numbers, of which more are read with a decimal comma than with a point."""
    return _are_numbers(cells, _has_comma) and sum(map(_has_comma, cells)) > sum(map(is_number, cells))


def _has_comma(cell: str) -> bool:
    """Tell whether a cell is a whole number or one with a decimal comma."""
    return COMMA.fullmatch(cell.strip()) is not None or ("." not in cell and is_number(cell))


def _comma(cell: str) -> float:
    if "." in cell:
        raise ValueError(cell)
    return read_real(cell.replace(",", ".", 1))


def _check_content(name: str, content: bytes) -> None:
    """Refuse what is no table, or has lines without end, before it is taken apart."""
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"PAR1", b"SQLite format 3")):
        raise InputError(f"{name} is no text but a workbook, an archive or a database; save the table as CSV.")
    if not content or content.isspace():
        raise InputError(f"{name} is empty; give a header with the names of the columns, then rows of numbers.")
    wide = 4 if content[:4] in (b"\xff\xfe\0\0", b"\0\0\xfe\xff") else 2
    numbers = min(len(content) // 2 + 1, MOST_NUMBERS)
    require_memory(2 * len(content) + wide * 2**21 + 4 * 8 * numbers, f"Reading {name}", "give fewer rows or columns")
    place = 0
    while len(content) - place > MOST_LINE:
        # Where the last line break within reach stands, the next line begins; looking back from there is fast.
        found = content.rfind(b"\n", place, place + MOST_LINE)
        if found < 0:
            row = content.count(b"\n", 0, place) + 1
            raise InputError(
                f"{name}, row {row}: the line has more than {MOST_LINE >> 20} MiB; give fewer columns, and a line to "
                "each row."
            )
        place = found + 1
    first = content[: content.find(b"\n")] if b"\n" in content else content
    check_columns(name, max(map(first.count, (b",", b";", b"\t", b"|"))) + 1)


def _rows(name: str, content: bytes, codec: str) -> tuple[Iterator[Row], str]:
    """Return the rows that are not blank, one by one, and what stands between cells."""

    def text() -> io.TextIOWrapper:
        return io.TextIOWrapper(io.BytesIO(content), codec, newline="")

    first = text().readline(16).rstrip("\r\n")
    declared = DECLARED.fullmatch(first)

    def read(delimiter: str) -> Iterator[Row]:
        rows = enumerate(csv.reader(text(), delimiter=delimiter, strict=True), 1)
        return itertools.islice(rows, 1, None) if declared else rows

    def columns(delimiter: str) -> int:
        try:
            return len(next((row for _, row in itertools.islice(read(delimiter), CHECKED) if row), []))
        except csv.Error:  # as a quoted cell makes, after which something else stands
            return 0

    def every() -> Iterator[Row]:
        number = 0
        try:
            for number, row in read(delimiter):
                if len(row) > 1 or any(map(str.strip, row)):
                    yield number, row
        except csv.Error as error:
            raise InputError(
                f"{name}, after row {number}: this is no CSV ({error}); look for a quotation mark that nothing closes, "
                "or save the table anew as CSV."
            ) from None

    delimiter = declared[1] if declared else max(DELIMITERS, key=columns)
    return every(), delimiter


def _is_plain(content: bytes) -> bool:
    """Tell whether Python takes nothing in the rows for a number that is none: it reads 1_000, and other digits."""
    return content.isascii() and content.find(b"_", content.find(b"\n")) < 0


def _named_by_number(names: list[str]) -> list[str]:
    """Give columns without a name one by their number, and return these names."""
    given = []
    for place, column in enumerate(names):
        if not column and f"column {place + 1}" not in names:
            names[place] = f"column {place + 1}"
            given.append(names[place])
    return given


def _without_unnamed(name: str, columns: Sequence[Column], unnamed: Sequence[str]) -> tuple[list[Column], list[str]]:
    """Leave out columns without a name that say nothing: empty ones, and numbers of the rows as R and pandas write."""
    for column in columns:
        values = column.values
        counts = column.words is None and len(values) > 1 and np.all(np.diff(values) == 1)
        if column.name in unnamed and not (counts or np.isnan(values).all()):
            place = int(column.name.removeprefix("column ")) - 1
            check_names(name, [*map(str, range(place)), ""])
    left = [column.name for column in columns if column.name in unnamed]
    told = [f"Left out, without a name and empty or a number of the row: {', '.join(left)}."] if left else []
    return [column for column in columns if column.name not in unnamed], told


def _check_width(name: str, names: Sequence[str], number: int, row: Sequence[str], extra: bool = False) -> None:
    if len(row) != len(names):
        named = f"; if the first names the row, as R writes it, give its column a name or leave it out (R: {OF_R})"
        raise InputError(
            f"{name}, row {number}: {so_many(len(row), 'cell')} under {so_many(len(names), 'name')}; give one a column"
            f"{named if extra else ''}."
        )


def _check_header(name: str, names: Sequence[str], first: Sequence[str], longest: Row) -> None:
    """Refuse names that are missing, doubled, or the first row of a table without names."""
    looks = [list(map(is_number, row)) for row in (names, first)]
    if all(looks[0]) or (any(looks[0]) and looks[0] == looks[1]):
        raise InputError(
            f"{name} has no header: its first row holds the number {names[looks[0].index(True)]}, as the second does; "
            "put a row with the names of the columns before it."
        )
    if len(names) == 1 and len(longest[1]) > 1:
        raise InputError(
            f"{name} begins with {names[0]!r:.60}, and row {longest[0]} has {len(longest[1])} cells; take away what "
            "stands before the names of the columns."
        )
    if len(names) == 1:
        raise InputError(
            f"{name} has one column, {names[0]!r:.60}; give a feature and a target at least, separated by commas, "
            "semicolons or tabs."
        )
    check_names(name, names)
