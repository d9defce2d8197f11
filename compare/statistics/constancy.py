"""Did something stay as it was? Rounds of the same measurement, held against one law for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from compare.statistics.estimates import Z95, Estimate

__all__ = [
    "LEAST_EXPECTED",
    "Constancy",
    "chi_square_tail",
    "constant_counts",
    "constant_numbers",
    "homogeneity",
    "pooled_counts",
]

LEAST_EXPECTED = 5.0
"""The least count that a cell is expected to have in every round: rarer outcomes are pooled."""


@dataclass(frozen=True)
class Constancy:
    """A test that rounds have one law.

    Attributes
    ----------
    statistic, freedom
        Chi-square, and its degrees of freedom.
    pvalue
        The probability of at least this much if they have.
    rounds, samples
        Rounds, and observations in all of them together.
    cells
        Outcomes that were told apart, rare ones pooled; 0 where numbers are compared.
    """

    statistic: float
    freedom: int
    pvalue: float
    rounds: int
    samples: int
    cells: int


def constant_counts(counts: ArrayLike) -> Constancy | None:
    """Test by Pearson's chi-square of homogeneity whether rounds have one distribution of outcomes.

    Outcomes are pooled by their counts in all rounds together, on which the test is conditional: so which are pooled
    says nothing on how rounds differ.

    Parameters
    ----------
    counts
        Shape (rounds, outcomes): how often each outcome was seen in each round.

    Returns
    -------
    Constancy
        None with fewer than two rounds, or where fewer than two cells are left.
    """
    table = np.asarray(counts, dtype=float)
    table = table[table.sum(axis=1) > 0]
    if len(table) < 2:
        return None
    pooled = pooled_counts(table)
    rounds, cells = pooled.shape
    if cells < 2:
        return None
    statistic, freedom = homogeneity(pooled)
    return Constancy(statistic, freedom, chi_square_tail(statistic, freedom), rounds, int(pooled.sum()), cells)


def constant_numbers(estimates: Sequence[Estimate]) -> Constancy | None:
    """Test whether independent estimates are of one number: squared distances from their weighted mean (Cochran 1954).

    None with fewer than two whose interval is known and not a point.
    """
    known = [one for one in estimates if np.isfinite(one.high - one.low) and one.high > one.low]
    if len(known) < 2:
        return None
    best = np.array([one.best for one in known])
    weights = np.array([(2 * Z95 / (one.high - one.low)) ** 2 for one in known])
    statistic = float(weights @ (best - weights @ best / weights.sum()) ** 2)
    freedom = len(known) - 1
    samples = sum(one.samples for one in known)
    return Constancy(statistic, freedom, chi_square_tail(statistic, freedom), len(known), samples, 0)


def homogeneity(table: NDArray[np.float64]) -> tuple[float, int]:
    """Return Pearson's chi-square of a table (rounds, cells) without empty ones, and its degrees of freedom."""
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    return float(np.sum((table - expected) ** 2 / expected)), (table.shape[0] - 1) * (table.shape[1] - 1)


def pooled_counts(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Join rare outcomes until each cell is expected `LEAST_EXPECTED` times in the round with the fewest."""
    totals, smallest = table.sum(axis=0), table.sum(axis=1).min() / table.sum()
    order = np.argsort(-totals, kind="stable")
    cells: list[list[int]] = [[]]
    filled = 0.0
    for place in order.tolist():
        if filled >= LEAST_EXPECTED:
            cells.append([])
            filled = 0.0
        cells[-1].append(place)
        filled += totals[place] * smallest
    if filled < LEAST_EXPECTED and len(cells) > 1:
        last = cells.pop()
        cells[-1] += last
    return np.column_stack([table[:, cell].sum(axis=1) for cell in cells])


def chi_square_tail(statistic: float, freedom: int) -> float:
    """Return the probability of at least this chi-square; 1 without a degree of freedom."""
    from scipy import special

    return float(special.chdtrc(freedom, statistic)) if freedom else 1.0
