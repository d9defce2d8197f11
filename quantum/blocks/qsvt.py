"""Polynomials of a matrix, given as a block of a unitary: quantum singular value transformation."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import Gate
from qiskit.quantum_info import Operator

from problems.errors import InputError
from quantum.blocks.block_cost import BlockCost, written_cost
from quantum.blocks.projectors import Projector, ZeroFlags

__all__ = ["Qsvt"]


class Qsvt(Gate):
    """A unitary with P(A) as its block, A = Pi_left U Pi_right a block of U and P a polynomial of one parity.

    If A = W s V' (singular values s), the block is W P(s) V' for odd P, from the right space to the left one, and
    V P(s) V' for even P, on the right one; for Hermitian A on one space both are P(A).

    Parameters
    ----------
    encoding
        The gate U. Where it has a method ``act(states, inverse=False)``, state vectors are computed with it, else with
        its matrix; where it has a method ``controlled_core()``, `controlled` is there too.
    phases
        phi_0, ..., phi_D from `symmetric_phases`, in radians: the imaginary part of their response is P.
    right, left
        The spaces; None: the qubits ``encoding.flags`` in |0>, and for the left one the same as the right one.
    adjoint
        Transform A' = V s W' in place of A: begin with the inverse of U, from the left space.

    Raises
    ------
    InputError
        If the phases are no list of finite real numbers that reads the same from its end, the encoding has no flags
        and no spaces are given, or a space is one of another number of qubits.

    Notes
    -----
    Registers: the n qubits of U, then `real`, in |0> before and, where it worked, after. Decomposition: H on `real`;
    D + 1 phases e^(i phi Z (2 Pi - 1)), the sign of each by the qubit `real`, with U and its inverse by turns between;
    H. Both signs together leave the real part of a product of reflections, i^(-D) times the response; for even D a Z
    takes the imaginary part. The factor i^(1 - D) that remains is the circuit's global phase, so that the block is
    P and not -P. Cost: D queries and D + 1 phases.

    Gilyen, Su, Low and Wiebe 2019 (arXiv:1806.01838), theorem 17 and corollary 18.
    """

    def __init__(
        self,
        encoding: Gate,
        phases: ArrayLike,
        right: Projector | None = None,
        left: Projector | None = None,
        adjoint: bool = False,
    ) -> None:
        super().__init__("qsvt", encoding.num_qubits + 1, [])
        self.encoding, self.adjoint = encoding, adjoint
        given = np.asarray(phases)
        if given.ndim != 1 or len(given) == 0 or given.dtype.kind not in "iuf" or not np.all(np.isfinite(given)):
            raise InputError("The phases must be a list of finite real numbers; take those of symmetric_phases.")
        self.phases = given.astype(float)
        if not np.allclose(self.phases, self.phases[::-1], rtol=0, atol=1e-9):
            raise InputError("The phases must read the same from their end; take those of symmetric_phases.")
        self.right = right if right is not None else _flagged(encoding)
        self.left = left if left is not None else self.right
        for name, space in (("right", self.right), ("left", self.left)):
            if space.num_qubits != encoding.num_qubits:
                raise InputError(
                    f"The {name} space is one of {space.num_qubits} qubits, but the encoding has "
                    f"{encoding.num_qubits}; give one of as many."
                )

    @property
    def degree(self) -> int:
        """The degree D, as many as there are queries."""
        return len(self.phases) - 1

    @cached_property
    def cost(self) -> BlockCost:
        """Return what the circuit costs as it is written."""
        return written_cost(self.definition, queries=self.degree)

    @property
    def two_qubit_gates(self) -> int:
        """Return the CX gates of the circuit."""
        return self.cost.two_qubit

    def transform(self, states: ArrayLike) -> NDArray:
        """Return P(A) of states in the space where A begins, the columns, shape (2^n, k): the block, not normalized.

        The same unitary as the circuit, query by query, on the state vector; what ends with `real` in |1> or outside
        of the space is left out.
        """
        whole = np.asarray(states)
        width = 2**self.encoding.num_qubits
        acted = self.act(np.concatenate([whole, np.zeros_like(whole)]))[:width]
        return (self._turns[-1][1]).project(acted)

    def act(self, states: NDArray) -> NDArray:
        """Return what the whole circuit makes of states, the columns, shape (2^(n + 1), k)."""
        half, count = 2**self.encoding.num_qubits, states.shape[1]
        plus, minus = states[:half] + states[half:], states[:half] - states[half:]
        both = np.concatenate([plus, minus], axis=1).astype(complex)  # `real` in |0>, in |1>
        sign = np.repeat([1.0, -1.0], count)
        for step, (angle, space) in enumerate(self._turns):
            if step:
                both = self._query(both, inverse=(step % 2 == 0) != self.adjoint)
            inside = space.project(both)
            both = np.exp(-1j * angle * sign) * both + 2j * np.sin(angle * sign) * inside
        plus, minus = both[:, :count], both[:, count:] * (-1 if self.degree % 2 == 0 else 1)
        return 1j ** ((self.degree - 1) % 4) / 2 * np.concatenate([plus + minus, plus - minus])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray:
        return self.act(np.eye(2**self.num_qubits)).astype(dtype or complex)

    def controlled_core(self) -> Gate:
        """Return the circuit with a control, the last qubit, on the cores of the queries and the rotations alone.

        The control's own phase i^(D - 1) is a gate here: without it the sign of P would be lost.

        Raises
        ------
        InputError
            If the encoding cannot be controlled by its core, or is not its own inverse.
        """
        if not hasattr(self.encoding, "controlled_core"):
            raise InputError("The encoding has no method controlled_core(); it cannot be controlled by its core.")
        query = self.encoding.controlled_core()
        inverse = query if getattr(self.encoding, "is_hermitian", False) else query.inverse()
        circuit = QuantumCircuit(self.num_qubits + 1, name="controlled_qsvt")
        self._write(circuit, query, inverse, controlled=True)
        for _ in range((self.degree - 1) % 4):
            circuit.s(self.num_qubits)
        return circuit.to_gate()

    def _define(self) -> None:
        self.definition = QuantumCircuit(self.num_qubits, name=self.name)
        self._write(self.definition, self.encoding, self.encoding.inverse(), controlled=False)
        self.definition.global_phase += (self.degree - 1) % 4 * np.pi / 2

    def _write(self, circuit: QuantumCircuit, query: Gate, inverse: Gate, controlled: bool) -> None:
        real = self.encoding.num_qubits
        qubits = [*range(real), real + 1] if controlled else list(range(real))
        circuit.h(real)
        for step, (angle, space) in enumerate(self._turns):
            if step:
                circuit.append(inverse if (step % 2 == 0) != self.adjoint else query, qubits)
            circuit.compose(space.phase(angle, controlled), inplace=True)
        if self.degree % 2 == 0 and controlled:
            circuit.cz(real + 1, real)
        elif self.degree % 2 == 0:
            circuit.z(real)
        circuit.h(real)

    @cached_property
    def _turns(self) -> list[tuple[float, Projector]]:
        """The angle and the space of each phase, in the order of the circuit.

        W = i e^(-i pi Z/4) R e^(-i pi Z/4), R the reflection that U is between vectors of the two spaces.
        """
        angles = self.phases - np.pi / 2
        angles[[0, -1]] += np.pi / 4 if self.degree else np.pi / 2
        spaces = (self.left, self.right) if self.adjoint else (self.right, self.left)
        return [(float(angle), spaces[step % 2]) for step, angle in enumerate(angles)]

    def _query(self, states: NDArray, inverse: bool) -> NDArray:
        if hasattr(self.encoding, "act"):
            return self.encoding.act(states, inverse)
        return (self._unitary.conj().T if inverse else self._unitary) @ states

    @cached_property
    def _unitary(self) -> NDArray[np.complex128]:
        return np.asarray(Operator(self.encoding).data)


def _flagged(encoding: Gate) -> Projector:
    if not hasattr(encoding, "flags"):
        raise InputError("The encoding has no attribute flags; say by left and right where its block stands.")
    return ZeroFlags(encoding.num_qubits, encoding.flags)
