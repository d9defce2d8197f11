"""Equal rotations at the same time: one rotation for each bit of their Hamming weight, instead of one a qubit.

RZ(angle) on each of n qubits is a phase of their weight w alone, e^(i angle (w - n/2)). Adders write the bits of w,
bit k is rotated by 2^k angle, and the adders are taken back: Hamming-weight phasing (Gidney 2018, arXiv:1709.06648,
section 4; Kivlichan et al. 2020, arXiv:1902.10673, appendix A). An AND is a Toffoli gate up to a phase of its own, of
4 T (Selinger 2013, arXiv:1210.0974, and Gidney, as above); taking it back takes 4 more, or a measurement.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from qiskit import QuantumCircuit
from qiskit.circuit import Clbit, Gate, Qubit

from problems.errors import InputError, whole_number

__all__ = [
    "AND_T",
    "EqualRotations",
    "WeightPlan",
    "append_equal_rotations",
    "append_rotation",
    "is_eighth",
    "weight_plan",
]

AND_T = 4
"""T gates of an AND."""

EXACT = 1e-9
"""Radians within which an angle is a multiple of pi/4, as in `quantum.resources`."""


def is_eighth(angle: float) -> bool:
    """Tell whether RZ of an angle is a gate of Clifford+T: a multiple of pi/4."""
    return abs(math.remainder(angle, math.pi / 4)) < EXACT


@dataclass(frozen=True)
class WeightPlan:
    """How far the weight of n qubits is added up.

    Attributes
    ----------
    ands
        For bits 0, 1, ... of the weight, how many ANDs take wires of that bit together, the last 0: what wires are
        left are rotated one by one.
    t
        T gates, with those of rotations as they were assumed.
    """

    ands: tuple[int, ...]
    t: float

    @property
    def ancillas(self) -> int:
        """The qubits beside the n: one an AND."""
        return sum(self.ands)


def rotation_t(angle: float, t: float) -> float:
    """Return the T gates of RZ(angle): none of multiples of pi/2, one of odd multiples of pi/4, else `t`."""
    if not is_eighth(angle):
        return t
    return round(angle / (math.pi / 4)) % 2


def weight_plan(count: int, angle: float, t: float, measured: bool = False, ancillas: int | None = None) -> WeightPlan:
    """Return the plan of the fewest T gates.

    Of m wires of one bit, j ANDs leave m - 2j wires, or one where that is none, and make j of the next bit. So a bit
    whose rotation is cheap is not added up at all, and 64 equal rotations are 63 and one.

    Parameters
    ----------
    count
        The qubits n >= 1.
    angle
        Of each rotation, in radians.
    t
        T gates that a rotation takes which has to be synthesized.
    measured
        Whether ANDs are taken back by measurement, which takes no T gates.
    ancillas
        The most there may be; None for as many as are worth it, at most n - 1.

    Raises
    ------
    InputError
        If a number is out of range.
    """
    count = whole_number("count", count, 1)
    most = None if ancillas is None else whole_number("ancillas", ancillas, 0)
    if not 0 <= t < math.inf or not math.isfinite(angle):
        raise InputError(f"angle = {angle} and t = {t} must be finite, and t at least 0; correct them.")
    each = AND_T if measured else 2 * AND_T

    @cache
    def best(wires: int, bit: int, free: int | None) -> tuple[float, tuple[int, ...]]:
        one = rotation_t(math.ldexp(angle, bit), t)
        found: tuple[float, tuple[int, ...]] = (wires * one, (0,))
        for ands in range(1, min(wires // 2, wires if free is None else free) + 1) if one else ():
            cost, further = best(ands, bit + 1, None if free is None else free - ands)
            cost += ands * each + max(wires - 2 * ands, 1) * one
            if cost < found[0]:
                found = (cost, (ands, *further))
        return found

    cost, ands = best(count, 0, most)
    return WeightPlan(ands, cost)


def append_rotation(circuit: QuantumCircuit, angle: float, qubit: Qubit) -> None:
    """Append RZ(angle): Clifford and T gates where that is exact, up to a global phase that is kept."""
    if not is_eighth(angle):
        circuit.rz(angle, qubit)
        return
    eighths = round(angle / (math.pi / 4))
    circuit.global_phase -= eighths * math.pi / 8
    for name in EIGHTHS[eighths % 8]:
        getattr(circuit, name)(qubit)


EIGHTHS: Sequence[tuple[str, ...]] = (
    (),
    ("t",),
    ("s",),
    ("s", "t"),
    ("z",),
    ("z", "t"),
    ("sdg",),
    ("tdg",),
)
"""Phase gates by multiples of pi/4."""


def append_equal_rotations(
    circuit: QuantumCircuit,
    angle: float,
    qubits: Sequence[Qubit],
    ancillas: Sequence[Qubit],
    plan: WeightPlan,
    clbits: Sequence[Clbit] = (),
) -> None:
    """Append RZ(angle) on each of some qubits, by a plan.

    Parameters
    ----------
    circuit
        The circuit.
    angle
        In radians.
    qubits
        The n qubits of the plan.
    ancillas
        Qubits in |0>, as many as the plan's; left in |0>.
    plan
        From `weight_plan`.
    clbits
        One for each ancilla, which it is measured into as its AND is taken back; none for gates alone.
    """
    adders, bits = _adders(list(qubits), list(ancillas), plan)
    outcomes = dict(zip(ancillas, clbits, strict=True)) if clbits else {}
    for step in adders:
        if len(step) == AND:
            _append_and(circuit, step, exact=bool(clbits))
        else:
            circuit.cx(*step)
    # e^(i angle 2^k b) on the bits b that are left of each weight is RZ up to a phase, which makes the whole exact.
    circuit.global_phase -= angle * len(qubits) / 2
    for k, wires in enumerate(bits):
        circuit.global_phase += len(wires) * math.ldexp(angle, k) / 2
        for wire in wires:
            append_rotation(circuit, math.ldexp(angle, k), wire)
    for step in reversed(adders):
        if len(step) == AND:
            _take_back(circuit, step, outcomes.get(step[-1]))
        else:
            circuit.cx(*step)


AND = 3
"""Wires of an AND; a CNOT has two."""


def _adders(
    qubits: list[Qubit], ancillas: list[Qubit], plan: WeightPlan
) -> tuple[list[tuple[Qubit, ...]], list[list[Qubit]]]:
    """Return CNOTs and ANDs by their wires, the target last, and the wires that are left of each bit of the weight."""
    steps: list[tuple[Qubit, ...]] = []
    wires, bits, fresh = qubits, [], iter(ancillas)
    for ands in plan.ands:
        carries = []
        for _ in range(ands):
            # The sum goes last, so that adders of a bit stand beside each other and not in a chain.
            a, b, *rest = wires
            carry = next(fresh)
            if rest:
                c, *wires = rest
                # Now a and b hold their sums with c, so that (a AND b) + c is the carry, and c the sum of all three.
                steps += [(c, a), (c, b), (a, b, carry), (c, carry), (a, c), (b, c)]
                wires.append(c)
            else:
                steps += [(a, b, carry), (a, b)]
                wires = [b]
            carries.append(carry)
        bits.append(wires)
        wires = carries
    return steps, bits


def _append_and(circuit: QuantumCircuit, wires: Sequence[Qubit], exact: bool) -> None:
    """Append the AND of two wires onto a third in |0>: Qiskit's RCCX, with a phase i^(ab) that `exact` takes off."""
    a, b, target = wires
    circuit.h(target)
    circuit.t(target)
    circuit.cx(b, target)
    circuit.tdg(target)
    circuit.cx(a, target)
    circuit.t(target)
    circuit.cx(b, target)
    circuit.tdg(target)
    circuit.h(target)
    if exact:
        circuit.sdg(target)


