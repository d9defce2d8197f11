"""A polynomial close to 1/x away from zero, of about the least degree."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import ArrayLike, NDArray
from scipy.fft import dct

from problems.errors import InputError, non_negative
from quantum.blocks.chebyshev import largest_value

__all__ = ["InversePolynomial", "inverse_polynomial"]

LEAST_ERROR = 1e-15
"""Below it rounding decides."""

LARGEST_DEGREE = 10_000_000
"""Refused above it: the coefficients alone would take minutes, and no circuit is that long."""


@dataclass(frozen=True, eq=False)
class InversePolynomial:
    """An odd polynomial P with |x P(x) - 1| <= epsilon for 1/kappa <= |x| <= 1.

    Attributes
    ----------
    kappa, epsilon
        The condition number, at least 1, and the error relative to 1/x.
    coefficients
        P = sum_k coefficients_k T_k, shape (degree + 1,); the even ones are zero. Not scaled: near zero P grows to
        about kappa, `maximum`, by which it has to be divided before it enters a circuit.
    """

    kappa: float
    epsilon: float
    coefficients: NDArray[np.float64]

    @property
    def degree(self) -> int:
        """The degree D = 2d - 1."""
        return len(self.coefficients) - 1

    @cached_property
    def maximum(self) -> float:
        """The largest |P(x)| on [-1, 1]."""
        return largest_value(self.coefficients)

    def __call__(self, x: ArrayLike) -> NDArray[np.float64]:
        """Return P(x), of the shape of x."""
        points = np.asarray(x, dtype=float)  # on a line of its own: together, their types take mypy seconds
        return chebyshev.chebval(points, self.coefficients)


def inverse_polynomial(kappa: float, epsilon: float) -> InversePolynomial:
    """Return the polynomial (1 - R(x))/x, R(x) = T_d(u(x))/T_d(u(0)), with |x P(x) - 1| <= epsilon on [1/kappa, 1].

    u(x) = (1 + kappa^-2 - 2 x^2)/(1 - kappa^-2) maps [1/kappa, 1] to [-1, 1], where T_d is at most 1; d is the least
    with T_d(u(0)) >= 1/epsilon. The degree 2d - 1 is about kappa ln(2/epsilon).

    Parameters
    ----------
    kappa
        The condition number, at least 1.
    epsilon
        The error relative to 1/x, from 1e-15 to below 1.

    Raises
    ------
    InputError
        If kappa is below 1, epsilon is not in [1e-15, 1), or the degree would be above 10^7.

    Notes
    -----
    R is the residual polynomial of Chebyshev's iteration, the smallest on [1/kappa, 1] of all even ones of its degree
    that are 1 at 0 (Orsucci and Dunjko 2021, arXiv:2101.11868; Gribling, Kerenidis and Szilagyi 2021,
    arXiv:2109.04248). Evaluated through hyperbolic functions, which neither overflow nor cancel near 0.
    """
    if not non_negative("kappa", kappa) >= 1:
        raise InputError(f"kappa = {kappa} is below 1; a condition number is at least 1.")
    if not LEAST_ERROR <= non_negative("epsilon", epsilon) < 1:
        raise InputError(f"epsilon = {epsilon} is out of range; give an error of at least {LEAST_ERROR} and below 1.")
    if kappa == 1:
        return InversePolynomial(1.0, float(epsilon), np.array([0.0, 1.0]))
    # arccosh(u(0)) = 2 artanh(1/kappa), without the cancellation in 1 - kappa^-2.
    growth = 2 * np.arctanh(1 / kappa)
    terms = _least_terms(growth, epsilon)
    if not 2 * terms - 1 <= LARGEST_DEGREE:
        raise InputError(
            f"kappa = {kappa} and epsilon = {epsilon} take a polynomial of degree {2 * terms - 1:.3g}, above "
            f"{LARGEST_DEGREE}; precondition the matrix or allow a larger error."
        )
    nodes = np.cos((2 * np.arange(terms) + 1) * np.pi / (4 * terms))  # the positive ones of 2d Chebyshev nodes
    values = _one_minus_residual(nodes, kappa, terms, growth) / nodes
    coefficients = np.zeros(2 * terms)
    coefficients[1::2] = dct(values, type=4) / terms
    return InversePolynomial(float(kappa), float(epsilon), coefficients)


def _least_terms(growth: float, epsilon: float) -> int:
    """Return the least d with cosh(d growth) >= 1/epsilon."""
    wanted = np.arccosh(1 / epsilon)
    # Rounding must add no term where T_d(u(0)) is 1/epsilon exactly.
    return max(1, int(np.ceil(wanted / growth * (1 - 1e-14))))


def _one_minus_residual(x: NDArray[np.float64], kappa: float, terms: int, growth: float) -> NDArray[np.float64]:
    """Return 1 - T_d(u(x))/T_d(u(0)) for x > 0: u = cosh(a) below 1/kappa, and u = cos(b) above."""
    small = 1 / kappa
    half = np.sqrt(np.abs((small - x) * (small + x)) / ((1 - small) * (1 + small)))
    below = x < small
    # cosh(d a)/cosh(d a0) with e^(d a0) divided out, minus one.
    fall = terms * (2 * np.arcsinh(np.where(below, half, 0)) - growth)
    edge = np.exp(-2 * terms * growth)
    inner = -(np.expm1(fall) + edge * np.expm1(-np.minimum(fall, 0) * below)) / (1 + edge)
    outer = 1 - np.cos(2 * terms * np.arcsin(np.minimum(np.where(below, 0, half), 1))) / np.cosh(terms * growth)
    return np.where(below, inner, outer)
