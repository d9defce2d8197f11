"""Measured: conditions of history systems, and circuits that solve them, counted."""

import numpy as np

from compare.engine import Inputs, Seeds
from compare.studies.sparse_training.records import Circuit, Condition, Conditioned, Counted
from compare.studies.sparse_training.sources import source_of
from problems.errors import InputError

__all__ = ["condition", "count_circuit"]

GMRES_TOLERANCE = 1e-10


def condition(task: Condition, seeds: Seeds, inputs: Inputs) -> Conditioned:
    """Measure the condition of one history system, unpadded and padded."""
    from classical.sparse_training import solve_by_gmres
    from problems.sparse_training import HistorySystem

    update = source_of(task, inputs).centered
    made = [HistorySystem(update, None, task.steps, task.orders, padded, task.row) for padded in (False, True)]
    try:
        iterations = solve_by_gmres(made[0], GMRES_TOLERANCE).iterations
    except InputError:  # rounding stops it short of the tolerance where the condition is large
        iterations = None
    norm = float(np.linalg.norm(made[0].step.toarray(), 2))
    return Conditioned(made[0].condition, made[1].condition, norm, iterations, made[1].rows)


def count_circuit(task: Circuit, seeds: Seeds, inputs: Inputs) -> Counted:
    """Count a circuit that solves a history system, and hold its u(T) against the linearization.

    Raises
    ------
    InputError
        If the system does not fit in memory.
    """
    from classical.sparse_training import carleman
    from quantum.sparse_training import HistorySolver, MarchingSolver

    update = source_of(task, inputs).centered
    made = (
        MarchingSolver(update, steps=task.steps, order=task.orders)
        if task.method == "marching"
        else HistorySolver(update, steps=task.steps, order=task.orders, method=task.method, epsilon=task.epsilon)
    )
    cost = made.cost
    wanted = carleman(update, None, task.steps, task.orders)[-1]
    gates = _query(made) if task.gates else None
    return Counted(
        cost.qubits,
        cost.condition,
        cost.degree,
        cost.queries,
        cost.success,
        cost.good,
        cost.rounds,
        cost.queries_per_good_shot,
        cost.estimation_queries,
        float(np.max(np.abs(made.solve() - wanted))),
        gates and gates[0],
        gates and gates[1],
    )


def _query(made: object) -> tuple[int, int]:
    """Return CX and T gates of one block encoding."""
    from qiskit import QuantumCircuit

    from quantum.sparse_training import gate_cost

    encoding = made.encoding  # type: ignore[attr-defined]
    circuit = QuantumCircuit(encoding.num_qubits)
    circuit.append(encoding, range(encoding.num_qubits))
    found = gate_cost(circuit)
    return found.cx, found.t
