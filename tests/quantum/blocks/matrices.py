"""Random matrices of every kind that the linear-algebra blocks must take."""

import numpy as np

KINDS = ("positive", "indefinite", "complex Hermitian", "real", "complex")


def random_matrix(kind, size, seed=0, offsets=None):
    """Return a matrix, with entries on the diagonal and at the given offsets alone if there are any."""
    rng = np.random.default_rng([size, seed, KINDS.index(kind)])
    matrix = rng.normal(size=(size, size))
    if kind.startswith("complex"):
        matrix = matrix + 1j * rng.normal(size=(size, size))
    if kind == "positive":
        matrix = np.abs(matrix)
    if kind not in ("real", "complex"):
        matrix = matrix + matrix.conj().T
    if offsets is not None:
        apart = np.arange(size)[:, None] ^ np.arange(size)
        matrix = np.where(np.isin(apart, [0, *offsets]), matrix, 0)
    return matrix


def reducible(size=8, seed=0):
    """Return a symmetric matrix of blocks with different norms, one of them on a row of its own, one row zero."""
    rng = np.random.default_rng([size, seed])
    matrix = np.zeros((size, size))
    matrix[:4, :4] = rng.normal(size=(4, 4))
    matrix[4:6, 4:6] = 3 * rng.normal(size=(2, 2))
    matrix[6, 6] = -0.4
    return matrix + matrix.T
