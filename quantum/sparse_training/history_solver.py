"""Training by a circuit: the history of all steps as a state, and u(T) read from it."""

from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit

from problems.errors import InputError, choose, non_negative
from problems.memory import require_memory
from problems.sparse_training import PolynomialUpdate, carleman_state
from problems.sparse_training.update import as_point
from quantum.blocks.kernel_reflection import KernelReflection
from quantum.sparse_training.carleman_encoding import CarlemanEncoding
from quantum.sparse_training.cost import SolverCost, SolverGates, shot_queries, solver_gates
from quantum.sparse_training.estimation import SystemEstimation
from quantum.sparse_training.inversion import SystemInversion
from quantum.sparse_training.reading import SignedReading
from quantum.sparse_training.slot_layout import SlotLayout

__all__ = ["METHODS", "HistorySolver"]

Method = KernelReflection | SystemInversion | SystemEstimation

METHODS: dict[str, Callable[..., Method]] = {
    "hhl": SystemEstimation,
    "kernel-reflection": KernelReflection,
    "qsvt": SystemInversion,
}
"""How the system is solved, by name."""

LARGEST_CONDITION = 1e6
"""A larger kappa_eff takes millions of queries a run, beyond any machine, and beyond seconds here."""

ESTIMATION_SHOTS = 32
"""Runs at each guess of |x|, where it is counted what its estimation takes."""


