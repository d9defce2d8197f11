"""What the blocks given by a matrix share: their decomposition."""

import numpy as np
from qiskit import QuantumCircuit
from qiskit.circuit import Gate
from qiskit.circuit.library import UnitaryGate

__all__ = ["DenseGate"]


class DenseGate(Gate):
    """A gate that declares its matrix by ``__array__``; it decomposes into one unitary, synthesized generically."""

    def _define(self) -> None:
        self.definition = QuantumCircuit(self.num_qubits, name=self.name)
        self.definition.append(UnitaryGate(np.asarray(self), label=self.label or self.name), range(self.num_qubits))
