"""How many samples a test needs to find an error of a stated size: a share of uniform nodes among nodes of p*."""

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from classical.ridgelet.dequantized import DequantizedSampler
from classical.ridgelet.uniform import UniformSampler
from compare.distributions import cross_entropy, goodness, two_sample
from compare.distributions.ends import Ideal
from compare.distributions.exact import exact_probabilities, is_enumerable
from compare.distributions.pooled import IMPOSSIBLE, pooled_cells, pooled_statistic
from compare.distributions.ranks import MEAN_SCORE, rank_threshold, scores
from compare.statistics import CONFIDENCE
from problems.errors import InputError, choose
from problems.ridgelet import RidgeletProblem
from problems.seeds import Seed, generator

__all__ = ["TESTS", "PlannedTest", "samples_needed"]

PlannedTest = Literal["goodness_of_fit", "fidelity", "two_sample"]

TESTS = {
    "goodness_of_fit": "its p-value falls below the level",
    "fidelity": "the interval of the fidelity lies below 1",
    "two_sample": "its p-value falls below the level, with as many nodes of p* on the other side",
}
"""Tests that are planned, and when they have found the error."""

MOST_SAMPLES = 10**8
RUNS = 4000
"""Simulated runs that confirm a planned number."""

MOST_DRAWS = 4 * 10**7
PILOT = 2000
"""Nodes from which a two-sample test is planned, on either side."""


def samples_needed(
    problem: RidgeletProblem,
    test: PlannedTest = "goodness_of_fit",
    contamination: float = 0.05,
    power: float = 0.95,
    level: float = 0.05,
    method: goodness.Method = "auto",
    seed: Seed = 0,
) -> int:
    """Return how many samples a test needs to find that a share of them are uniform nodes.

    - Chi-square and G-test: the noncentral chi-square law, whose number is then raised until, of simulated runs of the
      test's own pooled counts, the lower end of the 95% interval of the share that finds the error reaches the power.
    - Ranks: simulated from ranks of uniform nodes; the same criterion. The Fourier moments beside them only add power.
    - Fidelity: the normal law, with exact variances where the nodes can be enumerated, else from uniform nodes.
    - Two samples: moments of the kernel statistic from 2,000 nodes of either kind, then simulated from these nodes;
      the same criterion. It is the number on each side.

    Parameters
    ----------
    problem
        Any problem.
    test
        A name in `TESTS`.
    contamination
        The share of uniform nodes, in (0, 1].
    power
        The chance of finding it, in (0, 1).
    level
        The chance of a false alarm, in (0, 1), below the power; 0.05 for the fidelity, whose interval is of 95%.
    method
        Of `goodness_of_fit`.
    seed
        Of what is simulated.

    Raises
    ------
    InputError
        If an argument is out of range, p* is uniform, or no number of samples that the test takes is enough.
    """
    choose("test to plan", test, TESTS)
    for name, value, most in (("contamination", contamination, 1.0), ("power", power, None), ("level", level, None)):
        if not (0 < value < 1 or value == most):
            raise InputError(f"{name} = {value} is no share above 0 and below 1; give 0.05, for example.")
    if level >= power:
        raise InputError(f"power = {power} is not above level = {level}; a test without samples has that much.")
    rng = generator(seed)
    if test == "fidelity":
        if level != 1 - CONFIDENCE and abs(level - (1 - CONFIDENCE)) > 1e-9:
            raise InputError(f"level = {level}, but the interval of a fidelity is of 95%; leave the level at 0.05.")
        return _for_fidelity(problem, contamination, power, rng)
    if test == "two_sample":
        return _for_two_samples(problem, contamination, power, level, rng)
    chosen = goodness.chosen_method(problem, method)
    if chosen == "ranks":
        return _for_ranks(problem, contamination, power, level, rng)
    return _for_pooled(problem, contamination, power, level, chosen, rng)