class HistorySolver(SignedReading):
    """T steps of a polynomial update, Carleman-linearized to the order N, as a circuit.

    Parameters
    ----------
    update
        The polynomial update of n weights.
    start
        u(0), shape (n,); None is 0, which takes no loading: the constant 1 alone.
    steps
        T >= 1. The system has 2 2^ceil(log2 T) slots, so that the top time qubit says "u(T)": a T that is no power of
        two is padded, and `notes` says so.
    order
        N >= 1.
    method
        "kernel-reflection", "qsvt" or "hhl".
    epsilon
        The error of the inverse or the reflection, in (0, 1).
    scale
        gamma > 0, None is 1: the circuit has v = u/gamma. It changes the condition, success and the weight of the
        constant, not the truncation; for reading u by shots it should be above |u(T)|, about 1.5 |u(T)|.
    guess
        For kernel reflection, t, the guess of |x|. None takes |x| itself, as only a simulator knows it.

    Attributes
    ----------
    encoding
        Of L/alpha, a `CarlemanEncoding`.
    right_side
        b on the system's basis states, normalized.
    solver
        A `KernelReflection`, `SystemInversion` or `SystemEstimation`.

    Raises
    ------
    InputError
        If a number is out of range, the start does not fit, there is no such method, or the system does not fit in
        memory.

    Notes
    -----
    Liu et al., arXiv:2303.03428, in its discrete form; the reading by shots is `SignedEntries`. What `solve`, `sample`
    and `success` say follows from the polynomials that the circuit applies, without the circuit: tests hold the two
    together.
    """

    def __init__(
        self,
        update: PolynomialUpdate,
        start: ArrayLike | None = None,
        steps: int = 4,
        order: int = 2,
        method: str = "kernel-reflection",
        epsilon: float = 0.01,
        scale: float | None = None,
        guess: float | None = None,
    ) -> None:
        make = choose("method", method, METHODS)
        if not isinstance(update, PolynomialUpdate):
            raise InputError(f"{type(update).__name__} is no polynomial update; give a PolynomialUpdate.")
        n = update.dimension
        self.update, self.method, self.epsilon = update, method, epsilon
        self.start = np.zeros(n) if start is None else as_point("start", start, n)
        self.scale = 1.0 if scale is None else non_negative("scale", scale)
        if not self.scale:
            raise InputError("scale = 0.0 scales every weight away; give a positive number, above |u(T)|.")
        if guess is not None and method != "kernel-reflection":
            raise InputError(f"guess = {guess} says nothing to method={method!r}, which needs no norm; leave it out.")
        self.encoding = CarlemanEncoding(update.rescaled(self.scale), steps, order)
        self.steps, self.order = self.encoding.steps, self.encoding.layout.order
        qubits = self.encoding.system_qubits
        require_memory(
            10 * 16 * 2**qubits,
            f"A history of {qubits} qubits, {self.slots} slots of n = {n} weights to the order N = {self.order},",
            "take fewer steps, fewer weights or a lower order",
        )
        self._check_condition()
        layout = self.encoding.layout
        first = np.zeros((self.slots, 2**layout.qubits))
        first[0] = layout.embedded(layout.weights * carleman_state(self.start / self.scale, self.order, "monomial"))
        self.right_side = first.ravel() / np.linalg.norm(first)
        self.solver: Method = (
            KernelReflection(self.encoding, self.right_side, epsilon, guess)
            if make is KernelReflection
            else make(self.encoding, self.right_side, epsilon)
        )

    def __repr__(self) -> str:
        padded = f", padded to {self.slots} slots" if self.notes else ""
        return f"HistorySolver({self.update!r}, T = {self.steps}{padded}, N = {self.order}, {self.method})"

    def _check_condition(self) -> None:
        """Refuse a history that grows so much that no circuit inverts its system."""
        with np.errstate(over="ignore", invalid="ignore"):
            finite = bool(np.all(np.isfinite(self.encoding.step))) and np.isfinite(self.encoding.norm)
            condition = self.encoding.condition if finite else np.inf
        # So written, NaN is refused too.
        if not condition <= LARGEST_CONDITION:
            raise InputError(
                f"kappa_eff = {condition:.3g} is above {LARGEST_CONDITION:g}: the linearized training grows too much "
                f"in {self.steps} steps; take fewer steps, a smaller step size, or a center closer to a minimum."
            )

    @property
    def slots(self) -> int:
        """S = 2 2^ceil(log2 T) time slots."""
        return self.encoding.slots

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on what was done to what was asked for: padding."""
        if 2 * self.steps == self.slots:
            return ()
        return (
            f"T = {self.steps} is no power of two: the system is padded to {self.slots} slots, those after T repeat "
            f"u({self.steps}), and one further qubit compares the time with T.",
        )

    @cached_property
    def branch(self) -> NDArray[np.float64]:
        """Amplitudes where all flags say success, slot by slot, shape (S, 2^slot qubits); squared norm `success`."""
        return np.real(self.solver.branch).reshape(self.slots, -1)

    @property
    def success(self) -> float:
        """The probability that a run's flags say success: the state is then the history."""
        return float(np.sum(self.branch**2))

    @property
    def read_part(self) -> NDArray[np.float64]:
        """Amplitudes of the last half of the slots, up to twice the place of the constant: shape (S/2, 2M)."""
        return self.branch[self.slots // 2 :, : 2 * self.encoding.layout.constant]

    @property
    def layout(self) -> SlotLayout:
        """Where a slot's numbers stand."""
        return self.encoding.layout

    @property
    def circuit(self) -> QuantumCircuit:
        """The circuit that makes the history state, not measured: the slot lowest, then the time, then `solver`'s.

        Of its amplitudes those at `solver.flags` are `branch`; without phase estimation these are the first ones.
        """
        return self.solver.circuit

    @property
    def qubits(self) -> int:
        """The width of the circuit."""
        return self.solver.qubits

    @property
    def flags(self) -> dict[int, int]:
        """The qubits that say success, and the top time qubit, and what they then hold."""
        return {self.encoding.system_qubits - 1: 1, **self.solver.flags}

    def history(self) -> NDArray[np.float64]:
        """Return the normalized history state as Kronecker powers, shape (S, 1 + n + ... + n^N): x/|x|.

        Rows are time slots; in the units of v = u/scale, sign included.
        """
        layout = self.encoding.layout
        return np.asarray((layout.kronecker @ self.branch[:, layout.places].T).T / np.sqrt(self.success))

    @property
    def norm(self) -> float:
        """|x| with (L/alpha) x = b, computed classically."""
        return float(np.linalg.norm(self.encoding.solve(self.right_side)))

    @cached_property
    def cost(self) -> SolverCost:
        """Queries, success and width; gates take seconds to count and are `gates()`."""
        rounds, queries = shot_queries(self.solver.queries, self.good)
        solver = self.solver
        estimation = solver.estimation_queries(ESTIMATION_SHOTS) if isinstance(solver, KernelReflection) else 0
        return SolverCost(
            method=self.method,
            qubits=self.qubits,
            alpha=self.encoding.alpha,
            condition=self.encoding.condition,
            norm=self.norm,
            degree=self.solver.degree,
            queries=self.solver.queries,
            success=self.success,
            good=self.good,
            rounds=rounds,
            queries_per_good_shot=queries,
            estimation_queries=estimation,
        )

    def gates(self) -> SolverGates:
        """Count CNOTs and T gates of a query, of a phase, of the loading and of the whole.

        Raises
        ------
        InputError
            If there are more rotations than are synthesized in minutes.
        """
        return solver_gates(self.solver.pieces())
