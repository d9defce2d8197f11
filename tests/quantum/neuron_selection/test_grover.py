"""Grover's circuits around phase oracles: on Aer against the formula, and on a device's snapshot."""

import numpy as np
import pytest
from qiskit import QuantumCircuit

from problems.errors import InputError
from problems.neuron_selection import ticket_problem
from quantum.neuron_selection import (
    FourierOracle,
    GroverSubspace,
    best_rounds,
    diagonal_oracle,
    exact_probabilities,
    grover_circuit,
    marking_oracle,
    measured_masks,
)
from quantum.resources import gate_counts


def with_scratch(mask, neurons):
    """The sign of one mask, through a qubit that is written and emptied again."""
    circuit = QuantumCircuit(neurons + 1)
    dropped = [j for j in range(neurons) if not mask >> j & 1]
    if dropped:
        circuit.x(dropped)
    circuit.mcx(list(range(neurons)), neurons)
    circuit.z(neurons)
    circuit.mcx(list(range(neurons)), neurons)
    if dropped:
        circuit.x(dropped)
    return circuit


@pytest.mark.parametrize("neurons", [4, 6, 8])
def test_a_ticket_by_a_diagonal(neurons):
    table = ticket_problem(neurons, 0).table()
    search, threshold = GroverSubspace(table), np.sort(table)[3]
    for rounds in (0, 1, best_rounds(2**neurons, 3)):
        found = exact_probabilities(
            grover_circuit(diagonal_oracle(table, threshold), neurons, rounds, measured=False), neurons
        )
        np.testing.assert_allclose(found, search.probabilities(threshold, rounds), atol=1e-10)


@pytest.mark.parametrize("neurons", [4, 6, 8])
def test_a_ticket_by_arithmetic(neurons):
    problem = ticket_problem(neurons, 0)
    losses = np.sort(problem.table())
    threshold = (losses[2] + losses[3]) / 2
    oracle = FourierOracle(problem, threshold=threshold)
    search = GroverSubspace.of(problem.quantized(oracle.bits))
    rounds = best_rounds(2**neurons, search.marked(threshold))
    found = exact_probabilities(grover_circuit(oracle.circuit, neurons, rounds, measured=False), neurons)
    np.testing.assert_allclose(found, search.probabilities(threshold, rounds), atol=1e-10)


@pytest.mark.parametrize("neurons", [1, 2, 5])
def test_an_oracle_may_have_scratch_which_the_diffusion_borrows(neurons):
    table = np.ones(2**neurons)
    table[1] = 0
    expected = GroverSubspace(table).probabilities(0.5, 2)
    for oracle in (marking_oracle([1], neurons), with_scratch(1, neurons)):
        found = exact_probabilities(grover_circuit(oracle, neurons, 2, measured=False), neurons)
        np.testing.assert_allclose(found, expected, atol=1e-10)


def test_the_borrowed_qubit_saves_gates():
    alone, beside = (QuantumCircuit(8 + extra) for extra in (0, 1))
    plain, borrowed = (gate_counts(grover_circuit(empty, 8, 1, measured=False)) for empty in (alone, beside))
    assert borrowed.two_qubit < plain.two_qubit


def test_measured_masks_have_bit_j_for_neuron_j():
    circuit = grover_circuit(marking_oracle([0b0011], 4), 4, 3)
    masks = measured_masks(circuit, "aer_statevector", 400, seed=0)
    assert np.mean(masks == 3) > 0.9


def test_on_a_snapshot_with_its_noise_fewer_rounds_win():
    pytest.importorskip("qiskit_ibm_runtime")
    oracle = marking_oracle([5], 4)
    table = np.where(np.arange(16) == 5, 0.0, 1.0)
    share, ideal = {}, {}
    for rounds in (1, 2, 3):
        masks = measured_masks(grover_circuit(oracle, 4, rounds), "fake_fez", 4000, seed=1)
        share[rounds], ideal[rounds] = np.mean(masks == 5), GroverSubspace(table).success(0.5, rounds)
    assert [ideal[rounds] for rounds in (1, 2, 3)] == pytest.approx([0.473, 0.908, 0.961], abs=5e-4)
    assert max(share, key=share.get) == 2
    # .60 and .53; without the decay of qubits that wait it would be .70 and .66.
    assert share[2] == pytest.approx(0.60, abs=0.05)
    assert share[3] == pytest.approx(0.53, abs=0.05)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: grover_circuit(QuantumCircuit(3), 4, 1), "The oracle has 3 qubits, fewer than the 4 neurons"),
        (lambda: grover_circuit(QuantumCircuit(4, 1), 4, 1), "The oracle has 1 classical bits"),
        (lambda: grover_circuit(QuantumCircuit(4), 4, 1.5), "rounds = 1.5 is no whole number"),
        (lambda: diagonal_oracle(np.zeros(5), 0), r"shape \(5,\)"),
        (lambda: marking_oracle([3, 3], 4), "has one twice"),
        (lambda: marking_oracle([16], 4), r"16 is 2\^4 or more"),
        (lambda: measured_masks(QuantumCircuit(1, 1), "aer", 10), "There is no backend 'aer'"),
    ],
)
def test_refusals_are_one_line(call, message):
    with pytest.raises(InputError, match=message) as refusal:
        call()
    assert "\n" not in str(refusal.value)
