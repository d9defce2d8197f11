"""An overlap with the solution of a linear system read with its sign, on one qubit and without post-selection."""

from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister

from quantum.blocks.block_cost import BlockCost, written_cost
from quantum.blocks.multiplexed_rotation import append_diagonal
from quantum.blocks.qsvt import Qsvt
from quantum.blocks.qsvt_inverse import QsvtInverse, check_vector
from quantum.blocks.row_states import RowStates
from quantum.blocks.walk_block_encoding import WalkBlockEncoding

__all__ = ["SignedOverlap"]


class SignedOverlap:
    """E[Z] = Re <left|f(A)|right> on a control qubit, f(A) the block of a `QsvtInverse`: close to factor alpha A^-1.

    The state (|0>|right> + |1>|left>)/sqrt 2 is prepared, f(A) applied where the control is 0, and the control is
    measured in the X basis. Both vectors are normalized. A swap test would give the square alone.

    Parameters
    ----------
    inverse
        The circuit of f(A).
    left, right
        Shape (n,), real or complex, not zero: right is the right side, left what its solution is compared with.

    Attributes
    ----------
    encoding
        The encoding of A whose control stands on its core alone: that of `inverse` where it allows that, else its
        Hermitian form, [[0, A], [A', 0]] for a matrix that is not Hermitian.

    Raises
    ------
    InputError
        If a vector has another shape, an entry that is no finite number, or is zero.

    Notes
    -----
    Registers: `index`, `offset`, `real`, then `control`. Decomposition: rotations that depend on the control prepare
    both vectors in 2 (N - 1) CX; then the QSVT circuit, of which the cores of the queries and the rotations about Z
    alone are controlled: without them the rest is nothing. The phase i^(D - 1) of the QSVT circuit is a gate on the
    control. Cost: a query is log2 N Toffoli gates in place of so many CX, and two CX a phase are added.
    """

    def __init__(self, inverse: QsvtInverse, left: ArrayLike, right: ArrayLike) -> None:
        n = len(inverse.encoding.matrix)
        self.inverse = inverse
        self.left, self.right = check_vector("left side", left, n), check_vector("right side", right, n)
        self.left, self.right = self.left / np.linalg.norm(self.left), self.right / np.linalg.norm(self.right)
        if inverse.encoding.is_hermitian:
            self.encoding = inverse.encoding
        else:
            self.encoding = WalkBlockEncoding(inverse.encoding.matrix, inverse.encoding.offsets, hermitian=True)

    def __repr__(self) -> str:
        """Return what it reads in one line."""
        return f"SignedOverlap({self.inverse!r})"

    @cached_property
    def gate(self) -> Qsvt:
        """The QSVT circuit that is controlled."""
        return Qsvt(self.encoding, self.inverse.phases, adjoint=True)

    @cached_property
    def circuit(self) -> QuantumCircuit:
        """The circuit from |0...0> on, without measurement: registers `index`, `offset`, `real`, `control`."""
        index, offset = self.encoding.registers
        real, control = QuantumRegister(1, "real"), QuantumRegister(1, "control")
        circuit = QuantumCircuit(index, offset, real, control, name="signed_overlap")
        circuit.h(control)
        vectors = np.stack([self._embedded(self.right, 0), self._embedded(self.left, 1)], axis=1)
        circuit.compose(RowStates(_magnitudes(vectors)).circuit(), [*control, *index], inplace=True)
        if np.iscomplexobj(vectors):
            append_diagonal(circuit, _phases(vectors).ravel(), list(map(circuit.qubits.index, [*control, *index])))
        circuit.x(control)
        circuit.append(self.gate.controlled_core(), circuit.qubits)
        circuit.x(control)
        circuit.h(control)
        return circuit

    @property
    def measured(self) -> QuantumCircuit:
        """The circuit with the control measured into one classical bit: 0 counts +1, and 1 counts -1."""
        circuit = self.circuit.copy()
        bit = ClassicalRegister(1, "sign")
        circuit.add_register(bit)
        circuit.measure(circuit.qubits[-1], bit[0])
        return circuit

    @cached_property
    def cost(self) -> BlockCost:
        """Gates of the circuit as it is written, preparation included."""
        return written_cost(self.circuit, queries=self.gate.degree)

    @cached_property
    def expectation(self) -> float:
        """E[Z] of the control, by state vector: Re <left|f(A)|right>."""
        start = np.zeros((2**self.encoding.num_qubits, 1), dtype=complex)
        width = self.encoding.size << self.encoding.dilated
        start[:width, 0] = self._embedded(self.right, 0)
        return float(np.real(np.vdot(self._embedded(self.left, 1), self.gate.transform(start)[:width, 0])))

    def _embedded(self, vector: NDArray, block: int) -> NDArray:
        """Return the vector padded, and in the rows (0) or columns (1) of [[0, A], [A', 0]]."""
        size = self.encoding.size
        whole = np.zeros(size << self.encoding.dilated, dtype=vector.dtype)
        start = size * block * self.encoding.dilated
        whole[start : start + len(vector)] = vector
        return whole


def _magnitudes(vectors: NDArray) -> NDArray[np.float64]:
    return np.abs(vectors) if np.iscomplexobj(vectors) else vectors.astype(float)


def _phases(vectors: NDArray) -> NDArray[np.complex128]:
    size = np.abs(vectors)
    return np.where(size > 0, vectors / np.where(size > 0, size, 1), 1).astype(complex)
