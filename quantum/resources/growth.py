"""How a count grows with the size of a problem: a power law and a straight line."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from problems.errors import InputError

__all__ = ["Growth", "growth"]


@dataclass(frozen=True)
class Growth:
    """Fits to counts over sizes.

    Attributes
    ----------
    constant, slope
        Of the line constant + slope size.
    exact
        Whether every count lies on that line.
    exponent, exponent_error
        Of the power law count ~ size^exponent, fitted by least squares to the logarithms, and its standard error.
        What is paid once, the constant of an exact line, is taken off the counts first. None if a count is then
        zero, which has no logarithm.
    """

    constant: float
    slope: float
    exact: bool
    exponent: float | None
    exponent_error: float | None


def growth(sizes: Sequence[float], counts: Sequence[float]) -> Growth:
    """Fit counts over sizes.

    Parameters
    ----------
    sizes
        At least 3 different sizes, positive.
    counts
        One count >= 0 for each.

    Raises
    ------
    InputError
        If the lengths differ, there are fewer than 3 different sizes, or a number is out of range.
    """
    x, y = np.asarray(sizes, dtype=float), np.asarray(counts, dtype=float)
    if x.ndim != 1 or x.shape != y.shape:
        raise InputError(f"sizes of shape {x.shape} and counts of shape {y.shape} do not match; give one count a size.")
    if len(np.unique(x)) < 3:
        raise InputError(f"{len(np.unique(x))} different sizes say nothing about growth; give at least 3.")
    # So written, NaN is refused too.
    if not (np.all((x > 0) & (x < np.inf)) and np.all((y >= 0) & (y < np.inf))):
        raise InputError("Sizes must be positive and counts at least 0, all finite; correct them.")
    first, last = np.argmin(x), np.argmax(x)
    slope = (y[last] - y[first]) / (x[last] - x[first])
    constant = y[first] - slope * x[first]
    exact = np.allclose(constant + slope * x, y, rtol=1e-12, atol=1e-9)
    if not exact:
        constant, slope, _ = _line(x, y)
    exponent = error = None
    growing = y - constant if exact else y
    if np.all(growing > 0):
        _, exponent, error = _line(np.log(x), np.log(growing))
    return Growth(float(constant), float(slope), bool(exact), exponent, error)


def _line(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return constant and slope of the least squares line, and the slope's standard error."""
    offsets = x - x.mean()
    spread = offsets @ offsets
    slope = offsets @ y / spread
    residuals = y - y.mean() - slope * offsets
    error = np.sqrt(residuals @ residuals / (len(x) - 2) / spread)
    return float(y.mean() - slope * x.mean()), float(slope), float(error)
