"""Are these nodes drawn from p*? Tests and distances against the exact distribution.

The exact probability of any node is computable at any dimension, so a sampler is tested against p* itself; two-sample
tests serve where a sampler is a black box. With w = P^(D+1) p*: the cross-entropy fidelity is
(mean of w over the samples - 1)/(E_p*[w] - 1), and E_p*[w] = E_uniform[w^2].
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from classical.ridgelet.enumeration import enumerate_probabilities
from classical.ridgelet.uniform import UniformSampler
from compare.estimates import Estimate, Test
from problems.errors import InputError
from problems.finite_field import row_blocks, scalar_products
from problems.ridgelet import Nodes, RidgeletProblem
from problems.seeds import Seed, generator

__all__ = [
    "ENUMERABLE",
    "MAX_TESTED",
    "TotalVariation",
    "fidelity",
    "goodness_of_fit",
    "is_enumerable",
    "total_variation",
    "two_sample_test",
]

ENUMERABLE = 10**6
"""Largest number of nodes for which statistics over all of them are offered."""

MIN_EXPECTED = 5.0
"""Cells of the chi-square test are pooled to at least this expected count."""

MAX_TESTED = 10_000
"""The two-sample test takes at most the first so many nodes of either side: bounds its memory."""

UNIFORM_NODES = 100_000
"""Uniform nodes that estimate E_p*[w] where nothing can be enumerated."""


@dataclass(frozen=True)
class TotalVariation(Estimate):
    """Total variation with the floor that perfect sampling of that size shows.

    Attributes
    ----------
    floor
        The distance that the same number of perfect samples shows: mean, and the range of 95% of such samples.
    """

    floor: Estimate


def is_enumerable(problem: RidgeletProblem) -> bool:
    """Tell whether statistics over all nodes are offered for the problem."""
    return problem.node_count <= ENUMERABLE


def goodness_of_fit(problem: RidgeletProblem, nodes: Nodes) -> Test:
    """Test nodes against p* by Pearson's chi-square, cells pooled to an expected count of at least 5.

    A node of probability zero among the samples gives p-value 0.

    Parameters
    ----------
    problem
        An enumerable problem.
    nodes
        Independent samples.

    Raises
    ------
    InputError
        If the problem is not enumerable, or there are too few samples for two cells.
    """
    exact = _exact(problem, "The chi-square test")
    counts = np.bincount(_own_index(problem, nodes), minlength=len(exact))
    impossible = exact <= 1e-14 / len(exact)
    if np.any(counts[impossible]):
        hits = int(counts[impossible].sum())
        return Test(np.inf, 0.0, len(nodes), f"{hits} samples fell on nodes of probability zero")
    order = np.argsort(exact[~impossible])[::-1]
    expected = len(nodes) * exact[~impossible][order]
    cells = _pool(expected)
    if cells[-1] < 1:
        needed = int(np.ceil(2 * MIN_EXPECTED / (1 - exact.max()))) if exact.max() < 1 else None
        remedy = f"at least {needed} are needed" if needed else "p* is a single node, nothing can be tested"
        raise InputError(f"{len(nodes)} samples are too few for a chi-square test with two cells; {remedy}.")
    observed = np.bincount(cells, weights=counts[~impossible][order].astype(float))
    pooled = np.bincount(cells, weights=expected)
    result = stats.chisquare(observed, pooled * observed.sum() / pooled.sum())
    return Test(float(result.statistic), float(result.pvalue), len(nodes), f"chi-square over {len(observed)} cells")


def _pool(expected: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the pooled cell of each cell; expected counts come in descending order."""
    cells, cell, filled = np.empty(len(expected), dtype=np.int64), 0, 0.0
    for i, count in enumerate(expected):
        if filled >= MIN_EXPECTED:
            cell, filled = cell + 1, 0.0
        cells[i], filled = cell, filled + count
    if filled < MIN_EXPECTED and cell > 0:
        cells[cells == cell] = cell - 1  # the last one is too small: joined with its neighbor
    return cells


def total_variation(problem: RidgeletProblem, nodes: Nodes, resamples: int = 200, seed: Seed = 0) -> TotalVariation:
    """Return the total variation distance between the empirical distribution of nodes and p*.

    The plug-in distance of finitely many samples is never 0: compare it with the floor, not with 0. The interval is
    normal, its standard error from the bootstrap.

    Parameters
    ----------
    problem
        An enumerable problem.
    nodes
        Independent samples.
    resamples
        Bootstrap resamples, and perfect samples for the floor.
    seed
        Of the resampling.

    Raises
    ------
    InputError
        If the problem is not enumerable.
    """
    exact = _exact(problem, "Total variation")
    n, rng = len(nodes), generator(seed)
    empirical = np.bincount(_own_index(problem, nodes), minlength=len(exact)) / n
    best = _distance(empirical, exact)
    spread = np.std([_distance(rng.multinomial(n, empirical) / n, exact) for _ in range(resamples)], ddof=1)
    perfect = [_distance(rng.multinomial(n, exact) / n, exact) for _ in range(resamples)]
    low, high = np.quantile(perfect, [0.025, 0.975])
    interval = Estimate.normal(best, float(spread), n)
    floor = Estimate(float(low), float(np.mean(perfect)), float(high), resamples)
    return TotalVariation(max(0.0, interval.low), best, min(1.0, interval.high), n, floor)


