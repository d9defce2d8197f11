"""The sparse loader: a listed state from |0...0> in O(M n) two-qubit gates, without an ancilla.

Gleinig and Hoefler 2021 (DAC), "An Efficient Algorithm for Sparse Quantum State Preparation": backwards, two
basis states are merged into one by CNOTs and one controlled rotation, until one is left.
"""

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import Gate
from qiskit.circuit.library import RYGate

from quantum.blocks.sparse_state import SparseState

__all__ = ["SparseLoader"]


class SparseLoader(Gate):
    """|0...0> -> the given sparse state.

    Notes
    -----
    Registers: the n qubits of the state. Decomposition: for each of M-1 merges at most n CNOTs, and one RY rotation
    controlled by O(log M) qubits; a few NOTs.
    """

    def __init__(self, state: SparseState) -> None:
        super().__init__("sparse_loader", state.num_qubits, [])
        self.state = state

    def _define(self) -> None:
        bits, amplitudes = self.state.bits.copy(), self.state.amplitudes.copy()
        merges = QuantumCircuit(self.num_qubits, name=self.name)
        while len(bits) > 1:
            pivot, one, two, controls = _isolate(bits)
            if not bits[one, pivot]:
                merges.x(pivot)
                bits[:, pivot] ^= True
            # Make the two states differ in the pivot only. Every state whose pivot is 1 moves along.
            moved = bits[:, pivot].copy()
            for qubit in np.flatnonzero(bits[one] ^ bits[two]):
                if qubit != pivot:
                    merges.cx(pivot, int(qubit))
                    bits[moved, qubit] ^= True
            angle = 2 * np.arctan2(amplitudes[one], amplitudes[two])
            merges.append(_rotation(-angle, bits[two, controls]), [*map(int, controls), pivot])
            amplitudes[two] = np.hypot(amplitudes[one], amplitudes[two])
            bits, amplitudes = np.delete(bits, one, axis=0), np.delete(amplitudes, one)
        for qubit in np.flatnonzero(bits[0]):
            merges.x(int(qubit))
        self.definition = merges.inverse()
        if amplitudes[0] < 0:  # a single basis state with amplitude -1
            self.definition.global_phase += np.pi


def _isolate(bits: NDArray[np.bool_]) -> tuple[int, int, int, NDArray[np.int64]]:
    """Choose two states to merge.

    Returns the pivot qubit in which they differ, the two states (rows), and the qubits whose values, shared by the
    two once they differ in the pivot only, no other state has.
    """
    qubits: list[int] = []
    one = _narrow(bits, np.arange(len(bits)), qubits)
    pivot = qubits.pop()
    agreeing = np.all(bits[:, qubits] == bits[one, qubits], axis=1)
    agreeing[one] = False
    two = _narrow(bits, np.flatnonzero(agreeing), qubits)
    return pivot, one, two, np.array(qubits, dtype=np.int64)


def _narrow(bits: NDArray[np.bool_], rows: NDArray[np.int64], qubits: list[int]) -> int:
    """Narrow rows down to one, each time by the qubit that splits them most unevenly; `qubits` collects those."""
    while len(rows) > 1:
        ones = bits[rows].sum(axis=0)
        smaller = np.minimum(ones, len(rows) - ones)
        qubit = int(np.argmin(np.where(smaller > 0, smaller, len(rows))))
        value = ones[qubit] <= len(rows) - ones[qubit]
        rows = rows[bits[rows, qubit] == value]
        qubits.append(qubit)
    return int(rows[0])


def _rotation(angle: float, values: NDArray[np.bool_]) -> Gate:
    """Return RY(angle), controlled by qubits that must have these values."""
    if len(values) == 0:
        return RYGate(angle)
    return RYGate(angle).control(len(values), ctrl_state=int(values @ (1 << np.arange(len(values)))), annotated=False)
