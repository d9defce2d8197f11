"""The study's records by part: the problem, and for each method its nodes, tests, networks and times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from compare.engine import Rows, Runs
from compare.report.styles import Shown, label
from compare.report.table import RECORD
from compare.statistics import Contrast, Estimate, Judged, Row, judged, mean_estimate
from compare.statistics.rows import as_estimate, records_of
from compare.studies.ridgelet.samplers.study import DIMENSION, DRAW, FILES, PROBLEM, RISK, TEST, TIME

__all__ = ["WORDS", "Part", "parts", "times", "total"]

TITLES = {
    "small": "Few features",
    "raw": "Raw features",
    "chain": "A wide circuit",
    "files": "Points in files",
    "live": "These samplers",
}

WORDS = {"empirical": "empirical risk", "held_out": "held-out risk"}
"""The two risks of a network."""

AGAINST = {"goodness_of_fit": 0.0, "two_sample": 0.0, "fidelity": 1.0}
"""Tests of nodes against p*, and the value that its effect has for p*."""


@dataclass(frozen=True)
class Part:
    """All that is known of one part.

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
        return TITLES[self.problem["part"]] + (", past enumeration" if self.problem.get("effective", 0) is None else "")

    @cached_property
    def family(self) -> Mapping[tuple[str, str], Judged]:
        """Every test of nodes against p*, by method and record, judged among all of the part.

        That the fidelity is 1 is one of them: who reads a fidelity beside a verdict holds it against 1.
        """
        found = {
            (name, record): row[record].pvalue(1.0) if record == "fidelity" else row[record].pvalue
            for name, row in self.tests.items()
            for record in AGAINST
            if row[record] is not None
        }
        return judged(found)

    def of_family(self, name: str, record: str) -> Estimate | None:
        """Return a fidelity, or the effect of a test, with the interval that belongs to the family of tests."""
        found = as_estimate(self.tests[name][record])
        return found and self.family[name, record].interval(found, AGAINST[record])

    def adjusted(self, name: str) -> float:
        """Return the smallest adjusted p-value of a method's tests."""
        return min(one.pvalue for (other, _), one in self.family.items() if other == name)

    def told_apart(self, name: str) -> bool:
        """Tell whether a method's nodes are told apart from p*."""
        return any(one.clear for (other, _), one in self.family.items() if other == name)

    @property
    def quoted(self) -> int:
        """The number of nodes N that tables quote; 0 without networks."""
        return next((row["quoted"] for row in self.risks.values()), 0)

    def zero(self, which: str) -> float:
        """Return the risk of predicting 0."""
        return float(self.problem["baselines"]["zero"][list(WORDS).index(which)])

    def risk(self, method: str, which: str) -> Estimate:
        """Return a risk at the quoted N: the mean over networks."""
        row = self.risks[method]
        return mean_estimate(row[which][:, row["sizes"].index(self.quoted)])

    @cached_property
    def networks(self) -> Rows:
        """A row for every network and risk."""
        return Rows(
            (
                {"method": name, "which": which, "nodes": size, "network": network, "risk": float(risk)}
                | {RECORD: records_of(row)}
                for name, row in self.risks.items()
                for which in WORDS
                for place, size in enumerate(row["sizes"])
                for network, risk in enumerate(row[which][:, place])
            ),
            self.methods,
        )

    def contrast(self, which: str, methods: Sequence[str], control: str, over_sizes: bool = False) -> Contrast:
        """Compare risks with a control's, at the quoted N or over all; networks are independent, so no pairs."""
        rows = self.networks.where(
            lambda row: row["method"] in (*methods, control) and (over_sizes or row["nodes"] == self.quoted)
        )
        what = WORDS[which] + ("" if over_sizes else f" at N = {self.quoted}")
        within = ("nodes",) if over_sizes else ()
        options = {
            "pair_by": ("network",),
            "paired": False,
            "within": within,
            "family": (),
            "what": what,
            "names": {"nodes": "N"},
        }
        return rows.where(which=which).contrast("risk", control=control, **options)

    def label(self, name: str) -> str:
        """Return what readers see of a method."""
        return label(name, self.methods)


def parts(runs: Runs) -> list[Part]:
    """Return the parts in their order."""

    def own(part: str) -> list[dict[str, Row]]:
        return [{row["method"]: row for row in runs[kind].where(part=part)} for kind in (DRAW, TEST, RISK, TIME)]

    problems = [*runs[PROBLEM], *runs[FILES]]
    return [Part(runs.methods, problem, *own(problem["part"])) for problem in problems]


def times(runs: Runs) -> Rows:
    """Return the times over D, by D; methods stay in their order."""
    rows = runs[DIMENSION]
    return rows.of(sorted(rows, key=lambda row: row["dimension"]))


def total(row: Row) -> Estimate:
    """Return seconds a sample with the preparation spread over all samples."""
    share, one = row["prepare"] / row["samples"], row["per_sample"]
    return Estimate(share + one.low, share + one.best, share + one.high, one.samples)
