"""The system of all time slots as a block of a unitary: L/alpha, L = 1 - shift x B."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import Gate
from qiskit.circuit.library import RYGate, UCRYGate
from scipy import sparse

from problems.errors import InputError, whole_number
from problems.memory import require_memory
from problems.sparse_training import PolynomialUpdate, carleman_matrix
from problems.sparse_training.history import smallest_singular_value
from quantum.blocks import BlockCost, ControlledContraction, TimeShift
from quantum.blocks.block_cost import written_cost
from quantum.sparse_training.slot_layout import SlotLayout

__all__ = ["CarlemanEncoding"]


class CarlemanEncoding(Gate):
    """|x>|0> -> (L/alpha)|x>|0> + what the ancillas flag, L the matrix of the history of T steps.

    Parameters
    ----------
    update
        The polynomial update of n weights.
    steps
        T >= 1.
    order
        N >= 1, the powers that are kept.
    level
        A number in [-1, 1]: there is a further system qubit, the level, above all others, and where it is 1 the block
        is this number instead of L/alpha. None: there is none.

    Attributes
    ----------
    layout
        Where a slot's numbers stand, a `SlotLayout`.
    step
        B on the weighted monomials, shape (size, size).
    alpha
        1 + max(1, |B|_2).
    slots, time_qubits
        S = 2 2^ceil(log2 T), and its logarithm.
    system_qubits, ancilla_qubits
        Slot, time and level; 3, or 4 where T is no power of two.

    Raises
    ------
    InputError
        If a number is no whole number of at least 1, the level is not in [-1, 1], or the matrices would not fit in
        memory.

    Notes
    -----
    Registers: the slot (lowest), the time, the level if there is one; then the ancillas, all 0 where the block acts:
    the term (0: the identity, 1: the step), the flag of the contraction, the overflow of time, and where T is no power
    of two "t < T". The block acts on all of the system's states; on those of a slot that stand for no monomial B is 0.

    Decomposition: a rotation of the term by weights 1 and max(1, |B|); where it is 1 a `ControlledContraction` of
    B/max(1, |B|), off for t >= T, and a `TimeShift`; the sign; the rotation back. The copies of t >= T are 1 out of
    max(1, |B|). The level keeps the term at 0 and turns the flag.

    Padded and with the constant row, Liu et al. (arXiv:2303.03428), equation 6, as `HistorySystem` has it.
    """

    def __init__(self, update: PolynomialUpdate, steps: int, order: int, level: float | None = None) -> None:
        if not isinstance(update, PolynomialUpdate):
            raise InputError(f"{type(update).__name__} is no polynomial update; give a PolynomialUpdate.")
        self.update, self.steps = update, whole_number("steps T", steps, 1)
        self.layout = SlotLayout(update.dimension, whole_number("order N", order, 1))
        if level is not None and not abs(level) <= 1:
            raise InputError(f"level = {level} is no block of a unitary; give a number in [-1, 1].")
        self.level = level
        require_memory(
            5 * 8 * 4**self.layout.qubits,
            f"A contraction of {self.layout.qubits} qubits, one slot of n = {update.dimension} weights to the order "
            f"N = {order},",
            "keep fewer weights or take a lower order",
        )
        super().__init__("carleman", self.system_qubits + self.ancilla_qubits, [])

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, CarlemanEncoding)
            and (self.steps, self.layout, self.level) == (other.steps, other.layout, other.level)
            and np.array_equal(self.step, other.step)
        )

    __hash__ = None  # type: ignore[assignment]

    def at_level(self, level: float | None) -> "CarlemanEncoding":
        """Return the same encoding with a level, or without one."""
        return CarlemanEncoding(self.update, self.steps, self.layout.order, level)

    @property
    def time_qubits(self) -> int:
        """log2 S = 1 + ceil(log2 T)."""
        return 1 + (self.steps - 1).bit_length()

    @property
    def slots(self) -> int:
        """S."""
        return 2**self.time_qubits

    @property
    def system_qubits(self) -> int:
        """Qubits of what the block acts on: the slot, the time and the level if there is one."""
        return self.layout.qubits + self.time_qubits + (self.level is not None)

    @property
    def ancilla_qubits(self) -> int:
        """Qubits that are 0 where the block acts."""
        return 3 + (not self._power_of_two)

    @property
    def _power_of_two(self) -> bool:
        return 2 * self.steps == self.slots

    @cached_property
    def step(self) -> NDArray[np.float64]:
        """B on the weighted monomials, shape (size, size)."""
        weights = self.layout.weights
        plain = carleman_matrix(self.update, self.layout.order, "monomial").toarray()
        return np.asarray(plain * weights[:, None] / weights)

    @cached_property
    def norm(self) -> float:
        """max(1, |B|_2), the weight of the step."""
        return max(1.0, float(np.linalg.norm(self.step, 2)))

    @property
    def alpha(self) -> float:
        """1 + max(1, |B|_2)."""
        return 1 + self.norm

    @property
    def flags(self) -> tuple[int, ...]:
        """The ancillas."""
        return tuple(range(self.system_qubits, self.num_qubits))

    def matrix(self) -> NDArray[np.float64]:
        """Return the block, L/alpha and the level, on all basis states of the system: the reference.

        Raises
        ------
        InputError
            If it does not fit in memory.
        """
        require_memory(
            3 * 8 * 4**self.system_qubits, f"A matrix of {self.system_qubits} qubits", "take fewer steps or weights"
        )
        size = 2**self.layout.qubits
        step = np.zeros((size, size))
        step[np.ix_(self.layout.places, self.layout.places)] = self.step
        whole = np.eye(self.slots * size)
        for t in range(self.slots - 1):
            moved = step if t < self.steps else np.eye(size)
            whole[(t + 1) * size : (t + 2) * size, t * size : (t + 1) * size] = -moved
        whole /= self.alpha
        if self.level is None:
            return whole
        zero = np.zeros_like(whole)
        return np.block([[whole, zero], [zero, self.level * np.eye(len(whole))]])

    def apply(self, x: NDArray[Any], adjoint: bool = False) -> NDArray[Any]:
        """Return L/alpha, or its adjoint, times a vector without the level, shape (S 2^slot qubits,), slot by slot."""
        places, steps = self.layout.places, self.steps
        slots = x.reshape(self.slots, -1)
        found = slots.copy()
        if adjoint:
            found[:steps, places] -= slots[1 : steps + 1, places] @ self.step
            found[steps:-1] -= slots[steps + 1 :]
        else:
            found[1 : steps + 1, places] -= slots[:steps, places] @ self.step.T
            found[steps + 1 :] -= slots[steps:-1]
        return np.asarray(found.ravel() / self.alpha)

    def solve(self, right_side: NDArray[Any]) -> NDArray[Any]:
        """Return x with (L/alpha) x = b, b without the level, by forward substitution."""
        places = self.layout.places
        slots = self.alpha * right_side.reshape(self.slots, -1)
        for t in range(self.slots - 1):
            if t < self.steps:
                slots[t + 1, places] += self.step @ slots[t, places]
            else:
                slots[t + 1] += slots[t]
        return np.asarray(slots.ravel())

    @cached_property
    def condition(self) -> float:
        """kappa_eff = alpha/sigma_min(L), L on the monomials: what the numbers of queries grow with.

        Computed classically; a device would need a bound.
        """
        count = self.slots - 1
        shifts = sparse.eye_array(self.slots, k=-1, format="csr")
        moves = sparse.diags_array((np.arange(self.slots) < self.steps).astype(float))
        stays = sparse.diags_array((np.arange(self.slots) >= self.steps).astype(float))
        size = self.layout.size
        require_memory(40 * count * size**2, f"The system of {self.slots} slots", "take fewer steps or weights")
        whole = (
            sparse.eye_array(self.slots * size)
            - sparse.kron(shifts @ moves, self.step)
            - sparse.kron(shifts @ stays, sparse.eye_array(size))
        )
        return self.alpha / smallest_singular_value(sparse.csr_array(whole))

    @cached_property
    def cost(self) -> BlockCost:
        """The cost of one query as it is written."""
        return written_cost(self.definition, queries=1)

    @property
    def two_qubit_gates(self) -> int:
        """CX gates of a query as it is written; a compiler finds somewhat fewer."""
        return self.cost.two_qubit

    def switched(self, switches: int) -> Gate:
        """Return the gate with so many controls behind its qubits: nothing happens unless all are 1."""
        circuit = self._circuit(switches)
        circuit.name = "switched_carleman"
        return circuit.to_gate()

    def _define(self) -> None:
        self.definition = self._circuit(0)

    def _circuit(self, switches: int) -> QuantumCircuit:
        slot, k = self.layout.qubits, self.time_qubits
        data, time = list(range(slot)), list(range(slot, slot + k))
        level = [slot + k] if self.level is not None else []
        term, flag, overflow, *earlier = range(self.system_qubits, self.num_qubits)
        size = 2**slot
        step = np.zeros((size, size))
        step[np.ix_(self.layout.places, self.layout.places)] = self.step / self.norm
        contraction = ControlledContraction(step, (1.0, 1 / self.norm, 1.0))  # the term, then t < T
        circuit = QuantumCircuit(self.num_qubits + switches, name=self.name)
        controls = [*level, *range(self.num_qubits, self.num_qubits + switches)]
        # All but the term's rotations does nothing where the term is 0, and so is switched by them.
        angles = np.zeros(2 ** len(controls))
        angles[len(angles) - 1 - bool(level)] = 2 * np.arctan(np.sqrt(self.norm))
        self._rotate(circuit, angles, term, controls)
        before = earlier[0] if earlier else time[-1]
        self._compare(circuit, time, earlier)
        circuit.append(contraction, [*data, term, before, flag])
        self._compare(circuit, time, earlier)
        circuit.append(TimeShift(k), [term, *time, overflow])
        circuit.z(term)
        if self.level is not None:
            circuit.append(RYGate(2 * np.arccos(self.level)).control(1 + switches, annotated=False), [*controls, flag])
        self._rotate(circuit, -angles, term, controls)
        return circuit

    def _rotate(self, circuit: QuantumCircuit, angles: NDArray[np.float64], term: int, controls: list[int]) -> None:
        if controls:
            circuit.append(UCRYGate(angles.tolist()), [term, *controls])
        else:
            circuit.ry(angles[0], term)

    def _compare(self, circuit: QuantumCircuit, time: list[int], earlier: list[int]) -> None:
        """Write "t < T" to a qubit, or take it back: the top bit inverted, or T's bits that are 1, one by one."""
        if not earlier:
            circuit.x(time[-1])
            return
        for bit in range(len(time)):
            if self.steps >> bit & 1:
                # t agrees with T above this bit and has 0 here: the first bit that differs.
                controls = time[bit:]
                zeros = [time[bit], *(q for i, q in enumerate(time) if i > bit and not self.steps >> i & 1)]
                circuit.x(zeros)
                circuit.mcx(controls, earlier[0])
                circuit.x(zeros)
