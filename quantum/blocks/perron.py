"""Perron vectors of a symmetric nonnegative matrix, one for each of its connected components."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh, lu_factor, lu_solve
from scipy.sparse.csgraph import connected_components

__all__ = ["Perron", "perron"]

REFINEMENTS = 8

POWER_STEPS = 20


@dataclass(frozen=True, eq=False)
class Perron:
    """A positive vector that every component of a matrix M maps to its own multiple.

    Attributes
    ----------
    vector
        v > 0, shape (n,).
    eigenvalues
        The eigenvalue of the component of each row, shape (n,): M v = eigenvalues * v. Zero for a row of zeros.
    component
        The number of the component of each row, shape (n,).
    """

    vector: NDArray[np.float64]
    eigenvalues: NDArray[np.float64]
    component: NDArray[np.int64]

    @property
    def largest(self) -> float:
        """The largest eigenvalue, the spectral norm of M."""
        return float(self.eigenvalues.max())

    @property
    def leading(self) -> NDArray[np.bool_]:
        """The rows of the component with the largest eigenvalue, the first of them if there are several."""
        return self.component == self.component[int(np.argmax(self.eigenvalues))]


def perron(matrix: NDArray[np.float64]) -> Perron:
    """Return the Perron vectors of the components of a symmetric nonnegative matrix, shape (n, n).

    Notes
    -----
    Where entries of v are tiny, an eigenvector that is exact to 1e-16 of its norm says nothing of them. So the matrix
    is scaled by v, which makes it nearly stochastic, and the rest is solved for by inverse iteration, until the row
    sums agree.
    """
    count, component = connected_components(matrix != 0, directed=False)
    vector, eigenvalues = np.ones(len(matrix)), np.zeros(len(matrix))
    for number in range(count):
        rows = np.flatnonzero(component == number)
        block = matrix[np.ix_(rows, rows)]
        if np.any(block):
            vector[rows], eigenvalues[rows] = _of_component(block)
    return Perron(vector, eigenvalues, component.astype(np.int64))


def _of_component(block: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    size = len(block)
    if size == 1:
        return np.ones(1), float(block[0, 0])
    block_scale = block.max()
    block = block / block_scale
    values, vectors = eigh(block, subset_by_index=[size - 1, size - 1])
    eigenvalue = float(values[0])
    vector = np.maximum(np.abs(vectors[:, 0]), 1e-30)
    # Products of nonnegative numbers lift entries that were lost in rounding; the shift keeps bipartite ones calm.
    for _ in range(POWER_STEPS):
        vector = block @ vector + eigenvalue * vector
        vector = vector / np.linalg.norm(vector)
    best = np.inf, vector
    for _ in range(REFINEMENTS):
        scaled = block * (vector / vector[:, None])
        sums = scaled.sum(axis=1)
        spread = float(np.ptp(sums))
        if spread >= best[0]:
            break
        best = spread, vector
        if spread <= 2e-16 * sums.max():
            break
        shift = sums.max() * (1 + 1e-13) * np.eye(size) - scaled
        vector = vector * np.abs(lu_solve(lu_factor(shift), np.ones(size)))
        vector = vector / np.linalg.norm(vector)
    return best[1], eigenvalue * float(block_scale)
