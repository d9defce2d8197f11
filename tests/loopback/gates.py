"""Small circuits as lists of matrices, and how likely their outcomes are: what the vendors' servers run."""

from collections.abc import Sequence

import numpy as np

__all__ = ["distribution"]


def distribution(gates: Sequence[tuple[np.ndarray, Sequence[int]]], qubits: int) -> np.ndarray:
    """Return how likely each outcome is, bit q of it qubit q; of a matrix the first qubit is the first bit."""
    state = np.zeros((2,) * qubits, dtype=complex)  # axis 0 is the last qubit
    state[(0,) * qubits] = 1
    for matrix, places in gates:
        axes = [qubits - 1 - place for place in places]
        wide = np.reshape(matrix, (2,) * 2 * len(places))
        state = np.tensordot(wide, state, (range(len(places), 2 * len(places)), axes))
        state = np.moveaxis(state, range(len(axes)), axes)
    weights: np.ndarray = np.abs(state.reshape(-1)) ** 2
    return weights / weights.sum()
