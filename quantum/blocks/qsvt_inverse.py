"""A system of linear equations solved by a polynomial of a block encoding, with the sign of the solution right."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit, QuantumRegister
from qiskit.circuit import Gate
from qiskit.quantum_info import Statevector

from problems.errors import InputError, non_negative
from problems.memory import require_memory
from quantum.blocks.amplitude_amplification import AmplitudeAmplification, paying_rounds
from quantum.blocks.block_cost import BlockCost
from quantum.blocks.inverse_polynomial import InversePolynomial, inverse_polynomial
from quantum.blocks.qsvt import Qsvt
from quantum.blocks.symmetric_phases import symmetric_phases
from quantum.blocks.walk_block_encoding import WalkBlockEncoding

__all__ = ["QsvtInverse", "check_vector"]

SCALE = 0.999
"""max |P| in the circuit: the closer to 1, the likelier it succeeds, and the longer the phases take to find."""


class QsvtInverse:
    """|b>|0> -> s P(A/alpha)/max|P| |b>|0> + ..., where P is close to 1/x: the solution of A x = b as a state.

    A may be any square matrix that is not singular: indefinite, complex, not Hermitian, reducible. P is odd, so that
    negative eigenvalues and singular vectors of either side come out right.

    Parameters
    ----------
    matrix
        A, shape (n, n). If n is no power of two, rows with alpha on the diagonal are added (`padding` of them).
    epsilon
        |x P(x) - 1| at most, from 1e-15 to below 1: the solution's error relative to its norm.
    kappa
        The most that alpha over the least singular value may be. None: it is computed classically, from all singular
        values of A, which is as much work as solving the system.
    offsets
        As for `WalkBlockEncoding`: where a sparse matrix has entries.

    Attributes
    ----------
    encoding
        The `WalkBlockEncoding` of A.
    polynomial
        The `InversePolynomial` P, unscaled.
    kappa
        The condition number that P serves.
    factor
        s/max|P|: what stands on the flags is this times P(A/alpha)|b>, close to this times alpha A^-1 |b>.

    Raises
    ------
    InputError
        If the matrix is singular or its condition above the stated kappa, or something `WalkBlockEncoding` or
        `inverse_polynomial` refuse.

    Notes
    -----
    Registers: `index`, on which b and x stand, `offset`, and `real`; the last two are |0> before and, with
    probability `success`, after. Cost: D queries and D + 1 phases, D = 2d - 1, about kappa ln(2/epsilon).
    """

    def __init__(
        self,
        matrix: ArrayLike,
        epsilon: float,
        kappa: float | None = None,
        offsets: Sequence[int] | None = None,
    ) -> None:
        self.encoding = WalkBlockEncoding(matrix, offsets)
        computed = self.encoding.kappa_eff
        if kappa is not None and not non_negative("kappa", kappa) >= 1:
            raise InputError(f"kappa = {kappa} is below 1; a condition number is at least 1.")
        if computed == np.inf:
            values = np.linalg.svd(self.encoding.matrix, compute_uv=False)
            stated = "" if kappa is None else f", whatever the stated kappa = {kappa:.6g}"
            raise InputError(
                f"The matrix is singular: its singular values go from {values[-1]:.3g} to {values[0]:.3g}{stated}; "
                "add a multiple of the identity, or project on its range."
            )
        # Rounding must not refuse a condition that was computed elsewhere.
        if kappa is not None and computed > kappa * (1 + 1e-9):
            raise InputError(
                f"The condition alpha/sigma_min = {computed:.6g} is above the stated kappa = {kappa:.6g}, outside of "
                f"which the polynomial is no inverse; state at least {computed:.6g}."
            )
        # A matrix that is its own inverse up to a factor has a condition of 1 up to rounding.
        self.kappa = float(kappa) if kappa is not None else max(computed, 1.0)
        self.kappa_given = kappa is not None
        self.polynomial: InversePolynomial = inverse_polynomial(self.kappa, epsilon)
        self.epsilon = self.polynomial.epsilon
        self.factor = SCALE / self.polynomial.maximum
        self._success: float | None = None

    def __repr__(self) -> str:
        """Return what it inverts in one line."""
        source = "stated" if self.kappa_given else "computed classically"
        return f"QsvtInverse({self.encoding!r}, kappa={self.kappa:.6g} ({source}), degree={self.degree})"

    @property
    def degree(self) -> int:
        """The degree D of P, the number of queries."""
        return self.polynomial.degree

    @property
    def padding(self) -> int:
        """The rows that were added to make their number a power of two."""
        return self.encoding.padding

    @cached_property
    def phases(self) -> NDArray[np.float64]:
        """The phases of s P/max|P|, shape (D + 1,), in radians."""
        return symmetric_phases(self.factor * self.polynomial.coefficients)

    @cached_property
    def gate(self) -> Qsvt:
        """The circuit's one gate."""
        # The inverse of W s V' is V s^-1 W': a polynomial of the adjoint.
        return Qsvt(self.encoding, self.phases, adjoint=True)

    @cached_property
    def circuit(self) -> QuantumCircuit:
        """The circuit, without preparation of b and without measurement: registers `index`, `offset`, `real`."""
        circuit = QuantumCircuit(*self.encoding.registers, QuantumRegister(1, "real"), name="qsvt_inverse")
        circuit.compose(self.gate.definition, inplace=True)
        return circuit

    @property
    def cost(self) -> BlockCost:
        """Gates of the circuit as it is written."""
        return self.gate.cost

    @property
    def success(self) -> float:
        """The probability that `offset` and `real` are |0> at the end, for the right side solved last.

        Raises
        ------
        InputError
            If nothing has been solved yet.
        """
        if self._success is None:
            raise InputError("Success depends on the right side; call solve(right_side) first.")
        return self._success

    def amplitudes(self, right_side: ArrayLike) -> NDArray:
        """Return what stands on `offset` and `real` in |0> after the circuit on b/|b|, by state vector, shape (n,).

        It is `factor` P(A/alpha) b/|b|, real if A and b are; the circuit's sign and phase are in it.

        Parameters
        ----------
        right_side
            b, shape (n,), real or complex, not zero.

        Raises
        ------
        InputError
            If b is not that, or the state vector does not fit in memory.
        """
        n = len(self.encoding.matrix)
        vector = check_vector("right side", right_side, n)
        size = 2**self.encoding.num_qubits
        require_memory(16 * 16 * size, f"A state vector of {self.encoding.num_qubits + 1} qubits", "take fewer rows")
        state = np.zeros((size, 1), dtype=complex)
        state[:n, 0] = vector / np.linalg.norm(vector)
        found = self.gate.transform(state)[:n, 0]
        return found if np.iscomplexobj(self.encoding.matrix) or np.iscomplexobj(vector) else found.real

    def solve(self, right_side: ArrayLike) -> NDArray:
        """Return x/|x| with A x = b, by state vector, shape (n,), and set `success`.

        Parameters
        ----------
        right_side
            b, shape (n,), real or complex, not zero.

        Raises
        ------
        InputError
            If b is not that, or the state vector does not fit in memory.
        """
        found = self.amplitudes(right_side)
        norm = float(np.linalg.norm(found))
        self._success = norm**2
        return found / norm

    def solution(self, right_side: ArrayLike) -> NDArray:
        """Return x with A x = b, its norm included: from `amplitudes`, `factor`, alpha and |b|, shape (n,).

        Raises
        ------
        InputError
            As `amplitudes` does.
        """
        found = self.amplitudes(right_side)
        return found / (self.factor * self.encoding.alpha) * np.linalg.norm(np.asarray(right_side))

    def amplified(self, preparation: Gate, rounds: int | None = None) -> QuantumCircuit:
        """Return |0> -> the solution, with amplitude amplification: registers `index`, `offset`, `real`, `good`.

        Parameters
        ----------
        preparation
            |0> -> |b> on the index register.
        rounds
            The number of rounds; None: what makes queries for one success fewest (`paying_rounds`), from the
            probability of success that the state vector knows and a device would have to estimate. None may pay.

        Raises
        ------
        InputError
            If the preparation has not as many qubits as the index register, or rounds is no whole number of at
            least 0.

        Notes
        -----
        `good` is |1> where it worked, with `amplified_probability(success, rounds)`; the sign of the whole may turn,
        with that of sin((2 rounds + 1) theta). Cost: 2 rounds + 1 times the circuit.
        """
        index, offset = self.encoding.registers
        if preparation.num_qubits != len(index):
            raise InputError(
                f"The preparation has {preparation.num_qubits} qubits, but the index register has {len(index)}; give "
                "one of as many."
            )
        whole = QuantumCircuit(index, offset, QuantumRegister(1, "real"), QuantumRegister(1, "good"))
        whole.append(preparation, index)
        if rounds is None:
            start = np.zeros((2**self.encoding.num_qubits, 1), dtype=complex)
            start[: 2 ** len(index), 0] = Statevector(preparation.definition).data
            rounds = paying_rounds(min(1.0, float(np.linalg.norm(self.gate.transform(start)) ** 2)))
        good = self.gate.num_qubits
        whole.append(self.gate, range(good))
        flags = list(range(len(index), good))
        whole.x(flags)
        whole.mcx(flags, good)
        whole.x(flags)
        circuit = QuantumCircuit(*whole.qregs)
        circuit.append(AmplitudeAmplification(whole.to_gate(), good, rounds), circuit.qubits)
        return circuit


def check_vector(name: str, vector: ArrayLike, rows: int) -> NDArray:
    """Return a vector that is to be a state as numbers, shape (rows,).

    Raises
    ------
    InputError
        If it has another shape, an entry that is no finite number, or is zero.
    """
    given = np.asarray(vector)
    if given.shape != (rows,):
        raise InputError(f"The {name} has shape {given.shape}, but the matrix has {rows} rows; give ({rows},).")
    if given.dtype.kind not in "biufc":
        raise InputError(f"The {name} has entries of type {given.dtype}; give real or complex numbers.")
    if not np.all(np.isfinite(given)):
        where = int(np.argmin(np.isfinite(given)))
        raise InputError(f"Entry {where} of the {name} is {given[where]}; give finite numbers alone.")
    if not np.any(given):
        raise InputError(f"The {name} is zero, which is no state; give one with a nonzero entry.")
    return given
