"""The Hermitian form of the system of all time slots, for phase estimation on its walk."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit, QuantumRegister
from qiskit.circuit import Gate
from qiskit.quantum_info import Operator

from problems.memory import require_memory
from quantum.sparse_training.carleman_encoding import CarlemanEncoding

__all__ = ["CarlemanWalk"]


class CarlemanWalk(Gate):
    """The Hermitian unitary with the block [[0, A], [A', 0]], A = L/alpha, as `WalkPhaseEstimation` takes it.

    Parameters
    ----------
    encoding
        Of L/alpha, without a level.

    Attributes
    ----------
    matrix, size, dilated
        A on all basis states of the system, its rows, and True.
    registers, flags
        `index`, the system and above it the row of blocks, and `offset`, the encoding's ancillas: their places.
    is_hermitian, alike
        True.

    Notes
    -----
    Registers: index, offset. Decomposition: the encoding where the row of blocks is 1, its adjoint where it is 0, and a
    NOT of that row; each is switched by the rotations of its term, as nothing else happens where the term is 0. Cost:
    two queries.
    """

    is_hermitian = alike = dilated = True

    def __init__(self, encoding: CarlemanEncoding) -> None:
        self.encoding = encoding
        system = encoding.system_qubits
        super().__init__("carleman_walk", encoding.num_qubits + 1, [])
        self.registers = (QuantumRegister(system + 1, "index"), QuantumRegister(encoding.ancilla_qubits, "offset"))
        self.flags = tuple(range(system + 1, self.num_qubits))
        self.size = 2**system

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CarlemanWalk) and self.encoding == other.encoding

    __hash__ = None  # type: ignore[assignment]

    @cached_property
    def matrix(self) -> NDArray[np.float64]:
        """A."""
        return self.encoding.matrix()

    @property
    def kappa_eff(self) -> float:
        """Alpha over the least singular value of L."""
        return self.encoding.condition

    def block(self) -> NDArray[np.float64]:
        """Return [[0, A], [A', 0]]."""
        zero = np.zeros_like(self.matrix)
        return np.block([[zero, self.matrix], [self.matrix.T, zero]])

    @cached_property
    def _whole(self) -> NDArray[np.complex128]:
        require_memory(5 * 16 * 4**self.num_qubits, f"A unitary of {self.num_qubits} qubits", "take fewer steps")
        return np.asarray(Operator(self.definition).data)

    def act(self, states: NDArray, inverse: bool = False) -> NDArray:
        """Return what the gate, its own inverse, makes of states, the columns: the reference, by its whole matrix."""
        return self._whole @ states

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray:
        return self._whole.astype(dtype or complex)

    def inverse(self, annotated: bool = False) -> "CarlemanWalk":
        """Return the gate: it is its own inverse."""
        return self

    def controlled_core(self) -> Gate:
        """Return the gate with a control, the last qubit."""
        circuit = self._circuit(controlled=True)
        return circuit.to_gate(label="controlled_carleman_walk")

    def _define(self) -> None:
        self.definition = self._circuit(controlled=False)

    def _circuit(self, controlled: bool) -> QuantumCircuit:
        circuit = QuantumCircuit(self.num_qubits + controlled, name=self.name)
        row = self.encoding.system_qubits
        switches = [row, self.num_qubits] if controlled else [row]
        places = [place for place in range(self.num_qubits) if place != row]
        query = self.encoding.switched(len(switches))
        circuit.append(query, [*places, *switches])
        circuit.x(row)
        circuit.append(query.inverse(), [*places, *switches])
        if not controlled:
            return circuit
        # Both blocks have come where they belong; only where the control is off the row has to be put back.
        circuit.x(self.num_qubits)
        circuit.cx(self.num_qubits, row)
        circuit.x(self.num_qubits)
        return circuit
