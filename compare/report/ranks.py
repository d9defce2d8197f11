"""Numbers read back from cells that are only text, for studies that make no cells yet; see `compare.report.order`."""

import re
from collections.abc import Callable, Sequence
from decimal import Context, Decimal

__all__ = ["are_numbers", "ranks"]

MISSING = ("", "-")

UNITS = {
    "": "1",
    "%": "0.01",
    **{"ns": "1e-9", "µs": "1e-6", "us": "1e-6", "ms": "1e-3", "s": "1", "min": "60", "h": "3600"},
    **{"days": "86400", "years": "31557600"},
    **{name: str(1024**power) for power, name in enumerate(("B", "KiB", "MiB", "GiB", "TiB", "PiB"))},
}
"""Seconds, bytes and shares, in one table: a column has numbers of one kind."""

SIDES = {"<": -1, ">": 1}
"""Below or above the number that is named."""

NUMBER = re.compile(
    r"""
    (?:from\s|about\s|up\ to\s|at\ least\s|at\ most\s)?
    (?P<side>[<>≤≥~≈]?)\s*
    (?P<sign>[+-]?)
    (?:
        (?P<base>\d+(?:\.\d+)?)\^(?P<power>-?\d+(?:\.\d+)?)
      | (?P<plain>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)(?:[eE](?P<e>[+-]?\d+))?(?:\s10\^(?P<ten>-?\d+))?
    )
    (?:\s?(?P<unit>%|[nµum]?s|min|h|days|years|[KMGTP]iB|B)(?![A-Za-z0-9]))?
    \*?
    (?=$|\s*[\[(/±]|,(?!\d)|\s(?:to|of|above|below|=|\+)(?:\s|$))
    """,
    re.VERBOSE,
)
"""A number at the beginning of a cell, and after it the end, or what tells more of it: an interval, another number."""

CONTEXT = Context(prec=30, Emin=-(10**9), Emax=10**9, traps=[])
"""Wide enough for 10^(10^9); what is smaller or larger still is 0 or infinite, and no error."""


def are_numbers(cells: Sequence[str]) -> bool:
    """Tell whether a column is one of numbers: at least half of what is written there."""
    written = [cell.strip() for cell in cells if cell.strip() not in MISSING]
    return bool(written) and 2 * sum(_number(cell) is not None for cell in written) >= len(written)


def ranks(cells: Sequence[str]) -> list[int | None]:
    """Return the place of each cell of a column in ascending order.

    Columns of numbers are sorted by value ("3 ms" before "1 s", "< 1e-300" before "1e-300", "0.5 [0.4, 0.6]" by its
    0.5); others as text, numbers within it by value ("D = 4" before "D = 16").

    Parameters
    ----------
    cells
        The column's cells.

    Returns
    -------
    list
        Ranks from 0, the same for equal cells; None for what stays last in both directions: missing cells, and text
        among numbers.
    """
    key: Callable[[str], tuple | None] = _number if are_numbers(cells) else _natural
    keys = [None if cell.strip() in MISSING else key(cell.strip()) for cell in cells]
    places = {found: place for place, found in enumerate(sorted({found for found in keys if found is not None}))}
    return [None if found is None else places[found] for found in keys]


def _number(cell: str) -> tuple[Decimal, int] | None:
    """Return the number that a cell begins with, in base units, and on which side of it the value is."""
    found = NUMBER.match(cell)
    if found is None:
        return None
    if found["base"] is not None:
        value = CONTEXT.power(Decimal(found["base"]), Decimal(found["power"]))
    else:
        value = Decimal(found["plain"].replace(",", ""))
        for power in (found["e"], found["ten"]):
            if power is not None:
                value = CONTEXT.multiply(value, CONTEXT.power(Decimal(10), Decimal(power)))
    value = CONTEXT.multiply(value, Decimal(UNITS[found["unit"] or ""]))
    if found["sign"] == "-":
        value = -value
    if value.is_nan():  # 0^0
        return None
    return value, SIDES.get(found["side"], 0)


def _natural(cell: str) -> tuple[tuple[int, int, str], ...]:
    """Return text as a key that sorts without regard to case, and digits in it by their number."""
    parts = re.findall(r"\d+|\D+", cell.casefold())
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)
