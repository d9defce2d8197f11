"""A polynomial that is 1 at zero and close to -1 away from it: the reflection about a matrix's kernel."""

from dataclasses import dataclass

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import ArrayLike, NDArray
from scipy.fft import dct

from problems.errors import InputError, non_negative

__all__ = ["ReflectionPolynomial", "reflection_polynomial"]

LARGEST_DEGREE = 10_000_000
"""Refused above it: the coefficients alone would take minutes, and no circuit is that long."""


@dataclass(frozen=True, eq=False)
class ReflectionPolynomial:
    """An even polynomial R with R(0) = 1 and |R(x) + 1| <= epsilon for 1/kappa <= |x| <= 1.

    Attributes
    ----------
    kappa, epsilon
        The condition number, at least 1, and the error, in (0, 1).
    coefficients
        R = sum_k coefficients_k T_k, shape (degree + 1,); the odd ones are zero.
    minimum
        The least R(x) on [-1, 1], just below -1: `maximum` is by how much R has to be divided to enter a circuit.
    """

    kappa: float
    epsilon: float
    coefficients: NDArray[np.float64]
    minimum: float

    @property
    def degree(self) -> int:
        """The degree, even."""
        return len(self.coefficients) - 1

    @property
    def maximum(self) -> float:
        """The largest |R(x)| on [-1, 1]."""
        return -self.minimum

    def __call__(self, x: ArrayLike) -> NDArray[np.float64]:
        """Return R(x), of the shape of x."""
        points = np.asarray(x, dtype=float)  # on a line of its own: together, their types take mypy seconds
        return chebyshev.chebval(points, self.coefficients)


def reflection_polynomial(kappa: float, epsilon: float) -> ReflectionPolynomial:
    """Return 2 T_l(u(x))/T_l(u(0)) - 1, with u(x) = (1 + kappa^-2 - 2 x^2)/(1 - kappa^-2).

    Parameters
    ----------
    kappa
        The condition number, at least 1: no singular value but 0 is below 1/kappa.
    epsilon
        The error away from 0, in (0, 1).

    Raises
    ------
    InputError
        If kappa is below 1, epsilon is not between 0 and 1, or the degree would be above 10^7.

    Notes
    -----
    l = ceil(arccosh(2/epsilon)/arccosh((kappa^2 + 1)/(kappa^2 - 1))), and the degree is 2 l (Dalzell, arXiv:2406.12086,
    section 3, after Lin and Tong, arXiv:1910.14596). At kappa = 1 it is 1 - 2 x^2.

    Examples
    --------
    >>> reflection_polynomial(11.1359, 0.01).degree
    68
    """
    if not non_negative("kappa", kappa) >= 1:
        raise InputError(f"kappa = {kappa} is below 1; a condition number is at least 1.")
    if not 0 < non_negative("epsilon", epsilon) < 1:
        raise InputError(f"epsilon = {epsilon} is out of range; give an error between 0 and 1, both excluded.")
    if kappa == 1:
        return ReflectionPolynomial(1.0, float(epsilon), np.array([0.0, 0.0, -1.0]), -1.0)
    # arccosh(u(0)) = 2 artanh(1/kappa), without the cancellation in 1 - kappa^-2.
    growth = 2 * np.arctanh(1 / kappa)
    half = max(1, int(np.ceil(np.arccosh(2 / epsilon) / growth * (1 - 1e-14))))
    if 2 * half > LARGEST_DEGREE:
        raise InputError(
            f"kappa = {kappa} and epsilon = {epsilon} take a polynomial of degree {2 * half:.3g}, above "
            f"{LARGEST_DEGREE}; precondition the matrix or allow a larger error."
        )
    # As T_2k(x) = T_k(y) with y = 2 x^2 - 1, interpolated at l + 1 nodes in y, u = (kappa^-2 - y)/(1 - kappa^-2).
    nodes = np.cos((np.arange(half + 1) + 0.5) * np.pi / (half + 1))
    u = (kappa**-2 - nodes) / (1 - kappa**-2)
    inner = np.cos(half * np.arccos(np.clip(u, -1, 1)))
    beyond = half * np.arccosh(np.maximum(u, 1))
    least = 1 / np.cosh(half * growth)
    grown = np.exp(beyond - half * growth) * (1 + np.exp(-2 * beyond)) / (1 + np.exp(-2 * half * growth))
    values = 2 * np.where(u > 1, grown, inner * least) - 1
    found = dct(values, type=2) / (half + 1)
    found[0] /= 2
    coefficients = np.zeros(2 * half + 1)
    coefficients[::2] = found
    return ReflectionPolynomial(float(kappa), float(epsilon), coefficients, float(-1 - 2 * least))
