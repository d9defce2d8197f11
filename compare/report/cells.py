"""Cells of a table: what readers see, and beside it the value that they are sorted by.

The value travels with the text and is never read back from it. Makers here write the same kind of number everywhere in
the same way; what is None or not a number is a dash, without a value.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any, Protocol

__all__ = [
    "MISSING",
    "Cell",
    "Interval",
    "compact",
    "count",
    "estimate",
    "memory",
    "number",
    "plus_minus",
    "power",
    "pvalue",
    "seconds",
    "several",
    "share",
    "signed",
    "so_many",
]

Value = float | Decimal | str | None
"""Keys by which cells are sorted: numbers by size, text as people expect it; None stays last."""


@dataclass(frozen=True)
class Cell:
    """A cell: `Cell("3 of 8", 3)`.

    Attributes
    ----------
    text
        What readers see.
    value
        What the cell is sorted by: a number, or text among text. None if there is none: the cell stays last.
    link
        Address that the text leads to on a page, such as "#record-" with a hash; empty without.
    """

    text: str
    value: Value = None
    link: str = ""

    def __str__(self) -> str:
        return self.text

    def __add__(self, more: str) -> "Cell":
        """Return the cell with more text behind it."""
        return Cell(self.text + more, self.value, self.link)


class Interval(Protocol):
    """A best value between two ends, as `compare.statistics.Estimate` is one; None or infinite ends are not known."""

    @property
    def low(self) -> float | None: ...  # noqa: D102
    @property
    def best(self) -> float | None: ...  # noqa: D102
    @property
    def high(self) -> float | None: ...  # noqa: D102


MISSING = Cell("-")
"""Nothing is known."""

UNITS = (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9))

DAY, YEAR = 86400.0, 365.25 * 86400

BYTES = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")

WIDE = Context(prec=30, Emin=-(10**9), Emax=10**9, traps=[])
"""Arithmetic for powers of ten that are no floats: 10^-400 is more than 10^-500."""


def number(value: float | None, form: str | Callable[[float], str] = ".3g", unit: str = "") -> Cell:
    """Write a number by a format of Python's: ".3f", ".2g", ",", "+.3f"; or by a function, such as `compact`."""
    return MISSING if value is None or _unknown(value) else Cell(_written(value, form) + unit, value)


def count(value: int | None) -> Cell:
    """Write a whole number with commas between thousands."""
    return number(value, ",")


def so_many(number: int, one: str, several: str = "") -> str:
    """Write a count with its noun, as in "1 task" and "2,000 tasks"; `several` if the plural has more than an s."""
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"


def share(value: float | None, digits: int = 1) -> Cell:
    """Write a share in percent."""
    return number(value, f".{digits}%")


def estimate(found: Any, form: str | Callable[[float], str] = ".3f") -> Cell:
    """Write an estimate as "best [low, high]"; without ends that are known the best alone.

    Parameters
    ----------
    found
        Has low, best and high, as attributes (`compare.statistics.Estimate`) or as keys (a record); or None.
    form
        How numbers are written; see `number`.
    """
    low, best, high = (None if _unknown(end) else end for end in ends(found))
    if best is None or low is None or high is None:
        return number(best, form)
    return Cell(f"{_written(best, form)} [{_written(low, form)}, {_written(high, form)}]", best)


def signed(found: Any, form: str = ".3f") -> Cell:
    """Write a difference, a number or an estimate, with its sign."""
    if found is None or isinstance(found, int | float):
        return number(found, f"+{form}")
    return estimate(found, f"+{form}")


def plus_minus(found: Any, form: str = ".3f") -> Cell:
    """Write an estimate with a symmetric interval as "best ±half"."""
    low, best, high = ends(found)
    if _unknown(best) or _unknown(low) or _unknown(high):
        return number(best, form)
    assert low is not None  # both are known
    assert high is not None
    return Cell(f"{best:{form}} ±{(high - low) / 2:{form}}", best)


def seconds(found: Any) -> Cell:
    """Write a time, or an estimate of one, each number with a unit that fits."""
    if found is None or isinstance(found, int | float):
        return MISSING if found is None or math.isnan(found) else Cell(span(found), float(found))
    low, best, high = ends(found)
    if best is None or math.isnan(best):
        return MISSING
    if low is None or high is None or _unknown(low):
        return Cell(span(best), best)
    return Cell(f"{span(best)} [{span(low)}, {span(high)}]", best)


def span(value: float) -> str:
    """Write a time of any length to three digits, in years from a year on."""
    if not math.isfinite(value):
        return "> 10^300 s"
    if value < 2 * DAY:
        # 0.9996 of a unit is rounded up to 1 of it, not to 1000 of the next.
        unit, size = next((unit for unit in UNITS if value >= 0.9995 * unit[1]), UNITS[-1])
        short = float(f"{value / size:.3g}")
        return f"{short:,.0f} {unit}" if short >= 100 else f"{short:g} {unit}"
    if value < YEAR:
        return f"{value / DAY:.3g} days"
    years = value / YEAR
    if years >= 1e6:
        return f"10^{math.log10(years):.0f} years"
    whole = f"{float(f'{years:.2g}'):,.0f}"
    return f"{whole} {'year' if whole == '1' else 'years'}"


def pvalue(found: float | None) -> Cell:
    """Write a p-value: to three digits, small ones as a power of ten."""
    if found is None or math.isnan(found):
        return MISSING
    if found >= 0.001:
        return Cell(f"{found:.3f}", found)
    return Cell(f"{found:.0e}" if found > 0 else "< 1e-300", found)


def memory(size: float | None) -> Cell:
    """Write bytes with a unit that fits."""
    if size is None:
        return MISSING
    powers = min(int(math.log(size, 1024)), len(BYTES) - 1) if size >= 1 else 0
    return Cell(f"{size / 1024**powers:,.{1 if powers else 0}f} {BYTES[powers]}", float(size))


def compact(value: float) -> str:
    """Write a number that is not negative, of any size, in two or three digits: 0.25, 1,106, 2.3e-43."""
    return _power(math.log10(value)) if value > 0 else "0"


def power(exponent: float | None) -> Cell:
    """Write 10^exponent in two or three digits, also where it leaves the floats."""
    if exponent is None or _unknown(exponent):
        return MISSING
    return Cell(_power(exponent), WIDE.power(Decimal(10), Decimal(exponent)))


def _power(exponent: float) -> str:
    if -3 <= exponent < 5:
        return f"{10**exponent:,.0f}" if exponent >= 2 else f"{10**exponent:.3g}"
    whole = math.floor(exponent)
    mantissa = f"{10 ** (exponent - whole):.1f}"
    return f"1.0e{whole + 1}" if mantissa == "10.0" else f"{mantissa}e{whole}"


def several(cells: Iterable[Cell | str], between: str = " / ") -> Cell:
    """Write cells into one, which is sorted by the first."""
    known = list(cells)
    first = known[0]
    return Cell(between.join(map(str, known)), first.value if isinstance(first, Cell) else first)


def ends(found: Any) -> tuple[float | None, float | None, float | None]:
    """Return low, best and high of an estimate, or of its record; None where there is none."""
    if found is None:
        return None, None, None
    if isinstance(found, Mapping):
        return found["low"], found["best"], found["high"]
    return found.low, found.best, found.high


def _written(value: float, form: str | Callable[[float], str]) -> str:
    if callable(form):
        return form(value)
    text = format(value, form)
    # What is rounded to zero has no sign.
    return text if text[:1] not in "+-" or any(digit in text for digit in "123456789") else text[1:]


def _unknown(value: float | Decimal | None) -> bool:
    return value is None or not math.isfinite(value)
