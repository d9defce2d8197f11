"""How numbers grow with a size, method by method: what a study says of times and counts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from compare.report.cells import Cell, estimate
from compare.report.styles import Shown, label
from compare.report.table import Table
from compare.statistics.estimates import Estimate
from compare.statistics.fits import EVIDENCE, LEAST_SIZES, Curve, FittedGrowth, fit_growth
from compare.statistics.rows import Middle, Row, Value, capital, grouped, in_words, known, read, records_of, summarize

__all__ = ["Grown", "Growths", "evidence", "growth", "rate"]


@dataclass(frozen=True)
class Grown:
    """One method in one group.

    Attributes
    ----------
    name
        The method.
    within
        The group: the values of the columns that it is of.
    points
        The number at each size, with its interval, by size.
    fit
        How it grows; None where there are too few sizes, or a number is not positive.
    made_of
        Hashes of the records of the number at each size.
    """

    name: str
    within: Mapping[str, Any]
    points: Mapping[float, Estimate]
    fit: FittedGrowth | None
    made_of: Mapping[float, tuple[str, ...]] = field(default_factory=dict)

    @property
    def records(self) -> tuple[str, ...]:
        """Hashes of the records of all sizes."""
        return tuple(dict.fromkeys(task for records in self.made_of.values() for task in records))

    @property
    def law(self) -> str:
        """How it grows, in words of a table."""
        if self.fit is None:
            return "too few sizes" if len(self.points) < LEAST_SIZES else "not fitted"
        return {"none": "no growth", "undecided": "undecided"}.get(self.fit.verdict, self.fit.verdict)


@dataclass(frozen=True)
class Growths:
    """How a number of several methods grows with one size.

    Attributes
    ----------
    grown
        By group, then by method.
    what, letter
        The number in words ("seconds a sample"), and the size as formulas call it ("D").
    by
        The column of the methods.
    methods
        Labels and styles by name.
    names
        What readers call a column, where that is something else.
    """

    grown: tuple[Grown, ...]
    what: str
    letter: str
    by: str
    methods: Mapping[str, Shown] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Grown]:
        return iter(self.grown)

    def __len__(self) -> int:
        return len(self.grown)

    def sentences(self) -> list[str]:
        """Return how each method grows, a sentence each, where a growth was fitted."""
        return [self._said(one, one.fit) for one in self.grown if one.fit is not None]

    def table(self, title: str = "", note: str = "", write: Callable[[Estimate], Cell] | None = None) -> Table:
        """Return every fit: range of sizes, verdict, and the rates of power law and exponential.

        Parameters
        ----------
        title
            Says what grows, if left out.
        note
            Stands before what explains the columns.
        write
            Makes a cell of the number at the largest size; three digits with the interval if None.
        """
        groups = list(dict.fromkeys(key for one in self.grown for key in one.within))
        columns = [
            self.by,
            *(self.names.get(key, key) for key in groups),
            self.letter,
            "grows as",
            f"k of {self.letter}^k",
            f"k of e^(k {self.letter})",
            f"at the largest {self.letter}",
        ]
        rows = [
            [
                label(one.name, self.methods),
                *(in_words({"": one.within[key]}).removeprefix(" = ") for key in groups),
                Cell(f"{min(one.points):,g} to {max(one.points):,g} ({len(one.points)})", max(one.points)),
                one.law if one.fit is None or one.fit.verdict == "none" else f"{one.law} ({evidence(one.fit)})",
                *(("-", "-") if one.fit is None else (rate(one.fit.power), rate(one.fit.exponential))),
                (write or partial(estimate, form=".3g"))(one.points[max(one.points)]),
            ]
            for one in self.grown
        ]
        said = (
            f"{capital(self.what)}: constant, c {self.letter}^k and c e^(k {self.letter}) fitted to "
            "the logarithms, the last two also with a constant on top (then + c) where there are enough sizes, and "
            "compared by AICc. Brackets: 95%. In parentheses how many times likelier the better of power law and "
            f"exponential is: below {EVIDENCE:g} it is undecided; and how many sizes there are."
        )
        records = [one.records for one in self.grown]
        heading = title or f"Growth over {self.letter}"
        return Table(heading, columns, rows, f"{note} {said}".strip(), records=records if any(records) else ())

    def _said(self, one: Grown, fit: FittedGrowth) -> str:
        letter, power = self.letter, rate(fit.power)
        said = {
            "power": f"grows as {letter}^{power}",
            "exponential": f"grows as e^(k {letter}), k = {rate(fit.exponential)}",
            "none": f"no growth that could be told from none (k of {letter}^k: {power})",
            "undecided": f"it stays open whether a power or an exponential of {letter} grows",
        }[fit.verdict]
        where = f" at {in_words(one.within, self.names)}" if one.within else ""
        sizes = f"{letter} from {fit.smallest:,g} to {fit.largest:,g}"
        return f"{label(one.name, self.methods)}{where}, {self.what}: {said} ({sizes}, {len(one.points)} sizes)."


def rate(curve: Curve) -> Cell:
    """Write the rate of a power law or an exponential with its interval."""
    written = estimate(curve.rate, ".2f")
    return written + " + c" if curve.overhead else written


def evidence(fit: FittedGrowth) -> str:
    """Write an evidence ratio."""
    return f"{fit.evidence:.3g}" if fit.evidence < 1e6 else "> 10^6"


def growth(
    rows: Sequence[Row],
    value: Value,
    *,
    over: str,
    by: str = "method",
    within: Sequence[str] = (),
    each: Sequence[str] = (),
    middle: Middle = "median",
    what: str | None = None,
    letter: str | None = None,
    methods: Mapping[str, Shown] | None = None,
    names: Mapping[str, str] | None = None,
) -> Growths:
    """Fit the growth of a number over a size, for each method in each group.

    Every row is a value of its own in the fit: the spread of repeats says how far the fit is sure.

    Parameters
    ----------
    rows
        What is known, a row for each record; those without the number are left out.
    value
        The number, > 0: a column, or a function of a row.
    over
        The column of the size.
    by, within
        Columns that tell methods apart, and groups whose rows are fitted apart: the machine, the prime.
    each, middle
        How repeats at one size are summed up for tables and figures; see `summarize`.
    what, letter
        The number in words, and the size as formulas call it; the columns' names if None.
    methods, names
        What readers see: labels of methods by name, names of columns.
    """
    grown = []
    for key, group in grouped(rows, (*within, by)).items():
        sizes = {size: found for (size,), found in sorted(grouped(group, [over]).items())}
        points = {size: one for size, found in sizes.items() if (one := summarize(found, value, each, middle=middle))}
        if points:
            grown.append(
                Grown(
                    str(key[-1]),
                    dict(zip(within, key[:-1], strict=True)),
                    points,
                    _fit(group, value, over),
                    {size: records_of(sizes[size]) for size in points},
                )
            )
    words = what or (value.replace("_", " ") if isinstance(value, str) else "value")
    return Growths(tuple(grown), words, letter or (names or {}).get(over, over), by, methods or {}, names or {})


def _fit(rows: Sequence[Row], value: Value, over: str) -> FittedGrowth | None:
    """Return the fit; None where there are too few sizes, or a clock saw no time pass."""
    pairs = [(float(row[over]), number) for row in rows if (number := known(read(row, value))) is not None]
    if len({size for size, _ in pairs}) < LEAST_SIZES or min(number for _, number in pairs) <= 0:
        return None
    return fit_growth([size for size, _ in pairs], [number for _, number in pairs])