def _take_back(circuit: QuantumCircuit, wires: Sequence[Qubit], clbit: Clbit | None) -> None:
    """Bring an AND back to |0>, by its gates, which are their own inverse, or by a measurement."""
    if clbit is None:
        _append_and(circuit, wires, exact=False)
        return
    a, b, target = wires
    circuit.h(target)
    circuit.measure(target, clbit)
    with circuit.if_test((clbit, 1)):
        circuit.cz(a, b)
        circuit.x(target)


class EqualRotations(Gate):
    """RZ(angle) on each of n qubits, with ancillas that are left in |0>.

    Parameters
    ----------
    count
        n >= 1.
    angle
        In radians.
    t
        T gates that a synthesized rotation is taken to cost, for the plan.
    ancillas
        The most there may be; None for as many as are worth it.

    Raises
    ------
    InputError
        If a number is out of range.

    Notes
    -----
    Registers: the n qubits, then the plan's ancillas in |0>. Decomposition: at most n - popcount(n) ANDs, twice, and
    a rotation for each wire that the plan leaves; for generic angles the floor(log2 n) + 1 bits of the weight and the
    odd ones out.
    """

    def __init__(self, count: int, angle: float, t: float = 30.0, ancillas: int | None = None) -> None:
        self.plan = weight_plan(count, angle, t, ancillas=ancillas)
        self.count, self.angle = count, angle
        super().__init__("equal_rotations", count + self.plan.ancillas, [angle])

    def _define(self) -> None:
        self.definition = QuantumCircuit(self.num_qubits, name=self.name)
        qubits = self.definition.qubits
        append_equal_rotations(self.definition, self.angle, qubits[: self.count], qubits[self.count :], self.plan)
