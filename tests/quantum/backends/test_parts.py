"""Parts of devices: the same calibration on fewer qubits, and the same shots."""

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit_aer import AerSimulator

from quantum.backends.fitting import compact, fit_circuit, part_of
from quantum.backends.snapshots import shared_snapshot, working_target
from tests.quantum.backends.circuits import chain, fed_forward

pytest.importorskip("qiskit_ibm_runtime")


@pytest.fixture(scope="module")
def lagos():
    return shared_snapshot("fake_lagos")


def test_a_part_keeps_the_calibration_of_its_qubits(lagos):
    qubits = (1, 3, 5, 6)
    part, whole = part_of(lagos.target, qubits).target, lagos.target
    assert part.num_qubits == 4
    assert part.dt == whole.dt
    assert part.pulse_alignment == whole.pulse_alignment == 16
    for i, qubit in enumerate(qubits):
        kept, known = part.qubit_properties[i], whole.qubit_properties[qubit]
        assert (kept.t1, kept.t2) == (known.t1, known.t2)
        for name in ("sx", "x", "measure"):
            assert part[name][i,] == whole[name][qubit,]
    assert {tuple(qubits[i] for i in pair) for pair in part["cx"]} == {(1, 3), (3, 1), (3, 5), (5, 3), (5, 6), (6, 5)}
    for pair, known in part["cx"].items():
        assert known == whole["cx"][tuple(qubits[i] for i in pair)]
    assert "if_else" in part.operation_names


def test_a_part_runs_nothing(lagos):
    with pytest.raises(NotImplementedError, match="run the device itself"):
        part_of(lagos.target, (0, 1)).run(QuantumCircuit(2))


def test_a_compact_circuit_keeps_its_registers_and_leaves_out_what_is_elsewhere():
    circuit = QuantumCircuit(5, 0, global_phase=0.3, metadata={"prime": 3})
    circuit.add_register(*chain(2).cregs)
    circuit.x(3)
    circuit.delay(10, 0)
    circuit.delay(20, 1)
    circuit.barrier()
    circuit.barrier(0, 2)
    circuit.cx(3, 1)
    circuit.measure([1, 3], [1, 0])
    small = compact(circuit, (1, 3))
    expected = QuantumCircuit(2, 0, global_phase=0.3, metadata={"prime": 3})
    expected.add_register(*circuit.cregs)
    expected.x(1)
    expected.delay(20, 0)
    expected.barrier()
    expected.cx(1, 0)
    expected.measure([0, 1], [1, 0])
    assert small == expected
    assert small.metadata == {"prime": 3}


@pytest.mark.parametrize("circuit", [chain(4), fed_forward()])
def test_the_part_gives_the_shots_of_the_whole(lagos, circuit):
    """The noise of qubits that are not in use touches nothing."""
    target = working_target(lagos.target)
    fitted = fit_circuit(circuit, target, "fake_lagos", tries=2)
    assert len(fitted.qubits) < 7
    small = compact(fitted.circuit, fitted.qubits)
    memories = [
        AerSimulator.from_backend(backend, method="density_matrix", max_parallel_threads=1)
        .run(measured, shots=300, seed_simulator=5, memory=True)
        .result()
        .get_memory()
        for backend, measured in ((lagos, fitted.circuit), (part_of(target, fitted.qubits), small))
    ]
    np.testing.assert_array_equal(*memories)
    assert len(set(memories[0])) > 2
