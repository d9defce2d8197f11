"""Are these nodes drawn from p*? One test at any dimension."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.uniform import UniformSampler
from compare.distributions.ends import of_mixture, share_interval
from compare.distributions.exact import check_samples, is_enumerable
from compare.distributions.moments import moment_test
from compare.distributions.pooled import pooled_test
from compare.distributions.ranks import MEAN_SCORE, MOMENTS, WEIGHTS, rank_pvalue, ranks, scores
from compare.statistics import Estimate, Test
from compare.statistics.skewed import mean_cumulants
from problems.errors import choose
from problems.ridgelet import Nodes, RidgeletProblem
from problems.ridgelet.sampling import check_problem
from problems.seeds import Seed, generator

__all__ = ["LEAST_RANKED", "MAX_RANKED", "METHODS", "Method", "chosen_method", "goodness_of_fit", "uniform_scores"]

Method = Literal["auto", "chi-square", "g", "ranks"]

METHODS = {
    "auto": "chi-square where the nodes can be enumerated, ranks elsewhere",
    "chi-square": "Pearson's chi-square against p*, cells pooled",
    "g": "likelihood-ratio (G) test against p*, cells pooled",
    "ranks": "ranks among decoys and Fourier moments, at any dimension",
}
"""Tests of goodness of fit by name, in words."""

LEAST_RANKED = 50
"""Nodes that the test by ranks needs."""

MAX_RANKED = 10_000
"""The test by ranks takes at most the first so many nodes: bounds its time."""

UNIFORM_SETS, UNIFORM_PICKS = 250, 32
"""Uniform nodes, and candidates of each, whose ranks say what a share of uniform nodes would do."""

MANY_NUMBERS, FEWER_SETS = 2**25, 80
"""Where the points hold so many numbers, so many uniform nodes serve: their error is part of the effect's interval."""

EFFECT = "share of uniform nodes among nodes of p* that gives the same mean score"


def goodness_of_fit(
    problem: RidgeletProblem,
    nodes: Nodes,
    method: Method = "auto",
    seed: Seed = 0,
    drawn_for: RidgeletProblem | str | None = None,
) -> Test:
    """Test nodes against p*, at any dimension. Samples are taken to be independent.

    Where all nodes can be enumerated: Pearson's chi-square, nodes pooled to an expected count of at least 5 (or, by
    choice, the G-test, with Williams's correction and counts of at least 20). The
    effect is the chi-square divergence sum (q - p*)^2/p* of the samples' distribution q over the pooled cells.

    Elsewhere, or by choice (``"ranks"``): the smaller p-value p of two tests against exact p*, corrected to
    1 - (1 - p)^2 (Šidák 1967).

    - The rank of each node among decoys (`compare.distributions.ranks`), exactly uniform under p*. It sees nodes that
      fit p* badly: uniform or leverage nodes, a shifted digit, another problem's nodes. The effect is the share of
      uniform nodes that would give the same mean score: 0 for p*, 1 for uniform nodes, negative for a sampler that
      keeps to likely nodes. Its interval is made like that of a fidelity (`compare.distributions.ends`): of 60 nodes of
      p* it holds 0 in 91% of runs, of 150 and more in 95% and more.
    - Fourier moments of single digits and along differences of data points (`compare.distributions.moments`). They
      see nodes that each fit p* well but are spread differently, as when a sampler stays in one corner.

    A node of probability zero among the samples gives p-value 0.

    Parameters
    ----------
    problem
        Any problem.
    nodes
        Independent samples, at least 50 for the ranks, of which the first 10,000 are tested.
    method
        A name in `METHODS`.
    seed
        Of decoys, ties, and the choice of moments; chi-square draws nothing.
    drawn_for
        The problem (or its digest) that the samples were drawn for, where this is on record.

    Raises
    ------
    InputError
        If the samples are another problem's or too few, the method is unknown, or all nodes cannot be enumerated for
        the chi-square or G-test.
    """
    chosen = chosen_method(problem, method)
    if chosen != "ranks":
        check_samples(problem, nodes, 1, "a goodness-of-fit test", drawn_for)
        return pooled_test(problem, nodes, chosen)
    check_samples(problem, nodes, LEAST_RANKED, "the test by ranks", drawn_for)
    nodes, rng = nodes[:MAX_RANKED], generator(seed)
    found = ranks(problem, nodes, rng)
    moments, features = moment_test(problem, nodes, rng)
    effect = _uniform_share(scores(found.own), uniform_scores(problem, rng)[0])
    if np.any(found.impossible):
        hits = np.count_nonzero(found.impossible)
        pvalue, detail = 0.0, f"{hits} samples fell on nodes of probability zero"
    else:
        by_rank = rank_pvalue(found.own)
        smaller = min(by_rank, moments)
        pvalue = smaller * (2 - smaller) if features else by_rank
        detail = f"ranks among {WEIGHTS} x {problem.prime} candidates p = {by_rank:.2g}"
        detail += f"; {features} Fourier moments p = {moments:.2g}; the smaller of two" if features else ""
    statistic = float(np.mean(scores(found.own)) - MEAN_SCORE)
    return Test(statistic, pvalue, len(nodes), detail, EFFECT, effect.low, effect.best, effect.high)


def chosen_method(problem: RidgeletProblem, method: str) -> str:
    """Return the method that serves the problem: "chi-square", "g" or "ranks"."""
    check_problem(problem)
    choose("goodness-of-fit test", method, METHODS)
    if method == "auto":
        return "chi-square" if is_enumerable(problem) else "ranks"
    return method


def uniform_scores(
    problem: RidgeletProblem, rng: np.random.Generator, sets: int | None = None
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return scores of uniform nodes among uniform decoys, and which of these nodes are impossible.

    Both have shape (32, sets), a column for each set of candidates; left out, there are 250 sets, of large data 80.
    """
    if sets is None:
        sets = UNIFORM_SETS if problem.data.stored < MANY_NUMBERS else FEWER_SETS
    found = ranks(problem, UniformSampler(problem).sample(sets, rng), rng, UNIFORM_PICKS)
    return scores(found.own), found.impossible


@dataclass(frozen=True, eq=False)
class _UniformScores:
    """The mean score of uniform nodes less that of nodes of p*; see `compare.distributions.ends.Unit`.

    Attributes
    ----------
    value, variance, third
        The estimate, its variance and third cumulant.
    moments
        Of single scores of uniform nodes, powers 1 to 3: shape (3,).
    """

    value: float
    variance: float
    third: float
    moments: NDArray[np.float64]

    @classmethod
    def of(cls, found: NDArray[np.float64]) -> "_UniformScores":
        columns = found.mean(axis=0)
        moments = np.array([float(np.mean(found**power)) for power in (1, 2, 3)])
        return cls(float(columns.mean()) - MEAN_SCORE, *mean_cumulants(columns), moments)

    def mixture(self, share: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return of_mixture(share, MOMENTS[1:], self.moments)


def _uniform_share(own: NDArray[np.float64], uniform: NDArray[np.float64]) -> Estimate:
    """Return the mean score of nodes in units of what uniform nodes score, 0 for p*; interval as of a fidelity."""
    unit = _UniformScores.of(uniform)
    if unit.value <= 4 * np.sqrt(unit.variance):  # p* is uniform, or next to it
        return Estimate(-np.inf, 0.0, np.inf, len(own))
    low, best, high, _ = share_interval(own, MEAN_SCORE, unit)
    return Estimate(low, best, high, len(own))
