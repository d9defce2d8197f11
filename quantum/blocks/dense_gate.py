"""The decomposition that all blocks given by a matrix share."""

import numpy as np
from qiskit import QuantumCircuit
from qiskit.circuit import Gate
from qiskit.circuit.library import UnitaryGate

__all__ = ["DenseGate"]


class DenseGate(Gate):
    """A gate that declares its matrix by ``__array__``; it decomposes into one unitary, synthesized generically."""

    @property
    def two_qubit_gates(self) -> int:
        """At most how many two-qubit gates the decomposition takes (Shende, Bullock, Markov 2006, Theorem 13)."""
        n = self.num_qubits
        return 0 if n == 1 else (23 * 4**n - 72 * 2**n + 64) // 48

    def _define(self) -> None:
        self.definition = QuantumCircuit(self.num_qubits, name=self.name)
        self.definition.append(UnitaryGate(np.asarray(self), label=self.label or self.name), range(self.num_qubits))
