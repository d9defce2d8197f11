"""Distances between the empirical distribution of nodes and p*, each with the floor of perfect sampling."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from compare.distributions.exact import check_samples, exact_probabilities
from compare.distributions.pooled import IMPOSSIBLE
from compare.statistics import Estimate
from problems.errors import whole_number
from problems.ridgelet import Nodes, RidgeletProblem
from problems.seeds import Seed, generator

__all__ = ["Distance", "TotalVariation", "hellinger", "kl_divergence", "total_variation"]


@dataclass(frozen=True)
class Distance(Estimate):
    """A distance with the floor that perfect sampling of that size shows.

    The distance of finitely many samples is never 0, not even for a perfect sampler: compare it with the floor.

    Attributes
    ----------
    floor
        The distance that the same number of perfect samples shows: mean, and the range of 95% of such samples.
    """

    floor: Estimate


TotalVariation = Distance
"""The value of `total_variation`."""


def total_variation(problem: RidgeletProblem, nodes: Nodes, resamples: int = 200, seed: Seed = 0) -> Distance:
    """Return the total variation distance sum |q - p*|/2 between the empirical distribution q of nodes and p*.

    The interval is normal around this plug-in distance, its standard error from the bootstrap, cut off at 0 and 1.

    Parameters
    ----------
    problem
        An enumerable problem.
    nodes
        Independent samples.
    resamples
        Bootstrap resamples, and perfect samples for the floor: at least 20.
    seed
        Of the resampling.

    Raises
    ------
    InputError
        If the problem is not enumerable, or the samples are another problem's or none.
    """
    return _measured(problem, nodes, _total_variation, "Total variation", 1.0, resamples, seed)


def hellinger(problem: RidgeletProblem, nodes: Nodes, resamples: int = 200, seed: Seed = 0) -> Distance:
    """Return the Hellinger distance sqrt(1 - sum sqrt(q p*)), in [0, 1]; see `total_variation`."""
    return _measured(problem, nodes, _hellinger, "The Hellinger distance", 1.0, resamples, seed)


def kl_divergence(problem: RidgeletProblem, nodes: Nodes, resamples: int = 200, seed: Seed = 0) -> Distance:
    """Return the divergence of Kullback and Leibler, sum q log(q/p*) in nats; see `total_variation`.

    It is infinite if a sample fell on a node of probability zero.
    """
    return _measured(problem, nodes, _kl_divergence, "The KL divergence", np.inf, resamples, seed)


def _measured(
    problem: RidgeletProblem,
    nodes: Nodes,
    distance: Callable[[NDArray[np.float64], NDArray[np.float64]], float],
    name: str,
    largest: float,
    resamples: int,
    seed: Seed,
) -> Distance:
    whole_number("resamples", resamples, 20)
    exact = exact_probabilities(problem, name)
    check_samples(problem, nodes, 1, "a distance")
    n, rng = len(nodes), generator(seed)
    empirical = np.bincount(nodes.index(problem.prime), minlength=len(exact)) / n
    best = distance(empirical, exact)
    drawn = [distance(rng.multinomial(n, empirical) / n, exact) for _ in range(resamples)]
    perfect = [distance(rng.multinomial(n, exact) / n, exact) for _ in range(resamples)]
    low, high = np.quantile(perfect, [0.025, 0.975])
    floor = Estimate(float(low), float(np.mean(perfect)), float(high), resamples)
    if not np.isfinite(best):
        return Distance(best, best, best, n, floor)
    # Resamples of finite distance have one: they fall on the nodes that were sampled.
    interval = Estimate.normal(best, float(np.std(drawn, ddof=1)), n)
    return Distance(max(0.0, interval.low), best, min(largest, interval.high), n, floor)


def _total_variation(q: NDArray[np.float64], exact: NDArray[np.float64]) -> float:
    return float(np.abs(q - exact).sum() / 2)


def _hellinger(q: NDArray[np.float64], exact: NDArray[np.float64]) -> float:
    return float(np.sqrt(max(0.0, 1 - np.sum(np.sqrt(q * exact)))))


def _kl_divergence(q: NDArray[np.float64], exact: NDArray[np.float64]) -> float:
    # What is rounding in the enumeration is a node of probability zero.
    possible = np.where(exact > IMPOSSIBLE / len(exact), exact, 0.0)
    return float(np.sum(special.rel_entr(q, possible)))
