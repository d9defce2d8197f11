"""Samples of a matrix product state, many at a time.

Qubit by qubit, each from its conditional law given those before it (Ferris and Vidal 2012, arXiv:1201.3974).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["right_canonical", "sample_product"]

BATCH = 4096
"""Samples that are drawn together."""


def right_canonical(gammas: Sequence[Sequence[NDArray]], bonds: Sequence[NDArray]) -> list[NDArray[np.complex128]]:
    """Return a state's tensors such that every qubit's conditional law can be read off.

    Parameters
    ----------
    gammas, bonds
        The state in Vidal's form: a pair of matrices for each qubit's values 0 and 1, and the Schmidt values between
        neighbors, one array fewer.

    Returns
    -------
    list
        For each qubit a tensor (left, 2, right) whose rows (left, 2 right) are orthonormal, whatever rounding the
        given form carries; the state has norm 1.
    """
    tensors = [np.stack([np.atleast_2d(matrix) for matrix in pair], axis=1).astype(complex) for pair in gammas]
    for tensor, values in zip(tensors, bonds, strict=False):
        tensor *= values
    for i in range(len(tensors) - 1, -1, -1):
        left, _, right = tensors[i].shape
        q, r = np.linalg.qr(tensors[i].reshape(left, 2 * right).T)
        tensors[i] = q.T.reshape(-1, 2, right)
        if i:
            tensors[i - 1] = tensors[i - 1] @ r.T
        else:
            tensors[0] *= r[0, 0] / abs(r[0, 0])  # the phase, without what the norm is off
    return tensors


def sample_product(
    tensors: Sequence[NDArray[np.complex128]], shots: int, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Draw measurements of all qubits, shape (shots, n), from tensors in right-canonical form."""
    bits = np.empty((shots, len(tensors)), dtype=bool)
    uniform = rng.random((shots, len(tensors)))
    for start in range(0, shots, BATCH):
        drawn = slice(start, start + BATCH)
        # What the qubits so far leave of the state, normalized: (samples, bond).
        left = np.ones((len(bits[drawn]), 1), dtype=complex)
        for qubit, tensor in enumerate(tensors):
            branches = np.tensordot(left, tensor, axes=1)
            weights = np.sum(np.abs(branches) ** 2, axis=2)
            one = uniform[drawn, qubit] * weights.sum(axis=1) >= weights[:, 0]
            bits[drawn, qubit] = one
            taken = np.arange(len(left)), one.astype(int)
            left = branches[taken] / np.sqrt(weights[taken])[:, None]
    return bits
