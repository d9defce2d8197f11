"""Regions of a device for circuits that run at once: disjoint, connected, and as good as there is room for.

Each circuit is fitted to the whole device; then places for all of them are chosen that share no qubit and stand a
stated number of qubits apart, such that the product of the expected fidelities is high. Where the device does not
state every error, places cannot be told apart by them: the circuit with the fewest two-qubit gates is taken, and the
first places that there are.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qiskit import QuantumCircuit
from qiskit.transpiler import Target

from problems.errors import InputError, whole_number
from quantum.backends.embedding import Place, neighbors_of, places_of
from quantum.backends.fitting import FittedCircuit, expect, fit_circuit, part_of
from quantum.backends.moving import moved, turned
from quantum.backends.snapshots import working_target
from quantum.backends.together import check_alone
from quantum.region_names import check_number, write_region

__all__ = ["Region", "place_circuits"]

STARTS = 200
"""Places of the first circuit that are tried, each with the best of what is left for the others."""

STEPS = 20_000
"""Steps of the search for any room at all, where the best of what is left leaves none."""


@dataclass(frozen=True, eq=False)
class Region:
    """A circuit's region.

    Attributes
    ----------
    qubits
        The device's qubits, ascending.
    fitted
        The circuit there, on the qubits of the whole device.
    best
        The fidelity to be expected of it where the device is best for it, if it ran alone; None where it is not known.
    """

    qubits: tuple[int, ...]
    fitted: FittedCircuit
    best: float | None

    @property
    def lost(self) -> float | None:
        """How much of the fidelity to be expected it has less than in the best place; None where it is not known."""
        known = self.best is not None and self.fitted.fidelity is not None and not self.fitted.unknown
        return max(0.0, self.best - self.fitted.fidelity) if known else None  # type: ignore[operator]


def place_circuits(
    circuits: Sequence[QuantumCircuit],
    target: Target,
    name: str,
    buffer: int = 0,
    regions: Sequence[Sequence[int]] | None = None,
    tries: int = 12,
) -> list[Region]:
    """Give each circuit a region of a device, and fit it there; deterministic.

    Parameters
    ----------
    circuits
        Measured, without feed-forward.
    target
        The device's description; gates marked as broken (error 1) are not used.
    name
        The device's name in messages.
    buffer
        How many unused qubits there are at least between two regions, along the device's connections.
    regions
        The qubits for each circuit, where they are not to be chosen here.
    tries
        Seeds of Qiskit's transpiler that are tried for each circuit.

    Raises
    ------
    InputError
        If a circuit does not fit the device or its region or feeds outcomes forward, there is no region of that kind,
        regions are too close, or no room was found for all.
    """
    buffer = whole_number("buffer", buffer, 0)
    for circuit in circuits:
        check_alone(circuit)
    working = working_target(target)
    near = _surroundings(neighbors_of(working), buffer)
    if regions is not None:
        _check_regions(regions, len(circuits), working, near, name, buffer)
    known: list[tuple[QuantumCircuit, FittedCircuit, list[Place]]] = []
    which = []
    for circuit in circuits:
        # Copies of one circuit are fitted once.
        number = next((number for number, one in enumerate(known) if one[0] == circuit), len(known))
        if number == len(known):
            fitted = fit_circuit(circuit, working, name, tries)
            known.append((circuit, fitted, places_of(fitted.circuit, fitted.qubits, working)))
        which.append(number)
    best = [_best(places) for _, _, places in known]
    if regions is not None:
        inside = [
            _inside(circuit, working, tuple(sorted(region)), name, tries)
            for circuit, region in zip(circuits, regions, strict=True)
        ]
        return [
            Region(tuple(sorted(region)), fitted, _better(best[number], fitted))
            for region, fitted, number in zip(regions, inside, which, strict=True)
        ]
    chosen = _choose([known[number][2] for number in which], near, name, buffer)
    found = []
    for number, place in zip(which, chosen, strict=True):
        _, fitted, _ = known[number]
        there = _there(fitted, place, working)
        found.append(Region(there.qubits, there, _better(best[number], there)))
    return found


def _best(places: Sequence[Place]) -> float | None:
    known = [place.loss for place in places if place.loss is not None]
    return math.exp(-known[0]) if len(known) == len(places) and known else None


def _better(best: float | None, fitted: FittedCircuit) -> float | None:
    return None if best is None or fitted.fidelity is None else max(best, fitted.fidelity)


def _there(fitted: FittedCircuit, place: Place, working: Target) -> FittedCircuit:
    """Return a fitted circuit at another place."""
    where = dict(zip(fitted.qubits, place.qubits, strict=True))
    circuit = turned(moved(fitted.circuit, where, int(working.num_qubits)), working)
    return expect(circuit, working, fitted.seed)


def _inside(circuit: QuantumCircuit, working: Target, region: tuple[int, ...], name: str, tries: int) -> FittedCircuit:
    """Fit a circuit to a region that is named, along its own connections alone."""
    told = f"the region {write_region(region)} of {name}"
    fitted = fit_circuit(circuit, part_of(working, region).target, told, tries)
    places = {wire: region[wire] for wire in fitted.qubits}
    return expect(moved(fitted.circuit, places, int(working.num_qubits)), working, fitted.seed)


def _surroundings(neighbors: Sequence[tuple[int, ...]], buffer: int) -> list[int]:
    """Return for each qubit itself and all within so many connections of it, as bits of a number."""
    found = []
    for qubit in range(len(neighbors)):
        reached, edge = {qubit}, {qubit}
        for _ in range(buffer):
            edge = {other for one in edge for other in neighbors[one]} - reached
            if not edge:
                break
            reached |= edge
        found.append(sum(1 << one for one in reached))
    return found


def _choose(choices: Sequence[Sequence[Place]], near: Sequence[int], name: str, buffer: int) -> list[Place]:
    """Choose a place for each circuit, none close to another."""
    order = sorted(range(len(choices)), key=lambda one: -len(choices[one][0].qubits) if choices[one] else 0)
    comparable = all(place.loss is not None for places in choices for place in places)
    masks: dict[Place, tuple[int, int]] = {}
    for place in itertools.chain(*choices):
        if place not in masks:
            around = 0
            for qubit in place.qubits:
                around |= near[qubit]
            masks[place] = sum(1 << qubit for qubit in place.qubits), around
    sorted_choices = [choices[one] for one in order]
    best: list[Place] | None = None
    least, most = math.inf, 0
    for first in sorted_choices[0][:STARTS]:
        taken, blocked = [first], masks[first][1]
        for places in sorted_choices[1:]:
            found = next((place for place in places if not masks[place][0] & blocked), None)
            if found is None:
                break
            taken.append(found)
            blocked |= masks[found][1]
        most = max(most, len(taken))
        loss = math.fsum(place.loss or 0.0 for place in taken)
        if len(taken) == len(choices) and loss < least:
            best, least = taken, loss
            if not comparable:
                break
    if best is None:
        best, most = _any_room(sorted_choices, masks, most)
    if best is None:
        between = f" with {buffer} unused between them" if buffer else ""
        remedy = f"take {most} at once" if most > 1 else "run them one by one"
        less = ", let them stand closer" if buffer else ""
        raise InputError(
            f"{name} has room for {most} of these {len(choices)} circuits at once{between}, as far as was searched; "
            f"{remedy}{less}, or choose a larger device."
        )
    return [best[order.index(one)] for one in range(len(choices))]


def _any_room(
    choices: Sequence[Sequence[Place]], masks: Mapping[Place, tuple[int, int]], most: int
) -> tuple[list[Place] | None, int]:
    """Search for any room, the best places first, and return it and how many circuits found a place."""
    steps = STEPS
    stack: list[tuple[list[Place], int]] = [([], 0)]
    while stack and steps:
        steps -= 1
        taken, blocked = stack.pop()
        most = max(most, len(taken))
        if len(taken) == len(choices):
            return taken, most
        open_places = [place for place in choices[len(taken)] if not masks[place][0] & blocked]
        stack += [([*taken, place], blocked | masks[place][1]) for place in reversed(open_places)]
    return None, most


def _check_regions(
    regions: Sequence[Sequence[int]], circuits: int, working: Target, near: Sequence[int], name: str, buffer: int
) -> None:
    """Refuse regions that are not there, or too close."""
    check_number(len(regions), circuits)
    neighbors, width = neighbors_of(working), int(working.num_qubits)
    blocked: dict[int, Sequence[int]] = {}
    for region in regions:
        told = write_region(region)
        missing = [qubit for qubit in region if not 0 <= qubit < width]
        if missing or not region:
            gone = f"qubit {missing[0]} is none of its qubits" if missing else "it names no qubits"
            raise InputError(f"There is no region {told} on {name}: {gone}, 0 to {width - 1}; name others.")
        reached, edge = {region[0]}, {region[0]}
        while edge:
            edge = {other for qubit in edge for other in neighbors[qubit] if other in set(region)} - reached
            reached |= edge
        if reached != set(region):
            raise InputError(
                f"{told} is no region of {name}: no working gates connect qubit {min(set(region) - reached)} with the "
                "rest of it; name connected qubits."
            )
        close = next((qubit for qubit in region if qubit in blocked), None)
        if close is not None:
            wrong = f"are not {buffer} unused qubits apart at" if buffer else "share"
            raise InputError(
                f"The regions {write_region(blocked[close])} and {told} of {name} {wrong} qubit {close}; name others."
            )
        for qubit in region:
            blocked |= {other: region for other in range(width) if near[qubit] >> other & 1}
