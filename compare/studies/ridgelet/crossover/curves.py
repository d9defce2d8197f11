"""Seconds a sample over a size: measured where they were, continued by fitted growth beyond.

Beyond what was measured a line grows as its algorithm is made to: the dequantized sampler, O(K D), by c0 + c D or
c0 + c K, the enumeration of P^(D+1) nodes by c0 + c P^D, gate counts by a fitted power law above what is known not to
grow, and what errors lose by -ln fidelity, which is a sum over gates.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from compare.statistics import Estimate, fit_growth, fit_known_rate
from compare.statistics.fits import KNOWN_SIZES, LEAST_SIZES

__all__ = ["Continued", "Line", "constant_line", "known_line", "lossy_line", "power_line"]

Continued = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""From sizes, the natural logarithms of low, best and high, shape (3, n)."""

POLYNOMIAL = ("constant", "power")


@dataclass(frozen=True)
class Line:
    """Seconds a sample over a size.

    Attributes
    ----------
    measured
        Finite seconds by size, at least one.
    beyond
        Continues them past the largest size; None if there are too few sizes.
    extra
        Seconds to be added at each size, known exactly; None for none.
    """

    measured: Mapping[int, Estimate]
    beyond: Continued | None
    extra: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = None

    @property
    def smallest(self) -> int:
        """The smallest size that was measured."""
        return min(self.measured)

    @property
    def largest(self) -> int:
        """The largest size that was measured; what is beyond is extrapolated."""
        return max(self.measured)

    def log_range(self, sizes: ArrayLike) -> NDArray[np.float64]:
        """Return the natural logarithms of low, best and high, shape (3, n); NaN where nothing is known.

        Between measured sizes by straight lines over the logarithms.
        """
        x = np.asarray(sizes, dtype=float)
        known = np.array(sorted(self.measured), dtype=float)
        ends = [[getattr(self.measured[int(size)], end) for size in known] for end in ("low", "best", "high")]
        found = np.stack([np.interp(np.log(x), np.log(known), np.log(values), left=np.nan) for values in ends])
        outside = x > known[-1]
        if np.any(outside):
            found[:, outside] = np.nan if self.beyond is None else self.beyond(x[outside])
        if self.extra is not None:
            with np.errstate(divide="ignore"):
                found = np.logaddexp(found, np.log(self.extra(x)))
        return found

    def at(self, size: int) -> Estimate | None:
        """Return the seconds at one size; None where nothing is known, infinite where they leave the floats."""
        logarithms = self.log_range([size])[:, 0]
        if np.any(np.isnan(logarithms)):
            return None
        with np.errstate(over="ignore"):
            low, best, high = (float(value) for value in np.exp(logarithms))
        count = self.measured[size].samples if size in self.measured else len(self.measured)
        return Estimate(low, best, high, count)


def _finite(measured: Mapping[int, Estimate | None]) -> dict[int, Estimate]:
    return {size: value for size, value in sorted(measured.items()) if value is not None and np.isfinite(value.high)}


def _power_above(values: Mapping[int, float], constants: Mapping[int, float]) -> Continued | None:
    """Return a power law of what is above known values, and the last of these; None if there are too few sizes."""
    above = {size: value - constants[size] for size, value in values.items()}
    growing = {size: value for size, value in above.items() if value > 1e-9 * values[size]}
    if len(growing) < LEAST_SIZES:
        return None
    growth, constant = fit_growth(list(growing), list(growing.values())), constants[max(values)]

    def continued(sizes: NDArray[np.float64]) -> NDArray[np.float64]:
        with np.errstate(divide="ignore"):
            return np.logaddexp(growth.log_range(sizes, POLYNOMIAL), np.log(constant))

    return continued


def power_line(measured: Mapping[int, Estimate | None], constants: Mapping[int, float] | None = None) -> Line | None:
    """Return measured seconds, continued by a fitted power law; None if there are none.

    Parameters
    ----------
    measured
        Seconds by size; infinite ones and None are left out.
    constants
        Seconds among them, at each size, that are known not to grow; none if left out.
    """
    finite = _finite(measured)
    if not finite:
        return None
    known = dict.fromkeys(finite, 0.0) if constants is None else constants
    return Line(finite, _power_above({size: value.best for size, value in finite.items()}, known))


def constant_line(measured: Mapping[int, Estimate | None]) -> Line | None:
    """Return measured seconds that do not depend on the size, continued by the last ones; None if there are none."""
    finite = _finite(measured)
    if not finite:
        return None
    last = finite[max(finite)]
    level = np.log([last.low, last.best, last.high])
    return Line(finite, lambda sizes: np.repeat(level[:, None], len(sizes), axis=1))


def known_line(measured: Mapping[int, Estimate | None], family: str, rate: float) -> Line | None:
    """Return measured seconds, continued by c0 + c x^k or c0 + c e^(kx) of a known k; None if there are none."""
    finite = _finite(measured)
    if not finite:
        return None
    if len(finite) < KNOWN_SIZES:
        return Line(finite, None)
    curve = fit_known_rate(list(finite), [value.best for value in finite.values()], family, rate)
    return Line(finite, curve.predict)


def lossy_line(
    measured: Mapping[int, Estimate | None],
    losses: Mapping[int, float],
    shots: Mapping[int, float],
    known: Mapping[int, float],
) -> Line | None:
    """Return measured seconds of which a share is lost, continued; None if there are none.

    Parameters
    ----------
    measured
        Seconds by size, over the share of shots without error; infinite ones and None are left out.
    losses
        -ln of that share at each size, above 0. It and the seconds of a shot are continued apart.
    shots, known
        At each size, seconds of a shot and -ln of the share that are known not to grow.
    """
    finite = _finite(measured)
    if not finite:
        return None
    seconds = _power_above({size: value.best * np.exp(-losses[size]) for size, value in finite.items()}, shots)
    lost = _power_above({size: losses[size] for size in finite}, known)
    if seconds is None or lost is None:
        return Line(finite, None)
    return Line(finite, partial(_lossy, seconds, lost))


def _lossy(seconds: Continued, lost: Continued, sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    # Shots grow as e to the loss; beyond e^600 it is as large as any.
    return seconds(sizes) + np.exp(np.minimum(lost(sizes), 600.0))
