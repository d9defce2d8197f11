"""Inversion by phase estimation on a walk: the algorithm of Harrow, Hassidim and Lloyd, with every gate."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit, QuantumRegister
from qiskit.circuit import Gate
from qiskit.synthesis import synth_qft_full

from problems.errors import InputError
from problems.memory import require_memory
from quantum.blocks.block_cost import BlockCost, written_cost
from quantum.blocks.multiplexed_rotation import multiplexed_rotation
from quantum.blocks.phase_response import PhaseResponse
from quantum.blocks.phase_window import SineWindow
from quantum.blocks.qsvt_inverse import check_vector
from quantum.blocks.walk_block_encoding import WalkBlockEncoding

__all__ = ["ControlledWalk", "WalkPhaseEstimation"]

ROUNDING = 1e-9
"""A condition number may be smaller than the matrix's by so much, relative to it."""


class ControlledWalk(Gate):
    """|1> -> |1> W and |0> -> |0>, W = (2 |0><0| - 1) U for a Hermitian block encoding U; |0> of its offset register.

    Parameters
    ----------
    encoding
        With U Hermitian and a control on its core alone: made with hermitian=True.

    Notes
    -----
    Registers: the qubits of the encoding, then the control. Decomposition: `WalkBlockEncoding.controlled_core`, and a
    reflection whose only control is the control. W has the eigenvalues exp(+-i arccos(lambda/alpha)) (Low and Chuang,
    arXiv:1610.06546).
    """

    def __init__(self, encoding: WalkBlockEncoding) -> None:
        if not encoding.is_hermitian:
            raise InputError("Phase estimation walks on a Hermitian encoding; make it with hermitian=True.")
        super().__init__("walk_step", encoding.num_qubits + 1, [])
        self.encoding = encoding

    def act(self, states: NDArray, inverse: bool = False) -> NDArray:
        """Return what W, or its inverse U (2 |0><0| - 1), makes of states of the encoding, the columns."""
        signs = -np.ones((len(states), 1))
        signs[: 1 << len(self.encoding.registers[0])] = 1
        return self.encoding.act(signs * states) if inverse else signs * self.encoding.act(states)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray:
        size = 2**self.encoding.num_qubits
        matrix = np.eye(2 * size, dtype=complex)
        matrix[size:, size:] = self.act(np.eye(size))
        return matrix.astype(dtype or complex)

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, ControlledWalk) and self.encoding is other.encoding

    def _define(self) -> None:
        circuit = QuantumCircuit(self.num_qubits, name=self.name)
        control = self.num_qubits - 1
        circuit.append(self.encoding.controlled_core(), circuit.qubits)
        # 2 |0><0| - 1 = -(1 - 2 |0><0|), and the sign is a Z on the control.
        circuit.z(control)
        circuit.x(self.encoding.flags)
        circuit.h(control)
        circuit.mcx(list(self.encoding.flags), control)
        circuit.h(control)
        circuit.x(self.encoding.flags)
        self.definition = circuit


