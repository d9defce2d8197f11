"""Lowest energies in the sectors of the global flip, by Lanczos without a matrix.

Flipping all spins commutes with every product of X, and with products of an even number of Z. A state of parity +1 or
-1 is known by the half of its amplitudes in which the last site has spin +1: length 2^(N-1).
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from problems.ground_states.configurations import bits_of
from problems.memory import require_memory

if TYPE_CHECKING:
    from problems.ground_states.spin_model import SpinModel

__all__ = ["lowest_of_sector"]

DENSE = 256
"""Sides of matrices up to which all eigenvalues are found at once."""

VECTORS = 12
"""Vectors that Lanczos holds, those of its own products included."""


def lowest_of_sector(model: "SpinModel", parity: int, count: int) -> NDArray[np.float64]:
    """Return the lowest energies among states that flipping all spins multiplies by `parity`, in ascending order.

    Parameters
    ----------
    model
        Its products of Z must be of an even number of sites.
    parity
        1 or -1.
    count
        How many energies at most; there are as many as half of the states.

    Raises
    ------
    OutOfReach
        If the vectors do not fit in memory.
    """
    free = model.sites - 1
    size = 1 << free
    require_memory(
        8 * (VECTORS + 3) << free,
        f"Exact diagonalization of {model.sites} spins",
        "take fewer sites, or matrix product states (the extra [tensor])",
    )
    diagonal = model.diagonal(free)
    masks = []
    for sites in model.flips:
        mask = bits_of(sites)
        # Where the last site is flipped, so are all others: the half that is kept has it up.
        masks.append((mask ^ (2 * size - 1), parity) if mask >> free else (mask, 1))

    def apply(vector: NDArray[np.float64]) -> NDArray[np.float64]:
        given = vector.reshape(-1)
        found = diagonal * given
        for mask, sign in masks:
            found -= sign * model.strength * _flipped(given, mask, free)
        return found

    if size <= DENSE:
        matrix = np.array([apply(column) for column in np.eye(size)])
        return np.linalg.eigvalsh(matrix)[:count]
    from scipy.sparse.linalg import LinearOperator, eigsh

    operator = LinearOperator((size, size), apply, dtype=float)
    start = np.random.default_rng(0).random(size) + 1.0
    return np.sort(eigsh(operator, count, which="SA", v0=start, ncv=VECTORS, tol=1e-13, return_eigenvectors=False))


def _flipped(vector: NDArray[np.float64], mask: int, bits: int) -> NDArray[np.float64]:
    """Return the vector whose entry s is that of s ^ mask, as a view."""
    places = np.array([mask >> bit & 1 for bit in reversed(range(bits))], dtype=bool)
    edges = np.flatnonzero(np.diff(places)) + 1
    lengths = np.diff([0, *edges, bits])
    # Bits that are flipped together, or left together, are one axis: a reversed axis flips all of its bits.
    grid = vector.reshape([1 << int(length) for length in lengths])
    starts = [0, *edges.tolist()]
    return grid[tuple(slice(None, None, -1 if places[start] else 1) for start in starts)].reshape(-1)
