"""Means of skewed values: intervals and quantiles that know the skewness of the mean.

The normal interval takes the mean and its standard error to be independent. Where rare values are large, samples that
happen to miss them have a mean and an error that are too small together, and the interval ends too low.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from compare.statistics.estimates import CONFIDENCE, Estimate, student

__all__ = ["TAIL", "mean_cumulants", "pearson_quantile", "skewed_mean", "studentized_ends"]

TAIL = (1 - CONFIDENCE) / 2
"""The chance beyond either end of an interval."""

SMALL = 0.02
"""Skewness below which an expansion is as exact as the law itself."""


def skewed_mean(values: ArrayLike) -> Estimate:
    """Return the mean of independent values with an interval for skewed ones; infinite for a single value.

    Hall's transformation of Student's statistic takes out its skewness (1992, J. R. Stat. Soc. B 54:221), so that the
    interval errs by 1/n on either side, not by 1/sqrt(n). It reaches further where the rare values lie, and sees those
    that are in the sample alone.
    """
    values = np.asarray(values, dtype=float)
    n, mean = len(values), float(np.mean(values))
    if n < 2:
        return Estimate(-np.inf, mean, np.inf, n)
    variance, third = mean_cumulants(values)
    if variance == 0:
        return Estimate(mean, mean, mean, n)
    low, high = studentized_ends(np.array(third / variance**1.5), student(n - 1))
    error = np.sqrt(variance)
    return Estimate(float(mean - error * high), mean, float(mean - error * low), n)


def mean_cumulants(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return estimates of the variance and the third cumulant of the mean of independent values, two at least."""
    n, away = len(values), values - np.mean(values)
    return float(np.sum(away**2)) / (n * (n - 1)), float(np.mean(away**3)) / n**2


def studentized_ends(skewness: NDArray[np.float64], quantile: float) -> tuple[NDArray, NDArray]:
    """Return between which ends Student's statistic (estimate - truth)/error lies, by Hall's transformation.

    With l the skewness of the estimate, T + l T^2/3 + l^2 T^3/27 + l/6 is free of it to first order; this inverts it.

    Parameters
    ----------
    skewness
        l, of any shape: for a mean of n values, theirs over sqrt(n).
    quantile
        How far a statistic without skewness reaches to either side.
    """
    some = np.where(np.abs(skewness) < 1e-9, 1e-9, skewness)
    low, high = (3 / some * (np.cbrt(1 + some * (end - some / 6)) - 1) for end in (-quantile, quantile))
    return low, high


def pearson_quantile(probability: float, skewness: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a quantile of Pearson's law of type III, a shifted gamma law, of mean 0, variance 1 and some skewness.

    It is close to the law of a sum of nonnegative values, whether few or many of them matter.
    """
    from scipy import special

    size, sign = np.maximum(np.abs(skewness), SMALL), np.where(skewness < 0, -1.0, 1.0)
    shape = 4 / size**2
    tail = np.where(skewness < 0, 1 - probability, probability)
    gamma = sign * (special.gammaincinv(shape, tail) - shape) / np.sqrt(shape)
    z = special.ndtri(probability)
    return np.where(np.abs(skewness) < SMALL, z + (z**2 - 1) * skewness / 6, gamma)
