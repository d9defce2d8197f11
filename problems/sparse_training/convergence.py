"""Certain convergence, of the linearization and of Newton's method: for q = 2 one and the same question.

Carleman linearization of a quadratic update converges with its order where

    R = (|u(0)| |F_2| + |F_0| / |u(0)|) / lam_min < 1,

lam_min the least eigenvalue of the symmetric part of -F_1 (Liu et al., PNAS 2021, arXiv:2011.03185, equation 4). With
gradient descent F_0 = -eta g, F_1 = -eta H, F_2 = -(eta/2) D^3 L. Newton's method converges from u = 0 where
h = |D^3 L| |g| / lam_min(H)^2 is at most 1/2 (Kantorovich). Minimizing R over |u(0)| gives R_min^2 = 2 h, whatever eta
is. One norm is meant throughout, the spectral one of the matrices F_k. For q > 2 no such identity is claimed.
"""

import numpy as np
from numpy.typing import NDArray

from problems.errors import InputError
from problems.sparse_training.update import PolynomialUpdate, as_point

__all__ = ["carleman_r", "dissipation", "kantorovich"]


def dissipation(update: PolynomialUpdate) -> float:
    """Return lam_min, the least eigenvalue of the symmetric part of -F_1; with gradient descent eta lam_min(H)."""
    linear = _three(update)[1]
    return float(-np.linalg.eigvalsh((linear + linear.T) / 2)[-1])


def carleman_r(update: PolynomialUpdate, start: NDArray[np.float64] | None = None) -> float | None:
    """Return R of a quadratic update from a start, or the least R over all lengths of the start.

    Parameters
    ----------
    update
        A polynomial update of degree at most 2.
    start
        u(0), shape (n,); left out, R is minimized over |u(0)|: R_min = 2 sqrt(|F_0| |F_2|) / lam_min.

    Returns
    -------
    R, or None where lam_min <= 0: there R is not defined, and nothing is certain. R >= 1 certifies nothing either: the
    condition is sufficient, not necessary.

    Raises
    ------
    InputError
        If the degree is above 2, or the start does not fit or is 0.
    """
    constant, _, quadratic = _three(update)
    least = dissipation(update)
    if start is not None:
        length = float(np.linalg.norm(as_point("start", start, update.dimension)))
        if length == 0:
            raise InputError("start = 0 has no R: |F_0| is divided by its length; leave it out for the least R.")
    if least <= 0:
        return None
    a, b = np.linalg.norm(quadratic, 2), np.linalg.norm(constant)
    found = 2 * np.sqrt(a * b) if start is None else a * length + b / length
    return float(found / least)


def kantorovich(update: PolynomialUpdate) -> float | None:
    """Return h = |D^3 L| |g| / lam_min(H)^2 of a quadratic update, the Newton-Kantorovich number at u = 0.

    Parameters
    ----------
    update
        A polynomial update of degree at most 2, centered where Newton's method starts; its step size drops out.

    Returns
    -------
    h, or None where lam_min <= 0. At most 1/2 it certifies that Newton's method converges. R_min^2 = 2 h.

    Raises
    ------
    InputError
        If the degree is above 2.
    """
    constant, _, quadratic = _three(update)
    least = dissipation(update)
    if least <= 0:
        return None
    return float(2 * np.linalg.norm(quadratic, 2) * np.linalg.norm(constant) / least**2)


def _three(update: PolynomialUpdate) -> tuple[NDArray[np.float64], ...]:
    """Return F_0, F_1 and F_2, those that are missing as zeros."""
    if update.degree > 2:
        raise InputError(f"R and h are defined for q <= 2, and the update has q = {update.degree}; truncate it first.")
    n = update.dimension
    missing = [np.zeros((n, n**k)) for k in range(update.degree + 1, 3)]
    return (*update.coefficients, *missing)
