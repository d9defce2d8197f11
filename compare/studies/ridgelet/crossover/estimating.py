"""The crossover's circuits handed to the estimator."""

from typing import Any

from qiskit import QuantumCircuit

from compare.studies.ridgelet.crossover.estimated import Estimate, Estimated, Frontier
from compare.studies.ridgelet.drawn import drawn_problem
from quantum.resources import frontier, group_rotations, grouped_counts, logical_counts, require_estimator
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
    transform = measured_transform(task.prime, task.dimension, encoding=task.encoding)
    return Estimated(
        _frontier(transform, task),
        [_frontier(ridgelet_circuit(one, task.encoding, "sparse"), task) for one in problems],
    )


def _frontier(circuit: QuantumCircuit, task: Estimate) -> Frontier:
    """Return the frontier of a circuit, its rotations as they are or equal ones together, whichever is faster."""
    every = (logical_counts(circuit), grouped_counts(group_rotations(circuit, measured=True)))
    points = [point for counts in every for point in frontier(counts, task.model, task.budget)]
    kept: list[tuple[int, float]] = []
    for point in sorted(points, key=lambda point: (point.seconds, point.qubits)):
        if not kept or point.qubits < kept[-1][0]:
            kept.append((point.qubits, point.seconds))
    return Frontier(tuple(qubits for qubits, _ in kept), tuple(seconds for _, seconds in kept))
