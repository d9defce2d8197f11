"""Making a circuit's rotations, and writing what comes out as those who count it again read it."""

from qiskit import QuantumCircuit, qasm3

from compare.engine import Inputs, Seeds
from compare.studies.data import of_task
from compare.studies.ridgelet.circuit.made import Listed, Made, MadeFound
from compare.studies.ridgelet.circuit.measures import build, packed
from quantum.resources import count_gates, count_logical, rotation_cost

__all__ = ["make"]


def make(task: Made, seeds: Seeds, inputs: Inputs) -> MadeFound:
    """Make the rotations of a piece in one way, and draw a run.

    Raises
    ------
    InputError
        If there are too many rotations, or feed-forward is in the way.
    """
    circuit = build(task, of_task(task, inputs)).pieces[task.piece]
    cost, found = rotation_cost(circuit, task.budget, task.way)
    run = found.draw(seeds("run", by=("seed", "piece", "way", "budget")))
    before_qasm, run_qasm = (packed(qasm3.dumps(one).encode()) for one in (found.circuit, run))
    return MadeFound(cost, _listed(found.circuit), _listed(run), before_qasm, run_qasm)


def _listed(circuit: QuantumCircuit) -> Listed:
    gates, logical = count_gates(circuit), count_logical(circuit)
    return Listed(gates.qubits, gates.two_qubit, gates.measurements, logical.t, logical.rotations, gates.conditioned)
