"""Phases of quantum signal processing for a polynomial: symmetric, by Newton's method with an exact Jacobian."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.fft import dct

from problems.errors import InputError
from problems.memory import require_memory
from quantum.blocks.chebyshev import check_coefficients, largest_value

__all__ = ["signal_response", "symmetric_phases"]

ROUNDING = 2e-15
"""Newton's method goes on until no coefficient is off by more, or until it gains nothing below `ACCEPTED`."""

ACCEPTED = 1e-12
"""A larger error of a coefficient is no solution."""

STEPS = 60

OTHER_PARITY = 1e-14
"""Coefficients of the other parity up to this, relative to the largest, are rounding."""


def symmetric_phases(coefficients: ArrayLike) -> NDArray[np.float64]:
    """Return phases phi_0, ..., phi_D, phi_j = phi_(D-j), that make a polynomial of one parity.

    With W = exp(i arccos(x) X) and U = e^(i phi_0 Z) W e^(i phi_1 Z) W ... W e^(i phi_D Z), the imaginary part of
    <0|U|0> is P(x) on [-1, 1].

    Parameters
    ----------
    coefficients
        P = sum_k coefficients_k T_k, real, shape (D + 1,): all odd ones are zero, or all even ones, and |P| <= 1 on
        [-1, 1]. Zeros at the end are dropped: D is the degree.

    Returns
    -------
    NDArray
        Shape (D + 1,), in radians: half of them are near half the coefficients where those are small.

    Raises
    ------
    InputError
        If P has no definite parity, is above 1 somewhere on [-1, 1], so close to 1 that the method does not converge,
        or is no list of real, finite numbers; or if the Jacobian does not fit in memory.

    Notes
    -----
    Dong, Lin, Ni and Wang 2024 (arXiv:2307.12468): Newton's method on the Chebyshev coefficients of the
    imaginary part as a function of the reduced phases, started at half the coefficients. O(D^3) time with a small
    constant, O(D^2) memory.
    """
    series, parity = _one_parity(check_coefficients(coefficients))
    height = largest_value(series)
    if height > 1 + 1e-12:
        raise InputError(
            f"max |P(x)| = {height:.12g} on [-1, 1] is above 1, out of reach; divide the coefficients by it."
        )
    target = series[parity::2]
    require_memory(
        120 * len(target) ** 2, f"The Jacobian of {len(target)} phases", "allow a larger error or a lower degree"
    )
    reduced, best = target / 2, (np.inf, target)
    for _ in range(STEPS):
        value, jacobian = _imaginary_part(reduced, parity)
        residual = float(np.abs(value - target).max())
        gained = residual < best[0] / 4
        if residual < best[0]:
            best = residual, reduced
        if best[0] <= ROUNDING or (best[0] <= ACCEPTED and not gained) or not np.isfinite(residual):
            break
        reduced = reduced - _solved(jacobian, value - target)
    if not best[0] <= ACCEPTED:
        raise InputError(
            f"max |P(x)| = {height:.12g} is so close to 1 that no phases were found to {ACCEPTED} (residual "
            f"{best[0]:.1e}); scale the polynomial down a little, say by 0.99."
        )
    half = best[1]
    return np.concatenate([half[::-1], half]) if parity else np.concatenate([half[:0:-1], [2 * half[0]], half[1:]])


def _solved(jacobian: NDArray[np.float64], residual: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the step; where |P| reaches 1 the Jacobian gets singular, and the shortest step is taken."""
    try:
        step = np.asarray(np.linalg.solve(jacobian, residual), dtype=float)
    except np.linalg.LinAlgError:
        step = np.full_like(residual, np.inf)
    if np.abs(step).max() <= 1:
        return step
    return np.asarray(np.linalg.lstsq(jacobian, residual, rcond=1e-14)[0], dtype=float)


def signal_response(phases: ArrayLike, x: ArrayLike) -> NDArray[np.complex128]:
    """Return <0|U|0> at x in [-1, 1], of the shape of x: the readable reference, a product of 2 x 2 matrices.

    Parameters
    ----------
    phases
        phi_0, ..., phi_D, in radians.
    x
        Points in [-1, 1].
    """
    angle = np.arccos(np.asarray(x, dtype=float))
    first, second = np.ones(angle.shape, dtype=complex), np.zeros(angle.shape, dtype=complex)
    given = np.asarray(phases, dtype=float)
    for position, phase in enumerate(given[::-1]):
        if position:
            first, second = (
                np.cos(angle) * first + 1j * np.sin(angle) * second,
                1j * np.sin(angle) * first + np.cos(angle) * second,
            )
        first, second = np.exp(1j * phase) * first, np.exp(-1j * phase) * second
    return first


def _one_parity(series: NDArray[np.float64]) -> tuple[NDArray[np.float64], int]:
    """Return the coefficients without zeros at the end, and the parity, 0 or 1."""
    limit = OTHER_PARITY * np.abs(series).max()
    even, odd = (np.abs(series[parity::2]) > limit for parity in (0, 1))
    if np.any(even) and np.any(odd):
        raise InputError(
            f"The polynomial has even and odd terms (c_{2 * int(np.argmax(even))} and c_{2 * int(np.argmax(odd)) + 1}"
            " are not zero); give one parity and add the two circuits."
        )
    parity = int(np.any(odd))
    kept = series.copy()
    kept[1 - parity :: 2] = 0
    last = int(np.flatnonzero(kept)[-1]) if np.any(kept) else 0
    return kept[: last + 1], parity


def _imaginary_part(reduced: NDArray[np.float64], parity: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the Chebyshev coefficients of Im <0|U|0>, those of its parity, and their derivatives by the phases.

    U = V^T W V for odd parity and V^T V for even, V = e^(i phi_0 Z) W e^(i phi_1 Z) ... e^(i phi_(n-1) Z): with
    v = V|0>, a derivative is 2 v^T (W) dv. Half of the middle phase of even parity is the first of V.
    """
    count = len(reduced)
    angle = (2 * np.arange(count) + 1) * np.pi / (4 * count)  # nodes of a cosine transform of the one parity
    cos, sin = np.cos(angle), 1j * np.sin(angle)
    turn = np.exp(1j * reduced)
    back = turn.conj()
    right = np.empty((count, 2, count), dtype=complex)  # behind each phase: (phase, component, node)
    zero, one = np.ones(count, dtype=complex), np.zeros(count, dtype=complex)
    for k in range(count - 1, -1, -1):
        if k < count - 1:
            zero, one = cos * zero + sin * one, sin * zero + cos * one
        zero, one = turn[k] * zero, back[k] * one
        right[k, 0], right[k, 1] = zero, one
    if parity:
        zero, one = cos * zero + sin * one, sin * zero + cos * one
    value = np.imag(zero * right[0, 0] + one * right[0, 1])
    rows = np.empty_like(right)  # before each phase, alike
    for k in range(count):
        rows[k, 0], rows[k, 1] = zero, one
        zero, one = turn[k] * zero, back[k] * one
        zero, one = cos * zero + sin * one, sin * zero + cos * one
    slope = 2 * np.real(rows[:, 0] * right[:, 0] - rows[:, 1] * right[:, 1])
    kind = 4 if parity else 2
    value, slope = dct(value, type=kind) / count, dct(slope, type=kind, axis=1).T / count
    if not parity:
        value[0], slope[0] = value[0] / 2, slope[0] / 2
    return value, slope
