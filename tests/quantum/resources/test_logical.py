"""Logical counts: circuits countable by hand, and one of each study."""

import numpy as np
import pytest
from qiskit import QuantumCircuit

from problems.kernel_training import ErfNtk, KernelTask
from problems.neuron_selection import ticket_problem
from problems.sparse_training import PolynomialUpdate
from quantum.kernel_training import KernelPredictor, inversion_circuit
from quantum.neuron_selection import RippleOracle
from quantum.resources import (
    LogicalCounts,
    compile_to_basis,
    group_rotations,
    grouped_counts,
    logical_counts,
    rotation_count,
    synthesized_counts,
)
from quantum.ridgelet import measured_transform, ridgelet_transform
from quantum.sparse_training import HistorySolver


def circuit_of(num_qubits, *gates, clbits=0):
    circuit = QuantumCircuit(num_qubits, clbits)
    for name, *arguments in gates:
        getattr(circuit, name)(*arguments)
    return circuit


@pytest.mark.parametrize(
    ("circuit", "expected"),
    [
        (circuit_of(2, ("h", 0), ("cx", 0, 1)), {}),
        (circuit_of(2, ("t", 0), ("tdg", 1), ("s", 0)), {"t": 2}),
        (circuit_of(1, ("rz", 3 * np.pi / 4, 0)), {"t": 1}),
        (circuit_of(3, ("ccx", 0, 1, 2), ("h", 0), ("ccz", 0, 1, 2)), {"ccz": 2}),
        (circuit_of(3, ("rccx", 0, 1, 2)), {"t": 4}),
        (circuit_of(2, ("rz", 0.1, 0), ("rz", 0.1, 1)), {"rotations": 2, "rotation_depth": 1}),
        (circuit_of(2, ("rz", 0.1, 0), ("cx", 0, 1), ("rz", 0.1, 1)), {"rotations": 2, "rotation_depth": 2}),
        (circuit_of(2, ("h", 0), ("measure", 0, 0), clbits=1), {"measurements": 1}),
    ],
)
def test_small_circuits_are_counted_as_by_hand(circuit, expected):
    nothing = dict.fromkeys(LogicalCounts.__dataclass_fields__, 0)
    assert logical_counts(circuit) == LogicalCounts(**(nothing | {"qubits": circuit.num_qubits} | expected))


def test_gates_that_wait_for_a_measured_value_are_told():
    circuit = circuit_of(2, ("h", 0), ("measure", 0, 0), clbits=1)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.x(1)
        circuit.rz(0.1, 1)
        circuit.t(1)
    counts = logical_counts(circuit)
    assert counts.conditioned >= 1
    assert logical_counts(measured_transform(3, 2, encoding="rader", dynamic=True)).measurements == 6


def test_rotations_are_those_of_the_compiled_circuit():
    circuit = ridgelet_transform(17, 4, encoding="rader")
    counts = logical_counts(circuit)
    assert counts.rotations == rotation_count(compile_to_basis(circuit)) == 211
    assert 0 < counts.rotation_depth < counts.rotations
    # The dimensions run side by side, so the depth does not grow with them.
    assert logical_counts(ridgelet_transform(17, 8, encoding="rader")).rotation_depth <= counts.rotation_depth + 4
    assert synthesized_counts(counts, 99) == LogicalCounts(counts.qubits, 99, 0, 0, 0, 0, 0, 0)


def test_ands_that_are_measured_away_are_counted_by_themselves():
    circuit = ridgelet_transform(3, 8, encoding="rader")
    plain, gates, measured = (
        logical_counts(circuit),
        grouped_counts(group_rotations(circuit)),
        grouped_counts(group_rotations(circuit, measured=True)),
    )
    assert measured.rotations == gates.rotations < plain.rotations
    assert gates.t == measured.t + 8 * measured.ands
    assert (measured.conditioned, measured.measurements, gates.measurements) == (0, measured.ands, 0)
    both = plain.beside(gates)
    assert (both.qubits, both.t) == (gates.qubits, plain.t + gates.t)


def test_an_oracle_has_at_most_four_t_gates_a_toffoli():
    oracle = RippleOracle(ticket_problem(4, 0), threshold=0.85)
    counts = logical_counts(oracle.circuit)
    assert 0 < counts.t == oracle.cost.t <= 4 * oracle.cost.toffoli
    assert counts.rotations == oracle.cost.rotations


def test_inversions_by_signal_processing_are_counted():
    kernel = inversion_circuit(KernelPredictor(KernelTask.draw(4, 0, tests=2), ErfNtk(17), 1e-2))
    carleman = HistorySolver(PolynomialUpdate([[-0.1], [[-0.2]]]), steps=1, order=1, method="qsvt", epsilon=0.1).circuit
    for circuit in (kernel, carleman):
        counts, compiled = logical_counts(circuit), compile_to_basis(circuit)
        assert counts.qubits == circuit.num_qubits
        # Toffoli gates stay whole, and are 7 T gates each where they are written out.
        assert 0 < counts.rotation_depth <= counts.rotations <= rotation_count(compiled)
        assert grouped_counts(group_rotations(circuit)).rotations <= rotation_count(compiled)
