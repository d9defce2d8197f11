"""Numbers with an interval: what every comparison returns.

Quantiles come from `scipy.special`, imported when one is asked for: settings and records of studies have estimates,
and are to be there at once.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

__all__ = [
    "CONFIDENCE",
    "Z95",
    "Cautioned",
    "Estimate",
    "RecordedEstimate",
    "RecordedTest",
    "Test",
    "mean_difference",
    "mean_estimate",
    "median_range",
    "student",
    "welch",
]

CONFIDENCE = 0.95
"""Coverage of every interval."""

Z95 = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)


@dataclass(frozen=True)
class Estimate:
    """A best value between a low and a high one.

    Attributes
    ----------
    low, best, high
        The 95% interval and the estimate.
    samples
        How many independent observations it rests on.
    """

    low: float
    best: float
    high: float
    samples: int

    @classmethod
    def normal(cls, best: float, standard_error: float, samples: int) -> "Estimate":
        """Return the normal 95% interval of a standard error."""
        return cls(best - Z95 * standard_error, best, best + Z95 * standard_error, samples)

    def exponential(self) -> "Estimate":
        """Return the estimate of a positive number, of whose logarithm this is one: a geometric mean."""
        with np.errstate(over="ignore"):
            low, best, high = (float(np.exp(end)) for end in (self.low, self.best, self.high))
        return Estimate(low, best, high, self.samples)

    def times(self, factor: float) -> "Estimate":
        """Return the estimate of a number that is so many times as large, > 0."""
        return Estimate(factor * self.low, factor * self.best, factor * self.high, self.samples)

    def cut(self, low: float = -np.inf, high: float = np.inf) -> "Estimate":
        """Return the estimate with an interval that ends where the number does: Student's may go beyond."""
        return Estimate(max(self.low, low), self.best, min(self.high, high), self.samples)

    def reaching(self, value: float) -> "Estimate":
        """Return the estimate with an interval that holds a value."""
        return Estimate(min(self.low, value), self.best, max(self.high, value), self.samples)

    def at_level(self, level: float, freedom: float = math.inf) -> "Estimate":
        """Return the estimate with an interval that misses with probability `level`, in place of the 95% interval.

        Each side is as many times as long as the quantiles of Student's law are; with infinite `freedom`, of the
        normal law.
        """
        if math.isclose(level, 1 - CONFIDENCE):
            return self
        factor = student(freedom, 1 - level) / student(freedom)
        return Estimate(
            self.best - factor * (self.best - self.low),
            self.best,
            self.best + factor * (self.high - self.best),
            self.samples,
        )

    def pvalue(self, value: float) -> float:
        """Return the two-sided p-value of the normal test that the number is `value`.

        The standard error is the one that the interval has on that side.
        """
        error = (self.high - self.best if value > self.best else self.best - self.low) / Z95
        away = abs(self.best - value)
        if error == 0:
            return float(away == 0)
        return math.erfc(away / error / math.sqrt(2))


@dataclass(frozen=True)
class Cautioned(Estimate):
    """An estimate that says where its interval may hold the truth less often than 95%.

    Attributes
    ----------
    caution
        Why, and what would help, in a sentence or two; empty where there is no reason.
    """

    caution: str = ""

    def bare(self) -> Estimate:
        """Return the estimate alone."""
        return Estimate(self.low, self.best, self.high, self.samples)


@dataclass(frozen=True)
class RecordedEstimate:
    """An `Estimate` as a record has it: ends that are not finite, as of a single value, are None."""

    low: float | None
    best: float
    high: float | None
    samples: int

    @classmethod
    def of(cls, found: Estimate) -> "RecordedEstimate":
        """Return an estimate as a record has it."""
        low, high = (end if np.isfinite(end) else None for end in (found.low, found.high))
        return cls(low, found.best, high, found.samples)


@dataclass(frozen=True)
class Test:
    """The outcome of a statistical test, and the size of the effect that it measures.

    Attributes
    ----------
    statistic
        The test statistic.
    pvalue
        The probability of a statistic at least as extreme if the null hypothesis holds.
    samples
        How many samples were tested (of both sides together, in a two-sample test).
    detail
        The test in words: cells, degrees of freedom, permutations.
    effect
        What `low`, `best`, `high` measure, in words; it is 0 under the null hypothesis.
    low, best, high
        The 95% interval of the effect, and its estimate. Infinite where a sample fell on a node of probability zero.
    """

    __test__ = False  # no pytest class

    statistic: float
    pvalue: float
    samples: int
    detail: str
    effect: str
    low: float
    best: float
    high: float


@dataclass(frozen=True)
class RecordedTest:
    """A `Test` as a record has it: numbers that are not finite are None."""

    __test__ = False  # no pytest class

    statistic: float | None
    pvalue: float
    samples: int
    detail: str
    effect: str
    low: float | None
    best: float | None
    high: float | None

    @classmethod
    def of(cls, found: Test) -> "RecordedTest":
        """Return a test as a record has it."""
        statistic, low, best, high = (
            one if np.isfinite(one) else None for one in (found.statistic, found.low, found.best, found.high)
        )
        return cls(statistic, found.pvalue, found.samples, found.detail, found.effect, low, best, high)


def student(freedom: float, confidence: float = CONFIDENCE) -> float:
    """Return how many standard errors Student's two-sided interval reaches to either side; infinite is normal."""
    if math.isinf(freedom):
        return NormalDist().inv_cdf(0.5 + confidence / 2)
    from scipy import special

    return float(special.stdtrit(freedom, 0.5 + confidence / 2))


def mean_estimate(values: ArrayLike) -> Estimate:
    """Return the mean of independent values with its Student-t interval; infinite for a single value."""
    values = np.asarray(values, dtype=float)
    n, mean = len(values), float(np.mean(values))
    if n < 2:
        return Estimate(-np.inf, mean, np.inf, n)
    half = student(n - 1) * float(np.std(values, ddof=1)) / np.sqrt(n)
    return Estimate(mean - half, mean, mean + half, n)


def mean_difference(first: ArrayLike, second: ArrayLike, confidence: float = CONFIDENCE) -> Estimate:
    """Return mean(first) - mean(second) of two independent samples with Welch's interval."""
    best, error, freedom, n = welch(first, second)
    half = student(freedom, confidence) * error if 0 < error < np.inf else error
    return Estimate(best - half, best, best + half, n)


def welch(first: ArrayLike, second: ArrayLike) -> tuple[float, float, float, int]:
    """Return mean(first) - mean(second), its standard error, Welch's degrees of freedom and the number of values.

    The error of fewer than two values on a side is infinite.
    """
    first, second = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    best, n = float(np.mean(first) - np.mean(second)), len(first) + len(second)
    if min(len(first), len(second)) < 2:
        return best, np.inf, 1.0, n
    errors = np.array([np.var(values, ddof=1) / len(values) for values in (first, second)])
    if not np.any(errors):
        return best, 0.0, n - 2.0, n
    # Welch and Satterthwaite's degrees of freedom; by shares, so that tiny variances do not underflow.
    shares = errors / errors.sum()
    freedom = 1 / float(shares[0] ** 2 / (len(first) - 1) + shares[1] ** 2 / (len(second) - 1))
    return best, float(np.sqrt(errors.sum())), freedom, n


def median_range(values: ArrayLike) -> Estimate:
    """Return the median of independent values between the least and the greatest.

    The range holds the median of whatever distribution with probability 1 - 2^(1 - n): 94% for 5 values.
    """
    values = np.asarray(values, dtype=float)
    return Estimate(float(values.min()), float(np.median(values)), float(values.max()), len(values))