def _smallest(enough: Callable[[int], bool], least: int, most: int, remedy: str) -> int:
    """Return the smallest n from `least` to `most` that is enough, by doubling and bisection; refuse if none is."""
    low, high = least - 1, least
    while not enough(high):
        if high >= most:
            raise InputError(remedy)
        low, high = high, min(2 * high, most)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _confirmed(
    n: int, found: Callable[[int, int], float], power: float, least: int, most: int, remedy: str, most_runs: int = RUNS
) -> int:
    """Raise n until, of simulated runs, the lower end of the share that finds the error reaches the power."""
    n = max(least, int(0.8 * n))  # the law that n comes from may ask for too many as well
    while True:
        runs = int(np.clip(MOST_DRAWS // n, 400, most_runs))
        hits = round(found(n, runs) * runs)
        low = float(stats.binomtest(hits, runs).proportion_ci(CONFIDENCE).low)
        if low >= power or hits == runs:
            return n
        if n >= most:
            raise InputError(remedy)
        # As the normal law of a mean would have it, but at least by 1% and at most twofold.
        gap = (2 + stats.norm.ppf(power)) / max(1.0, 2 + stats.norm.ppf(max(low, 1e-3)))
        n = min(most, int(np.ceil(float(np.clip(gap, 1.01, 2)) * n)))


def _beyond(contamination: float, power: float, most: int, reason: str) -> str:
    return (
        f"No {most:,} samples find {contamination:.2%} of uniform nodes in {power:.1%} of runs: {reason}; plan for a "
        "larger share, a smaller power, or another test."
    )


def _for_pooled(
    problem: RidgeletProblem, contamination: float, power: float, level: float, method: str, rng: np.random.Generator
) -> int:
    exact = exact_probabilities(problem, "The chi-square test")
    mixed = (1 - contamination) * exact + contamination / len(exact)
    impossible = contamination * float(np.mean(exact <= IMPOSSIBLE / len(exact)))
    if np.ptp(exact) <= IMPOSSIBLE:
        raise InputError("p* is uniform for this problem, so uniform nodes are no error; nothing can be planned.")

    def pooled(n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        cells = pooled_cells(exact, n, method)
        kept = cells >= 0
        return tuple(np.bincount(cells[kept], weights=part[kept]) for part in (exact, mixed))  # type: ignore[return-value]

    def testable(n: int) -> bool:
        try:
            pooled(n)
        except InputError:  # too few for two cells
            return False
        return True

    def enough(n: int) -> bool:
        if not testable(n):
            return False
        null, alternative = pooled(n)
        noncentrality = n * float(np.sum((alternative - null) ** 2 / null))
        freedom = len(null) - 1
        found = special.chndtr(stats.chi2.isf(level, freedom), freedom, noncentrality)
        return 1 - (1 - impossible) ** n * found >= power

    def share(n: int, runs: int) -> float:
        null, alternative = pooled(n)
        critical, hits = stats.chi2.isf(level, len(null) - 1), 0
        law = np.append(alternative, impossible)
        for _ in range(0, runs, 100):
            drawn = rng.multinomial(n, law / law.sum(), size=100)
            statistic = pooled_statistic(drawn[:, :-1].astype(float), null, method)
            hits += int(np.count_nonzero((statistic > critical) | (drawn[:, -1] > 0)))
        return hits / (100 * -(-runs // 100))

    remedy = _beyond(contamination, power, MOST_SAMPLES, "their distribution is too close to p*")
    planned = _smallest(enough, 2, MOST_SAMPLES, remedy)
    least = _smallest(testable, 2, MOST_SAMPLES, remedy)
    return _confirmed(planned, share, power, least, MOST_SAMPLES, remedy)


def _for_ranks(
    problem: RidgeletProblem, contamination: float, power: float, level: float, rng: np.random.Generator
) -> int:
    pool, zero = goodness.uniform_scores(problem, rng, sets=1000)
    impossible = contamination * float(np.mean(zero))
    possible = pool[~zero] if not np.all(zero) else np.full(1, MEAN_SCORE)
    mean, variance = float(possible.mean()), float(possible.var())
    most, least = goodness.MAX_RANKED, goodness.LEAST_RANKED
    if mean - MEAN_SCORE <= 4 * float(pool.mean(axis=0).std(ddof=1) / np.sqrt(pool.shape[1])) and not impossible:
        raise InputError("p* is uniform for this problem, so uniform nodes are no error; nothing can be planned.")
    pool[zero] = np.inf  # one of them is found for certain
    pool = pool.ravel()
    null_variance = float(np.var(scores((np.arange(10**5) + 0.5) / 10**5)))
    # Of nodes that are not impossible; what follows only says where the simulation starts.
    shifted = MEAN_SCORE + contamination * (mean - MEAN_SCORE)
    spread = (1 - contamination) * null_variance + contamination * variance
    spread += contamination * (1 - contamination) * (mean - MEAN_SCORE) ** 2

    def enough(n: int) -> bool:
        # Half the level: the other half is the moments'.
        _, high = rank_threshold(n, level / 2)
        found = stats.norm.sf((high - shifted) / np.sqrt(spread / n))
        return 1 - (1 - impossible) ** n * (1 - found) >= power

    def share(n: int, runs: int) -> float:
        low, high = rank_threshold(n, level / 2)
        hits, step = 0, max(1, 10**6 // n)
        for start in range(0, runs, step):
            shape = (min(step, runs - start), n)
            drawn = scores(rng.random(shape))
            replaced = rng.random(shape) < contamination
            drawn[replaced] = rng.choice(pool, int(np.count_nonzero(replaced)))
            means = drawn.mean(axis=1)
            hits += int(np.count_nonzero((means < low) | (means > high)))
        return hits / runs

    remedy = _beyond(contamination, power, most, f"the test by ranks takes at most {most:,}")
    return _confirmed(_smallest(enough, least, most, remedy), share, power, least, most, remedy)


def _for_fidelity(problem: RidgeletProblem, contamination: float, power: float, rng: np.random.Generator) -> int:
    if is_enumerable(problem):
        exact = exact_probabilities(problem, "Fidelity")
        density = problem.node_count * exact
        ideal, ideal_error = float(exact @ density) - 1, 0.0
        moments = [
            (1 - contamination) * float(exact @ density**k) + contamination * float(np.mean(density**k)) for k in (1, 2)
        ]
    else:
        density = problem.density(UniformSampler(problem).sample(cross_entropy.UNIFORM_NODES, rng))
        estimated = Ideal.estimated(density)
        ideal, ideal_error = estimated.value, estimated.error
        moments = [float(np.mean(((1 - contamination) * density + contamination) * density**k)) for k in (1, 2)]
    if ideal < 1e-9:
        raise InputError("p* is uniform for this problem, so no sampler differs from uniform; fidelity is undefined.")
    variance = (moments[1] - moments[0] ** 2) / ideal**2
    allowed = (contamination / (stats.norm.isf((1 - CONFIDENCE) / 2) + stats.norm.isf(1 - power))) ** 2
    allowed -= ((1 - contamination) * ideal_error / ideal) ** 2
    if allowed <= variance / MOST_SAMPLES:
        reason = f"E_p*[w] - 1 itself is known only to {ideal_error / ideal:.1%} here, by uniform nodes"
        raise InputError(_beyond(contamination, power, MOST_SAMPLES, reason))
    return max(2, int(np.ceil(variance / allowed)))


def _for_two_samples(
    problem: RidgeletProblem, contamination: float, power: float, level: float, rng: np.random.Generator
) -> int:
    """Start from the first two moments of |difference of means|^2, then simulate with samples of the pilot nodes."""
    ideal, uniform = DequantizedSampler(problem).sample(PILOT, rng), UniformSampler(problem).sample(PILOT, rng)
    parts = []
    for features in two_sample.feature_blocks(problem):
        first, second = features(ideal), features(uniform)
        scale = float(np.sum(np.var(first, axis=0)))
        if scale > 1e-12 * float(np.mean(np.sum(first**2, axis=1))):
            parts.append((first / np.sqrt(scale), second / np.sqrt(scale)))
    first, second = (np.concatenate(side, axis=1) for side in zip(*parts, strict=True))
    first_mean, second_mean = first.mean(axis=0), second.mean(axis=0)
    first, second = first - first_mean, second - second_mean
    trace = float(np.mean(np.sum(first**2, axis=1)))
    noise = (trace + float(np.mean(np.sum(second**2, axis=1)))) / PILOT
    covariance = first.T @ first / PILOT
    squared_trace = max(float(np.sum(covariance**2)) - trace**2 / PILOT, trace**2 / first.shape[1] / PILOT)
    difference = second_mean - first_mean
    distance = contamination**2 * max(0.0, float(difference @ difference) - noise)
    along = contamination**2 * float(difference @ covariance @ difference)

    def gamma(mean: float, variance: float) -> Any:
        return stats.gamma(mean**2 / variance, scale=variance / mean)

    def enough(n: int) -> bool:
        null = gamma(2 * trace / n, 8 * squared_trace / n**2)
        other = gamma(2 * trace / n + distance, 8 * squared_trace / n**2 + 8 * along / n)
        return bool(other.sf(null.isf(level)) >= power)

    everything = np.concatenate([first + first_mean, second + second_mean])

    def distances(n: int, runs: int, *uniform: float) -> NDArray[np.float64]:
        """Return them between samples of pilot nodes, which have these two shares of uniform ones, shape (runs,)."""
        found, signs = [], np.repeat([1 / n, -1 / n], 100 * n)
        for _ in range(0, runs, 100):
            places = rng.integers(0, PILOT, (2, 100, n))
            places += PILOT * (rng.random(places.shape) < np.array(uniform)[:, None, None])
            places += len(everything) * np.arange(100)[:, None]
            counts = np.bincount(places.ravel(), signs, minlength=100 * len(everything)).reshape(100, -1)
            found.append(np.sum((counts @ everything) ** 2, axis=1))
        return np.concatenate(found)[:runs]

    def share(n: int, runs: int) -> float:
        # Relabeled nodes come from either side alike.
        critical = np.quantile(distances(n, 1000, contamination / 2, contamination / 2), 1 - level)
        return float(np.mean(distances(n, runs, contamination, 0.0) > critical))

    most = two_sample.MAX_TESTED
    remedy = _beyond(contamination, power, most, f"the two-sample test takes at most {most:,} of each side")
    return _confirmed(_smallest(enough, 10, most, remedy), share, power, 10, most, remedy, most_runs=1000)
