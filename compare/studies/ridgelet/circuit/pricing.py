"""The work that a circuit is for a fault-tolerant machine, and the machine that the estimator finds for it."""

from collections.abc import Iterator
from dataclasses import asdict

from qiskit import QuantumCircuit

from compare.engine import Inputs, Seeds
from compare.studies.data import of_task
from compare.studies.ridgelet.circuit.measures import build
from compare.studies.ridgelet.circuit.tolerant import Fed, Logical, LogicalFound, Physical, PhysicalFound
from quantum.resources import (
    LogicalCounts,
    compile_to_basis,
    frontier,
    group_rotations,
    grouped_counts,
    logical_counts,
    rotation_costs,
    synthesize,
    synthesized_counts,
)

__all__ = ["ask", "estimate", "fed_counts"]

OWN_SHARE = 3
"""Our own synthesis gets one part in so many of a budget, as the estimator gives to its own."""


def ask(task: Logical, seeds: Seeds, inputs: Inputs) -> LogicalFound:
    """Count what a piece asks for; deterministic.

    Raises
    ------
    InputError
        If there are too many rotations.
    """
    circuit = build(task, of_task(task, inputs)).pieces[task.piece]
    return LogicalFound(tuple(fed_counts(circuit, task.budget)), tuple(rotation_costs(circuit, task.budget)))


def fed_counts(circuit: QuantumCircuit, budget: float) -> Iterator[Fed]:
    """Yield what the estimator is given of a circuit."""
    counts = logical_counts(circuit)
    yield _fed("rotations", counts)
    own = synthesize(compile_to_basis(circuit), budget / OWN_SHARE, mixed=False)
    yield _fed("synthesized", synthesized_counts(counts, own.t), own.error)
    measured = not any(instruction.is_control_flow() for instruction in circuit.data)
    yield _fed("together", grouped_counts(group_rotations(circuit, measured=measured)))


def _fed(name: str, counts: LogicalCounts, spent: float = 0.0) -> Fed:
    return Fed(**asdict(counts), fed=name, spent=spent)


def estimate(task: Physical, seeds: Seeds, inputs: Inputs) -> PhysicalFound:
    """Estimate what was counted.

    Raises
    ------
    OutOfReach
        If the extra is missing.
    InputError
        If the estimator does not take the circuit, or nothing reaches the budget.
    """
    (given,) = (one for one in inputs["logical"][0].result.fed if one.fed == task.fed)
    points = frontier(given, task.model, task.budget - given.spent)
    first = {name: value for name, value in asdict(points[0]).items() if name != "model"}
    return PhysicalFound(
        **first,
        frontier_qubits=tuple(point.qubits for point in points),
        frontier_seconds=tuple(point.seconds for point in points),
        frontier_distances=tuple(point.distance for point in points),
    )