class WalkPhaseEstimation(Gate):
    """|b>|0>|0>|0> -> sum_j b_j g(lambda_j)|u_j>|0>|0>|1> + what is not kept: HHL on the walk of a block encoding.

    Parameters
    ----------
    matrix
        A, shape (n, n), real or complex; or a `WalkBlockEncoding` of it made with hermitian=True, or another gate with
        what is asked of that.
    bits
        Of the estimated phase, t, 2..24.
    kappa
        alpha over the least singular value of A, or a larger number. None takes alpha/sigma_min, computed classically.
    window
        What the phase register starts in, a name in `quantum.blocks.phase_response.WINDOWS`.

    Attributes
    ----------
    encoding
        The walk's block encoding.
    response
        The closed form: `response.amplitudes` is g.
    success
        The probability that the flag is set and `offset` and `phase` are |0>, for the right side solved last; None
        before.

    Raises
    ------
    InputError
        If the matrix is singular or worse conditioned than kappa, or an argument is out of range; see
        `WalkBlockEncoding` and `PhaseResponse`.

    Notes
    -----
    Registers: those of the encoding, `index` and `offset`, then `phase` of t qubits and the `flag`. What counts is the
    flag in |1> and all other registers but the index in |0>. Decomposition: the window; the walk to the power x,
    controlled by the phase register in |x>; the inverse Fourier transform; a rotation of the flag by a table of 2^t
    angles; the same backwards. Cost: 2 (2^t - 1) controlled walks, 2^t CX at most for the table, and O(t^2).

    Eigenvalues keep their signs: the estimate is of the phase in a full turn, its cosine in [-1, 1], so an indefinite
    matrix needs nothing further. A matrix that is not Hermitian is encoded as [[0, A], [A', 0]].
    """

    def __init__(
        self, matrix: ArrayLike | WalkBlockEncoding, bits: int, kappa: float | None = None, window: str = "sine"
    ) -> None:
        self.encoding = matrix if isinstance(matrix, Gate) else WalkBlockEncoding(matrix, hermitian=True)
        self._walk = ControlledWalk(self.encoding)
        least = self.encoding.kappa_eff
        if least == np.inf:
            smallest = np.linalg.svd(self.encoding.matrix, compute_uv=False)[-1]
            raise InputError(
                f"The matrix is singular: its least singular value is {smallest:.3g}, and alpha is "
                f"{self.encoding.alpha:.6g}; add a ridge to its diagonal."
            )
        if kappa is not None and kappa < least * (1 - ROUNDING):
            raise InputError(
                f"kappa = {kappa:.6g} is below alpha over the least singular value, {least:.6g}; give that or more."
            )
        self.response = PhaseResponse(bits, max(least, 1.0) if kappa is None else float(kappa), window)
        self.bits = self.response.bits
        self.success: float | None = None
        super().__init__("walk_phase_estimation", self.encoding.num_qubits + self.bits + 1, [])
        self.registers = (*self.encoding.registers, QuantumRegister(self.bits, "phase"), QuantumRegister(1, "flag"))

    @property
    def walks(self) -> int:
        """The controlled walks of the circuit, 2 (2^t - 1)."""
        return self.response.walks

    @cached_property
    def circuit(self) -> QuantumCircuit:
        """The circuit, its walks as gates of their own."""
        circuit = QuantumCircuit(*self.registers, name=self.name)
        circuit.compose(self.definition, inplace=True)
        return circuit

    @cached_property
    def cost(self) -> BlockCost:
        """Return what the circuit costs as it is written."""
        # Of the definition, whose walks are one gate; `circuit` has a copy of each, and each would be counted anew.
        return written_cost(self.definition, queries=self.walks)

    @property
    def two_qubit_gates(self) -> int:
        """Return the CX gates of the circuit."""
        return self.cost.two_qubit

    def amplitudes(self, right_side: ArrayLike) -> NDArray:
        """Return what is kept, g(A) b/|b|, by the closed form that the circuit is held to: shape (n,).

        Raises
        ------
        InputError
            If b, shape (n,), is zero, of another length or not of finite numbers.
        """
        values, vectors = self._eigen
        kept = vectors @ (self.response.amplitudes(values) * (vectors.conj().T @ self._start(right_side)))
        return self._of_index(kept, right_side)

    def solve(self, right_side: ArrayLike) -> NDArray:
        """Return x/|x| with A x = b, sign and all, shape (n,), and set `success`; see `amplitudes`."""
        kept = self.amplitudes(right_side)
        self.success = float(np.linalg.norm(kept)) ** 2
        return kept / self.success**0.5

    def solution(self, right_side: ArrayLike) -> NDArray:
        """Return x with A x = b, its norm included: from `amplitudes`, kappa, alpha and |b|, shape (n,)."""
        found = self.amplitudes(right_side) * self.response.kappa / self.encoding.alpha
        return found * np.linalg.norm(np.asarray(right_side))

    def flagged(self, right_side: ArrayLike) -> float:
        """Return the probability that the flag is set, whatever the phase register holds; see `amplitudes`."""
        values, vectors = self._eigen
        weights = np.abs(vectors.conj().T @ self._start(right_side)) ** 2
        return float(self.response.flagged(values) @ weights)

    def walked(self, right_side: ArrayLike) -> NDArray:
        """Return what `amplitudes` returns, shape (n,), walk by walk on a vector: the readable reference.

        Raises
        ------
        InputError
            If the right side is refused, or the states of all estimates do not fit in memory.
        """
        size, width = self.response.estimates, self.encoding.num_qubits
        require_memory(80 * size * 2**width, f"The states of {size} estimates", "take fewer bits")
        state = np.zeros((2**width, 1), dtype=complex)
        first = self._start(right_side)
        state[: len(first), 0] = first
        powers = [state]  # W^x b for every x in the phase register
        for _ in range(size - 1):
            powers.append(self._walk.act(powers[-1]))
        estimated = np.fft.fft(np.hstack(powers) * self.response.start, axis=1)
        flagged = np.fft.ifft(estimated * self.response.filter, axis=1)
        # <window| sum_x |x><x| W^-x, by Horner's rule.
        weighted = flagged * self.response.start
        found = weighted[:, -1:]
        for x in range(size - 2, -1, -1):
            found = self._walk.act(found, inverse=True) + weighted[:, x : x + 1]
        return self._of_index(found[: len(first), 0], right_side)

    @cached_property
    def _eigen(self) -> tuple[NDArray[np.float64], NDArray]:
        values, vectors = np.linalg.eigh(self.encoding.block())
        return values, vectors

    def _start(self, right_side: ArrayLike) -> NDArray:
        """Return the normalized right side as a state of the index register, shape (N,) or (2 N,)."""
        rows = len(self.encoding.matrix)
        vector = check_vector("right side", right_side, rows)
        state = np.zeros(1 << len(self.encoding.registers[0]), dtype=complex)
        state[:rows] = vector / np.linalg.norm(vector)
        return state

    def _of_index(self, state: NDArray, right_side: ArrayLike) -> NDArray:
        """Return the solution's part of a state of the index register; real where all that is given is."""
        first = self.encoding.size if self.encoding.dilated else 0
        part = state[first : first + len(self.encoding.matrix)]
        return part if np.iscomplexobj(self.encoding.matrix) or np.iscomplexobj(right_side) else part.real

    def _define(self) -> None:
        width = self.encoding.num_qubits
        block, phase, flag = range(width), range(width, width + self.bits), width + self.bits
        # The transform is written without its swaps: it takes the lowest bit of x on the last qubit.
        backwards = phase[::-1]
        window = QuantumCircuit(self.bits)
        if self.response.window == "sine":
            window.append(SineWindow(self.bits), range(self.bits))
        else:
            window.h(range(self.bits))
        transform = synth_qft_full(self.bits, do_swaps=False)
        circuit = QuantumCircuit(self.num_qubits, name=self.name)
        circuit.compose(window, backwards, inplace=True)
        for bit, control in enumerate(backwards):
            for _ in range(2**bit):
                circuit.append(self._walk, [*block, control])
        circuit.compose(transform.inverse(), phase, inplace=True)
        multiplexed_rotation(circuit, 2 * np.arcsin(self.response.filter), list(phase), flag)
        circuit.compose(transform, phase, inplace=True)
        back = self._walk.inverse()  # one gate, however often it is applied
        for bit, control in enumerate(backwards):
            for _ in range(2**bit):
                circuit.append(back, [*block, control])
        circuit.compose(window.inverse(), backwards, inplace=True)
        self.definition = circuit
