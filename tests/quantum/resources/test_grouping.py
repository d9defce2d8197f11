"""Equal rotations taken together: the same unitary, clean ancillas, fewer T gates, and figures of the transforms."""

import functools
import itertools
import re
from collections import Counter

import numpy as np
import pytest
from qiskit import QuantumCircuit, qasm3

from problems.errors import InputError
from quantum.resources import compile_to_basis, group_rotations, grouped_counts, rotation_count, together_counts
from quantum.resources.grouping import grouped_operations
from quantum.resources.operations import operations
from quantum.ridgelet import measured_transform, ridgelet_transform
from tests.quantum.blocks.agreement import act, assert_close


def random_circuit(seed, qubits=4, gates=60):
    """Rotations by few angles, of both signs and with quarter turns added, between gates that mix."""
    rng, circuit = np.random.default_rng(seed), QuantumCircuit(qubits)
    for _ in range(gates):
        kind, (first, second) = rng.integers(5), rng.choice(qubits, 2, replace=False)
        if kind < 3:
            circuit.rz(rng.choice([-1, 1]) * rng.choice([0.3, 1.1, np.pi / 8]) + np.pi / 2 * rng.integers(4), first)
        elif kind == 3:
            circuit.h(first)
        else:
            circuit.cx(first, second)
    return circuit


@pytest.mark.parametrize(
    "circuit",
    [*(random_circuit(seed) for seed in range(6)), *(ridgelet_transform(3, d, encoding="rader") for d in (1, 2))],
    ids=[*(f"random {seed}" for seed in range(6)), "D = 1", "D = 2"],
)
def test_it_is_the_same_unitary_and_ancillas_are_clean(circuit):
    grouped = group_rotations(circuit, t=1e3)
    made, own = grouped.circuit, circuit.num_qubits
    assert made.num_qubits == own + grouped.ancillas
    found = act(made, np.eye(2**made.num_qubits)[:, : 2**own])
    expected = np.zeros_like(found)
    expected[: 2**own] = act(compile_to_basis(circuit), np.eye(2**own))
    assert_close(found, expected)
    assert sum(one.size for one in grouped.together) == rotation_count(compile_to_basis(circuit))


@pytest.mark.parametrize("measured", [False, True])
def test_counts_are_those_of_the_circuit_that_is_not_built(measured):
    circuits = [*map(random_circuit, range(3)), measured_transform(3, 4, encoding="rader")]
    for circuit in circuits:
        compiled, grouped = compile_to_basis(circuit), group_rotations(circuit, measured=measured)
        assert together_counts(compiled, measured) == grouped_counts(grouped)
        found, qubits, ands = grouped_operations(compiled, measured=measured)
        listed = [one._replace(parameters=tuple(one.parameters)) for one in operations(grouped.circuit)]
        assert [one._replace(parameters=tuple(one.parameters)) for one in found] == listed
        assert (qubits, ands) == (grouped.circuit.num_qubits, grouped.ands)
    assert ands > 0


def test_counts_of_feed_forward_are_those_of_the_circuit_and_no_more_is_measured():
    circuit = measured_transform(3, 2, encoding="rader", dynamic=True)
    assert together_counts(compile_to_basis(circuit)) == grouped_counts(group_rotations(circuit))
    with pytest.raises(InputError, match="feed-forward already"):
        together_counts(compile_to_basis(circuit), measured=True)


def test_measured_ands_give_the_same_whatever_is_measured():
    circuit = QuantumCircuit(5)
    circuit.h(range(5))
    for qubit in range(5):
        circuit.rz(0.4 if qubit % 2 else -0.4, qubit)
    circuit.h(range(5))
    grouped = group_rotations(circuit, t=1e3, measured=True)
    made = grouped.circuit
    assert (grouped.ands, grouped.ancillas, made.count_ops()["measure"]) == (2, 2, 2)
    states = np.eye(2**made.num_qubits)[:, :32]
    expected = np.zeros_like(states, dtype=complex)
    expected[:32] = act(compile_to_basis(circuit), np.eye(32))
    for measured in itertools.product((0, 1), repeat=2):
        assert_close(act(made, states, measured) * 2, expected)


def test_rotations_that_stand_at_the_same_time_are_found_behind_others():
    """Two rounds on four wires, joined between: eight equal rotations are twice four, whatever the gates' order."""
    circuit = QuantumCircuit(4)
    for qubit in range(4):
        circuit.rz(0.2, qubit)
        circuit.h(qubit)
        circuit.rz(-0.2, qubit)
    circuit.cx(0, 1)
    grouped = group_rotations(circuit, t=1e3)
    assert [one.size for one in grouped.together] == [4, 4]


@functools.cache
def at_17(dimension):
    """The transform, its rotations, and its rotations taken together; nobody changes them."""
    circuit = ridgelet_transform(17, dimension, encoding="rader")
    return circuit, rotation_count(compile_to_basis(circuit)), group_rotations(circuit)


@pytest.mark.parametrize("dimension", [4, 16])
def test_the_dimensions_run_in_lock_step(dimension):
    """39 rotations a dimension at P = 17 and 55 paid once; D of most stand at one time."""
    _, rotations, grouped = at_17(dimension)
    assert rotations == 39 * dimension + 55
    sizes = Counter(one.size for one in grouped.together)
    assert sizes[dimension] + sizes[dimension + 1] + 2 * sizes[2 * dimension] == 39
    assert max(sizes) == 2 * dimension


T_GATE = re.compile(r"^\s*t(?:dg)? \S+;$", re.MULTILINE)
RZ_GATE = re.compile(r"^\s*rz\(", re.MULTILINE)


def test_at_17_and_64_forty_thousand_t_gates_are_enough_however_rotations_are_synthesized():
    """At an error of 1e-3 / 257 one synthesis takes about 60 T gates, a mixture half."""
    gates = group_rotations(ridgelet_transform(17, 64, encoding="rader")).circuit.count_ops()
    t, rotations = gates["t"] + gates["tdg"], gates["rz"]
    assert (t, rotations) == (17_057, 257)
    assert t + 60 * rotations < 40_000


def test_gates_counted_again_from_a_program_are_the_same():
    _, _, grouped = at_17(4)
    program, gates = qasm3.dumps(grouped.circuit), grouped.circuit.count_ops()
    assert len(T_GATE.findall(program)) == gates["t"] + gates["tdg"] > 8 * grouped.ands > 0
    assert len(RZ_GATE.findall(program)) == gates["rz"]


@pytest.mark.parametrize("most", [0, 3, 20])
def test_there_are_no_more_ancillas_than_are_given(most):
    circuit, rotations, free = at_17(16)
    grouped = group_rotations(circuit, ancillas=most)
    assert grouped.ancillas == min(most, 16)
    assert grouped.ands <= free.ands
    if not most:
        assert grouped.circuit.count_ops()["rz"] == rotations


def test_feed_forward_stays_as_it_is_and_cannot_be_measured_into():
    circuit = measured_transform(3, 3, encoding="rader", dynamic=True)
    grouped = group_rotations(circuit)
    assert grouped.circuit.count_ops()["if_else"] == compile_to_basis(circuit).count_ops()["if_else"]
    with pytest.raises(InputError, match="has feed-forward already"):
        group_rotations(circuit, measured=True)
