"""Training step by step: the Carleman matrix applied T times, each time with a chance to fail. A peer."""

from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import AncillaRegister, QuantumCircuit, QuantumRegister

from problems.errors import InputError, non_negative
from problems.sparse_training import PolynomialUpdate, carleman_state
from problems.sparse_training.update import as_point
from quantum.blocks import DenseEncoding
from quantum.blocks.preparation import preparation
from quantum.sparse_training.carleman_encoding import CarlemanEncoding
from quantum.sparse_training.cost import SolverCost, shot_queries
from quantum.sparse_training.reading import SignedReading
from quantum.sparse_training.slot_layout import SlotLayout

__all__ = ["MarchingSolver"]


class MarchingSolver(SignedReading):
    """T steps of a polynomial update, one block encoding of B/|B| after the other.

    Parameters
    ----------
    update
        The polynomial update of n weights.
    start
        u(0), shape (n,); None is 0.
    steps
        T >= 1, any.
    order
        N >= 1.
    scale
        gamma > 0, None is 1: the circuit has v = u/gamma.

    Raises
    ------
    InputError
        If a number is out of range, the start does not fit, or one slot does not fit in memory.

    Notes
    -----
    Fang, Lin and Tong, arXiv:2208.06941, without their amplification of singular values: a run succeeds with
    |y(T)|^2/(|B|^2T |y(0)|^2), which falls exponentially in T where |B| > 1 and is near 1 where it is not. No error but
    that of the truncation, no inversion, one slot of qubits.
    Registers: the slot, then a flag for each step, all 0 on success. Decomposition: T times the same `DenseEncoding`.
    """

    def __init__(
        self,
        update: PolynomialUpdate,
        start: ArrayLike | None = None,
        steps: int = 4,
        order: int = 2,
        scale: float | None = None,
    ) -> None:
        if not isinstance(update, PolynomialUpdate):
            raise InputError(f"{type(update).__name__} is no polynomial update; give a PolynomialUpdate.")
        self.update = update
        self.start = np.zeros(update.dimension) if start is None else as_point("start", start, update.dimension)
        self.scale = 1.0 if scale is None else non_negative("scale", scale)
        if not self.scale:
            raise InputError("scale = 0.0 scales every weight away; give a positive number, above |u(T)|.")
        self._system = CarlemanEncoding(update.rescaled(self.scale), steps, order)
        self.steps, self.order = self._system.steps, self.layout.order

    def __repr__(self) -> str:
        return f"MarchingSolver({self.update!r}, T = {self.steps}, N = {self.order})"

    @property
    def layout(self) -> SlotLayout:
        """Where the slot's numbers stand."""
        return self._system.layout

    @property
    def qubits(self) -> int:
        """The width of the circuit."""
        return self.layout.qubits + self.steps

    @property
    def flags(self) -> dict[int, int]:
        """The flag of each step, 0 on success."""
        return dict.fromkeys(range(self.layout.qubits, self.qubits), 0)

    @cached_property
    def encoding(self) -> DenseEncoding:
        """B/|B| on the qubits of a slot."""
        step = np.zeros((2**self.layout.qubits,) * 2)
        step[np.ix_(self.layout.places, self.layout.places)] = self._system.step
        return DenseEncoding(step)

    @cached_property
    def right_side(self) -> NDArray[np.float64]:
        """y(0) at its places, normalized."""
        first = carleman_state(self.start / self.scale, self.order, "monomial") * self.layout.weights
        return self.layout.embedded(first / np.linalg.norm(first))

    @cached_property
    def branch(self) -> NDArray[np.float64]:
        """Amplitudes of the slot where all flags say success, shape (2^qubits,); squared norm `success`."""
        state = self.right_side
        for _ in range(self.steps):
            state = self.encoding.apply(state)
        return state

    @property
    def success(self) -> float:
        """The probability that no step fails."""
        return float(np.sum(self.branch**2))

    @property
    def read_part(self) -> NDArray[np.float64]:
        """Amplitudes up to twice the place of the constant, shape (1, 2M)."""
        return self.branch[None, : 2 * self.layout.constant]

    @property
    def circuit(self) -> QuantumCircuit:
        """The loading and T steps, not measured."""
        slot, flags = QuantumRegister(self.layout.qubits, "slot"), AncillaRegister(self.steps, "flag")
        circuit = QuantumCircuit(slot, flags, name="marching")
        circuit.append(preparation(self.right_side), slot)
        for flag in flags:
            circuit.append(self.encoding, [*slot, flag])
        return circuit

    @property
    def cost(self) -> SolverCost:
        """Applications of B/|B| and success; |x| and kappa mean nothing here, and are 1."""
        rounds, queries = shot_queries(self.steps, self.good)
        return SolverCost(
            method="marching",
            qubits=self.qubits,
            alpha=self.encoding.alpha,
            condition=1.0,
            norm=1.0,
            degree=self.steps,
            queries=self.steps,
            success=self.success,
            good=self.good,
            rounds=rounds,
            queries_per_good_shot=queries,
            estimation_queries=0,
        )
