"""The rank of a node among decoys: exactly uniform for nodes of p*, at any dimension.

Hide a node (a, b) among decoys: draw A - 1 further weights a uniformly, and take all P biases b with each of the A. If
the node was drawn from p* then, given the set of these A P candidates, the node is each of them with probability
proportional to its exact p*: all the others were drawn uniformly, so p* of the candidate is all that tells their joint
probabilities apart. Order the candidates by p*. Then

    U = Pr(a candidate below the node) + V Pr(one level with the node),      V uniform on [0, 1],

is exactly uniform on [0, 1], whatever the problem, and independent from node to node (the randomized probability
integral transform, Rosenblatt 1952, of a Monte Carlo test as in Besag and Clifford 1989, Biometrika 76:633). Nodes that
fit p* badly have ranks near 0. Nothing is estimated, and nothing comes from a sampler of p*.

The statistic is the log-likelihood ratio of ranks with a share of 5% from the density u^(-2/3)/3, which is close to
that of uniform nodes wherever many points interfere (there p* over uniform is chi-square with one degree of freedom).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

from problems.finite_field import row_blocks
from problems.ridgelet import Nodes, RidgeletProblem

__all__ = [
    "IMPOSSIBLE_DENSITY",
    "MEAN_SCORE",
    "MOMENTS",
    "WEIGHTS",
    "Ranks",
    "rank_pvalue",
    "rank_threshold",
    "ranks",
    "scores",
]

WEIGHTS = 8
"""A: the node's own a and 7 decoys."""

IMPOSSIBLE_DENSITY = 1e-20
"""Nodes of at most this density are impossible: it is rounding."""

SHARE = 0.05
LOWEST = 1e-16
"""Ranks below are taken as this: chance 1e-16 under p*."""


@dataclass(frozen=True, eq=False)
class Ranks:
    """The ranks of nodes, and of uniform candidates beside them.

    Attributes
    ----------
    own
        The rank U of each node, shape (n,), in (0, 1]; of picked candidates, shape (picks, n).
    impossible
        Which of them have probability zero, of the same shape; their rank is the lowest.
    """

    own: NDArray[np.float64]
    impossible: NDArray[np.bool_]


def ranks(problem: RidgeletProblem, nodes: Nodes, rng: np.random.Generator, picks: int = 0) -> Ranks:
    """Return the rank of each node among 8 P candidates; O(K D) a node, as p* itself.

    Parameters
    ----------
    problem
        Any problem.
    nodes
        Nodes of the problem, shape n.
    rng
        Draws decoys and V.
    picks
        Left at 0, the nodes' own ranks are returned. Otherwise so many candidates of each set are picked uniformly
        and their ranks are returned: where the nodes are uniform, further ranks of uniform nodes.
    """
    prime, found = problem.prime, []
    for rows in row_blocks(len(nodes), WEIGHTS * max(prime, problem.dimension)):
        part = nodes[rows]
        n = len(part)
        a = np.empty((n, WEIGHTS, problem.dimension), dtype=np.min_scalar_type(prime - 1))
        a[:, 0], a[:, 1:] = part.a, rng.integers(0, prime, (n, WEIGHTS - 1, problem.dimension))
        density = problem.line_density(a.reshape(n * WEIGHTS, -1)).reshape(n, WEIGHTS * prime)
        density[density <= IMPOSSIBLE_DENSITY] = 0.0
        total = density.sum(axis=1)
        total[total == 0] = 1.0  # every candidate is impossible
        which = rng.integers(0, density.shape[1], (picks, n)) if picks else part.b[None]
        values = np.empty((2, *which.shape))
        for row, chosen in enumerate(which):
            own = density[np.arange(n), chosen][:, None]
            below = np.sum(density * (density < own), axis=1)
            level = np.sum(density * (density == own), axis=1)
            values[:, row] = (below + rng.random(n) * level) / total, own[:, 0] == 0
        found.append(values)
    values = np.concatenate(found, axis=2)
    own, impossible = values if picks else values[:, 0]
    return Ranks(np.clip(own, LOWEST, 1.0), impossible > 0)


