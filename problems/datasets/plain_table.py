"""Rows of a plain table, read by NumPy's parser in C: a fifth of the time that rows take one by one.

A table is plain if it is ASCII, has no quotation mark and no blank line below its header, and the same number of cells
in every row. `problems.datasets.csv_table` reads whatever is not plain row by row, and says what is wrong with it.
"""

import io
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["PlainRows", "read_plain"]

NEW_LINE = ord("\n")


class PlainRows(NamedTuple):
    """Rows below the header.

    Attributes
    ----------
    numbers
        Columns of numbers, shape (n, d); NaN where a cell is empty.
    texts
        Other columns, shape (n, e), as they stand.
    """

    numbers: NDArray[np.float64]
    texts: NDArray[np.object_]


def read_plain(
    content: bytes,
    skipped: int,
    delimiter: str,
    width: int,
    numeric: Sequence[int],
    worded: Sequence[int],
    commas: bool,
) -> PlainRows | None:
    """Return the rows of a table, or None if it is not plain or a cell is not what its column is.

    Parameters
    ----------
    content
        Of the file.
    skipped
        Lines up to the header, it included.
    delimiter
        What stands between cells.
    width
        Cells in a row.
    numeric, worded
        Places of the columns that are numbers, and of those that are read as they stand.
    commas
        Whether decimals are written with commas.
    """
    mark, start = delimiter.encode(), 0
    if not content.isascii() or mark not in (b",", b";", b"\t", b"|"):
        return None
    if b"\r" in content:
        content = content.replace(b"\r\n", b"\n")
    for _ in range(skipped):
        start = content.find(b"\n", start) + 1
    # What stands in quotation marks may be anything, and a return alone ends a line.
    if any(content.find(odd, start) >= 0 for odd in (b'"', b"\r", *([b"."] if commas else []))):
        return None
    lines = content.count(b"\n", start) + (not content.endswith(b"\n"))
    # All columns together are counted as they are parsed, and a blank line is passed over.
    if len(numeric) < width and not _is_rectangular(content, start, mark[0], width):
        return None
    try:
        texts = _parsed(content, skipped, delimiter, width, worded, np.dtype(object), lines)
        numbers = _numbers(content, start, skipped, mark, width, numeric, commas, lines)
    except ValueError:  # a word among numbers, or rows of several lengths
        return None
    fits = len(numbers) == len(texts) == lines and numbers.shape[1] == len(numeric)
    return PlainRows(numbers, texts) if fits else None


def _is_rectangular(content: bytes, start: int, mark: int, width: int) -> bool:
    """Tell whether each line from a place on has as many cells as there are columns."""
    there = np.frombuffer(content, dtype=np.uint8, offset=start)
    ends = there[np.flatnonzero((there == mark) | (there == NEW_LINE))]
    if there[-1] != NEW_LINE:
        ends = np.append(ends, np.uint8(NEW_LINE))
    if len(ends) % width:
        return False
    cells = ends.reshape(-1, width)
    return bool(np.all(cells[:, -1] == NEW_LINE) and np.all(cells[:, :-1] == mark))


def _numbers(
    content: bytes,
    start: int,
    skipped: int,
    mark: bytes,
    width: int,
    places: Sequence[int],
    commas: bool,
    lines: int,
) -> NDArray[np.float64]:
    """Return the columns of numbers, with NaN in empty cells.

    Raises
    ------
    ValueError
        If a cell is neither empty nor a number, or rows differ in length.
    """
    what = (skipped, mark.decode(), width, places, np.dtype(float), lines)
    if not commas:
        try:
            return _parsed(content, *what)
        except ValueError:  # as an empty cell makes; looking for one first takes longer
            pass
    return _parsed(_filled(content, start, mark, commas), *what)


def _filled(content: bytes, start: int, mark: bytes, commas: bool) -> bytes:
    """Return rows with a point in decimals, and nan in empty cells."""
    gaps = (mark + mark, mark + b"\n", b"\n" + mark)
    head, body = content[: start - 1], content[start - 1 :]
    if commas:
        body = body.replace(b",", b".")
    for gap in (mark + mark, *gaps):  # of three in a row the first time finds two
        body = body.replace(gap, gap[:1] + b"nan" + gap[1:])
    return head + body + (b"nan" if content.endswith(mark) else b"")


def _parsed(
    content: bytes, skipped: int, delimiter: str, width: int, places: Sequence[int], kind: np.dtype, lines: int
) -> NDArray:
    """Return some columns of the rows, shape (n, len(places))."""
    if not places:
        return np.empty((lines, 0), kind)
    found: NDArray = np.loadtxt(
        io.BytesIO(content),
        kind,
        comments=None,
        delimiter=delimiter,
        skiprows=skipped,
        usecols=None if len(places) == width else places,
        ndmin=2,
        encoding="ascii",
    )
    return found
