"""The study's records by part: the problem, and for each method its nodes, tests, networks and times."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from compare.engine import Rows, Runs
from compare.report.styles import Shown, label
from compare.statistics import CONFIDENCE, Estimate, Row, correct, mean_difference, mean_estimate
from compare.studies.ridgelet.samplers.study import DIMENSION, DRAW, PROBLEM, RISK, TEST, TIME

__all__ = ["ALARM", "Part", "parts", "times", "total"]

ALARM = 0.05
"""Chance of any false alarm: among the tests of a part (Holm), and among the intervals over all N (Bonferroni)."""

TITLES = {"small": "Few features", "raw": "Raw features", "chain": "A wide circuit"}

WHICH = ("empirical", "held_out")


@dataclass(frozen=True)
class Part:
    """What is known of one part.

    Attributes
    ----------
    methods
        Labels, laws and styles by name.
    problem
        The row of its problem.
    draws, tests, risks, times
        Rows by method, of those that have a record.
    """

    methods: Mapping[str, Shown]
    problem: Row
    draws: Mapping[str, Row]
    tests: Mapping[str, Row]
    risks: Mapping[str, Row]
    times: Mapping[str, Row]

    @property
    def title(self) -> str:
        """Its name in words, which says whether it is past enumeration."""
        return TITLES[self.problem["part"]] + (", past enumeration" if self.problem["effective"] is None else "")

    @cached_property
    def pvalues(self) -> list[tuple[str, float]]:
        """Each test's method and p-value, adjusted for all tests of the part (Holm)."""
        found = [
            (name, test.pvalue)
            for name, row in self.tests.items()
            for test in (row["goodness_of_fit"], row["two_sample"])
            if test is not None
        ]
        return [(name, float(one)) for (name, _), one in zip(found, correct([p for _, p in found]), strict=True)]

    @property
    def adjusted(self) -> dict[str, float]:
        """Each tested method's adjusted p-value: the smaller where it has two."""
        return {name: min(p for other, p in self.pvalues if other == name) for name in self.tests}

    def told_apart(self, name: str) -> bool:
        """Tell whether a method's nodes are told apart from p*."""
        return self.adjusted[name] < ALARM

    @property
    def sizes(self) -> tuple[int, ...]:
        """Numbers of nodes N of its networks."""
        return next((row["sizes"] for row in self.risks.values()), ())

    @property
    def quoted(self) -> int:
        """The one that tables quote."""
        return next((row["quoted"] for row in self.risks.values()), 0)

    def zero(self, which: str) -> float:
        """Return the risk of predicting 0."""
        return float(self.problem["baselines"]["zero"][WHICH.index(which)])

    def risk(self, method: str, which: str) -> Estimate:
        """Return a risk at the quoted N: the mean over networks."""
        return mean_estimate(self.risks[method][which][:, self.sizes.index(self.quoted)])

    def difference(self, which: str, one: str, other: str, size: int = 0, confidence: float = CONFIDENCE) -> Estimate:
        """Return the risk of one method's networks less that of another's, at N = `size`, the quoted one if 0."""
        at = self.sizes.index(size or self.quoted)
        return mean_difference(self.risks[one][which][:, at], self.risks[other][which][:, at], confidence)

    def label(self, name: str) -> str:
        """Return what readers see of a method."""
        return label(name, self.methods)


def parts(runs: Runs) -> list[Part]:
    """Return the parts in their order."""

    def own(part: str) -> list[dict[str, Row]]:
        return [{row["method"]: row for row in runs[kind].where(part=part)} for kind in (DRAW, TEST, RISK, TIME)]

    return [Part(runs.methods, problem, *own(problem["part"])) for problem in runs[PROBLEM]]


def times(runs: Runs) -> Rows:
    """Return the times over D, by D; methods stay in their order."""
    rows = runs[DIMENSION]
    return rows.of(sorted(rows, key=lambda row: row["dimension"]))


def total(row: Row) -> Estimate:
    """Return seconds a sample with the preparation spread over all samples."""
    share, one = row["prepare"] / row["samples"], row["per_sample"]
    return Estimate(share + one.low, share + one.best, share + one.high, one.samples)