def scores(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the log-likelihood ratio of each rank: log(0.95 + 0.05 u^(-2/3)/3)."""
    return np.log(1 - SHARE + SHARE / 3 * values ** (-2 / 3))


# The law of the sum of scores, by the saddlepoint approximation (Lugannani and Rice 1980; in the form of
# Barndorff-Nielsen 1986, Biometrika 73:307). With u = e^-x the cumulant generating function of one score is
# K(t) = log of the integral of g(x)^t e^-x, g(x) = 0.95 + 0.05 e^(2x/3)/3; it is finite for t < 3/2.

_LEGENDRE = np.polynomial.legendre.leggauss(200)
_LAGUERRE = np.polynomial.laguerre.laggauss(60)
_SPLIT = 10.0


def _masses(t: float) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Return scores g, what each counts at t < 3/2, and the logarithm of the factor left out of that."""
    # For t << 0 the mass is within a few 1/(1 - t s'(0)) of x = 0.
    end = min(_SPLIT, 60 / (1 - 0.01 * min(t, 0.0)))
    x, weights = (_LEGENDRE[0] + 1) * end / 2, _LEGENDRE[1] * end / 2
    logs = [np.log(weights) - x]
    rate = 1 - 2 / 3 * t if t > 0 else 1.0
    far = end + _LAGUERRE[0] / rate
    logs.append(np.log(_LAGUERRE[1]) + _LAGUERRE[0] - np.log(rate) - far)
    x = np.concatenate([x, far])
    score = np.logaddexp(np.log(1 - SHARE), np.log(SHARE / 3) + 2 / 3 * x)
    logs_all = np.concatenate(logs) + t * score
    top = logs_all.max()
    return score, np.exp(logs_all - top), float(top)


def _cumulants(t: float) -> tuple[float, float, float]:
    """Return K, K' and K'' of one score at t < 3/2."""
    score, mass, top = _masses(t)
    total = mass.sum()
    mean = float(mass @ score / total)
    return float(top + np.log(total)), mean, float(mass @ (score - mean) ** 2 / total)


def _moments() -> NDArray[np.float64]:
    score, mass, _ = _masses(0.0)
    return np.array([mass @ score**power / mass.sum() for power in range(4)])


MOMENTS = _moments()
"""Moments of the score of a node of p*, powers 0 to 3: shape (4,)."""

MEAN_SCORE = float(MOMENTS[1])
"""The mean score of nodes of p*."""

_NEAR = 1e-3
_BOUNDS = (-1e6, 1.5 - 1e-6)


def _normal_score(t: float, n: int) -> float:
    """Return the standard normal score of a sum of n scores whose saddlepoint is t."""

    def parts(t: float) -> tuple[float, float]:
        value, mean, variance = _cumulants(t)
        signed = float(np.sign(t) * np.sqrt(max(0.0, 2 * n * (t * mean - value))))
        return signed, t * np.sqrt(n * variance)

    if abs(t) < _NEAR:
        # Both parts vanish together; what they add is smooth in t.
        mean = _cumulants(t)[1]
        signed, slope = parts(_NEAR)
        return float((mean - MEAN_SCORE) * np.sqrt(n / _cumulants(0.0)[2]) + np.log(slope / signed) / signed)
    signed, slope = parts(t)
    return float(signed + np.log(slope / signed) / signed)


def rank_pvalue(values: NDArray[np.float64]) -> float:
    """Return the two-sided p-value of the mean score of ranks, shape (n,), that are uniform under p*."""
    mean = float(np.mean(scores(values)))
    lowest, highest = (_cumulants(t)[1] for t in _BOUNDS)
    if not lowest < mean < highest:
        return float(2 * stats.norm.sf(abs(_normal_score(_BOUNDS[int(mean >= highest)], len(values)))))
    t = optimize.brentq(lambda t: _cumulants(t)[1] - mean, *_BOUNDS, xtol=1e-12, rtol=1e-12)
    return float(2 * stats.norm.sf(abs(_normal_score(t, len(values)))))


def rank_threshold(n: int, level: float) -> tuple[float, float]:
    """Return the mean scores of `n` ranks below and above which the two-sided p-value is under `level`."""
    z = stats.norm.isf(level / 2)
    ends = []
    for target, bounds in ((-z, (-1e5, 0.0)), (z, (0.0, 1.5 - 1e-6))):
        t = optimize.brentq(lambda t, target=target: _normal_score(t, n) - target, *bounds)
        ends.append(_cumulants(t)[1])
    return ends[0], ends[1]
