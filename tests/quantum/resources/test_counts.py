"""Gate counts: circuits that can be counted by hand, and how the transform's grow."""

import dataclasses

import numpy as np
import pytest
from qiskit import QuantumCircuit, QuantumRegister
from qiskit.circuit.random import random_circuit

from problems.errors import InputError
from quantum.resources import BASIS, GateCounts, compile_to_basis, count_gates, gate_counts, has_gates, random_problem
from quantum.ridgelet import LOADERS, ridgelet_loader, ridgelet_transform


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


# Measurements and feed-forward


def test_measurements_and_resets_are_counted_apart_from_gates():
    circuit = QuantumCircuit(2, 3)
    circuit.x(0)
    circuit.measure(0, 0)
    circuit.reset(0)
    circuit.cx(0, 1)
    circuit.barrier()
    circuit.measure([0, 1], [1, 2])
    assert count_gates(circuit) == GateCounts(2, 5, one_qubit=1, two_qubit=1, measurements=3, resets=1)


def test_gates_in_blocks_are_counted_and_named_as_conditioned():
    circuit = QuantumCircuit(3, 1)
    circuit.h(0)  # rz sx rz
    circuit.measure(0, 0)
    with circuit.if_test((0, 1)):
        circuit.h(1)
        circuit.cx(1, 2)
    expected = GateCounts(3, 8, one_qubit=6, two_qubit=1, measurements=1, conditioned=4)
    assert gate_counts(circuit) == expected
    assert count_gates(compile_to_basis(circuit)) == expected


def test_a_conditioned_gate_waits_for_its_measurement_but_not_for_other_gates_with_the_condition():
    circuit = QuantumCircuit(3, 1)
    circuit.x(0)
    circuit.measure(0, 0)
    for qubit in (1, 2):
        with circuit.if_test((0, 1)):
            circuit.x(qubit)
    assert count_gates(circuit) == GateCounts(3, 3, one_qubit=3, two_qubit=0, measurements=1, conditioned=2)


def test_every_branch_is_counted_as_if_it_ran():
    circuit = QuantumCircuit(2, 2)
    circuit.measure([0, 1], [0, 1])
    with circuit.if_test((0, 1)) as otherwise:
        circuit.x(0)
        with circuit.if_test((1, 1)):
            circuit.cx(0, 1)
    with otherwise:
        circuit.sx(1)
    with circuit.switch(circuit.cregs[0]) as case:
        with case(0):
            circuit.x(0)
        with case(case.DEFAULT):
            circuit.cx(1, 0)
    assert count_gates(circuit) == GateCounts(2, 5, one_qubit=3, two_qubit=2, measurements=2, conditioned=5)


def test_bits_inside_a_block_are_those_outside():
    """The block sees its qubits in another order."""
    body = QuantumCircuit(2, 1)
    body.measure(1, 0)
    body.x(1)
    circuit = QuantumCircuit(3, 2)
    circuit.x(0)
    circuit.if_test((circuit.clbits[1], 1), body, [2, 0], [1])
    assert count_gates(circuit) == GateCounts(3, 3, one_qubit=2, two_qubit=0, measurements=1, conditioned=1)


@pytest.mark.parametrize("loop", ["for", "while"])
def test_a_loop_is_refused(loop):
    circuit = QuantumCircuit(1, 1)
    with circuit.for_loop(range(3)) if loop == "for" else circuit.while_loop((0, 0)):
        circuit.x(0)
        circuit.measure(0, 0)
    with pytest.raises(InputError, match=f"'{loop}_loop' cannot be counted.*write it out"):
        count_gates(circuit)


@pytest.mark.parametrize("seed", range(5))
def test_without_feed_forward_the_numbers_are_those_of_qiskit(seed):
    circuit = random_circuit(5, 12, max_operands=2, measure=True, seed=seed)
    circuit.barrier()
    circuit.x(2)
    counts = count_gates(circuit)
    assert counts.depth == circuit.depth()
    assert counts.two_qubit == circuit.num_nonlocal_gates()
    assert counts.one_qubit + counts.two_qubit + counts.measurements == circuit.size()


def test_an_empty_circuit_costs_nothing():
    assert count_gates(QuantumCircuit(QuantumRegister(4))) == GateCounts(4, 0, 0, 0)


@pytest.mark.parametrize("loader", LOADERS)
def test_only_the_ideal_loader_has_no_gates(loader):
    assert has_gates(ridgelet_loader(random_problem(3, 2, 4), "binary", loader)) == (loader != "ideal")
