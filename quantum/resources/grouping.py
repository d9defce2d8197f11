"""Equal rotations of a circuit found and taken together, where that costs fewer T gates.

A circuit in CX, RZ, SX and X is run through in order, every gate as soon as its qubits are there, until only rotations
that have to be synthesized are left in front. These are on different qubits, and so at the same time: of the equal
ones, up to Clifford gates and signs, the most are taken by one `quantum.blocks.equal_rotations`.
"""

import math
from collections import Counter, defaultdict, deque
from dataclasses import dataclass
from typing import cast

from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit import Bit, CircuitInstruction

from problems.errors import InputError
from quantum.blocks.equal_rotations import (
    WeightPlan,
    append_equal_rotations,
    append_rotation,
    is_eighth,
    weight_plan,
)
from quantum.resources.counts import compile_to_basis
from quantum.resources.operations import Operation, Recorder

__all__ = ["Grouped", "Together", "group_rotations", "grouped_operations"]

SAME = 1e-10
"""Radians up to which neighboring angles are one."""

ROTATION_T = 30.0
"""T gates of a rotation for the choice of plans, where nothing better is known."""


@dataclass(frozen=True)
class Together:
    """Equal rotations at one time.

    Attributes
    ----------
    angle
        Of RZ, in (0, pi/4).
    size
        How many.
    ands
        ANDs that add up their weight, 0 where each stays by itself.
    """

    angle: float
    size: int
    ands: int


@dataclass(frozen=True, eq=False)
class Grouped:
    """A circuit whose equal rotations are taken together.

    Attributes
    ----------
    circuit
        In CX, SX, H, X, Z, S, T and RZ, where RZ are the rotations that have to be synthesized; with measured ANDs,
        measurements and CZ and X by their outcomes too. Ancillas come last and are returned in |0>.
    together
        What was taken together, in order.
    measured
        Whether ANDs are taken back by measurement.
    """

    circuit: QuantumCircuit
    together: tuple[Together, ...]
    measured: bool

    @property
    def ancillas(self) -> int:
        """The qubits beside the circuit's own."""
        return sum(register.size for register in self.circuit.qregs if register.name == ANCILLAS)

    @property
    def ands(self) -> int:
        """ANDs in all; each is taken back as well."""
        return sum(one.ands for one in self.together)


ANCILLAS, OUTCOME = "weight", "weight_outcome"


def group_rotations(
    circuit: QuantumCircuit, t: float = ROTATION_T, measured: bool = False, ancillas: int | None = None
) -> Grouped:
    """Return a circuit with its simultaneous equal rotations taken together, the same up to rounding; deterministic.

    Parameters
    ----------
    circuit
        The circuit; it is compiled to `BASIS` first. Blocks of feed-forward stay as they are.
    t
        T gates that a synthesized rotation is taken to cost, when plans are compared.
    measured
        Whether ANDs are taken back by measurement.
    ancillas
        The most there may be; None for as many as are worth it.

    Raises
    ------
    InputError
        If a number is out of range.
    """
    _check_measured(circuit, measured)
    compiled = compile_to_basis(circuit)
    made = QuantumCircuit(*compiled.qregs, *compiled.cregs, global_phase=compiled.global_phase, name=compiled.name)
    plan = _Plan.of(compiled, t, measured, ancillas)
    for register in (plan.own, plan.outcomes):
        if len(register):
            made.add_register(register)
    plan.write(made)
    return Grouped(made, plan.together, measured)


def grouped_operations(
    compiled: QuantumCircuit, t: float = ROTATION_T, measured: bool = False
) -> tuple[list[Operation], int, int]:
    """Return the operations of a compiled circuit that `group_rotations` would make, its qubits, and its ANDs.

    In a fraction of the time, as no circuit is built: for counts alone.

    Raises
    ------
    InputError
        If feed-forward is in the way of measured ANDs.
    """
    plan, recorder = _Plan.of(compiled, t, measured, None), Recorder()
    plan.write(cast(QuantumCircuit, recorder))
    return recorder.operations, compiled.num_qubits + len(plan.own), sum(one.ands for one in plan.together)


def _check_measured(circuit: QuantumCircuit, measured: bool) -> None:
    if measured and any(instruction.is_control_flow() for instruction in circuit.data):
        raise InputError(
            "The circuit has feed-forward already; take ANDs back by gates there, or leave feed-forward out."
        )


