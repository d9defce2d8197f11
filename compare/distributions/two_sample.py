"""Do two lists of nodes come from one distribution? A kernel test with permutations, at any dimension."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from compare.distributions.exact import check_samples
from compare.statistics import Z95, Test
from problems.errors import InputError, whole_number
from problems.finite_field import row_blocks, scalar_products
from problems.ridgelet import Nodes, RidgeletProblem
from problems.seeds import Seed, generator

__all__ = ["MAX_TESTED", "feature_blocks", "two_sample_test"]

MAX_TESTED = 10_000
"""The two-sample test takes at most the first so many nodes of either side: bounds its memory."""

EFFECT = "squared distance of the two mean feature vectors, each of three blocks of features with total variance 1"


def two_sample_test(
    nodes: Nodes,
    other: Nodes,
    problem: RidgeletProblem,
    permutations: int = 499,
    seed: Seed = 0,
    drawn_for: RidgeletProblem | str | None = None,
    other_drawn_for: RidgeletProblem | str | None = None,
) -> Test:
    """Test whether two lists of nodes come from one distribution, at any dimension: kernel MMD with permutations.

    The kernel is the sum of three, each scaled to unit total variance: one-hot marginals of every digit of (a, b),
    the hidden features r(a.x - b) at up to 256 data points, and the exact density P^(D+1) p* (Gretton et al. 2012,
    JMLR 13:723). The first two see single digits and single points; only the density sees the interference of many
    points, which at large D is all that tells p* from uniform.

    The statistic is the squared distance of the samples' mean features. The effect is the squared distance of the two
    distributions, unbiased: 0 where they are one. Its interval is normal, cut off at 0; its variance adds that of the
    permuted statistics to the first-order one (Gretton et al., section 5 and corollary 16).

    Parameters
    ----------
    nodes, other
        Independent samples of either side; the first 10,000 of each are tested.
    problem
        The problem they were drawn for.
    permutations
        Random relabelings, at least 19; the smallest p-value is 1/(permutations + 1).
    seed
        Of the permutations.
    drawn_for, other_drawn_for
        The problem (or its digest) that either side was drawn for, where this is on record.

    Raises
    ------
    InputError
        If a side is another problem's, or has fewer than two samples.
    """
    whole_number("permutations", permutations, 19)
    for side, source in ((nodes, drawn_for), (other, other_drawn_for)):
        check_samples(problem, side, 0, "a two-sample test", source)
    if min(len(nodes), len(other)) < 2:
        raise InputError(
            f"{len(nodes)} and {len(other)} samples are too few for a two-sample test; at least 2 of each are needed."
        )
    nodes, other = nodes[:MAX_TESTED], other[:MAX_TESTED]
    pooled, rng = Nodes.concatenate([nodes, other]), generator(seed)
    signs = np.r_[np.full(len(nodes), 1 / len(nodes)), np.full(len(other), -1 / len(other))]
    labels = np.stack([signs, *(rng.permutation(signs) for _ in range(permutations))])
    statistics, bias, projections = np.zeros(len(labels)), 0.0, np.zeros(len(pooled))
    for features in feature_blocks(problem):
        found = _mean_distances(labels, pooled, features)
        if found is not None:
            statistics += found[0]
            bias += found[1]
            projections += found[2]
    exceeding = int(np.sum(statistics[1:] >= statistics[0] * (1 - 1e-12)))
    best = float(statistics[0] - bias)
    first, second = projections[: len(nodes)], projections[len(nodes) :]
    linear = 4 * (np.var(first, ddof=1) / len(first) + np.var(second, ddof=1) / len(second))
    half = Z95 * float(np.sqrt(np.var(statistics[1:]) + linear))
    detail = f"kernel two-sample test, {permutations} permutations"
    pvalue = (1 + exceeding) / (1 + permutations)
    ends = max(0.0, best - half), max(0.0, best), max(0.0, best + half)
    return Test(float(statistics[0]), pvalue, len(pooled), detail, EFFECT, *ends)


def feature_blocks(problem: RidgeletProblem) -> tuple[Callable[[Nodes], NDArray[np.float64]], ...]:
    """Return the three blocks of features, each a function of n nodes that gives shape (n, features)."""
    some = np.linspace(0, len(problem.data) - 1, min(256, len(problem.data))).astype(int)
    points = problem.data.take(some)
    return (
        lambda part: _one_hot(part, problem.prime),
        lambda part: _hidden(part, points, problem),
        lambda part: problem.density(part)[:, None],
    )


def _mean_distances(
    labels: NDArray[np.float64], nodes: Nodes, features: Callable[[Nodes], NDArray[np.float64]]
) -> tuple[NDArray[np.float64], float, NDArray[np.float64]] | None:
    """Compare the sides' mean features, over the features' total variance; None where they are constant.

    Returns
    -------
    tuple
        |sum_i labels_i features(node_i)|^2 for each row of labels; what of the first row's the spread within the
        sides adds on average; and each node's features along the first row's difference, shape (n,).
    """
    first = labels[0] > 0
    sums: NDArray[np.float64] | float = 0.0
    totals: NDArray[np.float64] | float = 0.0  # of the features on either side
    squares = np.zeros(2)
    for rows in row_blocks(len(nodes), 2048):
        block, side = features(nodes[rows]), np.stack([first[rows], ~first[rows]]).astype(float)
        sums, totals = sums + labels[:, rows] @ block, totals + side @ block
        squares += side @ np.sum(block**2, axis=1)
    sums, totals, counts = np.atleast_2d(sums), np.atleast_2d(totals), np.array([first.sum(), (~first).sum()])
    power = float(squares.sum()) / len(nodes)
    variance = power - float(np.sum(totals.sum(axis=0) ** 2)) / len(nodes) ** 2
    if variance <= 1e-12 * power:  # the features are constant, and what is left is rounding
        return None
    spreads = squares / counts - np.sum(totals**2, axis=1) / counts**2
    bias = float(np.sum(spreads / (counts - 1)))
    projections = [features(nodes[rows]) @ sums[0] for rows in row_blocks(len(nodes), 2048)]
    return np.sum(np.square(sums), axis=1) / variance, bias / variance, np.concatenate(projections) / variance


def _one_hot(nodes: Nodes, prime: int) -> NDArray[np.float64]:
    digits = np.column_stack([nodes.a, nodes.b])
    return (digits[:, :, None] == np.arange(prime)).reshape(len(nodes), -1).astype(float)


def _hidden(nodes: Nodes, points: NDArray[np.int64], problem: RidgeletProblem) -> NDArray[np.float64]:
    products = scalar_products(nodes.a, points, problem.prime) - nodes.b[:, None]
    return problem.ridgelet[products]  # from -P on: a negative index counts from the end