def _distance(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    return float(np.abs(first - second).sum() / 2)


def fidelity(problem: RidgeletProblem, nodes: Nodes, seed: Seed = 0) -> Estimate:
    """Return the cross-entropy fidelity: 1 for the ideal sampler, 0 for uniform nodes, at any dimension.

    Parameters
    ----------
    problem
        Any problem.
    nodes
        Independent samples.
    seed
        Of the uniform nodes that estimate the ideal mean where nothing can be enumerated.

    Raises
    ------
    InputError
        If p* is uniform, so that the fidelity is undefined, or there are fewer than two samples.
    """
    if len(nodes) < 2:
        raise InputError(f"{len(nodes)} samples are too few for an interval; give at least 2.")
    density = problem.density(nodes)
    if is_enumerable(problem):
        exact = _exact(problem, "Fidelity")
        ideal, ideal_error = float(problem.node_count * np.sum(exact**2)) - 1, 0.0
    else:
        uniform = problem.density(UniformSampler(problem).sample(UNIFORM_NODES, seed)) ** 2
        ideal, ideal_error = float(np.mean(uniform)) - 1, float(np.std(uniform, ddof=1) / np.sqrt(UNIFORM_NODES))
    if ideal < 1e-9:
        raise InputError("p* is uniform for this problem, so no sampler differs from uniform; fidelity is undefined.")
    best = (float(np.mean(density)) - 1) / ideal
    error = np.hypot(np.std(density, ddof=1) / np.sqrt(len(nodes)) / ideal, best * ideal_error / ideal)
    return Estimate.normal(best, float(error), len(nodes))


def two_sample_test(
    nodes: Nodes, other: Nodes, problem: RidgeletProblem, permutations: int = 499, seed: Seed = 0
) -> Test:
    """Test whether two lists of nodes come from one distribution, at any dimension: kernel MMD with permutations.

    The kernel is the sum of three, each scaled to unit total variance: one-hot marginals of every digit of (a, b),
    the hidden features r(a.x - b) at up to 256 data points, and the exact density P^(D+1) p* (Gretton et al. 2012,
    JMLR 13:723). The first two see single digits and single points; only the density sees the interference of many
    points, which at large D is all that tells p* from uniform.

    Parameters
    ----------
    nodes, other
        Independent samples of either side; the first 10,000 of each are tested.
    problem
        The problem they were drawn for.
    permutations
        Random relabelings; the smallest p-value is 1/(permutations + 1).
    seed
        Of the permutations.

    Raises
    ------
    InputError
        If a side has fewer than two samples, or another dimension than the problem.
    """
    if min(len(nodes), len(other)) < 2:
        raise InputError(f"{len(nodes)} and {len(other)} samples are too few for a two-sample test; give 2 or more.")
    for side in (nodes, other):
        problem.check_nodes(side)
    nodes, other = nodes[:MAX_TESTED], other[:MAX_TESTED]
    pooled, rng = Nodes.concatenate([nodes, other]), generator(seed)
    signs = np.r_[np.full(len(nodes), 1 / len(nodes)), np.full(len(other), -1 / len(other))]
    labels = np.stack([signs, *(rng.permutation(signs) for _ in range(permutations))])
    some = np.linspace(0, len(problem.data) - 1, min(256, len(problem.data))).astype(int)
    points = problem.data.take(some)
    statistics = np.zeros(len(labels))
    blocks: tuple[Callable[[Nodes], NDArray[np.float64]], ...] = (
        lambda part: _one_hot(part, problem.prime),
        lambda part: _hidden(part, points, problem),
        lambda part: problem.density(part)[:, None],
    )
    for features in blocks:
        statistics += _mean_distances(labels, pooled, features)
    exceeding = int(np.sum(statistics[1:] >= statistics[0] * (1 - 1e-12)))
    detail = f"kernel two-sample test, {permutations} permutations"
    return Test(float(statistics[0]), (1 + exceeding) / (1 + permutations), len(pooled), detail)


def _mean_distances(
    labels: NDArray[np.float64], nodes: Nodes, features: Callable[[Nodes], NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Return |sum_i labels_i features(node_i)|^2 for each row of labels, over the features' total variance."""
    sums: NDArray[np.float64] | float = 0.0
    first: NDArray[np.float64] | float = 0.0
    second: NDArray[np.float64] | float = 0.0
    for rows in row_blocks(len(nodes), 2048):
        block = features(nodes[rows])
        sums = sums + labels[:, rows] @ block
        first, second = first + block.sum(axis=0), second + np.sum(block**2, axis=0)
    power = float(np.sum(second)) / len(nodes)
    variance = power - float(np.sum(np.square(first))) / len(nodes) ** 2
    if variance <= 1e-12 * power:  # the features are constant, and what is left is rounding
        return np.zeros(len(labels))
    return np.sum(np.square(sums), axis=1) / variance


def _one_hot(nodes: Nodes, prime: int) -> NDArray[np.float64]:
    digits = np.column_stack([nodes.a, nodes.b])
    return (digits[:, :, None] == np.arange(prime)).reshape(len(nodes), -1).astype(float)


def _hidden(nodes: Nodes, points: NDArray[np.int64], problem: RidgeletProblem) -> NDArray[np.float64]:
    products = scalar_products(nodes.a, points, problem.prime) - nodes.b[:, None]
    return problem.ridgelet[products % problem.prime]


def _exact(problem: RidgeletProblem, purpose: str) -> NDArray[np.float64]:
    if not is_enumerable(problem):
        raise InputError(
            f"{purpose} needs the probability of all {problem.prime}^{problem.dimension + 1} nodes, more than "
            f"{ENUMERABLE}; use fidelity or two_sample_test, which enumerate nothing."
        )
    return enumerate_probabilities(problem)


def _own_index(problem: RidgeletProblem, nodes: Nodes) -> NDArray[np.int64]:
    if len(nodes) == 0:
        raise InputError("There are no samples to compare; draw some first.")
    problem.check_nodes(nodes)
    return nodes.index(problem.prime)
