"""Any square matrix as a block of a unitary with one ancilla, written from its singular value decomposition."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import Gate
from qiskit.circuit.library import UCRYGate, UnitaryGate

from problems.arrays import as_numbers
from problems.errors import InputError
from problems.memory import require_memory
from quantum.blocks.controlled_contraction import ControlledContraction

__all__ = ["DenseEncoding"]


class DenseEncoding(Gate):
    """|x>|0> -> (A/alpha)|x>|0> + ...|1>, alpha the spectral norm of A.

    Parameters
    ----------
    matrix
        A, real or complex, shape (n, n), not zero; padded to a power of two by alpha on the diagonal.
    level
        A number in [-1, 1]: there is a further system qubit above all others, the level, and where it is 1 the block
        is this number instead of A/alpha. None: there is none.

    Attributes
    ----------
    alpha
        The spectral norm of A.
    system_qubits, ancilla_qubits
        Of A, padded, and of the level; 1.

    Raises
    ------
    InputError
        If the matrix is not square, zero or not finite, or the level is not in [-1, 1].

    Notes
    -----
    Registers: the system, the level highest if there is one, then the ancilla. Decomposition: without a level V', a
    multiplexed RY and U, of A/alpha = U S V'; with one a `ControlledContraction`, on where the level is 0. The
    reference for small matrices of no structure: it costs what two or three dense unitaries cost.
    """

    def __init__(self, matrix: ArrayLike, level: float | None = None) -> None:
        array = as_numbers("matrix", matrix)
        if array.ndim != 2 or array.shape[0] != array.shape[1] or not len(array):
            raise InputError(f"matrix has shape {array.shape}; give a square matrix.")
        if array.dtype.kind not in "biufc" or not np.all(np.isfinite(array)):
            raise InputError("matrix has entries that are no finite numbers; give real or complex numbers.")
        if level is not None and not abs(level) <= 1:
            raise InputError(f"level = {level} is no block of a unitary; give a number in [-1, 1].")
        self.given = np.array(array, dtype=complex if array.dtype.kind == "c" else float)
        self.alpha = float(np.linalg.norm(self.given, 2))
        if not self.alpha:
            raise InputError("matrix is zero; give one that has an inverse.")
        self.level = level
        qubits = max(1, (len(array) - 1).bit_length())
        self.system_qubits, self.ancilla_qubits = qubits + (level is not None), 1
        require_memory(5 * 16 * 4**self.system_qubits, f"A matrix of {len(array)} rows", "give a smaller one")
        super().__init__("dense_encoding", self.system_qubits + 1, [])

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, DenseEncoding) and self.level == other.level and np.array_equal(self.given, other.given)
        )

    __hash__ = None  # type: ignore[assignment]

    def at_level(self, level: float | None) -> "DenseEncoding":
        """Return the same encoding with a level, or without one."""
        return DenseEncoding(self.given, level)

    @cached_property
    def _block(self) -> NDArray[Any]:
        """A/alpha, padded."""
        size = 2 ** (self.system_qubits - (self.level is not None))
        block = np.eye(size, dtype=self.given.dtype)
        block[: len(self.given), : len(self.given)] = self.given / self.alpha
        return block

    @cached_property
    def condition(self) -> float:
        """Alpha over the least singular value; infinite for a matrix without an inverse."""
        least = float(np.linalg.svd(self.given, compute_uv=False)[-1])
        return self.alpha / least if least > 1e-15 * self.alpha else np.inf

    @property
    def flags(self) -> tuple[int, ...]:
        """The ancillas."""
        return tuple(range(self.system_qubits, self.num_qubits))

    def matrix(self) -> NDArray[Any]:
        """Return the block, A/alpha and the level, shape (2^system_qubits,) * 2: the reference."""
        if self.level is None:
            return self._block
        zero = np.zeros_like(self._block)
        return np.block([[self._block, zero], [zero, self.level * np.eye(len(zero))]])

    def apply(self, x: NDArray[Any], adjoint: bool = False) -> NDArray[Any]:
        """Return the block, or its adjoint, times a vector without the level, shape (2^qubits,)."""
        return np.asarray((self._block.conj().T if adjoint else self._block) @ x)

    def solve(self, right_side: NDArray[Any]) -> NDArray[Any]:
        """Return x with (A/alpha) x = b, b without the level, classically."""
        return np.linalg.solve(self._block, right_side)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray:
        if self.level is not None:
            whole = np.asarray(ControlledContraction(self._block, [self.level]))
            half = len(self._block)
            # There the control is on where the level is 0: both halves change places.
            order = np.arange(len(whole)) ^ half
            return whole[np.ix_(order, order)].astype(dtype or complex)
        u, s, vh = np.linalg.svd(self._block)
        cosine, sine = np.minimum(s, 1), np.sqrt(np.maximum(1 - s**2, 0))
        left, right = np.kron(np.eye(2), u), np.kron(np.eye(2), vh)
        turned = np.block([[np.diag(cosine), -np.diag(sine)], [np.diag(sine), np.diag(cosine)]])
        return (left @ turned @ right).astype(dtype or complex)

    @property
    def two_qubit_gates(self) -> int:
        """At most how many two-qubit gates the decomposition takes."""
        if self.level is not None:
            return ControlledContraction(self._block, [self.level]).two_qubit_gates
        n = self.system_qubits
        return 2**n + (0 if n == 1 else 2 * ((23 * 4**n - 72 * 2**n + 64) // 48))

    def _define(self) -> None:
        circuit = QuantumCircuit(self.num_qubits, name=self.name)
        n = self.system_qubits
        if self.level is None:
            u, s, vh = np.linalg.svd(self._block)
            circuit.append(UnitaryGate(vh, label="V'"), range(n))
            circuit.append(UCRYGate((2 * np.arccos(np.minimum(s, 1))).tolist()), [n, *range(n)])
            circuit.append(UnitaryGate(u, label="U"), range(n))
        else:
            circuit.x(n - 1)
            circuit.append(ControlledContraction(self._block, [self.level]), circuit.qubits)
            circuit.x(n - 1)
        self.definition = circuit