@dataclass(frozen=True, eq=False)
class _Plan:
    """Steps of a circuit, instructions or the places of rotations that are taken together, each with its plan.

    Attributes
    ----------
    compiled
        The circuit.
    classes
        Angle in (0, pi/4) and sign of each rotation, by its place.
    steps
        The steps; instructions have no plan.
    own, outcomes
        Ancillas, and a bit for each where ANDs are measured.
    """

    compiled: QuantumCircuit
    classes: dict[int, tuple[float, int]]
    steps: list[tuple[CircuitInstruction | list[int], WeightPlan | None]]
    own: QuantumRegister
    outcomes: ClassicalRegister

    @staticmethod
    def of(compiled: QuantumCircuit, t: float, measured: bool, ancillas: int | None) -> "_Plan":
        _check_measured(compiled, measured)
        classes = _classes(compiled)
        steps: list[tuple[CircuitInstruction | list[int], WeightPlan | None]] = [
            (
                step,
                None
                if isinstance(step, CircuitInstruction)
                else weight_plan(len(step), classes[step[0]][0], t, measured, ancillas),
            )
            for step in _scheduled(compiled, classes)
        ]
        own = QuantumRegister(max((plan.ancillas for _, plan in steps if plan), default=0), ANCILLAS)
        return _Plan(compiled, classes, steps, own, ClassicalRegister(len(own) * measured, OUTCOME))

    @property
    def together(self) -> tuple[Together, ...]:
        """Equal rotations that are taken together, in order."""
        return tuple(
            Together(self.classes[step[0]][0], len(step), plan.ancillas)
            for step, plan in self.steps
            if plan is not None and not isinstance(step, CircuitInstruction)
        )

    def write(self, made: QuantumCircuit) -> None:
        """Append all steps to a circuit that has the qubits."""
        for step, plan in self.steps:
            if isinstance(step, CircuitInstruction) or plan is None:
                _append_exact(made, step)
                continue
            angle = self.classes[step[0]][0]
            qubits = [self.compiled.data[place].qubits[0] for place in step]
            flipped = [qubit for place, qubit in zip(step, qubits, strict=True) if self.classes[place][1] < 0]
            for place, qubit in zip(step, qubits, strict=True):
                rest = float(self.compiled.data[place].operation.params[0]) - self.classes[place][1] * angle
                append_rotation(made, rest, qubit)
            for qubit in flipped:
                made.x(qubit)
            used = plan.ancillas
            append_equal_rotations(made, angle, qubits, self.own[:used], plan, self.outcomes[:used])
            for qubit in flipped:
                made.x(qubit)


def _classes(compiled: QuantumCircuit) -> dict[int, tuple[float, int]]:
    """Return the angle in (0, pi/4) and the sign of each rotation, by its place: what Clifford gates leave of it."""
    found = {}
    for place, instruction in enumerate(compiled.data):
        if instruction.operation.name == "rz" and not is_eighth(float(instruction.operation.params[0])):
            found[place] = math.remainder(float(instruction.operation.params[0]), math.pi / 2)
    classes, last = {}, -math.inf
    shared = 0.0
    for place in sorted(found, key=lambda place: (abs(found[place]), place)):
        if abs(found[place]) - last > SAME:
            shared = abs(found[place])
        last = abs(found[place])
        classes[place] = (shared, 1 if found[place] > 0 else -1)
    return classes


def _scheduled(compiled: QuantumCircuit, classes: dict[int, tuple[float, int]]) -> list[CircuitInstruction | list[int]]:
    """Return instructions and, in place of rotations, the places of those that are taken together."""
    waiting: list[int] = []
    followers: defaultdict[int, list[int]] = defaultdict(list)
    holders: dict[Bit, int] = {}
    for place, instruction in enumerate(compiled.data):
        before = {holders[bit] for bit in (*instruction.qubits, *instruction.clbits) if bit in holders}
        waiting.append(len(before))
        for one in before:
            followers[one].append(place)
        holders.update(dict.fromkeys((*instruction.qubits, *instruction.clbits), place))
    free = deque(place for place, count in enumerate(waiting) if not count)
    left = Counter(angle for angle, _ in classes.values())
    front: defaultdict[float, list[int]] = defaultdict(list)
    steps: list[CircuitInstruction | list[int]] = []

    def done(place: int) -> None:
        for one in followers[place]:
            waiting[one] -= 1
            if not waiting[one]:
                free.append(one)

    while free or front:
        while free:
            place = free.popleft()
            if place in classes:
                front[classes[place][0]].append(place)
            else:
                steps.append(compiled.data[place])
                done(place)
        if front:
            # What has no equal left elsewhere loses nothing; else the most that are equal.
            angle = max(front, key=lambda angle: (len(front[angle]) == left[angle], len(front[angle]), -angle))
            places = sorted(front.pop(angle))
            left[angle] -= len(places)
            steps.append(places)
            for place in places:
                done(place)
    return steps


def _append_exact(made: QuantumCircuit, instruction: CircuitInstruction) -> None:
    """Append an instruction, RZ by multiples of pi/4 in Clifford and T gates."""
    if instruction.operation.name == "rz":
        append_rotation(made, float(instruction.operation.params[0]), instruction.qubits[0])
    else:
        made.append(instruction)
