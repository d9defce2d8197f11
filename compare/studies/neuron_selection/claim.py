"""The paper's claim of neuron selection, and what both sides take for the best mask of a ticket, proven."""

import math
from typing import Any

from compare.claims import ASSUMPTIONS, LOST, NEVER_REACHED, Claim, Mark, Number, assumed, changes, hashes, joined
from compare.engine import Runs
from compare.report.cells import compact, estimate, seconds
from compare.statistics import Estimate, mean_estimate, median_range
from compare.studies.neuron_selection.report import assumptions
from compare.studies.neuron_selection.seconds import MACHINES, TOFFOLI, Sides
from compare.studies.neuron_selection.study import NOISE, ORACLE, PROBLEM, ROUNDS, TIMED, TREE, Settings

__all__ = ["claim"]

NAMED = 64
"""Neurons of the ticket that the row is about; the largest timed below it where it was not."""

RIVAL = ("ticket", "branch-and-bound")


def claim(runs: Runs, settings: Settings) -> Claim:
    """Return the claim; what was not measured is left out."""
    sides = Sides(runs, settings)
    timed = sides.timed.get(RIVAL, {})
    neurons = max((one for one in timed if one <= NAMED), default=NAMED)
    rounds = 2 ** sides.rounds[neurons] if neurons in sides.rounds else None
    marks = [_mark(sides, machine, neurons) for machine in MACHINES]
    device = _device(sides, neurons, rounds)
    return Claim(
        title="Neuron selection",
        says="Grover's search and QAOA find the best subnetwork of a random network, quadratically faster",
        paper="2302.05984",
        regime="any network of N neurons, its loss an oracle",
        size=f"N = {neurons} neurons",
        letter="N",
        quality="the best mask, proven",
        rival="branch and bound on one core",
        built=_built(sides, neurons, rounds),
        equal_size=_accuracies(runs, settings, neurons),
        equal_compute=_equal_compute(sides, neurons),
        marks=[*marks, *device],
        deciding=MACHINES["T"],
        changes=changes(lambda other: _ratio(sides.under(other), neurons), settings, ASSUMPTIONS),
        omits=_omits(sides, neurons, rounds),
        assumes=assumed(assumptions(sides)),
        elsewhere=_elsewhere(sides),
    )


def _omits(sides: Sides, neurons: int, rounds: float | None) -> list[Number | str]:
    """Return what the claim leaves out: how far a proof prunes, what a query costs, and when to stop."""
    found: list[Number | str] = []
    prunes, gates, stop = (
        "that a classical proof prunes",
        "the oracle's gates",
        "when to stop, without knowing the least loss beforehand",
    )
    where: dict[str, Any] = {"problem": "ticket", "neurons": neurons, "scale": sides.settings.scales[0]}
    nodes = [row["nodes"] for row in sides.runs[TREE].where(**where)]
    if nodes:
        value = median_range(nodes)
        text = f"{prunes}: its tree has {estimate(value, compact)} nodes, where there are 2^{neurons} masks"
        found.append(Number("nodes of a proof", value, text, hashes(sides.runs, TREE, **where)))
    else:
        found.append(prunes)
    if sides.toffoli is not None:
        many = sides.gates(neurons)
        text = f"{gates}: {compact(many)} T a query at N = {neurons}"
        oracles = hashes(sides.runs, ORACLE, oracle="ripple", bits=max(sides.settings.bits))
        found.append(Number("T gates a query at this size", many, text, oracles))
    else:
        found.append(gates)
    if rounds is not None:
        more = rounds / (math.pi / 4 * 2 ** (neurons / 2))
        text = f"{stop}: {compact(more)} times the rounds of one search for a known threshold"
        found.append(Number("rounds over those of a known threshold", more, text, _rounds(sides, neurons)))
    else:
        found.append(stop)
    return found


def _rounds(sides: Sides, neurons: int) -> tuple[str, ...]:
    return hashes(sides.runs, ROUNDS, qubits=neurons)


def _ratio(sides: Sides, neurons: int) -> float | None:
    slow, fast = sides.search("T", [neurons]), sides.solver(RIVAL)
    found = slow.at(neurons) if slow is not None else None
    known = fast.at(neurons) if fast is not None else None
    return None if found is None or known is None else found.best / known.best


def _mark(sides: Sides, machine: str, neurons: int) -> Mark:
    slow, fast = sides.quantum.get(machine), sides.classical.get(RIVAL)
    quantum = None if slow is None else slow.at(neurons)
    counted = max((row["neurons"] for row in sides.runs[ORACLE].where(oracle="ripple")), default=neurons)
    crossing = sides.crossings.get((*RIVAL, machine))
    return Mark(
        MACHINES[machine],
        quantum,
        None if fast is None else fast.at(neurons),
        beyond=max(1.0, neurons / counted) if machine == "T" else 1.0,
        start=None if crossing is None else crossing.start,
        until=None if crossing is None else crossing.largest,
        records=_behind(sides, machine, neurons),
    )


