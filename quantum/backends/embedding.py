"""Places on a device for a circuit that is fitted to it already: everywhere where its pairs of qubits are neighbors.

The interaction graph of the circuit is laid into the device's graph by backtracking, from every qubit of the device in
turn, the better gates first; what it would be worth at each place follows from the device's errors alone (as in Nation
and Treinish 2023, PRX Quantum 4:010327, which searches all places).
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from qiskit import QuantumCircuit
from qiskit.transpiler import Target

__all__ = ["Place", "neighbors_of", "places_of"]

PLACES = 60
"""Places that are looked at from each qubit of the device; on a heavy-hexagon lattice they are nearly all."""

STEPS = 4000
"""Steps of the search from each qubit: where it is harder than this, some places are not found."""

MISSING = -1.0
"""Marks a gate that is not there; losses are at least 0."""


@dataclass(frozen=True)
class Place:
    """A place for a circuit.

    Attributes
    ----------
    qubits
        The device's qubit for each qubit in use, in the order of the circuit's.
    loss
        Minus the logarithm of the fidelity to be expected there; None where not every error is stated.
    """

    qubits: tuple[int, ...]
    loss: float | None


def neighbors_of(target: Target) -> list[tuple[int, ...]]:
    """Return for each qubit of a device those that it has a gate with, in either direction."""
    width = int(target.num_qubits)
    coupling = target.build_coupling_map()
    if coupling is None:  # no connections are stated: all there are
        return [tuple(other for other in range(width) if other != qubit) for qubit in range(width)]
    found: list[set[int]] = [set() for _ in range(width)]
    for first, second in coupling.get_edges():
        found[first].add(second)
        found[second].add(first)
    return [tuple(sorted(one)) for one in found]


def places_of(circuit: QuantumCircuit, used: Sequence[int], target: Target) -> list[Place]:
    """Return places for a fitted circuit, the best first; of each set of qubits its best order alone.

    Places where an error is not stated come last, in the order of the device's qubits.

    Parameters
    ----------
    circuit
        On the device's qubits, in its gates, without feed-forward.
    used
        The device's qubits that it acts on, ascending.
    target
        The device's description, without broken gates.
    """
    gates = _gates(circuit, used)
    linked: list[set[int]] = [set() for _ in used]
    for _, wires in gates:
        for wire in wires if len(wires) == 2 else ():
            linked[wire].update(set(wires) - {wire})
    losses = _Losses(target)
    best: dict[frozenset[int], Place] = {}
    for qubits in chain([tuple(used)], _embeddings(linked, _by_loss(target, losses))):
        total, known = 0.0, True
        for (name, wires), count in gates.items():
            loss = losses.of(name, tuple(qubits[wire] for wire in wires))
            if loss == MISSING:
                break
            known = known and loss is not None
            total += count * (loss or 0.0)
        else:
            found = Place(qubits, total if known else None)
            key = frozenset(qubits)
            if key not in best or _rank(found) < _rank(best[key]):
                best[key] = found
    return sorted(best.values(), key=_rank)


def _rank(place: Place) -> tuple[float, tuple[int, ...]]:
    return (math.inf if place.loss is None else place.loss), tuple(sorted(place.qubits))


def _gates(circuit: QuantumCircuit, used: Sequence[int]) -> Counter[tuple[str, tuple[int, ...]]]:
    """Return how often each operation stands on which of the qubits in use, counted from 0."""
    wire = {circuit.qubits[qubit]: place for place, qubit in enumerate(used)}
    return Counter(
        (one.name, tuple(wire[qubit] for qubit in one.qubits))
        for one in circuit.data
        if one.name not in ("barrier", "delay")
    )


class _Losses:
    """Losses of operations at each place: minus the logarithm of 1 - error, in the direction that there is."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._tables: dict[str, dict[tuple[int, ...], float | None] | None] = {}

    def of(self, name: str, qubits: tuple[int, ...]) -> float | None:
        """Return a loss, infinite for an error of 1; None where it is not stated, MISSING where nothing is."""
        if name not in self._tables:
            self._tables[name] = self._read(name)
        table = self._tables[name]
        if table is None:  # it stands on any qubits
            return None
        return table[qubits] if qubits in table else table.get(qubits[::-1], MISSING)

    def _read(self, name: str) -> dict[tuple[int, ...], float | None] | None:
        known = self._target[name] if name in self._target.operation_names else {}
        if known is None or None in known:
            return None
        errors = {qubits: None if one is None else one.error for qubits, one in known.items()}
        return {
            qubits: None if error is None else math.inf if error >= 1 else -math.log1p(-error)
            for qubits, error in errors.items()
        }


def _by_loss(target: Target, losses: _Losses) -> list[tuple[int, ...]]:
    """Return each qubit's neighbors, those with the best gates first, then those that follow it."""
    width = int(target.num_qubits)
    pairs = [name for name in target.operation_names if getattr(target.operation_from_name(name), "num_qubits", 0) == 2]
    found = []
    for qubit, others in enumerate(neighbors_of(target)):
        ranks = {}
        for other in others:
            stated = [loss for name in pairs if (loss := losses.of(name, (qubit, other))) not in (None, MISSING)]
            ranks[other] = min((loss for loss in stated if loss is not None), default=math.inf), (other - qubit) % width
        found.append(tuple(sorted(others, key=ranks.__getitem__)))
    return found


def _embeddings(linked: Sequence[set[int]], neighbors: Sequence[tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
    """Yield injective maps of wires to qubits, linked wires on neighbors, some from each qubit of the device.

    Wires that nothing links to those before them go next to them, so that a region is always connected.
    """
    order = _order(linked)
    earlier = [[wire for wire in order[:place] if wire in linked[order[place]]] for place in range(len(order))]
    beside = [set(others) for others in neighbors]
    for anchor in range(len(neighbors)):
        found = 0
        steps = STEPS
        stack: list[tuple[int, ...]] = [(anchor,)]
        while stack and found < PLACES and steps:
            steps -= 1
            placed = stack.pop()
            if len(placed) == len(order):
                found += 1
                yield tuple(qubit for _, qubit in sorted(zip(order, placed, strict=True)))
                continue
            before = [placed[order.index(wire)] for wire in earlier[len(placed)]]
            near = neighbors[before[0]] if before else [other for qubit in placed for other in neighbors[qubit]]
            options = [
                other
                for other in dict.fromkeys(near)
                if other not in placed and all(other in beside[qubit] for qubit in before)
            ]
            stack += [(*placed, other) for other in reversed(options)]


def _order(linked: Sequence[set[int]]) -> list[int]:
    """Return the wires such that each is linked to one before it, where there is such a one, the most linked first."""
    left = set(range(len(linked)))
    order: list[int] = []
    while left:
        near = [wire for wire in left if linked[wire] & set(order)] or sorted(left)
        wire = max(near, key=lambda one: (len(linked[one] & set(order)), len(linked[one]), -one))
        order.append(wire)
        left.remove(wire)
    return order
