"""p-values of a table that holds many tests, corrected for their number, and the intervals that go with them."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from compare.statistics.estimates import Estimate
from problems.errors import InputError, choose

__all__ = ["CORRECTIONS", "IN_FAMILY", "LEVEL", "Correction", "Judged", "correct", "held_against", "judged"]

Correction = Literal["holm", "fdr"]

K = TypeVar("K", bound=Hashable)

CORRECTIONS = {
    "holm": "Holm (1979): the chance of a single false alarm in the table is at most the level",
    "fdr": "Benjamini and Hochberg (1995): of all alarms, the expected share of false ones is at most the level",
}
"""Ways of correction, in words."""

LEVEL = 0.05
"""Chance of any false alarm in a family of tests."""

IN_FAMILY = (
    "each at the level at which Holm's procedure judges its own test: it leaves {} out exactly where the verdict does, "
    "and is as wide as a 95% interval only where a test stands alone"
)
"""Words about the intervals of a family, for notes of tables."""


@dataclass(frozen=True)
class Judged:
    """The verdict of a family of tests on one of them.

    Attributes
    ----------
    pvalue
        Adjusted for all tests of the family (Holm).
    level
        The level that the family leaves to this test: its own p-value is below it exactly where it is clear.
    clear
        Whether the hypothesis is rejected.
    """

    pvalue: float
    level: float
    clear: bool

    def interval(self, found: Estimate, at: float, freedom: float = np.inf) -> Estimate:
        """Return the estimate with the interval that belongs to the family, in place of its 95% interval.

        It leaves out the value `at` of the hypothesis exactly where this is rejected by a test of the estimate itself,
        so that the chance that any interval of a family leaves out a value that holds is at most the level. Where
        another test of the same hypothesis decides, it holds `at` unless that one rejects.

        Parameters
        ----------
        found
            The estimate.
        at
            The value that the hypothesis says it has.
        freedom
            Degrees of freedom of Student's law, infinite for the normal one.
        """
        wide = found.at_level(self.level, freedom)
        return wide if self.clear else wide.reaching(at)


def correct(pvalues: ArrayLike, method: Correction = "holm") -> NDArray[np.float64]:
    """Return p-values adjusted for their number: compare each with the level that the whole table should have.

    Parameters
    ----------
    pvalues
        One of each test, shape (m,), in [0, 1].
    method
        "holm" (Holm 1979, Scand. J. Stat. 6:65) keeps the chance of any false alarm in the table below the level,
        however the tests depend on one another. "fdr" (Benjamini and Hochberg 1995, J. R. Stat. Soc. B 57:289) keeps
        the expected share of false ones among all alarms below it, for independent tests.

    Returns
    -------
    NDArray
        Shape (m,), in [0, 1], in the order given.

    Raises
    ------
    InputError
        If a p-value is outside [0, 1] or no number, or the method is unknown.
    """
    choose("correction", method, CORRECTIONS)
    values = _checked(pvalues)
    if method == "holm":
        return np.minimum(1, _stepped(values)[0])
    m, order = len(values), np.argsort(values, kind="stable")
    adjusted = np.empty_like(values)
    # From the largest down, so that no p-value is adjusted to more than a larger one.
    adjusted[order[::-1]] = np.minimum.accumulate(values[order[::-1]] * m / np.arange(m, 0, -1))
    return np.minimum(1, adjusted)


def judged(pvalues: Mapping[K, float], level: float = LEVEL) -> dict[K, Judged]:
    """Judge the tests of a family, named by their p-values, by Holm: the chance of any false alarm is `level`.

    Raises
    ------
    InputError
        As `correct` does.
    """
    return {
        name: Judged(min(1.0, float(adjusted)), level / float(factor), bool(adjusted < level))
        for name, adjusted, factor in zip(pvalues, *_stepped(_checked(list(pvalues.values()))), strict=True)
    }


def held_against(estimates: Mapping[K, Estimate], value: float, level: float = LEVEL) -> dict[K, Estimate]:
    """Return normal estimates, each held against one value, with intervals that belong to one family.

    Each interval leaves the value out exactly where Holm's procedure rejects it.
    """
    verdicts = judged({name: found.pvalue(value) for name, found in estimates.items()}, level)
    return {name: verdicts[name].interval(found, value) for name, found in estimates.items()}


def _checked(pvalues: ArrayLike) -> NDArray[np.float64]:
    values = np.asarray(pvalues, dtype=float)
    if values.ndim != 1:
        raise InputError(f"p-values of shape {values.shape} cannot be corrected; give a list of them.")
    bad = np.flatnonzero(~((values >= 0) & (values <= 1)))
    if len(bad):
        raise InputError(f"pvalues[{bad[0]}] = {values[bad[0]]} is no p-value; give numbers from 0 to 1.")
    return values


def _stepped(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return p-values adjusted by Holm, also beyond 1, and by how much each is multiplied: by their number at most."""
    order, steps = np.argsort(values, kind="stable"), np.arange(len(values), 0, -1.0)
    ordered = values[order]
    adjusted, factors = np.empty_like(values), np.empty_like(values)
    # A test is judged no earlier than those before it: its p-value is adjusted to no less than theirs.
    adjusted[order] = np.maximum.accumulate(ordered * steps)
    factors[order] = np.divide(adjusted[order], ordered, out=steps, where=ordered > 0)
    return adjusted, factors
