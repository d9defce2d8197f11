"""Quantum searches as circuits: what a query costs in gates, and a small search on a device's snapshot."""

from dataclasses import replace
from typing import Any

import numpy as np

from compare.engine import Inputs, Seeds
from compare.hardware.payload import Ordered, Payload
from compare.statistics import RecordedEstimate, mean_estimate
from compare.studies.neuron_selection.jobs import masks_payload, oracle_of
from compare.studies.neuron_selection.records import Noisy, OracleTask, Query, Sent, Shots
from problems.neuron_selection import error_count_problem, masks_of, ticket_problem
from quantum.neuron_selection import GroverSubspace, grover_circuit, measured_masks
from quantum.resources import target_counts

__all__ = ["measure_noisy", "order", "query"]

BITS = 16
"""Bits of losses that are looked up, which cost no more for it: so no second mask seems as good as the best."""

ROWS = 8
"""Training rows whose errors the oracle of error counts adds up."""


def query(task: OracleTask, seeds: Seeds, inputs: Inputs) -> Query:
    """Count what one query for a mask better than the median costs.

    Raises
    ------
    InputError
        If the bits are too few to keep the best mask.
    """
    from quantum import neuron_selection as oracles
    from quantum.neuron_selection.magnitude_bits import fewest_bits

    if task.oracle == "error-count":
        counted: Any = error_count_problem(task.neurons, task.seed, task.scale, bits=task.bits, samples=ROWS)
        oracle: Any = oracles.ErrorCountOracle(counted, threshold=float(np.median(counted.table())))
        return _query(oracle, None)
    problem = ticket_problem(task.neurons, task.seed, task.scale)
    threshold = float(np.median(problem.table()))
    if task.oracle == "lookup":
        return replace(_query(oracles.LookupOracle(problem, threshold), None), width=None)
    make = {"fourier": oracles.FourierOracle, "ripple": oracles.RippleOracle}[task.oracle]
    return _query(make(problem, threshold=threshold, bits=task.bits), fewest_bits(problem))


def _query(oracle: Any, fewest: int | None) -> Query:
    cost = oracle.cost
    return Query(oracle.width, cost.qubits, cost.toffoli, cost.cx, cost.rz, cost.t, cost.rotations, fewest)


def measure_noisy(task: Noisy, seeds: Seeds, inputs: Inputs) -> Shots:
    """Search for a ticket's best mask, its losses looked up, with the noise of a device.

    Raises
    ------
    InputError
        If there is no such snapshot.
    """
    oracle = oracle_of(_search(task))
    circuit = grover_circuit(oracle.circuit, task.neurons, task.rounds)
    stream = seeds("shots", by=("seed", "backend", "neurons", "rounds"))
    found = measured_masks(circuit, task.backend, task.shots, stream)
    hits = oracle.marked(masks_of(found, task.neurons)).astype(float)
    counts = target_counts(circuit, task.backend)
    return Shots(
        GroverSubspace(oracle.loss.all_values().astype(float)).success(0, task.rounds),
        RecordedEstimate.of(mean_estimate(hits).cut(0.0, 1.0)),
        counts.gates.two_qubit,
        counts.duration,
    )


def order(task: Sent, seeds: Seeds, inputs: Inputs) -> Ordered:
    """Return the search that a device is to run."""
    return Ordered(_search(task), task.shots, seeds("shots", by=("seed", "neurons", "rounds")))


def _search(task: Noisy | Sent) -> Payload:
    problem = ticket_problem(task.neurons, task.seed, task.scale)
    origin = {"seed": task.seed, "scale": task.scale}
    return masks_payload(problem, "lookup", bits=BITS, rounds=task.rounds, description="ticket", origin=origin)