def _behind(sides: Sides, machine: str, neurons: int) -> tuple[str, ...]:
    timed = hashes(sides.runs, TIMED, problem=RIVAL[0], method=RIVAL[1], neurons=neurons)
    oracles = hashes(sides.runs, ORACLE, oracle="ripple", bits=max(sides.settings.bits)) if machine == "T" else ()
    return joined(timed, hashes(sides.runs, ROUNDS, qubits=neurons), oracles)


def _device(sides: Sides, neurons: int, rounds: float | None) -> list[Mark]:
    """Return the mark of a device with its errors: what one round keeps of the signal, as often as there are rounds."""
    rows = list(sides.runs[NOISE].where(rounds=min(sides.settings.rounds)))
    if not rows or rounds is None:
        return []
    row = rows[0]
    chance = 2.0 ** -row["neurons"]
    kept = (row["measured"].best - chance) / (row["ideal"] - chance)
    lost = math.inf if kept <= 0 else -math.log10(min(kept, 1.0)) / max(row["rounds"], 1) * rounds
    name = f"{row['backend']}, with its errors"
    records = joined(hashes(sides.runs, NOISE), hashes(sides.runs, ROUNDS, qubits=neurons))
    reached = NEVER_REACHED if lost > LOST else ""
    return [Mark(name, open=reached, beyond=neurons / row["neurons"], records=records, now=True)] if reached else []


def _built(sides: Sides, neurons: int, rounds: float | None) -> list[Number]:
    found = []
    if rounds is not None:
        text = f"{compact(rounds)} Grover rounds"
        found.append(Number("queries", rounds, text, hashes(sides.runs, ROUNDS, qubits=neurons)))
    rows = sides.runs[ORACLE].where(oracle="ripple", bits=max(sides.settings.bits))
    if len(rows):
        row = max(rows, key=lambda one: one["neurons"])
        records = hashes(sides.runs, ORACLE, oracle="ripple", neurons=row["neurons"], bits=row["bits"])
        here = f"oracle at N = {row['neurons']}"
        found.append(Number("qubits", row["qubits"], f"{row['qubits']:,} qubits ({here})", records))
        gates = TOFFOLI * row["toffoli"]
        found.append(Number("T gates a query", gates, f"{gates:,} T a query ({here})", records))
    return found


def _accuracies(runs: Runs, settings: Settings, neurons: int) -> list[Number]:
    """Return held-out accuracies of the best mask, which both sides find, and of pruned networks of as many neurons."""
    rows = runs[PROBLEM].where(problem="ticket", neurons=neurons, scale=settings.scales[0])
    records = hashes(runs, PROBLEM, problem="ticket", neurons=neurons, scale=settings.scales[0])
    found = []
    for name, words in (("ticket", "the best mask, either side"), ("pruned", "trained and pruned to as many neurons")):
        values = [row[name] for row in rows if row[name] is not None]
        if values:
            mean = mean_estimate(values)
            found.append(Number(words, mean, f"{words}: {estimate(mean, '.3f')}", records))
    return found


def _elsewhere(sides: Sides) -> list[Number]:
    """Return from which N on a search is faster than trying every mask."""
    found = []
    for machine, words in MACHINES.items():
        one = sides.crossings.get(("ticket", "gray-code", machine))
        if one is not None:
            head = f"against trying every mask, {words}"
            told = f"never up to N = {one.largest}" if one.start is None else f"faster from N = {one.start} on"
            records = hashes(sides.runs, TIMED, problem="ticket", method="gray-code")
            found.append(Number(head, one.start, f"{head}: {told}", joined(records, hashes(sides.runs, ROUNDS))))
    return found


def _equal_compute(sides: Sides, neurons: int) -> list[Number]:
    """Return the chance that a search has found the mask when the classical proof is done."""
    mark = _mark(sides, "step", neurons)
    if mark.classical is None:
        return []
    took = mark.classical
    query, angle = sides.query("step", neurons), math.asin(2.0 ** (-neurons / 2))
    low, best, high = (
        math.sin(min((2 * end / query + 1) * angle, math.pi / 2)) ** 2 for end in (took.low, took.best, took.high)
    )
    chance = Estimate(low, best, high, took.samples)
    trees = hashes(sides.runs, TREE, problem="ticket", neurons=neurons)
    text = (
        f"in the {seconds(mark.classical.best)} of the proof a search has found the mask with probability "
        f"{estimate(chance, compact)}, at one step a query"
    )
    return [Number("chance of a search", chance, text, joined(mark.records, trees))]
