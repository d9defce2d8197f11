"""A sparse state prepared by merging its terms: backwards, two at a time, until one is left."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from quantum.blocks.parity_rotation import ParityRotation, gray_code, walsh_functions

__all__ = ["merging"]


def merging(
    points: NDArray[np.bool_], amplitudes: NDArray[np.float64], most: int | None = None
) -> QuantumCircuit | None:
    """Prepare sum_m amplitude_m |points_m> from |0...0>.

    Gleinig and Hoefler 2021 (DAC), "An Efficient Algorithm for Sparse Quantum State Preparation": backwards, two
    basis states are merged into one by CNOTs and a rotation controlled by the c qubits that tell the two from the
    rest. Here the rotation is a sum over the 2^c parities of these qubits, in 2^c - 1 CNOTs; for few controls, as
    there mostly are, a generic multi-controlled rotation takes more.

    Parameters
    ----------
    points
        Distinct, shape (K, r).
    amplitudes
        Real, none of them zero, norm 1, shape (K,).
    most
        The most CNOTs that are of use.

    Returns
    -------
    QuantumCircuit or None
        r qubits; for each of K-1 merges at most r - 1 + 2^c - 1 CNOTs. None as soon as there are more than `most`.
    """
    bits, amplitudes = points.copy(), amplitudes.copy()
    merges: list[_Merge] = []
    cnots = 0
    while len(bits) > 1:
        pivot, one, two, controls = _isolate(bits)
        # Make the two states differ in the pivot only. Every state whose pivot is 1 moves along.
        others = bits[one] ^ bits[two]
        others[pivot] = False
        bits[bits[:, pivot]] ^= others
        parities = gray_code(controls, points.shape[1])
        # Backwards, the rotation begins by adding its last parity to the pivot.
        bits[:, pivot] ^= walsh_functions(parities[-1:], bits)[:, 0] < 0
        if bits[two, pivot]:
            one, two = two, one
        angle = 2 * np.arctan2(amplitudes[one], amplitudes[two])
        # These Walsh functions sum to 2^c where the controls have the values of the two states, and to 0 elsewhere.
        coefficients = angle * walsh_functions(parities, bits[[two]])[0] / len(parities)
        merge = _Merge(pivot, np.flatnonzero(others), ParityRotation(parities, coefficients, parities[-1]))
        merges.append(merge)
        cnots += len(merge.others) + merge.rotation.cnots()
        if most is not None and cnots > most:
            return None
        amplitudes[two] = np.hypot(amplitudes[one], amplitudes[two])
        bits, amplitudes = np.delete(bits, one, axis=0), np.delete(amplitudes, one)
    circuit = QuantumCircuit(points.shape[1])
    for qubit in np.flatnonzero(bits[0])[::-1]:
        circuit.x(int(qubit))
    for merge in reversed(merges):
        merge.rotation.append_to(circuit, merge.pivot)
        for qubit in merge.others[::-1]:
            circuit.cx(merge.pivot, int(qubit))
    if amplitudes[0] < 0:  # a single basis state with amplitude -1
        circuit.global_phase += np.pi
    return circuit


@dataclass(frozen=True)
class _Merge:
    """A merge undone: the rotation of the pivot, then the qubits that the pivot is added to, in ascending order."""

    pivot: int
    others: NDArray[np.int64]
    rotation: ParityRotation


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
