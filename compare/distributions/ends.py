"""The interval of a fidelity: where it ends, and where it may end too early.

With w = P^(D+1) p*, the mean of w over n nodes is compared with 1 + F e, e the excess of the ideal sampler. Few nodes
have a large w, and they decide: over uniform nodes of the digits (P = 5, D = 4) the skewness of w is 7. The normal
interval of 500 of them covers some 91%, not 95%. Two things are known that it does not use.

- The skewness of the sample itself. Student's statistic, transformed to be free of it, is held against its quantiles
  (Hall 1992, J. R. Stat. Soc. B 54:221), for each F, as Fieller did it for a ratio (1954, J. R. Stat. Soc. B 16:175).
  But what a sample misses it cannot show.
- The law of w under a mixture of p* and uniform nodes with share F of p*: its moments follow from those of w over
  uniform nodes, E_p*[w^k] = E_uniform[w^(k+1)]. The mean of n nodes is held against the quantiles of a shifted gamma
  law with the same three cumulants.

The interval is as wide as both: it covers mixtures by the second, and samplers that are none by the first. The share of
uniform nodes that the test by ranks tells is a number of the same kind, and has an interval of the same kind.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from compare.statistics import student
from compare.statistics.skewed import TAIL, mean_cumulants, pearson_quantile, studentized_ends

__all__ = ["Ends", "Ideal", "Unit", "interval", "of_mixture", "share_interval"]

GRID = 129
"""Values of F looked at from 0 to 1, and as many about the estimate."""

FEW = 0.5
"""Skewness of the mean from which the samples are too few for the interval of every sampler to be relied on."""

SURE, STRAIGHT = 0.1, 0.25
"""Relative error and skewness of an estimated e up to which the interval is relied on."""


class Ends(NamedTuple):
    """A fidelity with the ends of its interval.

    Attributes
    ----------
    low, best, high
        The interval and the estimate.
    caution
        Why the interval may cover less often than 95%, in a sentence or two; empty where there is no reason.
    """

    low: float
    best: float
    high: float
    caution: str


class Unit(Protocol):
    """The number by which an excess is divided to be a share, and the law of single values under mixtures."""

    @property
    def value(self) -> float:
        """The excess where the share is 1."""
        ...

    @property
    def variance(self) -> float:
        """The variance of the estimate of the value; 0 where it is exact."""
        ...

    @property
    def third(self) -> float:
        """The third cumulant of the estimate of the value; 0 where it is exact."""
        ...

    def mixture(self, share: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return variance and third cumulant of a value under mixtures; shares beyond 0 and 1 are taken as these."""
        ...


