"""Chi-square and G-test against p* where all nodes can be enumerated, rare nodes pooled."""

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats

from compare.distributions.exact import check_samples, exact_probabilities
from compare.statistics import CONFIDENCE, Test
from problems.errors import InputError
from problems.ridgelet import Nodes, RidgeletProblem

__all__ = [
    "IMPOSSIBLE",
    "MIN_EXPECTED",
    "STATISTICS",
    "divergence",
    "pool",
    "pooled_cells",
    "pooled_statistic",
    "pooled_test",
]

MIN_EXPECTED = 5.0
"""Cells of the chi-square test are pooled to at least this expected count."""

IMPOSSIBLE = 1e-14
"""Nodes of at most this probability relative to the uniform one count as impossible: it is rounding."""

MIN_EXPECTED_G = 20.0
"""The least expected count of a cell in the G-test: with 5, it alarms in 8% of ideal runs at 300 cells, not in 5%."""

STATISTICS = {"chi-square": "pearson", "g": "log-likelihood"}
"""Statistics by name, and what `scipy.stats.power_divergence` calls them."""

EFFECT = "chi-square divergence of the samples' distribution from p*, over the pooled cells"


def pooled_test(problem: RidgeletProblem, nodes: Nodes, statistic: str = "chi-square") -> Test:
    """Test nodes against p* by chi-square or G-test, cells pooled to an expected count of at least 5, or 20.

    The effect is the chi-square divergence sum (q - p*)^2/p* over the pooled cells; its interval inverts the
    noncentral chi-square law of the statistic, and is widened where that law is too narrow: it takes the samples'
    distribution q to be close to p*, and a few cells that q fills far more often than p* vary more.

    Parameters
    ----------
    problem
        An enumerable problem.
    nodes
        Independent samples.
    statistic
        A name in `STATISTICS`.

    Raises
    ------
    InputError
        If the problem is not enumerable, or there are too few samples for two cells.
    """
    exact = exact_probabilities(problem, "The chi-square test")
    check_samples(problem, nodes, 1, "a chi-square test")
    n = len(nodes)
    counts = np.bincount(nodes.index(problem.prime), minlength=len(exact))
    hits = int(counts[exact <= IMPOSSIBLE / len(exact)].sum())
    if hits:
        detail = f"{hits} samples fell on nodes of probability zero"
        return Test(np.inf, 0.0, n, detail, EFFECT, np.inf, np.inf, np.inf)
    cells = pooled_cells(exact, n, statistic)
    kept = cells >= 0
    observed = np.asarray(np.bincount(cells[kept], weights=counts[kept]), dtype=float)
    pooled = np.asarray(np.bincount(cells[kept], weights=exact[kept]), dtype=float)
    value = float(pooled_statistic(observed, pooled, statistic))
    freedom = len(observed) - 1
    name = "chi-square" if statistic == "chi-square" else "G-test"
    detail = f"{name} over {len(observed)} cells"
    effect = divergence(value, freedom, n, _widening(observed / n, pooled / pooled.sum(), n))
    return Test(value, float(stats.chi2.sf(value, freedom)), n, detail, EFFECT, *effect)


def pooled_statistic(observed: NDArray[np.float64], pooled: NDArray[np.float64], statistic: str) -> NDArray[np.float64]:
    """Return the statistic of counts (..., cells), given the cells' probabilities (cells,): shape (...,).

    G is divided by Williams's correction (1976, Biometrika 63:33): its mean is that of chi-square then.
    """
    law = pooled / pooled.sum()
    n = observed.sum(axis=-1, keepdims=True)
    found = stats.power_divergence(observed, n * law, axis=-1, lambda_=STATISTICS[statistic]).statistic
    if statistic == "g":
        found = found / (1 + (np.sum(1 / law) - 1) / (6 * n[..., 0] * (len(law) - 1)))
    return np.asarray(found)


