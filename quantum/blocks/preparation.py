"""A vector from |0...0>, with all its signs and phases."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import Gate
from qiskit.circuit.library import DiagonalGate

from quantum.blocks.sparse_loader import SparseLoader
from quantum.blocks.sparse_state import SparseState

__all__ = ["preparation"]


def preparation(vector: NDArray[Any]) -> Gate:
    """Return a gate that makes a normalized vector of |0...0>: a `SparseLoader`, then phases where it is complex."""
    states = np.flatnonzero(vector)
    qubits = (len(vector) - 1).bit_length()
    bits = ((states[:, None] >> np.arange(qubits)) & 1).astype(bool)
    complex_valued = bool(np.any(np.imag(vector)))
    amplitudes = np.abs(vector[states]) if complex_valued else np.real(vector[states])
    loader = SparseLoader(SparseState(bits, amplitudes / np.linalg.norm(amplitudes)), ancillas=False)
    if not complex_valued:
        return loader
    circuit = QuantumCircuit(qubits, name="complex_loader")
    circuit.append(loader, circuit.qubits)
    circuit.append(DiagonalGate(np.exp(1j * np.angle(vector))), circuit.qubits)
    return circuit.to_gate()
