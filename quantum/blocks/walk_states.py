"""The two families of states whose overlaps are the entries of a matrix, over its largest possible value."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.errors import InputError, whole_number
from problems.memory import require_memory
from quantum.blocks.perron import Perron, perron

__all__ = ["WalkStates", "check_matrix", "check_offsets", "is_hermitian", "walk_states"]

SYMMETRIC = 1e-14
"""A matrix this close to its adjoint, relative to its largest entry, is taken for Hermitian."""

NEGLIGIBLE = 1e-20
"""Entries up to this, relative to the largest, are encoded as zeros."""

ACCURACY = 1e-11
"""Entries met worse than this, relative to alpha, are refused."""


@dataclass(frozen=True, eq=False)
class WalkStates:
    """Rows |L_i> = sum_s left_(s, i)|s> and columns |R_j>, with the offset that slot s stands for.

    Entry (i, j) over alpha is the sum over the slots s of offset i ^ j of left_(s, i) right_(s, j) phase_(s, i).

    Attributes
    ----------
    alpha
        The norm of the matrix of absolute values.
    offsets
        Whole numbers 0..N-1, shape (S,), S a power of two.
    left, right
        Real, shape (S, N); columns of norm 1.
    phases
        Of absolute value 1, shape (S, N); None where all are 1.
    halved
        Whether slots of the upper half carry a further sign -1.
    """

    alpha: float
    offsets: NDArray[np.int64]
    left: NDArray[np.float64]
    right: NDArray[np.float64]
    phases: NDArray[np.complex128] | None
    halved: bool

    @property
    def alike(self) -> bool:
        """Whether rows and columns have the same states."""
        return np.array_equal(self.left, self.right)

    def block(self) -> NDArray[np.complex128]:
        """Return the matrix that the states encode, over alpha, shape (N, N)."""
        rows = np.arange(self.left.shape[1])
        encoded = np.zeros((len(rows), len(rows)), dtype=complex)
        for slot, offset in enumerate(self.offsets):
            sign = -1 if self.halved and 2 * slot >= len(self.offsets) else 1
            phase = 1 if self.phases is None else self.phases[slot]
            encoded[rows, rows ^ offset] += sign * phase * self.left[slot] * self.right[slot, rows ^ offset]
        return encoded


def check_matrix(matrix: ArrayLike) -> NDArray:
    """Return a square matrix as floating-point numbers, real where all imaginary parts are zero.

    Raises
    ------
    InputError
        If it is not square, empty, zero, or has entries that are no finite numbers.
    """
    given = np.asarray(matrix)
    if given.ndim != 2 or given.shape[0] != given.shape[1] or given.size == 0:
        raise InputError(f"The matrix has shape {given.shape}; give a square one, of at least one row.")
    if given.dtype.kind not in "biufc":
        raise InputError(f"The matrix has entries of type {given.dtype}; give real or complex numbers.")
    if not np.all(np.isfinite(given)):
        row, column = np.argwhere(~np.isfinite(given))[0]
        raise InputError(f"Entry ({row}, {column}) of the matrix is {given[row, column]}; give finite numbers alone.")
    if not np.any(given):
        raise InputError("All entries of the matrix are zero; there is nothing to encode.")
    if np.iscomplexobj(given) and np.any(given.imag):
        return given.astype(complex)
    return given.real.astype(float)


def check_offsets(offsets: Sequence[int], matrix: NDArray) -> NDArray[np.int64]:
    """Return offsets as whole numbers, shape (s,).

    Raises
    ------
    InputError
        If one is not in 1..N-1 or comes twice, or the matrix has an entry at another offset.
    """
    size = 1 << max(1, (len(matrix) - 1).bit_length())
    found = [whole_number("offset", offset, 1) for offset in offsets]
    if len(set(found)) < len(found) or any(offset >= size for offset in found):
        raise InputError(f"offsets = {found} must be different whole numbers from 1 to {size - 1}.")
    rows, columns = np.nonzero(matrix)
    beyond = ~np.isin(rows ^ columns, [0, *found])
    if np.any(beyond):
        row, column = rows[beyond][0], columns[beyond][0]
        raise InputError(
            f"Entry ({row}, {column}) of the matrix is at the offset {row ^ column}, which is not among {found}; add "
            "it, or leave the offsets out for a dense matrix."
        )
    return np.array(found, dtype=np.int64)


def walk_states(matrix: NDArray, offsets: NDArray[np.int64] | None = None, alike: bool = False) -> WalkStates:
    """Return the states for a matrix that was checked.

    Parameters
    ----------
    matrix
        Shape (n, n); padded to a power of two N >= 2 with alpha on the diagonal.
    offsets
        Those with entries, the diagonal not counted; None: all, with the slot number as offset.
    alike
        Whether rows and columns of a Hermitian matrix must have the same states: negative entries on the diagonal then
        are phases, not signs of the rows.

    Raises
    ------
    InputError
        If the entries differ so much that they cannot be met in floating-point numbers, or memory is short.

    Notes
    -----
    left_(c, i)^2 = |A_(i, i^c)| v_(i^c)/(alpha u_i) for the Perron vectors with |A|v = lambda u, |A|'u = lambda v, so
    that states have norm 1 and their products are |A_ij|/alpha. In a component with lambda below alpha something is
    left over, as in a row of zeros: it goes to a slot whose partner, in a leading component, has amplitude zero there.
    """
    size = 1 << max(1, (len(matrix) - 1).bit_length())
    require_memory(200 * size**2, f"The states of a matrix of {size} rows", "take a smaller matrix")
    symmetric = is_hermitian(matrix)
    if symmetric:
        matrix = (matrix + matrix.conj().T) / 2
    matrix = np.where(np.abs(matrix) > NEGLIGIBLE * np.abs(matrix).max(), matrix, 0)
    rows, columns = _sides(np.abs(matrix), symmetric)
    alpha = max(rows.largest, columns.largest)
    padded = alpha * np.eye(size, dtype=matrix.dtype)
    padded[: len(matrix), : len(matrix)] = matrix
    magnitudes = np.abs(padded)
    sides = _weights(magnitudes, rows, columns, alpha), _weights(magnitudes.T, columns, rows, alpha)
    if offsets is None:
        states = _dense(padded, alpha, sides, symmetric, alike)
    else:
        states = _sparse(padded, alpha, sides, symmetric, offsets)
    error = float(np.abs(states.block() - padded / alpha).max())
    if not error <= ACCURACY:
        raise InputError(
            f"The entries of the matrix differ so much in size that they are met to {error:.1e} of alpha alone; scale "
            "its rows and columns."
        )
    return states


def is_hermitian(matrix: NDArray) -> bool:
    """Tell whether a square matrix is its own adjoint up to rounding."""
    return bool(np.abs(matrix - matrix.conj().T).max() <= SYMMETRIC * np.abs(matrix).max())


def _sides(magnitudes: NDArray[np.float64], symmetric: bool) -> tuple[Perron, Perron]:
    """Return the Perron vectors u of the rows and v of the columns."""
    if symmetric:
        both = perron(magnitudes)
        return both, both
    n = len(magnitudes)
    zeros = np.zeros_like(magnitudes)
    both = perron(np.block([[zeros, magnitudes], [magnitudes.T, zeros]]))
    rows, columns = (
        Perron(both.vector[part], both.eigenvalues[part], both.component[part]) for part in (slice(n), slice(n, None))
    )
    return rows, columns


@dataclass(frozen=True, eq=False)
class _Weights:
    """Squares of amplitudes of one side, and where its rest goes.

    Attributes
    ----------
    squares
        |A_ij| v_j/(alpha u_i), shape (N, N).
    rest
        What is left of each row, shape (N,).
    aside
        A column of the other side in a leading component.
    """

    squares: NDArray[np.float64]
    rest: NDArray[np.float64]
    aside: int


def _weights(magnitudes: NDArray[np.float64], own: Perron, other: Perron, alpha: float) -> _Weights:
    size, n = len(magnitudes), len(own.vector)
    u, v, rest = np.ones(size), np.ones(size), np.zeros(size)
    u[:n], v[:n], rest[:n] = own.vector, other.vector, 1 - own.eigenvalues / alpha
    return _Weights(magnitudes * (v / u[:, None]) / alpha, np.maximum(rest, 0), int(np.argmax(other.eigenvalues)))


def _dense(matrix: NDArray, alpha: float, sides: tuple[_Weights, _Weights], symmetric: bool, alike: bool) -> WalkStates:
    offsets = np.arange(len(matrix))
    left, right = (_dense_side(weights) for weights in sides)
    entries = _by_slot(matrix, offsets)
    phases = None
    if np.iscomplexobj(matrix):
        phases = _phases(entries)
    elif symmetric:
        left = right = right * _signs_of_lower_rows(entries, offsets)
        negative = entries[0] < 0
        if np.any(negative) and alike:
            phases = np.ones(left.shape, dtype=complex)
            phases[0, negative] = -1
        elif np.any(negative):
            left = left.copy()
            left[0, negative] *= -1
    else:
        left = np.where(entries < 0, -left, left)
    return WalkStates(alpha, offsets, left, right, phases, halved=False)


def _dense_side(weights: _Weights) -> NDArray[np.float64]:
    state = np.sqrt(_by_slot(weights.squares, np.arange(len(weights.rest))))
    short = np.flatnonzero(weights.rest)
    state[short ^ weights.aside, short] = np.sqrt(weights.rest[short])
    return state / np.linalg.norm(state, axis=0)


def _sparse(
    matrix: NDArray, alpha: float, sides: tuple[_Weights, _Weights], symmetric: bool, offsets: NDArray[np.int64]
) -> WalkStates:
    """Slot 0 and the first of the upper half share the diagonal and the rest; the second counts with the sign -1."""
    slots = 1 << max(1, (len(offsets) + 1).bit_length())
    identity = [0, slots // 2]
    places = np.setdiff1d(np.arange(slots), identity)[: len(offsets)]
    of_slot = np.zeros(slots, dtype=np.int64)
    of_slot[places] = offsets
    diagonal = np.diagonal(matrix)
    shares = [np.diagonal(weights.squares) + weights.rest for weights in sides]
    together = alpha * np.sqrt(shares[0] * shares[1])
    cosine = np.divide(
        np.abs(diagonal) if np.iscomplexobj(matrix) else diagonal,
        together,
        out=np.ones(len(matrix)),
        where=together > 0,
    )
    angle = np.arccos(np.clip(np.where(1 - cosine < 1e-15, 1, cosine), -1, 1)) / 2
    states = []
    for weights, share in zip(sides, shares, strict=True):
        state = np.zeros((slots, len(matrix)))
        state[places] = np.sqrt(_by_slot(weights.squares, offsets))
        state[identity] = np.sqrt(share) * np.stack([np.cos(angle), np.sin(angle)])
        states.append(state / np.linalg.norm(state, axis=0))
    left, right = states
    entries = _by_slot(matrix, of_slot)
    entries[places[places > slots // 2]] *= -1
    phases = None
    if np.iscomplexobj(matrix):
        phases = _phases(entries)
    else:
        entries[identity] = 1  # the sign of the diagonal is in the angle
        if symmetric:
            left = right = right * _signs_of_lower_rows(entries, of_slot)
        else:
            left = np.where(entries < 0, -left, left)
    return WalkStates(alpha, of_slot, left, right, phases, halved=True)


def _by_slot(matrix: NDArray, offsets: NDArray[np.int64]) -> NDArray:
    """Return entry (i, i ^ offset), shape (S, N)."""
    rows = np.arange(len(matrix))
    return matrix[rows, rows ^ offsets[:, None]]


def _phases(entries: NDArray) -> NDArray[np.complex128]:
    size = np.abs(entries)
    return np.where(size > 0, entries / np.where(size > 0, size, 1), 1).astype(complex)


def _signs_of_lower_rows(entries: NDArray[np.float64], offsets: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return -1 for negative entries above the diagonal: one of two partners has the sign, so both may be alike."""
    rows = np.arange(entries.shape[1])
    return np.where((entries < 0) & (rows < rows ^ offsets[:, None]), -1.0, 1.0)