def pooled_cells(exact: NDArray[np.float64], n: int, statistic: str = "chi-square") -> NDArray[np.int64]:
    """Return the pooled cell of every node for `n` samples, -1 for impossible ones: shape (P^(D+1),).

    Raises
    ------
    InputError
        If there are too few samples for two cells.
    """
    cells = np.full(len(exact), -1)
    possible = np.flatnonzero(exact > IMPOSSIBLE / len(exact))
    order = possible[np.argsort(exact[possible])[::-1]]
    least = MIN_EXPECTED if statistic == "chi-square" else MIN_EXPECTED_G
    cells[order] = pool(n * exact[order], least)
    if cells[order[-1]] < 1:
        needed = int(np.ceil(2 * least / (1 - exact.max()))) if len(possible) > 1 else None
        remedy = f"at least {needed} are needed" if needed else "p* is a single node, nothing can be tested"
        raise InputError(f"{n} samples are too few for a chi-square test with two cells; {remedy}.")
    return cells


def pool(expected: NDArray[np.float64], least: float = MIN_EXPECTED) -> NDArray[np.int64]:
    """Return the pooled cell of each cell; expected counts come in descending order."""
    cells, cell, filled = np.empty(len(expected), dtype=np.int64), 0, 0.0
    for i, count in enumerate(expected.tolist()):
        if filled >= least:
            cell, filled = cell + 1, 0.0
        cells[i], filled = cell, filled + count
    if filled < least and cell > 0:
        cells[cells == cell] = cell - 1  # the last one is too small: joined with its neighbor
    return cells


def divergence(statistic: float, freedom: int, n: int, widening: float = 1.0) -> tuple[float, float, float]:
    """Return low, best and high of a chi-square divergence from its statistic over `n` samples.

    The statistic follows the noncentral chi-square law with noncentrality n times the divergence; the ends of the
    interval are the noncentralities at which it is a 97.5% and a 2.5% quantile, `widening` times as far from best.
    """
    best = max(0.0, statistic - freedom)
    ends = []
    for tail in (0.5 + CONFIDENCE / 2, 0.5 - CONFIDENCE / 2):

        def above(noncentrality: float, tail: float = tail) -> float:
            return _noncentral_cdf(statistic, freedom, noncentrality) - tail

        # Beyond best by more than the spread that the law has there.
        far = best + 10 * np.sqrt(2 * freedom + 4 * best + 100) + 100
        end = float(optimize.brentq(above, 0.0, far)) if above(0.0) > 0 else 0.0
        ends.append(max(0.0, best + widening * (end - best)))
    return ends[0] / n, best / n, ends[1] / n


def _widening(q: NDArray[np.float64], law: NDArray[np.float64], n: int) -> float:
    """Return the standard error of a divergence over the one that the noncentral law gives it, at least 1.

    To first order n times the variance is 4 Var_q(q/p*), which is 4 times the divergence for q close to p*; what the
    sampling of q adds to the estimate of it, one in each cell over n, is taken off.
    """
    ratio, freedom = q / law, len(law) - 1
    distance = max(0.0, float(np.sum(q * ratio)) - 1 - freedom / n)
    variance = float(np.sum(q * ratio**2) - np.sum(q * ratio) ** 2) - freedom / n
    return float(np.sqrt(max(1.0, (freedom + 2 * n * variance) / (freedom + 2 * n * distance))))


def _noncentral_cdf(statistic: float, freedom: int, noncentrality: float) -> float:
    """Return the noncentral chi-square law; by Sankaran's normal approximation where the series is long."""
    if statistic < 1e4:
        return float(special.chndtr(statistic, freedom, noncentrality))
    # Sankaran (1963), Biometrika 50:199, the approximation by a power.
    total, second, third = (freedom + factor * noncentrality for factor in (1, 2, 3))
    h = 1 - 2 * total * third / (3 * second**2)
    p = second / total**2
    m = (h - 1) * (1 - 3 * h)
    mean = 1 + h * p * (h - 1 - 0.5 * (2 - h) * m * p)
    return float(special.ndtr(((statistic / total) ** h - mean) / (h * np.sqrt(2 * p) * (1 + 0.5 * m * p))))
