"""Gate counts: circuits that can be counted by hand, and how the transform's grow."""

import dataclasses

import numpy as np
import pytest
from qiskit import QuantumCircuit

from quantum.resources import BASIS, GateCounts, gate_counts
from quantum.ridgelet import ridgelet_transform


def circuit_of(num_qubits, *gates):
    circuit = QuantumCircuit(num_qubits)
    for name, *arguments in gates:
        getattr(circuit, name)(*arguments)
    return circuit


@pytest.mark.parametrize(
    ("circuit", "expected"),
    [
        (circuit_of(2), GateCounts(qubits=2, depth=0, one_qubit=0, two_qubit=0)),
        (circuit_of(1, ("x", 0)), GateCounts(1, 1, 1, 0)),
        (circuit_of(3, ("x", 0), ("x", 2)), GateCounts(3, 1, 2, 0)),
        (circuit_of(1, ("h", 0)), GateCounts(1, 3, 3, 0)),  # rz sx rz
        (circuit_of(2, ("cx", 0, 1)), GateCounts(2, 1, 0, 1)),
        (circuit_of(2, ("h", 0), ("cx", 0, 1)), GateCounts(2, 4, 3, 1)),
        (circuit_of(3, ("cx", 0, 1), ("cx", 1, 2)), GateCounts(3, 2, 0, 2)),
        (circuit_of(4, ("cx", 0, 1), ("cx", 2, 3)), GateCounts(4, 1, 0, 2)),
        (circuit_of(2, ("cx", 0, 1), ("cx", 0, 1)), GateCounts(2, 0, 0, 0)),  # they cancel
        (circuit_of(2, ("cx", 0, 1), ("barrier",), ("cx", 0, 1)), GateCounts(2, 2, 0, 2)),
    ],
)
def test_small_circuits_are_counted_as_by_hand(circuit, expected):
    assert gate_counts(circuit) == expected


@pytest.mark.parametrize(
    ("gate", "two_qubit"), [(("cz", 0, 1), 1), (("cp", 0.3, 0, 1), 2), (("cry", 0.3, 0, 1), 2), (("ccx", 0, 1, 2), 6)]
)
def test_library_gates_cost_their_known_numbers_of_two_qubit_gates(gate, two_qubit):
    assert gate_counts(circuit_of(3, gate)).two_qubit == two_qubit


def test_nothing_is_simplified_at_level_0():
    circuit = circuit_of(2, ("cx", 0, 1), ("cx", 0, 1))
    assert gate_counts(circuit, optimization_level=0) == GateCounts(2, 2, 0, 2)


def test_counting_leaves_the_circuit_alone():
    circuit = circuit_of(2, ("h", 0), ("cx", 0, 1))
    before = circuit.copy()
    gate_counts(circuit)
    assert circuit == before


def test_counts_are_deterministic_and_cannot_be_changed():
    circuit = ridgelet_transform(5, 2)
    counts = gate_counts(circuit)
    assert gate_counts(ridgelet_transform(5, 2)) == gate_counts(circuit) == counts
    with pytest.raises(dataclasses.FrozenInstanceError):
        counts.two_qubit = 0


def test_the_basis_has_one_two_qubit_gate():
    assert BASIS == ("cx", "rz", "sx", "x")


@pytest.mark.parametrize("dimension", range(1, 7))
def test_the_transform_at_2_needs_no_two_qubit_gate(dimension):
    assert gate_counts(ridgelet_transform(2, dimension)).two_qubit == 0


@pytest.mark.parametrize(("prime", "each"), [(3, 10), (5, 125)])
def test_the_transform_costs_the_same_number_of_two_qubit_gates_for_every_further_feature(prime, each):
    """Measured with qiskit 2.6: 9 for each feature at P = 3 and 120 at P = 5."""
    counts = [gate_counts(ridgelet_transform(prime, dimension)).two_qubit for dimension in range(1, 7)]
    steps = np.diff(counts[1:])
    assert np.all(steps == steps[0])
    assert 0 < steps[0] <= each
