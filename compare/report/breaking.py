"""Tables that are too wide to be read at once, broken into several below one another, each with its rows' names."""

from collections.abc import Sequence
from dataclasses import replace

from compare.report.cells import Cell
from compare.report.table import Table

__all__ = ["WIDEST", "broken", "is_long"]

WIDEST = 122
"""Letters of a table's rows: what a page of 1280 pixels has room for."""

BETWEEN = 3
"""Letters that the space between two columns takes."""

LONG = 40
"""Cells of more letters are broken into lines."""

LONG_TAKES = 26
"""Letters that a column of such cells takes at least, the space beside it included; more if there is room."""

NAMED = 4
"""Columns, at most, that are repeated to say which row is which."""


def broken(table: Table, widest: int = WIDEST) -> list[Table]:
    """Return a table as it is, or in parts that are narrow enough.

    Parameters
    ----------
    table
        The table.
    widest
        Letters of a row, at most. Columns that name the rows stand in every part, and each part has at least one other.

    Returns
    -------
    list
        The parts, which have the table's title; the note stands at the last, and the first has links to records.
    """
    widths = [_width(heading, [row[i] for row in table.rows]) for i, heading in enumerate(table.columns)]
    if sum(widths) <= widest:
        return [table]
    first = _names(table)
    room = widest - sum(widths[:first])
    parts = _parts(widths, first, room)
    # As many parts as it takes, each about as wide as the others: none has a last column alone.
    for less in range(room - 1, 0, -1):
        narrower = _parts(widths, first, less)
        if len(narrower) > len(parts):
            break
        parts = narrower
    return [
        replace(
            table,
            columns=[table.columns[i] for i in (*range(first), *part)],
            rows=[[row[i] for i in (*range(first), *part)] for row in table.rows],
            note=table.note if part is parts[-1] else "",
            records=table.records if part is parts[0] else (),
            anchors=table.anchors if part is parts[0] else (),
        )
        for part in parts
    ]


def _parts(widths: Sequence[int], first: int, room: int) -> list[list[int]]:
    """Return the columns of each part, those that name the rows left out, filled one part after the other."""
    parts: list[list[int]] = [[]]
    left = room
    for place in range(first, len(widths)):
        if parts[-1] and widths[place] > left:
            parts.append([])
            left = room
        parts[-1].append(place)
        left -= widths[place]
    return parts


def is_long(cell: Cell | str) -> bool:
    """Tell whether a cell is broken into lines."""
    return len(str(cell)) > LONG


def _width(heading: str, cells: Sequence[Cell | str]) -> int:
    """Return the letters that a column takes at least; its heading is broken between words."""
    if any(map(is_long, cells)):
        return LONG_TAKES
    word = max(map(len, heading.split()), default=0)
    return max([word + 2, *(len(str(cell)) for cell in cells)]) + BETWEEN


def _names(table: Table) -> int:
    """Return how many first columns tell the rows apart."""
    for count in range(1, min(NAMED, len(table.columns) - 1)):
        if len({tuple(map(str, row[:count])) for row in table.rows}) == len(table.rows):
            return count
    return min(NAMED, len(table.columns) - 1) if len(table.columns) > 1 else 1
