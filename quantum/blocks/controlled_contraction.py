"""A contraction as a block of a unitary, controlled: off, the block is a stated multiple of the identity."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import Gate
from qiskit.circuit.library import DiagonalGate, UCRYGate, UnitaryGate
from scipy.linalg import block_diag, schur

from problems.arrays import as_numbers
from problems.errors import InputError

__all__ = ["ControlledContraction"]

ROUNDING = 1e-9
"""A norm that is above 1 by no more is taken for rounding, and singular values are cut to 1."""


class ControlledContraction(Gate):
    """|1...1>|x>|0> -> |1...1> K|x>|0> + ...|1>, and |v>|x>|0> -> off_v |v>|x>|0> + ...|1> for every other v.

    Parameters
    ----------
    matrix
        K, real or complex, shape (2^s, 2^s), spectral norm at most 1.
    off
        A number in [-1, 1] for each control value v = 0..2^c - 2, so 2^c - 1 numbers with c >= 1 controls.
    inverted
        Apply the adjoint of the whole unitary: its block is K' or off_v (' the adjoint).

    Attributes
    ----------
    matrix, off, inverted
        As given, as arrays.
    data_qubits, control_qubits
        s >= 1 and c >= 1.

    Raises
    ------
    InputError
        If the matrix is not square of a power of two, has entries that are not finite or a norm above 1, or `off`
        has not 2^c - 1 numbers in [-1, 1].

    Notes
    -----
    Registers: the data (s qubits), the controls (c, the first lowest in v), the flag, which is 0 where the block acts.
    With the polar form K = Q P, P = V cos(w/2) V' and Q = X e^(iD) X', the gates are V', a rotation RY of the flag
    by w_x, multiplexed over x, V, and then X', e^(iD) and X. Where the controls are off V and X cancel, so that only
    the rotation, by 2 arccos(off_v) there, and the diagonal know of the controls. V and X' are one unitary.
    Cost: 2^(s+c) CNOTs for the rotation, 2^(s+c) - 2 for the diagonal, and three unitaries of s qubits.
    """

    def __init__(self, matrix: ArrayLike, off: ArrayLike = (1.0,), inverted: bool = False) -> None:
        array = as_numbers("matrix", matrix)
        size = len(array) if array.ndim else 0
        if array.ndim != 2 or array.shape != (size, size) or size < 2 or size & (size - 1):
            raise InputError(
                f"matrix has shape {array.shape}; give a square matrix of a power of two of at least 2 rows, padded "
                "with zeros."
            )
        if array.dtype.kind not in "biufc" or not np.all(np.isfinite(array)):
            raise InputError("matrix has entries that are no finite numbers; give real or complex numbers.")
        self.matrix = np.array(array, dtype=complex if array.dtype.kind == "c" else float)
        norm = np.linalg.norm(self.matrix, 2)
        if norm > 1 + ROUNDING:
            raise InputError(f"matrix has the spectral norm {norm:.6g}, above 1; divide it by its norm first.")
        self.off = np.array(off, dtype=float).reshape(-1)
        count = len(self.off) + 1
        if count < 2 or count & (count - 1) or not np.all(np.abs(self.off) <= 1):
            raise InputError(
                f"off = {self.off.tolist()} does not fit; give 1, 3, 7, ... numbers in [-1, 1], one for each control "
                "value but the last."
            )
        self.inverted = bool(inverted)
        self.data_qubits, self.control_qubits = size.bit_length() - 1, count.bit_length() - 1
        name = "contraction_dg" if inverted else "contraction"
        super().__init__(name, self.data_qubits + self.control_qubits + 1, [])

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, ControlledContraction)
            and self.inverted == other.inverted
            and np.array_equal(self.matrix, other.matrix)
            and np.array_equal(self.off, other.off)
        )

    __hash__ = None  # type: ignore[assignment]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray:
        size = len(self.matrix)
        q, v, cosines, _, _ = self._polar
        even = [number * np.eye(size) for number in self.off]
        odd = [np.sqrt(1 - number**2) * np.eye(size) for number in self.off]
        even.append(q @ (v * cosines) @ v.conj().T)
        odd.append(q @ (v * np.sqrt(1 - cosines**2)) @ v.conj().T)
        stays, turns = block_diag(*even), block_diag(*odd)
        whole = np.block([[stays, -turns], [turns, stays]]).astype(dtype or complex)
        return whole.conj().T if self.inverted else whole

    def inverse(self, annotated: bool = False) -> "ControlledContraction":
        """Return the adjoint, whose block is K' where the controls are on."""
        return ControlledContraction(self.matrix, self.off, not self.inverted)

    @property
    def two_qubit_gates(self) -> int:
        """At most how many two-qubit gates the decomposition takes."""
        s, selected = self.data_qubits, 2 ** (self.data_qubits + self.control_qubits)
        dense = 0 if s == 1 else (23 * 4**s - 72 * 2**s + 64) // 48
        return 3 * dense + 2 * selected - 2

    @cached_property
    def _polar(self) -> tuple[NDArray, NDArray, NDArray, NDArray, NDArray]:
        """Q, V and the cosines of P, and the phases and eigenvectors of Q."""
        u, cosines, vh = np.linalg.svd(self.matrix)
        q, v = u @ vh, vh.conj().T
        # Q is normal, so that its triangular Schur form is diagonal, and the vectors are orthonormal where phases meet.
        triangular, x = schur(q, output="complex")
        return q, v, np.minimum(cosines, 1), np.angle(np.diag(triangular)), x

    def _define(self) -> None:
        s, c = self.data_qubits, self.control_qubits
        data, controls, flag = list(range(s)), list(range(s, s + c)), s + c
        _, v, cosines, phases, x = self._polar
        angles = np.concatenate([np.repeat(2 * np.arccos(self.off), 2**s), 2 * np.arccos(cosines)])
        diagonal = np.concatenate([np.ones(len(self.off) * 2**s), np.exp(1j * phases)])
        circuit = QuantumCircuit(self.num_qubits, name="contraction")
        circuit.append(UnitaryGate(v.conj().T, label="V'"), data)
        circuit.append(UCRYGate(angles.tolist()), [flag, *data, *controls])
        circuit.append(UnitaryGate(x.conj().T @ v, label="X'V"), data)
        circuit.append(DiagonalGate(diagonal), [*data, *controls])
        circuit.append(UnitaryGate(x, label="X"), data)
        self.definition = circuit.inverse() if self.inverted else circuit
        self.definition.name = self.name
