"""Any square matrix as a block of a unitary, over the norm of its absolute values, by states of a random walk."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit, QuantumRegister
from qiskit.circuit import Gate

from problems.errors import InputError, yes_or_no
from quantum.blocks.block_cost import BlockCost, written_cost
from quantum.blocks.multiplexed_rotation import append_diagonal, multiplexed_rotation
from quantum.blocks.row_states import RowStates
from quantum.blocks.walk_states import check_matrix, check_offsets, is_hermitian, walk_states

__all__ = ["WalkBlockEncoding"]


class WalkBlockEncoding(Gate):
    """U with <i|<0|U|j>|0> = A_ij/alpha, where alpha = || |A| ||_2 is the least that a walk over entries allows.

    Parameters
    ----------
    matrix
        A, shape (n, n), real or complex: entries may be negative, |A| reducible, rows zero, A not Hermitian.
    offsets
        Whole numbers 1..N-1: off the diagonal, A_ij is nonzero for i ^ j among them only. None: A is dense.
    hermitian
        Whether U itself must be Hermitian, with the same states on both sides of the core, as phase estimation and a
        control on the core alone need. A matrix that is not Hermitian is then [[0, A], [A', 0]], the row of blocks in
        the highest index qubit.

    Attributes
    ----------
    matrix
        A as it was given, in floating-point numbers.
    alpha
        || |A| ||_2, which is the norm of A where no entry is negative.
    size
        N, the next power of two that is at least n and 2. If it is above n, the further rows have alpha on the
        diagonal: they do not change the condition.
    padding
        N - n.
    dilated
        Whether the block is [[0, A], [A', 0]].
    registers
        The registers `index` and `offset`, the lowest first.
    flags
        The qubits of `offset`, which are |0> where the block stands.
    alike, is_hermitian
        Whether L and R below are the same, and whether U is its own inverse.

    Raises
    ------
    InputError
        If the matrix is not square, has entries that are no finite numbers or zero all, or has entries at other
        offsets; if its entries differ so much in size that floating-point numbers do not meet them; or memory is short.

    Notes
    -----
    Registers: `index` of log2 N qubits (one more if dilated), then `offset` of as many, or of ceil(log2(s + 2)) for s
    offsets. On the offset register in |0> stands A/alpha.

    Decomposition: U = L' (i ^= c, phases) R, with R|j>|0> = sum_c right_(c, j)|j>|c>, squares of amplitudes
    |A_(i, i^c)| v_(i^c)/(alpha v_i), v the Perron vector of |A|. It is found classically, by an eigensolver and
    inverse iteration, in O(n^3); the sparse variant could do with power iteration in O(n s) a step. Signs are in the
    amplitudes, off the diagonal of a Hermitian matrix in one of two partners, so that R and L stay alike; phases of
    complex entries, and for `hermitian` negative entries on the diagonal of a dense matrix, are a diagonal in the core.

    Cost: 2 N (N - 1) + log2 N CX for a dense real matrix; a diagonal takes N^2 - 2 more; dilated about twice as many.
    Sparse 2 N (S - 1) + S (log2 N + 1) at most, S = 2^ceil(log2(s + 2)).

    The walk is Szegedy's (2004, arXiv:quant-ph/0401053, for stochastic matrices) in the form of Berry and Childs 2012
    (arXiv:0910.4157), with Perron weights in place of equal ones.
    """

    def __init__(self, matrix: ArrayLike, offsets: Sequence[int] | None = None, hermitian: bool = False) -> None:
        self.matrix = check_matrix(matrix)
        of_slots = None if offsets is None else check_offsets(offsets, self.matrix)
        self.offsets = None if offsets is None else tuple(int(offset) for offset in offsets)
        symmetric = is_hermitian(self.matrix)
        self.dilated = yes_or_no("hermitian", hermitian) and not symmetric
        self._states = walk_states(self.matrix, of_slots, alike=hermitian)
        self.alpha = self._states.alpha
        slots, self.size = self._states.left.shape
        self.padding = self.size - len(self.matrix)
        low = self.size.bit_length() - 1 + self.dilated
        super().__init__("walk", low + slots.bit_length() - 1, [])
        self.registers = (QuantumRegister(low, "index"), QuantumRegister(slots.bit_length() - 1, "offset"))
        self.flags = tuple(range(low, self.num_qubits))
        self.alike = self.dilated or self._states.alike
        self.is_hermitian = self.dilated or (symmetric and self._states.alike)
        if self.dilated:
            both = RowStates(np.hstack([self._states.left, self._states.right]))
            self._left, self._right = both, both
        else:
            self._right = RowStates(self._states.right)
            self._left = self._right if self.alike else RowStates(self._states.left)

    def __repr__(self) -> str:
        """Return what it encodes in one line."""
        kind = "dense" if self.offsets is None else f"{len(self.offsets)} offsets"
        rows = f"{len(self.matrix)} rows" + (f" padded to {self.size}" if self.padding else "")
        return f"WalkBlockEncoding({rows}, {kind}, alpha={self.alpha:.6g}, {self.num_qubits} qubits)"

    @cached_property
    def kappa_eff(self) -> float:
        """Return alpha over the least singular value of A, computed classically; infinite for a singular matrix."""
        values = np.linalg.svd(self.matrix, compute_uv=False)
        rounding = len(values) * np.finfo(float).eps * values[0]
        return float(self.alpha / values[-1]) if values[-1] > rounding else float("inf")

    @cached_property
    def cost(self) -> BlockCost:
        """Return what one query costs as it is written."""
        return written_cost(self.definition, queries=1)

    @property
    def two_qubit_gates(self) -> int:
        """Return the CX gates of a query."""
        return self.cost.two_qubit

    def block(self) -> NDArray:
        """Return the matrix that stands on the offset |0>, over alpha: A/alpha, padded and dilated."""
        encoded: NDArray = self._states.block()
        if not np.iscomplexobj(self.matrix):
            encoded = encoded.real
        if not self.dilated:
            return encoded
        zeros = np.zeros_like(encoded)
        return np.block([[zeros, encoded], [encoded.conj().T, zeros]])

    def act(self, states: NDArray, inverse: bool = False) -> NDArray:
        """Return what U, or its inverse, makes of states, the columns, shape (2^qubits, k).

        Nothing of the size of U is formed: O(2^qubits log S) operations a state.
        """
        phases = np.ones(1) if self._core_phases is None else self._core_phases
        if inverse:
            moved = (np.conj(phases)[:, None] * self._left.act(states))[self._partners]
            return self._right.act(moved, inverse=True)
        return self._left.act(phases[:, None] * self._right.act(states)[self._partners], inverse=True)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray:
        return self.act(np.eye(2**self.num_qubits)).astype(dtype or complex)

    def inverse(self, annotated: bool = False) -> Gate:
        """Return the inverse: the gate itself where U is Hermitian."""
        return self if self.is_hermitian else super().inverse()

    def controlled_core(self) -> Gate:
        """Return U with a control, the last qubit, on its core alone: without the core, L' R is nothing.

        Raises
        ------
        InputError
            If L and R differ: take the encoding with hermitian=True.

        Notes
        -----
        Cost: a CX of the core becomes a Toffoli gate, a diagonal one of twice as many entries.
        """
        if not self.alike:
            raise InputError(
                "The states of rows and columns differ, so that a control on the core alone leaves their product; "
                "make the encoding with hermitian=True."
            )
        circuit = QuantumCircuit(self.num_qubits + 1, name="controlled_walk")
        circuit.compose(self._right.circuit(), range(self.num_qubits), inplace=True)
        circuit.compose(self._core(controlled=True), inplace=True)
        circuit.compose(self._left.circuit().inverse(), range(self.num_qubits), inplace=True)
        return circuit.to_gate()

    def _define(self) -> None:
        self.definition = QuantumCircuit(self.num_qubits, name=self.name)
        self.definition.compose(self._right.circuit(), inplace=True)
        self.definition.compose(self._core(controlled=False), inplace=True)
        self.definition.compose(self._left.circuit().inverse(), inplace=True)

    @cached_property
    def _partners(self) -> NDArray[np.int64]:
        """Flat places from which the core fetches each (slot, row), shape (S N,)."""
        offsets, rows = self._states.offsets, np.arange(self.size << self.dilated)
        turned = rows ^ offsets[:, None] ^ (self.size if self.dilated else 0)
        return (np.arange(len(offsets))[:, None] * len(rows) + turned).ravel()

    @cached_property
    def _phases(self) -> NDArray[np.complex128] | None:
        """Phases of the core by slot and row, shape (S, N) or (S, 2N), without the sign of the upper half."""
        phases, offsets = self._states.phases, self._states.offsets
        if phases is None or not self.dilated:
            return phases
        rows = np.arange(self.size)
        partners = phases[np.arange(len(offsets))[:, None], rows ^ offsets[:, None]]
        return np.hstack([phases, partners.conj()])

    @cached_property
    def _core_phases(self) -> NDArray | None:
        """All phases of the core, shape (S N,); None where there are none."""
        rows, slots = self.size << self.dilated, len(self._states.offsets)
        signs = np.where(self._states.halved & (2 * np.arange(slots) >= slots), -1.0, 1.0)
        if self._phases is None:
            return np.repeat(signs, rows) if self._states.halved else None
        return (signs[:, None] * self._phases).ravel()

    def _core(self, controlled: bool) -> QuantumCircuit:
        """Return i ^= offset and the phases; the control, if there is one, is the last qubit."""
        circuit = QuantumCircuit(self.num_qubits + controlled)
        control, low = self.num_qubits, self.size.bit_length() - 1
        if self.offsets is None:
            for flag, qubit in zip(self.flags, range(low), strict=True):
                if controlled:
                    circuit.ccx(control, flag, qubit)
                else:
                    circuit.cx(flag, qubit)
        else:
            self._append_offsets(circuit, [*self.flags, control] if controlled else list(self.flags))
        if self.dilated and controlled:
            circuit.cx(control, low)
        elif self.dilated:
            circuit.x(low)
        if self._phases is not None:
            diagonal = self._phases.ravel()
            if controlled:
                diagonal = np.concatenate([np.ones_like(diagonal), diagonal])
            append_diagonal(circuit, diagonal, list(range(circuit.num_qubits)))
        if self._states.halved and controlled:
            circuit.cz(control, self.flags[-1])
        elif self._states.halved:
            circuit.z(self.flags[-1])
        return circuit

    def _append_offsets(self, circuit: QuantumCircuit, controls: list[int]) -> None:
        """Append NOTs on the index qubits where the slot's offset has a one, as rotations about X and phases."""
        offsets = np.zeros(2 ** len(controls), dtype=np.int64)
        offsets[-len(self._states.offsets) :] = self._states.offsets  # with a control, it must be on
        turns = np.zeros(len(offsets))
        for qubit in range(self.size.bit_length() - 1):
            written = offsets >> qubit & 1
            turns += written
            circuit.s(qubit)
            multiplexed_rotation(circuit, np.pi * written, controls, qubit)
            circuit.sdg(qubit)
        if np.any(turns):
            # X = i RX(pi): the phases of the qubits together.
            append_diagonal(circuit, 1j ** (turns % 4), controls)
