"""The largest absolute value of a polynomial on [-1, 1], from its Chebyshev coefficients."""

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import ArrayLike, NDArray
from scipy.fft import dct

from problems.errors import InputError

__all__ = ["check_coefficients", "largest_value"]

OVERSAMPLED = 8
"""Points of the grid for each degree: between two of them a polynomial cannot hide a further extremum of its own."""

CHUNK = 64
"""Angles improved at a time, so that memory stays small."""


def check_coefficients(coefficients: ArrayLike) -> NDArray[np.float64]:
    """Return Chebyshev coefficients as floating-point numbers, shape (degree + 1,).

    Raises
    ------
    InputError
        If they are no list of at least one real, finite number.
    """
    given = np.asarray(coefficients)
    if given.ndim != 1 or len(given) == 0 or given.dtype.kind not in "biuf":
        raise InputError(
            f"The coefficients have shape {given.shape} and type {given.dtype}; give a list of real numbers, c_0 first."
        )
    if not np.all(np.isfinite(given)):
        where = int(np.argmin(np.isfinite(given)))
        raise InputError(f"Chebyshev coefficient {where} is {given[where]}; give finite numbers alone.")
    return given.astype(float)


def largest_value(coefficients: ArrayLike) -> float:
    """Return max |P(x)| over -1 <= x <= 1 to about 1e-14 of itself.

    The largest values on a grid of cosines, eight points a degree, are improved by Newton's method in the angle.

    Parameters
    ----------
    coefficients
        P = sum_k coefficients_k T_k, shape (degree + 1,).

    Raises
    ------
    InputError
        If they are no list of at least one real, finite number.
    """
    series = check_coefficients(coefficients)
    degree = len(series) - 1
    if degree == 0:
        return float(abs(series[0]))
    # P(cos t) = sum_k c_k cos(k t) on t = pi j/n: a cosine transform of type I, whose inner terms count twice.
    padded = np.zeros(OVERSAMPLED * degree + 1)
    padded[: degree + 1] = series / 2
    padded[0] = series[0]
    values = np.abs(dct(padded, type=1))
    step = np.pi / (len(padded) - 1)
    # An extremum is at most half a step off the nearest point: cos(pi/16) of its height is on the grid.
    neighbors = np.maximum(np.append(values[1:], 0), np.append(0, values[:-1]))
    peaks = np.flatnonzero((values >= 0.98 * values.max()) & (values >= neighbors)).astype(float) * step
    heights = [_climbed(peaks[first : first + CHUNK], series, step) for first in range(0, len(peaks), CHUNK)]
    return float(max(values.max(), *heights))


def _climbed(angles: NDArray[np.float64], series: NDArray[np.float64], step: float) -> float:
    """Return the largest |P(cos t)| that Newton's method in t reaches from these angles."""
    orders = np.arange(len(series))
    for _ in range(5):
        waves = np.outer(angles, orders)
        slope, bend = -np.sin(waves) @ (series * orders), -np.cos(waves) @ (series * orders**2)
        shift = np.divide(slope, bend, out=np.zeros_like(slope), where=bend != 0)
        angles = angles - np.clip(shift, -step, step)
    return float(np.abs(chebyshev.chebval(np.cos(angles), series)).max())
