"""The crossover's circuits handed to the estimator."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from qiskit import QuantumCircuit

from compare.studies.ridgelet.crossover.estimated import Estimate, Estimated, Frontier
from compare.studies.ridgelet.drawn import drawn_problem
from quantum.resources import (
    PhysicalEstimate,
    compile_logical,
    compile_to_basis,
    count_logical,
    frontier,
    require_estimator,
    together_counts,
)
from quantum.ridgelet import measured_transform, ridgelet_circuit

__all__ = ["estimate_circuits"]


def estimate_circuits(task: Estimate, seeds: Any = None, inputs: Any = None) -> Estimated:
    """Estimate the circuits of one size; deterministic.

    Raises
    ------
    OutOfReach
        If the extra is missing.
    InputError
        If a loader would be huge, or nothing reaches the budget.
    """
    require_estimator()
    problems = [drawn_problem(task.prime, task.dimension, task.points, draw, task.seed) for draw in range(task.draws)]
    return Estimated(
        _transform(replace(task, points=0, draws=0, seed=0)),
        [_frontier(ridgelet_circuit(one, task.encoding, "sparse"), task) for one in problems],
    )


@lru_cache(maxsize=64)
def _transform(task: Estimate) -> Frontier:
    """Return the frontier of the transform, which no data changes."""
    return _frontier(measured_transform(task.prime, task.dimension, encoding=task.encoding), task)


def _frontier(circuit: QuantumCircuit, task: Estimate) -> Frontier:
    """Return the frontier of a circuit, its rotations as they are or equal ones together, whichever is faster."""
    compiled = compile_logical(circuit)
    plain = count_logical(compiled)
    together = together_counts(compile_to_basis(circuit) if plain.ccz else compiled, measured=True)
    points = [point for counts in (plain, together) for point in frontier(counts, task.model, task.budget)]
    kept: list[PhysicalEstimate] = []
    for point in sorted(points, key=lambda point: (point.seconds, point.qubits)):
        if not kept or point.qubits < kept[-1].qubits:
            kept.append(point)
    return Frontier(*(tuple(getattr(one, name) for one in kept) for name in ("qubits", "seconds", "cycle")))
