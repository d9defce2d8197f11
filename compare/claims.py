"""A paper's claim, and the cost of both sides of it: numbers, each with the hashes of the records behind it.

A study has a door to it, `Study.claim`: a function of its runs and settings that returns a `Claim`, or its import path.
`compare.verdict` reads claims and nothing else of a study, so that a study of another package can have one.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from compare.engine.fields import declared
from compare.report import Table
from compare.statistics import Estimate

__all__ = [
    "ASSUMPTIONS",
    "DOES_NOT_FIT",
    "LOST",
    "NEVER_REACHED",
    "QUANTUM",
    "Assumed",
    "Change",
    "Claim",
    "Mark",
    "Number",
    "assumed",
    "changes",
    "hashes",
    "joined",
    "reading_error",
]

QUANTUM = {
    "cycle": "seconds of a round of error correction",
    "distance": "code distance",
    "machines": "quantum machines side by side",
}
"""Settings that say what a quantum machine is, each in words."""

ASSUMPTIONS = {**QUANTUM, "classical_speedup": "speed of a classical core", "cores": "classical cores"}
"""Settings that say what both machines are, each in words."""

LOST = 300
"""Powers of ten of a signal that no number of shots brings back."""

NEVER_REACHED = "never reached"
DOES_NOT_FIT = "does not fit"

DECADES = 40
"""Powers of ten by which an assumption is changed at most."""

HALVINGS = 40

AGE = 4.35e17
"""Seconds since the Big Bang (Planck 2018): what takes longer is never reached."""

DIGITS = 3
"""Factors that agree in so many digits are the same."""


@dataclass(frozen=True)
class Number:
    """A number of a claim.

    Attributes
    ----------
    name
        What it is.
    value
        The number, or its estimate; None if it is not known.
    text
        As readers see it, with its unit.
    records
        Hashes of the tasks that it comes from.
    """

    name: str
    value: float | Estimate | None
    text: str
    records: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mark:
    """Both sides' seconds under one stated assumption, end to end, to the quality and at the size that the claim names.

    Attributes
    ----------
    name
        The assumption in words.
    quantum, classical
        Seconds; None if not known.
    open
        Why there are no seconds: `NEVER_REACHED` or `DOES_NOT_FIT`; empty where there are.
    beyond
        How many times beyond the largest size that was counted or measured it is; 1 if it is within.
    start
        The least size from which on the quantum side is faster; None if there is none.
    until
        Up to which size that was looked for; None if it was not.
    records
        Hashes of the tasks that it comes from.
    now
        Whether it is a machine of today, which can be asked for.
    """

    name: str
    quantum: Estimate | None = None
    classical: Estimate | None = None
    open: str = ""
    beyond: float = 1.0
    start: float | None = None
    until: float | None = None
    records: tuple[str, ...] = ()
    now: bool = False

    @property
    def shut(self) -> str:
        """Why the quantum side does not get there; empty if it does. Beyond the age of the universe it does not."""
        late = self.quantum is not None and self.quantum.best > AGE
        return self.open or (NEVER_REACHED if late else "")

    @property
    def ratio(self) -> Estimate | None:
        """Quantum over classical seconds, with the interval that both sides' ends leave; None if not known."""
        if self.shut or self.quantum is None or self.classical is None:
            return None
        slow, fast = self.quantum, self.classical
        ends = slow.low / fast.high, slow.best / fast.best, slow.high / fast.low
        known = all(math.isfinite(end) and end > 0 for end in ends)
        return Estimate(*ends, min(slow.samples, fast.samples)) if known else None


@dataclass(frozen=True)
class Change:
    """An assumption that is changed alone until the row is reversed.

    Attributes
    ----------
    name, flag
        In words, and how to change it; an empty flag if there is none.
    value, reversed
        What is assumed, and the nearest value that reverses the row.
    factor
        How many times it becomes as large or as small, >= 1.
    """

    name: str
    flag: str
    value: float
    reversed: float
    factor: float


@dataclass(frozen=True)
class Assumed:
    """One thing that is assumed and not measured or counted, as readers see it.

    Attributes
    ----------
    name, value
        What it is about, and what is assumed.
    flag
        How to change it: flags with commas, or "none".
    favors
        Which side it favors, and why.
    """

    name: str
    value: str
    flag: str = "none"
    favors: str = "nobody"

    def factors(self, found: Sequence[Change]) -> list[Change]:
        """Return those changes, of `Claim.changes`, that are made by its flags."""
        flags = self.flag.split(", ")
        return [one for one in found if one.flag in flags]


