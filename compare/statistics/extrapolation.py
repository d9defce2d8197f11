"""Zero-noise extrapolation: values measured at several strengths of noise, and what they say of none."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.errors import InputError, choose

__all__ = ["LAWS", "Extrapolated", "extrapolate"]

LAWS = ("exponential", "linear")
"""Laws that values follow: A exp(-b x), and a straight line."""

CLEAR = 3.0
"""Standard errors that a value is from 0 at least, where its logarithm is taken."""


@dataclass(frozen=True)
class Extrapolated:
    """A value without noise.

    Attributes
    ----------
    value, error
        The estimate and its standard error, which is of the shots alone: that the law holds is taken for granted.
    law
        The law that was taken.
    """

    value: float
    error: float
    law: str


def extrapolate(factors: ArrayLike, values: ArrayLike, errors: ArrayLike, law: str = "exponential") -> Extrapolated:
    """Extrapolate to no noise by weighted least squares.

    An exponential is fitted as a straight line through the logarithms, whose standard errors are relative ones; where
    the values are not of one sign, 3 standard errors from 0, the line is drawn through the values themselves.

    Parameters
    ----------
    factors
        Strengths of the noise, 1 as it is: shape (f,), at least two different ones.
    values, errors
        Measured there, and their standard errors; where an error is 0 all count alike.
    law
        A name in `LAWS`.

    Raises
    ------
    InputError
        If the law is unknown or fewer than two factors differ.
    """
    choose("extrapolation", law, dict.fromkeys(LAWS))
    x, y, spread = (np.asarray(one, dtype=float) for one in (factors, values, errors))
    if len(np.unique(x)) < 2:
        raise InputError(f"Noise of strength {', '.join(map(str, x))} alone says nothing of none; give two or more.")
    clear = np.all(np.abs(y) > CLEAR * spread) and (np.all(y > 0) or np.all(y < 0))
    if law == "exponential" and clear:
        intercept, error = _intercept(x, np.log(np.abs(y)), spread / np.abs(y))
        value = float(np.sign(y[0]) * np.exp(intercept))
        return Extrapolated(value, abs(value) * error, "exponential")
    value, error = _intercept(x, y, spread)
    return Extrapolated(value, error, "linear")


def _intercept(x: NDArray[np.float64], y: NDArray[np.float64], spread: NDArray[np.float64]) -> tuple[float, float]:
    """Return where a straight line meets 0, and the standard error of that."""
    weights = 1 / spread**2 if np.all(spread > 0) else np.ones(len(x))
    mean = weights @ x / weights.sum()
    slopes = weights * (x - mean) / (weights @ (x - mean) ** 2)
    shares = weights / weights.sum() - mean * slopes  # of each value in the intercept
    return float(shares @ y), float(np.sqrt(shares**2 @ spread**2))