def of_mixture(
    share: NDArray[np.float64], nothing: NDArray[np.float64], whole: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return variance and third cumulant under mixtures from moments, powers 1 to 3, where the share is 0 and 1."""
    share = np.clip(share, 0, 1)
    first, second, third = ((1 - share) * one + share * other for one, other in zip(nothing, whole, strict=True))
    return second - first**2, third - 3 * first * second + 2 * first**3


@dataclass(frozen=True, eq=False)
class Ideal:
    """The number by which the fidelity divides, and the law of w under uniform nodes.

    Attributes
    ----------
    value
        e = E_p*[w] - 1.
    variance, third
        Of the estimate of e: its variance and third cumulant; 0 where it is exact.
    moments
        E_uniform[w^k] for k = 0, ..., 4: shape (5,).
    nodes
        Uniform nodes that it was estimated from; 0 where it is exact.
    """

    value: float
    variance: float
    third: float
    moments: NDArray[np.float64]
    nodes: int = 0

    @classmethod
    def exact(cls, density: NDArray[np.float64]) -> "Ideal":
        """Return it for w at all nodes."""
        moments = np.array([1.0, 1.0, *(float(np.mean(density**power)) for power in (2, 3, 4))])
        return cls(float(moments[2]) - 1, 0.0, 0.0, moments)

    @classmethod
    def estimated(cls, density: NDArray[np.float64]) -> "Ideal":
        """Estimate it from w at independent uniform nodes.

        That the mean of w is 1 is known, so w - 1 is a control variate: what is due to nodes of large w that are
        missing, or too many, is taken off. Where w is a chi-square with one degree of freedom, the variance of the
        estimate of E[w^2] falls from 96 to 24 over the number of nodes.
        """
        away, spread = density - 1, float(np.var(density))
        powers = [density**power for power in (2, 3, 4)]
        slopes = [float(np.cov(one, density, ddof=0)[0, 1]) / spread if spread > 1e-18 else 0.0 for one in powers]
        controlled = [one - slope * away for one, slope in zip(powers, slopes, strict=True)]
        moments = np.array([1.0, 1.0, *(float(np.mean(one)) for one in controlled)])
        return cls(float(moments[2]) - 1, *mean_cumulants(controlled[0]), moments, len(density))

    @property
    def error(self) -> float:
        """The standard error of the value."""
        return float(np.sqrt(self.variance))

    @property
    def skewness(self) -> float:
        """The skewness of the estimate of the value; 0 where it is exact."""
        return self.third / self.variance**1.5 if self.variance > 0 else 0.0

    def mixture(self, share: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return variance and third cumulant of w under mixtures; shares beyond 0 and 1 are taken as these."""
        return of_mixture(share, self.moments[1:4], self.moments[2:5])


def interval(density: NDArray[np.float64], ideal: Ideal) -> Ends:
    """Return the fidelity with the ends of its 95% interval.

    Parameters
    ----------
    density
        w at the samples, shape (n,), n >= 2.
    ideal
        The number that the excess of the samples is divided by.
    """
    low, best, high, skewness = share_interval(density, 1.0, ideal)
    return Ends(low, best, high, _caution(skewness, len(density), ideal))


def share_interval(values: NDArray[np.float64], zero: float, unit: Unit) -> tuple[float, float, float, float]:
    """Return low, best and high of a share, and the skewness of the mean under the mixture that is closest.

    Parameters
    ----------
    values
        Shape (n,), n >= 2: their mean is zero + share * unit.
    zero
        The mean where the share is 0.
    unit
        The number that is added to it where the share is 1.
    """
    n, found = len(values), float(np.mean(values)) - zero
    best, (variance, third) = found / unit.value, mean_cumulants(values)
    (expected,), (cube,) = unit.mixture(np.array([best]))
    skewness = cube / n**2 / (expected / n) ** 1.5 if expected > 0 else 0.0
    # Wide enough for both laws: Student's quantile of two samples is 13, and skewness may double it.
    reach = 3 * student(n - 1) * np.sqrt(max(variance, expected / n) + best**2 * unit.variance) / unit.value
    shares = np.unique(np.r_[np.linspace(0, 1, GRID), best + np.linspace(-reach, reach, GRID)])
    away = found - shares * unit.value
    common, tilt = shares**2 * unit.variance, shares**3 * unit.third
    spread, cubes = unit.mixture(shares)
    ends = [_ends(shares, away, *_by_law(np.maximum(spread, 0) / n + common, cubes / n**2 - tilt))]
    if variance > 0:
        ends.append(_ends(shares, away, *_by_sample(variance + common, third - tilt, n)))
    lows, highs = zip(*ends, strict=True)
    return min(*lows, best), best, max(*highs, best), float(skewness)


def _caution(skewness: float, n: int, ideal: Ideal) -> str:
    found = []
    if skewness > FEW:
        found.append(
            f"{n:,} samples are few where rare nodes weigh so much (the skewness of their mean is {skewness:.1f}): the "
            "interval covers mixtures of p* and uniform nodes, and may leave the fidelity of other samplers out more "
            f"often than 1 in 20; draw {math.ceil(n * (skewness / FEW) ** 2):,}."
        )
    if ideal.error > SURE * ideal.value or ideal.skewness > STRAIGHT:
        found.append(
            f"What the fidelity divides by is known to {ideal.error / ideal.value:.0%}, from {ideal.nodes:,} uniform "
            f"nodes of which few decide (the skewness of its estimate is {ideal.skewness:.1f}): the interval may leave "
            "the fidelity out more often than 1 in 20."
        )
    return " ".join(found)


def _by_sample(variance: NDArray[np.float64], third: NDArray[np.float64], n: int) -> tuple[NDArray, NDArray]:
    error = np.sqrt(variance)
    low, high = studentized_ends(third / error**3, student(n - 1))
    return error * low, error * high


def _by_law(variance: NDArray[np.float64], third: NDArray[np.float64]) -> tuple[NDArray, NDArray]:
    error = np.sqrt(variance)
    skewness = np.divide(third, error**3, out=np.zeros_like(third), where=error > 0)
    return error * pearson_quantile(TAIL, skewness), error * pearson_quantile(1 - TAIL, skewness)


def _ends(
    shares: NDArray[np.float64], away: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> tuple[float, float]:
    """Return the least and the greatest share at which `away` lies between low and high, straight lines in between."""
    return _crossing(shares, away - high), -_crossing(-shares[::-1], low[::-1] - away[::-1])


def _crossing(shares: NDArray[np.float64], above: NDArray[np.float64]) -> float:
    """Return the least share at which `above` is not positive."""
    first = int(np.argmax(above <= 0))
    if first == 0:
        return float(shares[0] if above[0] <= 0 else shares[-1])
    step = above[first - 1] / (above[first - 1] - above[first])
    return float(shares[first - 1] + step * (shares[first] - shares[first - 1]))