@dataclass(frozen=True)
class Claim:
    """A paper's claim, what was built of it, and what both sides take.

    Attributes
    ----------
    title
        Names the row.
    says, paper, regime
        What is claimed, its arXiv number, and where it is claimed to hold.
    size, letter
        The named size in words, and the letter of what grows.
    quality
        The quality, fixed beforehand, that both sides are to reach.
    rival
        The best classical method on the same work.
    built
        What was built: qubits, gates, T, queries.
    equal_size, equal_compute
        Quality at equal size, and at equal compute.
    marks
        Both sides' seconds, by assumption.
    deciding
        The name of the mark that the verdict goes by.
    changes
        Assumptions that reverse that mark when they are changed alone.
    omits
        What the claim leaves out: numbers where it was counted, else words.
    assumes
        Whatever the seconds rest on and nothing here measures.
    elsewhere
        Where the quantum side is faster against another rival, or over another size.
    """

    title: str
    says: str
    paper: str
    regime: str
    size: str
    letter: str
    quality: str
    rival: str
    built: Sequence[Number]
    equal_size: Sequence[Number]
    equal_compute: Sequence[Number]
    marks: Sequence[Mark]
    deciding: str
    changes: Sequence[Change] = ()
    omits: Sequence[Number | str] = ()
    elsewhere: Sequence[Number] = ()
    assumes: Sequence[Assumed] = ()

    @property
    def numbers(self) -> list[Number]:
        """Every number but those of the marks."""
        left_out = [one for one in self.omits if isinstance(one, Number)]
        return [*self.built, *self.equal_size, *self.equal_compute, *self.elsewhere, *left_out]

    @property
    def mark(self) -> Mark | None:
        """The mark that the verdict goes by; None if there is none of its name."""
        return next((one for one in self.marks if one.name == self.deciding), None)

    @property
    def nearest(self) -> Sequence[Change]:
        """The assumptions whose change by the least factor reverses the row: several where their factors agree."""
        least = min((_rounded(one.factor) for one in self.changes), default=math.inf)
        return [one for one in self.changes if _rounded(one.factor) == least]


def assumed(table: Table) -> tuple[Assumed, ...]:
    """Return the rows of a table whose columns are what it is about, what is assumed, its flag, whom it favors."""
    return tuple(Assumed(*map(str, row)) for row in table.rows)


def hashes(runs: Any, kind: Any, **where: Any) -> tuple[str, ...]:
    """Return the hashes of the records of a kind whose tasks have these fields."""
    return tuple(
        record.planned.id
        for record in runs.of_kind(kind)
        if record.line.result is not None and all(getattr(record.task, name) == value for name, value in where.items())
    )


def changes(
    ratio: Callable[[Any], float | None], settings: Any, names: Mapping[str, str], flags: bool = True
) -> list[Change]:
    """Return by how much each assumption has to be changed, alone, for a ratio to cross 1.

    Parameters
    ----------
    ratio
        From settings, quantum over classical seconds; None where it is not known. Falls or rises with each assumption.
    settings
        A dataclass of annotated fields, within whose ranges values stay.
    names
        Fields that are numbers, and each in words.
    flags
        Whether a study's command has a flag for each.

    Returns
    -------
    list
        Those that reverse it within their range, and within a factor of 10^40.
    """
    now = ratio(settings)
    if now is None or now == 1 or not math.isfinite(now):
        return []
    found = []
    for name, words in names.items():
        value = getattr(settings, name)
        if value is None or not value > 0:
            continue
        nearest = _nearest(ratio, settings, name, now > 1)
        if nearest is not None:
            factor = max(nearest / value, value / nearest)
            axis = declared(type(settings))[name].axis
            flag = f"--{axis.replace('_', '-')}" if flags else ""
            found.append(Change(words, flag, value, nearest, factor))
    return found


def _nearest(ratio: Callable[[Any], float | None], settings: Any, name: str, above: bool) -> float | None:
    """Return the value nearest to the present one at which the ratio is on the other side of 1."""
    value, setting = getattr(settings, name), declared(type(settings))[name]
    whole = isinstance(value, int)
    low = max((mark.least for mark in setting.marks if hasattr(mark, "least")), default=0.0)
    high = min((mark.most for mark in setting.marks if hasattr(mark, "most")), default=math.inf)

    def crossed(place: float) -> bool:
        found = ratio(replace(settings, **{name: _at(value, place, whole)}))
        return found is not None and (found < 1) == above

    best = None
    for way, reach in ((1, math.log10(high / value)), (-1, math.log10(value / low) if low > 0 else math.inf)):
        before, furthest, step = 0.0, min(reach, DECADES), 1.0
        while before < furthest:
            place = min(step, furthest)
            if crossed(way * place):
                place = _halved(crossed, way * before, way * place)
                best = place if best is None or abs(place) < abs(best) else best
                break
            before, step = place, 2 * step
    return None if best is None else _at(value, best, whole)


def _halved(crossed: Callable[[float], bool], before: float, after: float) -> float:
    for _ in range(HALVINGS):
        middle = (before + after) / 2
        before, after = (before, middle) if crossed(middle) else (middle, after)
    return after


def _at(value: float, place: float, whole: bool) -> float:
    changed = value * 10**place
    return max(1, round(changed)) if whole else changed


def _rounded(factor: float) -> float:
    return float(f"{factor:.{DIGITS}g}")


def reading_error(goal: float, ratio: Estimate) -> Estimate:
    """Return the error of what is read for as long as the other side takes: shots grow as one over its square.

    Parameters
    ----------
    goal
        The error at which both sides' seconds have this ratio.
    ratio
        Quantum over classical seconds.
    """
    low, best, high = (goal * math.sqrt(end) for end in (ratio.low, ratio.best, ratio.high))
    return Estimate(low, best, high, ratio.samples)


def joined(*some: Iterable[str]) -> tuple[str, ...]:
    """Return hashes of several numbers, each once."""
    return tuple(dict.fromkeys(one for part in some for one in part))
