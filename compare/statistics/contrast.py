"""One number of several methods against that of a control, paired or not: what most sentences of a study rest on."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from compare.report.cells import Cell, estimate, pvalue, signed
from compare.report.styles import Shown, label
from compare.report.table import Table
from compare.statistics.estimates import Estimate
from compare.statistics.folds import Compared, compared, compared_apart
from compare.statistics.multiple import IN_FAMILY, LEVEL, Judged, judged
from compare.statistics.rows import (
    Row,
    Value,
    averaged,
    capital,
    grouped,
    in_words,
    known,
    overlap_of,
    read,
    records_of,
)
from problems.errors import InputError

__all__ = ["Comparison", "Contrast", "Scale", "contrast"]

Scale = Literal["difference", "ratio"]

BELOW, ABOVE, UNCLEAR, OPEN = "below", "above", "not clearly different", "no verdict"
"""Verdicts; there is none where a pair or a repeat is missing."""

ORDER = (BELOW, ABOVE, UNCLEAR, OPEN)


@dataclass(frozen=True)
class Comparison:
    """One method against the control, in one group.

    Attributes
    ----------
    name
        The method, or whatever is compared.
    within
        The group: the values of the columns that it is of.
    estimate
        Difference or ratio with its 95% interval, of what there is; None if there is nothing.
    judged
        The same with the interval that belongs to its family, at the level at which the verdict is reached: it leaves
        out 0 (1, a ratio) exactly where the verdict does, but for differences that are negligible. It is what readers
        see.
    pvalue
        Adjusted for the comparisons of its family (Holm); None where a pair is missing.
    found, asked
        Pairs that there are, and pairs that there should be; repeats of both sides where nothing is paired.
    verdict
        "below" the control, "above" it, "not clearly different", or "no verdict" where a pair is missing.
    records
        Hashes of the records of both sides.
    """

    name: str
    within: Mapping[str, Any]
    estimate: Estimate | None
    judged: Estimate | None
    pvalue: float | None
    found: int
    asked: int
    verdict: str
    records: tuple[str, ...] = ()

    @property
    def pairs(self) -> str:
        """Pairs or repeats found, of those asked for where some are missing."""
        return f"{self.found}" if self.found == self.asked else f"{self.found} of {self.asked}"


@dataclass(frozen=True)
class Contrast:
    """Comparisons with one control.

    Attributes
    ----------
    comparisons
        By group, then by method.
    what
        The number in words, as in "held-out risk".
    by, control
        What is compared ("method"), and what with.
    scale
        "difference" or "ratio".
    level, family
        Of the verdicts: the chance of any false alarm in a family, and how many comparisons the largest family has.
    paired
        Whether differences are of pairs, or of means of independent repeats.
    negligible
        A smaller difference is called none.
    methods
        Labels and styles by name.
    names
        What readers call a column, where that is something else.
    """

    comparisons: tuple[Comparison, ...]
    what: str
    by: str
    control: str
    scale: Scale
    level: float = LEVEL
    family: int = 0
    paired: bool = True
    negligible: float = 0.0
    methods: Mapping[str, Shown] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Comparison]:
        return iter(self.comparisons)

    def __len__(self) -> int:
        return len(self.comparisons)

    def of(self, *names: str, **within: Any) -> "Contrast":
        """Return the comparisons of some methods, or of some groups; p-values stay as they are."""
        kept = tuple(
            one
            for one in self.comparisons
            if (not names or one.name in names) and all(one.within[key] == value for key, value in within.items())
        )
        return replace(self, comparisons=kept)

    def get(self, name: str, **within: Any) -> Comparison | None:
        """Return the comparison of one method in one group; None if there is none."""
        return next((one for one in self.comparisons if one.name == name and one.within == within), None)

    def write(self, one: Comparison) -> Cell:
        """Write a difference with its sign, or a ratio; its interval is that of the family."""
        return signed(one.judged) if self.scale == "difference" else estimate(one.judged, ".3g")

    @property
    def heading(self) -> str:
        """The comparison in words: "less uniform" or "over uniform"."""
        return f"{'less' if self.scale == 'difference' else 'over'} {label(self.control, self.methods)}"

    def sentences(self, most: int = 3) -> list[str]:
        """Return what the comparisons say, in at most so many sentences: one a method, or one a verdict."""
        by_name: dict[str, list[Comparison]] = {}
        for one in self.comparisons:
            by_name.setdefault(one.name, []).append(one)
        if len(by_name) > most:
            return self._tallied(by_name)[:most]
        return [
            f"{capital(self.what)}, {label(name, self.methods)} {self.heading}: {self._said(found)}."
            for name, found in by_name.items()
        ]

    def table(self, title: str = "", note: str = "") -> Table:
        """Return every comparison: its group, its pairs, difference or ratio, adjusted p-value and verdict.

        Parameters
        ----------
        title
            Says what is compared, if left out.
        note
            Stands before what explains the columns.
        """
        groups = list(dict.fromkeys(key for one in self.comparisons for key in one.within))
        columns = [*(self.names.get(key, key) for key in groups), self.by, self.heading, self.unit, "p (Holm)", "is"]
        rows = [
            [
                *(_setting(one.within[key]) for key in groups),
                label(one.name, self.methods),
                self.write(one),
                Cell(one.pairs, one.found),
                pvalue(one.pvalue),
                one.verdict,
            ]
            for one in self.comparisons
        ]
        said = (
            f"{capital(self.what)}, {self.how}. p-values are adjusted for the comparisons of a family, {self.family} "
            f"at most (Holm); verdicts are at the {self.level:.0%} level. {self.intervals} No verdict: a "
            f"{self.unit.removesuffix('s')} is missing."
        )
        records = [one.records for one in self.comparisons]
        heading = title or f"{capital(self.what)}, {self.heading}"
        return Table(heading, columns, rows, f"{note} {said}".strip(), records=records if any(records) else ())

    @property
    def unit(self) -> str:
        """The unit that is counted: pairs, or repeats of both sides."""
        return "pairs" if self.paired else "repeats"

    @property
    def how(self) -> str:
        """How sides are compared, in words."""
        return "in pairs" if self.paired else "means of independent repeats (Welch's t)"

    @property
    def intervals(self) -> str:
        """The meaning of the intervals, in sentences."""
        if self.family > 1:
            said = f"Intervals of {self.scale}s belong to the family: {IN_FAMILY.format(self.neutral)}."
        else:
            said = f"Intervals of {self.scale}s: {1 - self.level:.0%}."
        if self.negligible:
            said += f" What is closer to {self.neutral} than {self.negligible:g} is called not clearly different."
        return said

    @property
    def neutral(self) -> int:
        """The value that means no difference: 0, or a ratio of 1."""
        return 0 if self.scale == "difference" else 1

    def _side(self, verdict: str) -> str:
        if verdict == OPEN:
            return OPEN
        return f"{verdict}{' from' if verdict == UNCLEAR else ''} {self.neutral}"

    def _said(self, found: Sequence[Comparison]) -> str:
        """Say how one method compares, in its one group or in all."""
        if len(found) == 1 and not found[0].within:
            (one,) = found
            if one.pvalue is None:
                return f"{self.write(one)}, no verdict ({one.pairs} {self.unit})"
            said = f"p = {pvalue(one.pvalue)}".replace("= <", "<")
            side = self._side(one.verdict)
            if one.verdict == UNCLEAR and one.pvalue < self.level:
                side += f", no more than {self.negligible:g} away"
            return f"{self.write(one)}, {side} ({one.pairs} {self.unit}, {said}{self._adjusted()})"
        parts = []
        for verdict in ORDER:
            members = [one for one in found if one.verdict == verdict]
            if members:
                if len(found) == 1:
                    parts.append(
                        f"{self._side(verdict)} on {in_words(members[0].within, self.names)} ({self._spread(members)})"
                    )
                    continue
                everywhere = len(members) == len(found)
                where = f"on all {len(found)}" if everywhere else f"on {len(members)} of {len(found)}"
                names = "" if everywhere else f": {', '.join(in_words(one.within, self.names) for one in members)}"
                parts.append(f"{self._side(verdict)} {where} ({self._spread(members)}{names})")
        pairs = sorted({one.asked for one in found})
        counted = f"{pairs[0]}" if len(pairs) == 1 else f"{pairs[0]} to {pairs[-1]}"
        return f"{'; '.join(parts)} ({counted} {self.unit} each{self._adjusted()})"

    def _adjusted(self) -> str:
        return f"; Holm over {self.family}" if self.family > 1 else ""

    def _spread(self, members: Sequence[Comparison]) -> str:
        values = [one.estimate.best for one in members if one.estimate is not None]
        form = "+.3f" if self.scale == "difference" else ".3g"
        if not values:
            return "no pairs"
        least, most = f"{min(values):{form}}", f"{max(values):{form}}"
        return least if least == most else f"{least} to {most}"

    def _tallied(self, by_name: Mapping[str, Sequence[Comparison]]) -> list[str]:
        """Count verdicts over many methods, then name the methods below and those above."""
        counted = {verdict: sum(one.verdict == verdict for one in self.comparisons) for verdict in ORDER}
        told = "; ".join(
            f"{self._side(verdict)} in {number} of {len(self)}" for verdict, number in counted.items() if number
        )
        sentences = [f"{capital(self.what)}, {len(by_name)} {self.by}s {self.heading}: {told}{_in(self._adjusted())}."]
        for verdict in (BELOW, ABOVE):
            found = {name: sum(one.verdict == verdict for one in of) for name, of in by_name.items()}
            listed = ", ".join(
                label(name, self.methods) + (f" ({number} of {len(by_name[name])})" if len(by_name[name]) > 1 else "")
                for name, number in sorted(found.items(), key=lambda pair: -pair[1])
                if number
            )
            if listed:
                sentences.append(f"{capital(self._side(verdict))}: {listed}.")
        return sentences


def contrast(
    rows: Sequence[Row],
    value: Value,
    *,
    control: str,
    by: str = "method",
    pair_by: Sequence[str] = (),
    paired: bool = True,
    within: Sequence[str] = (),
    family: Sequence[str] | None = None,
    overlap: float | str = 0.0,
    scale: Scale = "difference",
    negligible: float = 0.0,
    level: float = LEVEL,
    what: str | None = None,
    methods: Mapping[str, Shown] | None = None,
    names: Mapping[str, str] | None = None,
    asked: Sequence[Row] | None = None,
) -> Contrast:
    """Compare a number of each method with that of a control, in pairs or of independent repeats.

    Parameters
    ----------
    rows
        What is known, a row for each record. Rows alike in `by`, `within` and `pair_by` are averaged.
    value
        The number: a column, or a function of a row.
    control, by
        What is compared with, a value in the column `by`.
    pair_by
        Columns that say which rows belong together: the fold, the repeat.
    paired
        Whether rows alike in `pair_by` share something, such as a split. If not, these columns tell the repeats of a
        side apart, and the means of both sides are compared by Welch's t.
    within
        Columns of the groups in which pairs are made: the data set.
    family
        Columns, of `within` or `by`, that say which comparisons share the level (Holm): those alike in them. If None
        those of one group; if empty all.
    overlap
        Held-out over training samples, where pairs are folds that share samples (Nadeau and Bengio, see
        `compare.statistics.over_folds`): a number or a column. 0 of independent repeats.
    scale
        "difference", or "ratio", whose mean and interval are those of the logarithms.
    negligible
        A difference smaller than this, or a ratio closer to 1, is called none, however sure it is.
    level
        Chance of any false alarm in a family.
    what
        The number in words; the column's name if None.
    methods, names
        What readers see: labels of methods by name, names of columns.
    asked
        The tasks that were asked for, rows with the same columns, so that a pair counts as missing if neither side has
        a record. If None, every pair counts that any method of the group has a record of.

    Raises
    ------
    InputError
        If there is no such column, or a ratio is asked of a number that is not positive.
    """
    number = value if scale == "difference" else _logarithm(value)
    groups = dict.fromkeys([*grouped(rows, within), *grouped(asked or (), within)])
    members, tasks = grouped(rows, within), grouped(asked or (), within)
    found: list[Comparison] = []
    tests: list[Compared | None] = []
    for key in groups:
        group = members.get(key, [])
        sides = {name: averaged(side, number, pair_by) for (name,), side in grouped(group, [by]).items()}
        wanted = _wanted(group if asked is None else tasks.get(key, []), by, pair_by, together=asked is None)
        for name in wanted:
            # Nothing to compare with, or a number that one of the two does not have at all.
            if name == control or control not in wanted or not all(sides.get(side, True) for side in (name, control)):
                continue
            one, other = sides.get(name, {}), sides.get(control, {})
            if paired:
                asked_for = [pair for pair in wanted[name] if pair in wanted[control]]
                pairs = [pair for pair in asked_for if pair in one and pair in other]
                test = _paired([one[pair] for pair in pairs], [other[pair] for pair in pairs], group, overlap)
                counts = len(pairs), len(asked_for)
            else:
                test = compared_apart(list(one.values()), list(other.values())) if one and other else None
                counts = len(one) + len(other), len(wanted[name]) + len(wanted[control])
            settings = dict(zip(within, key, strict=True))
            best = None if test is None else test.difference
            records = records_of([row for row in group if row[by] in (name, control)])
            found.append(Comparison(str(name), settings, best, None, None, *counts, OPEN, records))
            tests.append(test)
    families = _families(found, by, within if family is None else family)
    for places in families:
        # Without a verdict it counts among the tests all the same: it was to be one.
        pvalues = {place: _pvalue(found[place], tests[place]) for place in places}
        for place, verdict in judged(pvalues, level).items():
            found[place] = _judged(found[place], tests[place], verdict, scale, negligible)
    words = what or (value.replace("_", " ") if isinstance(value, str) else "value")
    largest = max(map(len, families), default=0)
    return Contrast(
        tuple(found), words, by, control, scale, level, largest, paired, negligible, methods or {}, names or {}
    )


def _logarithm(value: Value) -> Value:
    def logarithm(row: Row) -> float | None:
        number = known(read(row, value))
        if number is not None and number <= 0:
            raise InputError(f"A ratio to {number} has no meaning; ask for the difference, or leave such rows out.")
        return None if number is None else math.log(number)

    return logarithm


def _wanted(
    rows: Sequence[Row], by: str, pair_by: Sequence[str], together: bool
) -> dict[Any, dict[tuple[Any, ...], None]]:
    """Return the pairs that each method should have; if `together` those that any method has."""
    every = dict.fromkeys(grouped(rows, pair_by))
    return {
        name: every if together else dict.fromkeys(grouped(side, pair_by))
        for (name,), side in grouped(rows, [by]).items()
    }


def _paired(
    one: Sequence[float], other: Sequence[float], group: Sequence[Row], overlap: float | str
) -> Compared | None:
    return compared(one, other, overlap_of(group, overlap)) if one else None


def _pvalue(one: Comparison, test: Compared | None) -> float:
    return 1.0 if test is None or one.found < one.asked else test.pvalue


def _families(found: Sequence[Comparison], by: str, family: Sequence[str]) -> list[list[int]]:
    """Return the places of the comparisons of each family."""
    families: dict[tuple[Any, ...], list[int]] = {}
    for place, one in enumerate(found):
        settings = {**one.within, by: one.name}
        families.setdefault(tuple(settings[name] for name in family), []).append(place)
    return list(families.values())


def _judged(one: Comparison, test: Compared | None, verdict: Judged, scale: Scale, negligible: float) -> Comparison:
    """Return a comparison with its adjusted p-value, verdict and interval, on the scale that was asked for."""
    if test is None:
        return one
    found, shown = test.difference, verdict.interval(test.difference, 0.0, test.freedom)
    if scale == "ratio":
        found, shown = found.exponential(), shown.exponential()
    one = replace(one, estimate=found, judged=shown)
    if one.found < one.asked:
        return one
    signed_away = found.best - (0 if scale == "difference" else 1)
    if not (verdict.clear and abs(signed_away) >= negligible):
        return replace(one, pvalue=verdict.pvalue, verdict=UNCLEAR)
    return replace(one, pvalue=verdict.pvalue, verdict=BELOW if signed_away < 0 else ABOVE)


def _setting(value: Any) -> Cell | str:
    if value is None:
        return "all"
    return Cell(f"{value:,}", value) if isinstance(value, int | float) else str(value)


def _in(adjusted: str) -> str:
    return f" ({adjusted.removeprefix('; ')})" if adjusted else ""
