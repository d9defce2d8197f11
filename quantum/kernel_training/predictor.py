"""Predictions of test images by quantum inversion of a kernel, as circuits and exactly, and what each of them takes."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from problems.errors import InputError, non_negative
from problems.kernel_training import KernelTask, decide, kernel_states, overlaps, sparse_kernel
from problems.kernel_training.kernel_task import Kernel
from problems.kernel_training.states import KernelState
from problems.seeds import Seed
from problems.showing import Shows
from quantum.blocks import (
    AmplitudeAmplification,
    InversePolynomial,
    QsvtInverse,
    SignedOverlap,
    WalkBlockEncoding,
    inverse_polynomial,
)
from quantum.blocks.block_cost import written_cost
from quantum.blocks.projectors import ZeroFlags
from quantum.blocks.qsvt_inverse import SCALE
from quantum.kernel_training.flagged_overlap import FlaggedOverlap
from quantum.kernel_training.prediction_cost import PredictionCost
from quantum.kernel_training.readout import best_readout
from quantum.kernel_training.t_cost import TCost, t_cost
from quantum.resources import compile_to_basis, rotation_count

__all__ = ["KernelPredictor", "dense_query_gates"]

WRITTEN_OUT = 32
"""Up to so many rows a dense query is written out and counted; beyond, the formula counts it."""

ROUNDED = 1e-13
"""An eigenvalue below so much of the largest, for each row, is rounding of a singular kernel: its values have errors of
several units in the last digit, from layer to layer. No kernel so badly conditioned can be inverted."""


def dense_query_gates(rows: int) -> int:
    """Return the CX gates of a controlled query of a dense real matrix: 2 n (n - 1), and log2 n Toffoli gates."""
    return 2 * rows * (rows - 1) + 6 * (rows.bit_length() - 1)


class KernelPredictor(Shows):
    """A kernel inverted by quantum singular value transformation, read at test images.

    The labels are the right side |y>, a test image's kernel values the state |k*>; the circuit of a test image has
    E[Z] = <k*|f(A)|y> on its control, f(A) close to factor alpha A^-1: of the sign of the exact prediction wherever
    that is not smaller than the polynomial's error.

    Parameters
    ----------
    task
        Training and test images; n any even number, padded to a power of two.
    ntk
        The kernel, as `problems.kernel_training.ErfNtk`.
    epsilon
        Error of the polynomial relative to 1/x, from 1e-15 to below 1.
    pattern
        Which pairs of training images are kept, a name in `problems.kernel_training.PATTERNS`.
    seed
        For patterns that are drawn.
    kappa
        alpha over the least singular value of the matrix, or more. None computes it classically, which is as much work
        as inverting the matrix.
    k_max
        What kernel values are divided by in |k*>; None takes the kernel's own, at a cosine of 1 - 1e-5.

    Attributes
    ----------
    matrix
        The kernel on the pattern, shape (n, n).
    alpha
        The walk's scale, the norm of the matrix of absolute values.
    kappa
        The condition number that the polynomial serves.

    Raises
    ------
    InputError
        If the matrix is singular or worse conditioned than kappa, or an argument is refused where it is used.

    Notes
    -----
    Everything that is computed here beside the circuits follows from eigenvectors of the matrix, so that costs are
    there at sizes where no circuit is simulated. What a classical computer hands to the quantum side, and nobody counts
    here: the kernel's n^2 values, the Perron vector of the walk, and kappa.
    """

    def __init__(
        self,
        task: KernelTask,
        ntk: Kernel,
        epsilon: float = 1e-2,
        pattern: str = "dense",
        seed: Seed = None,
        kappa: float | None = None,
        k_max: float | None = None,
    ) -> None:
        self.task, self.ntk, self.pattern = task, ntk, pattern
        self.matrix = sparse_kernel(pattern, task.kernel(ntk), task.y, seed)
        values = np.abs(self._eigen[0])
        self.alpha = float(np.linalg.norm(np.abs(self.matrix), 2))
        if values.min() <= ROUNDED * len(values) * values.max():
            raise InputError(
                f"The kernel is singular: its eigenvalues go from {values.min():.3g} to {values.max():.3g} in size; "
                "take a larger depth, or drop images that are alike."
            )
        least = max(self.alpha / float(values.min()), 1.0)
        if kappa is not None and non_negative("kappa", kappa) < least * (1 - 1e-9):
            raise InputError(
                f"The condition alpha/sigma_min = {least:.6g} is above the stated kappa = {kappa:.6g}; state at least "
                "that."
            )
        self.kappa = least if kappa is None else float(kappa)
        self.polynomial: InversePolynomial = inverse_polynomial(self.kappa, epsilon)
        scale = non_negative("k_max", ntk.k_max if k_max is None else k_max)
        self.states: KernelState = kernel_states(task.test_kernel(ntk), scale)

    def __repr__(self) -> str:
        """Return what is predicted by what in one line."""
        padded = f", padded to {self._rows}" if self.padding else ""
        found = f"kappa={self.kappa:.6g}, degree={self.polynomial.degree}"
        return f"KernelPredictor({self.task!r}, {self.pattern}{padded}, {found})"

    @property
    def offsets(self) -> tuple[int, ...] | None:
        """The offsets i ^ j of kept pairs, for the patterns "offsets" and "diagonal"; None: encoded as dense."""
        if self.pattern not in ("offsets", "diagonal"):
            return None
        rows, columns = np.nonzero(self.matrix)
        return tuple(int(offset) for offset in np.unique(rows ^ columns) if offset)

    @property
    def padding(self) -> int:
        """Rows that are added to make their number a power of two; they have alpha on the diagonal, and no label."""
        return self._rows - self.task.n

    @cached_property
    def encoding(self) -> WalkBlockEncoding:
        """The block encoding of the matrix, by offsets where the pattern has them."""
        return WalkBlockEncoding(self.matrix, self.offsets)

    @cached_property
    def inverse(self) -> QsvtInverse:
        """The inversion as a circuit."""
        return QsvtInverse(self.matrix, self.polynomial.epsilon, self.kappa, self.offsets)

    @cached_property
    def filtered(self) -> NDArray[np.float64]:
        """f(A)|y>, what the inversion keeps, shape (n,): its squared norm is the probability of success."""
        values, vectors = self._eigen
        factor = SCALE / self.polynomial.maximum
        kept = factor * self.polynomial(values / self.alpha)
        return np.asarray(vectors @ (kept * (vectors.T @ self.task.y)) / np.sqrt(self.task.n))

    @property
    def success(self) -> float:
        """The probability that the inversion is kept."""
        return float(self.filtered @ self.filtered)

    @cached_property
    def overlaps(self) -> NDArray[np.float64]:
        """O = <k*|x> of each test image with the exact normalized solution x, shape (t,)."""
        values, vectors = self._eigen
        return overlaps(self.states, vectors @ ((vectors.T @ self.task.y) / values))

    @cached_property
    def means(self) -> NDArray[np.float64]:
        """E[Z] of each test image's circuit, shape (t,)."""
        return np.asarray(self.states.amplitudes @ self.filtered)

    def outputs(self, means: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Return predictions k . A^-1 y in the kernel's own units from means, shape (t,).

        Parameters
        ----------
        means
            As measured; None takes the exact ones. Those of normalized |k*> are multiplied by the norms again, which
            the post-selection of |k*> tells.
        """
        measured = self.means if means is None else np.asarray(means)
        norms = np.linalg.norm(self.states.values, axis=1)
        factor = SCALE / self.polynomial.maximum
        return np.asarray(measured * norms * np.sqrt(self.task.n) / (factor * self.alpha))

    def answers(self, rule: str = "sign", means: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Return answers -1 and +1, shape (t,), by a rule of `problems.kernel_training.RULES`; see `outputs`."""
        return decide(self.outputs(means), rule)

    def overlap(self, image: int) -> SignedOverlap:
        """Return the circuit of one test image, |k*> prepared from its amplitudes."""
        return SignedOverlap(self.inverse, self.states.amplitudes[self._checked(image)], self.task.y)

    def flagged(self, image: int) -> FlaggedOverlap:
        """Return the circuit of one test image with |k*> in the branch of a flag, as the paper prepares it.

        Raises
        ------
        InputError
            If there is no such image, or n is no power of two.
        """
        return FlaggedOverlap(self.inverse.gate, self.states.values[self._checked(image)], self.task.y)

    def circuit(self, image: int) -> QuantumCircuit:
        """Return the measured circuit of one test image: its one bit counts +1 for 0 and -1 for 1."""
        return self.overlap(image).measured

    def amplified(self, image: int, rounds: int | None = None) -> AmplitudeAmplification:
        """Return the circuit of one test image with amplitude amplification of its reading, the control as the flag.

        The control's mean is `amplified_mean(E, rounds)`, of the sign of E at even rounds and of the other at odd ones.

        Parameters
        ----------
        image
            The test image.
        rounds
            None takes those of `best_readout`, for which |E| must be known; they pay below |E| = 1/2.
        """
        circuit = self.overlap(image).circuit
        turns = best_readout(float(self.means[image])).rounds if rounds is None else rounds
        return AmplitudeAmplification(circuit.to_gate(), circuit.num_qubits - 1, turns)

    @cached_property
    def two_qubit(self) -> int:
        """CX gates of one circuit, by its pieces; of a dense encoding of more than 32 rows what no zero entry saves."""
        rows, degree = self._rows, self.polynomial.degree
        written = self.offsets is not None or rows <= WRITTEN_OUT
        query = written_cost(self._query).two_qubit if written else dense_query_gates(rows)
        return 2 * (rows - 1) + degree * query + (degree + 1) * written_cost(self._phase).two_qubit

    @cached_property
    def rotations(self) -> int:
        """Rotations of one circuit that T gates have to approximate, by its pieces: at most so many."""
        rows, degree = self._rows, self.polynomial.degree
        if self.offsets is None and rows > WRITTEN_OUT:
            query = 2 * rows * (rows - 1)
        else:
            # Optimizing a query of hundreds of rows takes long, and finds next to nothing.
            query = rotation_count(compile_to_basis(self._query, 2 if rows <= WRITTEN_OUT else 0))
        phase = rotation_count(compile_to_basis(self._phase))
        return 2 * rows - 1 + degree * query + (degree + 1) * phase

    def t_cost(self, image: int, error: float = 1e-2) -> TCost:
        """Return the T gates of one test image's circuit, synthesized: seconds a thousand rotations.

        Larger circuits follow from it, by their `rotations`: see `PredictionCost.t_gates`.

        Parameters
        ----------
        image
            The test image.
        error
            Of the whole circuit, in operator norm.
        """
        return t_cost(self.overlap(image).circuit, error)

    def cost(self, image: int) -> PredictionCost:
        """Return what the prediction of one test image takes."""
        place = self._checked(image)
        return PredictionCost(
            self.task.n,
            self.kappa,
            self.polynomial.degree,
            self.success,
            float(self.states.tries[place]),
            float(self.overlaps[place]),
            float(self.means[place]),
            self.two_qubit,
            self.rotations,
        )

    def median_image(self) -> int:
        """Return the test image whose overlap is the median of all in size, the lower of two."""
        order = np.argsort(np.abs(self.overlaps), kind="stable")
        return int(order[(len(order) - 1) // 2])

    @property
    def _rows(self) -> int:
        """N, the rows of the encoding."""
        return 1 << (self.task.n - 1).bit_length()

    @property
    def _query(self) -> QuantumCircuit:
        gate = self.encoding.controlled_core()
        circuit = QuantumCircuit(gate.num_qubits)
        circuit.append(gate, circuit.qubits)
        return circuit

    @property
    def _phase(self) -> QuantumCircuit:
        low = self._rows.bit_length() - 1
        flags = low if self.offsets is None else len(self.encoding.flags)
        return ZeroFlags(low + flags, range(low, low + flags)).phase(1.0, controlled=True)

    @cached_property
    def _eigen(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        values, vectors = np.linalg.eigh(self.matrix)
        return values, vectors

    def _checked(self, image: Any) -> int:
        if not isinstance(image, int | np.integer) or not 0 <= image < len(self.states.tries):
            raise InputError(f"There is no test image {image!r}; give a number from 0 to {len(self.states.tries) - 1}.")
        return int(image)
