"""The order of a table's rows when they are sorted by a column.

The order is found here and the page carries ranks, whole numbers: 10^-400 and 10^53 years are beyond what a script on
the page could compare.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from compare.report.cells import Cell

__all__ = ["has_numbers", "order"]


def has_numbers(cells: Sequence[Cell | str]) -> bool:
    """Tell whether a column is one of numbers: at least half of the cells that are not empty have one."""
    written = [cell for cell in map(typed, cells) if cell.text.strip() not in ("", "-")]
    return bool(written) and 2 * sum(_is_number(cell.value) for cell in written) >= len(written)


def order(cells: Sequence[Cell | str]) -> list[int | None]:
    """Return the place of each cell of a column in ascending order.

    Numbers stand by size, and text as people expect it ("D = 4" before "D = 16", without regard to case).

    Parameters
    ----------
    cells
        The column's cells.

    Returns
    -------
    list
        Ranks from 0, the same for equal values; None for what stays last in both directions: cells without a value,
        and text among numbers.
    """
    known = [cell.value for cell in map(typed, cells)]
    numbers = has_numbers(cells)
    keys: list[Any] = [
        (value if _is_number(value) else None) if numbers else None if value is None else _natural(str(value))
        for value in known
    ]
    places = {found: place for place, found in enumerate(sorted({key for key in keys if key is not None}))}
    return [None if key is None else places[key] for key in keys]


def typed(cell: Cell | str) -> Cell:
    """Return a cell as it is, and text as a cell that is sorted as text."""
    if isinstance(cell, Cell):
        return cell
    return Cell(cell, cell if cell.strip() not in ("", "-") else None)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and value == value


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return text as a key that sorts without regard to case, and digits in it by their number."""
    parts = re.findall(r"\d+|\D+", text.casefold())
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)
