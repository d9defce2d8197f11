"""Rotations in Clifford and T gates by chance: one of two syntheses, whose errors take each other back.

A synthesis V of U = RZ(angle) is U^+ V = alpha - i (x X + y Y + z Z) up to a phase, with alpha^2 + x^2 + y^2 + z^2 = 1.
Alone it is off by sqrt(1 - alpha^2), half the diamond distance of both channels. Drawn at random are two whose z have
opposite signs, so often that alpha z vanishes in the mean, and each between two Z gates half of the time, which
changes the signs of x and y. What is left is U with probability mean alpha^2 and otherwise an error at random, and half
the diamond distance is exactly 1 - mean alpha^2: the square of what one is off by, for half of the T gates
(Hastings, arXiv:1612.01011; Campbell, arXiv:1612.02689). Both syntheses are Qiskit's `gridsynth_rz` (Ross and Selinger,
arXiv:1403.2975), at angles a little off.

Half the diamond distances add up over a circuit, and bound the total variation distance of whatever is measured.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import Gate
from qiskit.circuit.library import HGate, SdgGate, SGate, SXGate, TdgGate, TGate, XGate, YGate, ZGate
from qiskit.synthesis import gridsynth_rz

from problems.errors import InputError, non_negative
from problems.seeds import Seed, generator
from quantum.blocks.equal_rotations import append_rotation, is_eighth
from quantum.resources.clifford_t import check_rotations
from quantum.resources.operations import critical_path, operations

__all__ = ["Mixture", "Synthesis", "mixtures", "synthesize"]

SMALLEST, LARGEST = 1e-9, 0.3
"""Errors that are asked of a whole circuit."""

LEAST_RADIUS, MOST_RADIUS = 1e-11, 0.3
"""Errors of a single synthesis."""

RADII = (1.2, 2.4)
"""Errors that are tried, over the one that an equal share of the whole error would ask for."""

OFFSETS = (-0.5, 0.0, 0.5)
"""How far, over such an error, the angle of a synthesis is off."""

T_NAMES = ("t", "tdg")

GATES: Mapping[str, Gate] = {
    gate.name: gate for gate in (HGate(), SGate(), SdgGate(), SXGate(), TGate(), TdgGate(), XGate(), YGate(), ZGate())
}


@dataclass(frozen=True)
class Mixture:
    """A rotation in Clifford and T gates, by one synthesis or by chance.

    Attributes
    ----------
    angle
        Of RZ, in radians.
    gates
        Names of gates on the qubit, the first applied first: one synthesis, or two.
    weights
        Probabilities of each.
    error
        Half the diamond distance to RZ(angle).
    """

    angle: float
    gates: tuple[tuple[str, ...], ...]
    weights: tuple[float, ...]
    error: float

    @property
    def t(self) -> float:
        """T gates in the mean."""
        return float(sum(w * _t_count(one) for w, one in zip(self.weights, self.gates, strict=True)))

    def draw(self, rng: np.random.Generator) -> tuple[str, ...]:
        """Return the gates of one run: of two syntheses one by chance, between two Z gates half of the time."""
        if len(self.gates) == 1:
            return self.gates[0]
        chosen = self.gates[int(rng.random() >= self.weights[0])]
        return ("z", *chosen, "z") if rng.random() < 0.5 else chosen


@dataclass(frozen=True)
class Synthesis:
    """A circuit with a mixture for each of its rotations.

    Attributes
    ----------
    circuit
        The circuit, gates of Clifford+T beside RZ.
    mixtures
        By angle in (0, pi/4).
    error
        Half the diamond distances of all rotations, added up: at least the total variation distance between what is
        measured and what the circuit gives.
    t_exact
        T gates of the circuit itself.
    rotations
        How many RZ were synthesized.
    """

    circuit: QuantumCircuit
    mixtures: Mapping[float, Mixture]
    error: float
    t_exact: int
    rotations: int

    @property
    def t(self) -> int:
        """T gates of a run in the mean, rounded up."""
        found = Counter(place[1] for place in _places(self.circuit).values())
        return math.ceil(self.t_exact + sum(n * self.mixtures[angle].t for angle, n in found.items()) - 1e-9)

    def draw(self, seed: Seed = None) -> QuantumCircuit:
        """Return a circuit of Clifford and T gates for one run.

        Parameters
        ----------
        seed
            What `numpy.random.default_rng` takes.
        """
        rng, places = generator(seed), _places(self.circuit)
        made = self.circuit.copy_empty_like()
        for place, instruction in enumerate(self.circuit.data):
            (*_, qubit) = instruction.qubits or (None,)
            if instruction.operation.name != "rz":
                made.append(instruction)
            elif place not in places:
                append_rotation(made, float(instruction.operation.params[0]), qubit)
            else:
                clifford, angle, sign = places[place]
                append_rotation(made, clifford, qubit)
                gates = self.mixtures[angle].draw(rng)
                for name in gates if sign > 0 else ("x", *gates, "x"):
                    made.append(GATES[name], [qubit])
        return made

    def t_depth(self, seed: Seed = 0) -> int:
        """Return the T gates on the longest path of one run."""
        return int(critical_path(operations(self.draw(seed)), lambda operation: operation.name in T_NAMES))


def synthesize(circuit: QuantumCircuit, error: float, mixed: bool = True) -> Synthesis:
    """Synthesize all rotations of a circuit within an error of the whole; deterministic.

    The error is split by what it costs: of the syntheses that were found for each angle, those of the fewest T gates in
    all whose errors add up to no more.

    Parameters
    ----------
    circuit
        In Clifford and T gates and RZ, as `compile_to_basis` and `group_rotations` leave it.
    error
        Half the diamond distance to the circuit, 1e-9 to 0.3.
    mixed
        Whether rotations are drawn by chance; else each is one synthesis.

    Raises
    ------
    InputError
        If the error is out of range, or there are too many rotations.
    """
    if not SMALLEST <= non_negative("error", error) <= LARGEST:
        raise InputError(f"error = {error} is out of range; give a number from {SMALLEST:g} to {LARGEST:g}.")
    places = _places(circuit)
    check_rotations(len(places))
    exact = sum(
        operation.name in T_NAMES or (operation.name == "rz" and _is_t(float(operation.parameters[0])))
        for operation in operations(circuit)
    )
    counts = Counter(angle for _, angle, _ in places.values())
    chosen = _split(counts, error, mixed) if counts else {}
    spent = sum(count * chosen[angle].error for angle, count in counts.items())
    return Synthesis(circuit, chosen, float(spent), int(exact), len(places))


def _places(circuit: QuantumCircuit) -> dict[int, tuple[float, float, int]]:
    """Return the Clifford part, the angle in (0, pi/4) and the sign of each rotation, by its place."""
    found = {}
    for place, instruction in enumerate(circuit.data):
        if instruction.operation.name == "rz" and not is_eighth(float(instruction.operation.params[0])):
            whole = float(instruction.operation.params[0])
            rest = math.remainder(whole, math.pi / 2)
            # Close angles share a synthesis.
            found[place] = (whole - rest, round(abs(rest), 12), 1 if rest > 0 else -1)
    return found


def _split(counts: Mapping[float, int], error: float, mixed: bool) -> dict[float, Mixture]:
    """Choose a synthesis for each angle, so that errors add up to no more than one and T gates are few."""
    share = error / sum(counts.values())
    while True:
        options = {angle: mixtures(angle, share, mixed) for angle in counts}
        finest = {angle: min(some, key=lambda one: one.error) for angle, some in options.items()}
        if sum(count * finest[angle].error for angle, count in counts.items()) <= error:
            break
        share *= 0.7
    # Of each angle the least T + price error; the lowest price at which all errors are affordable.
    low, high = -20.0, 120.0
    for _ in range(60):
        price = (low + high) / 2
        chosen = _at_price(options, 2.0**price)
        if sum(count * chosen[angle].error for angle, count in counts.items()) <= error:
            high = price
        else:
            low = price
    return _at_price(options, 2.0**high)


def _at_price(options: Mapping[float, Sequence[Mixture]], price: float) -> dict[float, Mixture]:
    return {angle: min(some, key=lambda one: (one.t + price * one.error, one.error)) for angle, some in options.items()}


@lru_cache(maxsize=4096)
def mixtures(angle: float, error: float, mixed: bool = True) -> tuple[Mixture, ...]:
    """Return syntheses of RZ(angle) about an error, none with both more T gates and a larger error than another.

    Parameters
    ----------
    angle
        In radians.
    error
        Half the diamond distance that is aimed at.
    mixed
        Whether two are drawn by chance; else each is one synthesis.
    """
    radius = math.sqrt(error) if mixed else error
    radii = [min(max(factor * radius, LEAST_RADIUS), MOST_RADIUS) for factor in RADII]
    tried = dict.fromkeys(
        (angle + offset * one, (1 - abs(offset)) * one) for one in radii for offset in (OFFSETS if mixed else (0.0,))
    )
    found = [_synthesis(angle, at, within) for at, within in tried]
    if not mixed:
        return _best(Mixture(angle, (gates,), (1.0,), float(np.linalg.norm(off[1:]))) for gates, off in found)
    made = []
    for first, a in ((gates, off) for gates, off in found if off[3] >= 0):
        for second, b in ((gates, off) for gates, off in found if off[3] < 0):
            up, down = a[0] * a[3], -b[0] * b[3]
            weight = float(down / (up + down))
            error_of = weight * float(a[1:] @ a[1:]) + (1 - weight) * float(b[1:] @ b[1:])
            made.append(Mixture(angle, (first, second), (weight, 1 - weight), error_of))
    return _best(made)


def _best(found: Iterable[Mixture]) -> tuple[Mixture, ...]:
    kept: list[Mixture] = []
    for one in sorted(found, key=lambda one: (one.error, one.t)):
        if not kept or one.t < kept[-1].t - 1e-9:
            kept.append(one)
    return tuple(kept)


@lru_cache(maxsize=16384)
def _synthesis(angle: float, at: float, within: float) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Return the gates of a synthesis of RZ(at), and alpha, x, y, z of its error as one of RZ(angle)."""
    gates = tuple(instruction.operation.name for instruction in gridsynth_rz(at, within).data)
    matrix = np.eye(2, dtype=complex)
    for name in gates:
        matrix = _matrix(name) @ matrix
    off = np.diag(np.exp([0.5j * angle, -0.5j * angle])) @ matrix
    off /= np.sqrt(np.linalg.det(off))
    # alpha = tr/2, and -i (x, y, z) = tr(P off)/2 for the Pauli matrices P; now in SU(2), all four are real.
    parts = np.array(
        [
            (off[0, 0] + off[1, 1]) / 2,
            1j * (off[0, 1] + off[1, 0]) / 2,
            (off[1, 0] - off[0, 1]) / 2,
            1j * (off[0, 0] - off[1, 1]) / 2,
        ]
    ).real
    return gates, parts if parts[0] >= 0 else -parts


@lru_cache
def _matrix(name: str) -> NDArray[np.complex128]:
    return np.array(GATES[name].to_matrix())


def _t_count(gates: Sequence[str]) -> int:
    return sum(name in T_NAMES for name in gates)


def _is_t(angle: float) -> bool:
    return is_eighth(angle) and round(angle / (math.pi / 4)) % 2 == 1
