"""A state of one register for each value of another: multiplexed rotations in a binary tree."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from quantum.blocks.multiplexed_rotation import multiplexed_rotation

__all__ = ["RowStates"]


@dataclass(frozen=True, eq=False)
class RowStates:
    """|i>|0> -> sum_c amplitude_(c, i) |i>|c>.

    Attributes
    ----------
    amplitudes
        Real, shape (S, N), powers of two with S >= 2; each column has norm 1. The lower qubits hold i.
    """

    amplitudes: NDArray[np.float64]

    @cached_property
    def angles(self) -> list[NDArray[np.float64]]:
        """The angles of RY on each qubit of c, the highest first: shape (2^l, N) for the values of the l above it."""
        level, found = self.amplitudes, []
        while len(level) > 1:
            first, second = level[::2], level[1::2]
            found.append(2 * np.arctan2(second, first))
            level = np.hypot(first, second)  # signs stay with the last qubit
        return found[::-1]

    def act(self, states: NDArray, inverse: bool = False) -> NDArray:
        """Return what the rotations make of states, the columns, shape (S N, k): the same unitary as the circuit."""
        slots, rows = self.amplitudes.shape
        for cos, sin in self._turns[::-1] if inverse else self._turns:
            tensor = states.reshape(len(cos), 2, slots // (2 * len(cos)), rows, -1)
            zero, one = tensor[:, 0], tensor[:, 1]
            made = np.empty(tensor.shape, dtype=np.result_type(tensor, cos))
            if inverse:
                made[:, 0], made[:, 1] = cos * zero + sin * one, cos * one - sin * zero
            else:
                made[:, 0], made[:, 1] = cos * zero - sin * one, sin * zero + cos * one
            states = made
        return states.reshape(slots * rows, -1)

    @cached_property
    def _turns(self) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
        """Cosine and sine of half of each of the angles, shape (2^l, 1, N, 1)."""
        halves = [angles[:, None, :, None] / 2 for angles in self.angles]
        return [(np.cos(half), np.sin(half)) for half in halves]

    def circuit(self) -> QuantumCircuit:
        """Return the rotations: the qubits of i, then those of c, the lowest first; N (S - 1) CX at most."""
        slots, rows = self.amplitudes.shape
        low, high = rows.bit_length() - 1, slots.bit_length() - 1
        circuit = QuantumCircuit(low + high, name="row_states")
        for depth, angles in enumerate(self.angles):
            target = low + high - 1 - depth
            controls = [*range(low), *range(target + 1, low + high)]
            multiplexed_rotation(circuit, angles.ravel(), controls, target)
        return circuit
