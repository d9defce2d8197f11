"""Amplitude amplification: its matrix, the law sin^2((2t+1) theta), its cost, and what is refused."""

import numpy as np
import pytest
from qiskit import QuantumCircuit, transpile
from qiskit.circuit.library import UnitaryGate
from qiskit.quantum_info import Operator, Statevector, random_unitary

from problems.errors import InputError
from quantum.blocks.amplitude_amplification import (
    AmplitudeAmplification,
    amplified_probability,
    exact_probability,
    exact_rounds,
)
from quantum.resources import BASIS, gate_counts


def random_preparation(num_qubits, seed=0):
    return UnitaryGate(random_unitary(2**num_qubits, seed=seed))


def good_rows(num_qubits, flag):
    return np.arange(2**num_qubits) >> flag & 1 == 1


def textbook_matrix(preparation, flag, rounds):
    """(A (2|0><0| - 1) A^dagger Z_flag)^t A, written out."""
    matrix = Operator(preparation).data
    size = len(matrix)
    about_zero = -np.eye(size)
    about_zero[0, 0] = 1
    about_good = np.diag(np.where(good_rows(preparation.num_qubits, flag), -1, 1))
    a_round = matrix @ about_zero @ matrix.conj().T @ about_good
    return np.linalg.matrix_power(a_round, rounds) @ matrix


def with_scratch(data, angle):
    """A preparation on data qubits, a scratch qubit that stays written, and a flag rotated by it."""
    circuit = QuantumCircuit(data + 2, name="A")
    for qubit in range(data):
        circuit.ry(0.7 + 0.3 * qubit, qubit)
    circuit.cx(0, data)
    circuit.ry(angle, data + 1)
    circuit.cry(2 * angle, data, data + 1)
    return circuit.to_gate()


@pytest.mark.parametrize("rounds", [0, 1, 2, 5])
@pytest.mark.parametrize(("num_qubits", "flag"), [(1, 0), (2, 0), (2, 1), (3, 1), (4, 3), (5, 0)])
def test_the_gate_is_the_textbook_product_of_reflections(num_qubits, flag, rounds):
    preparation = random_preparation(num_qubits)
    gate = AmplitudeAmplification(preparation, flag, rounds)
    expected = textbook_matrix(preparation, flag, rounds)
    assert gate.num_qubits == gate.definition.num_qubits == num_qubits
    np.testing.assert_allclose(Operator(gate).data, expected, rtol=0, atol=1e-12)
    np.testing.assert_allclose(Operator(gate.inverse()).data, expected.conj().T, rtol=0, atol=1e-12)


@pytest.mark.parametrize("rounds", range(6))
@pytest.mark.parametrize("seed", range(3))
def test_the_good_branch_grows_by_the_law_and_keeps_its_shape(seed, rounds):
    preparation, good = random_preparation(4, seed), good_rows(4, 2)
    before = Operator(preparation).data[:, 0]
    after = Statevector(AmplitudeAmplification(preparation, 2, rounds).definition).data
    probability = np.sum(np.abs(before[good]) ** 2)
    amplified = amplified_probability(probability, rounds)
    angle = (2 * rounds + 1) * np.arcsin(np.sqrt(probability))
    assert amplified == pytest.approx(np.sin(angle) ** 2, abs=1e-12)
    assert np.sum(np.abs(after[good]) ** 2) == pytest.approx(amplified, abs=1e-12)
    np.testing.assert_allclose(after[good], np.sin(angle) / np.sqrt(probability) * before[good], rtol=0, atol=1e-12)
    np.testing.assert_allclose(
        after[~good], np.cos(angle) / np.sqrt(1 - probability) * before[~good], rtol=0, atol=1e-12
    )


@pytest.mark.parametrize("rounds", [0, 1, 2, 4])
@pytest.mark.parametrize("data", [1, 2, 3, 5])
def test_a_scratch_qubit_is_left_out_of_the_reflection_without_a_difference(data, rounds):
    """With three data qubits or more the reflection also borrows the scratch qubit."""
    preparation = with_scratch(data, 0.3)
    expected = textbook_matrix(preparation, data + 1, rounds)[:, 0]
    gate = AmplitudeAmplification(preparation, data + 1, rounds, scratch=[data])
    np.testing.assert_allclose(Statevector(gate.definition).data, expected, rtol=0, atol=1e-12)
    emptied = Statevector(expected).evolve(gate.inverse()).data
    np.testing.assert_allclose(emptied, np.eye(len(expected))[0], rtol=0, atol=1e-12)


@pytest.mark.parametrize("rounds", [0, 1, 2, 3, 10, 1000])
def test_a_lowered_probability_ends_at_one_exactly(rounds):
    assert amplified_probability(exact_probability(rounds), rounds) == pytest.approx(1, abs=1e-12)
    assert exact_rounds(exact_probability(rounds)) == rounds
    if rounds > 0:
        # Anything between two exact values is lowered to the smaller.
        middle = (exact_probability(rounds) + exact_probability(rounds - 1)) / 2
        assert exact_rounds(middle) == rounds
        assert exact_rounds(exact_probability(rounds) * (1 - 1e-6)) == rounds + 1


def test_a_quarter_takes_one_round():
    assert exact_rounds(0.25) == 1
    assert exact_probability(1) == pytest.approx(0.25, abs=1e-15)


@pytest.mark.parametrize("rounds", [0, 1, 3])
@pytest.mark.parametrize("data", [3, 4, 6])
def test_the_cost_is_what_the_registers_say(data, rounds):
    preparation = with_scratch(data, 0.3)
    circuit = QuantumCircuit(data + 2)
    circuit.append(preparation, circuit.qubits)
    once = gate_counts(circuit, 1).two_qubit
    amplified = QuantumCircuit(data + 2)
    amplified.append(AmplitudeAmplification(preparation, data + 1, rounds, [data]), amplified.qubits)
    assert gate_counts(amplified, 1).two_qubit <= (2 * rounds + 1) * once + rounds * (6 * data - 6)
    without = QuantumCircuit(data + 2)
    without.append(AmplitudeAmplification(preparation, data + 1, rounds), without.qubits)
    assert gate_counts(amplified, 1).two_qubit <= gate_counts(without, 1).two_qubit


def test_the_gate_compiles_to_device_gates():
    gate = AmplitudeAmplification(with_scratch(4, 0.2), 5, 2, [4])
    circuit = QuantumCircuit(6)
    circuit.append(gate, circuit.qubits)
    compiled = transpile(circuit, basis_gates=list(BASIS), optimization_level=1, seed_transpiler=0)
    assert set(compiled.count_ops()) <= set(BASIS)
    assert abs(np.vdot(Statevector(circuit).data, Statevector(compiled).data)) == pytest.approx(1, abs=1e-10)


def test_gates_compare_by_what_they_do():
    gate = AmplitudeAmplification(with_scratch(2, 0.2), 3, 1)
    assert gate == gate.copy() == AmplitudeAmplification(with_scratch(2, 0.2), 3, 1)
    assert gate != AmplitudeAmplification(with_scratch(2, 0.2), 3, 2)
    assert gate != AmplitudeAmplification(with_scratch(2, 0.3), 3, 1)


@pytest.mark.parametrize(
    ("refused", "message"),
    [
        (lambda: AmplitudeAmplification(random_preparation(2), 2, 1), "flag = 2 .* among the 2 of the preparation"),
        (lambda: AmplitudeAmplification(random_preparation(2), -1, 1), "flag = -1 "),
        (lambda: AmplitudeAmplification(random_preparation(2), 1, 1, [1]), "must be different qubits"),
        (lambda: AmplitudeAmplification(random_preparation(2), 1, 1, [5]), r"scratch = \[5\]"),
        (lambda: AmplitudeAmplification(random_preparation(2), 1, -1), "rounds = -1 is too small"),
        (lambda: AmplitudeAmplification(random_preparation(2), 1, 0.5), "rounds = 0.5 is no whole number"),
        (lambda: amplified_probability(1.5, 1), "probability = 1.5 is none"),
        (lambda: amplified_probability(np.nan, 1), "probability = nan is none"),
        (lambda: amplified_probability(0.5, -1), "rounds = -1 is too small"),
        (lambda: exact_probability(-1), "rounds = -1 is too small"),
        (lambda: exact_rounds(0), "No number of rounds"),
        (lambda: exact_rounds(np.nan), "No number of rounds"),
        (lambda: exact_rounds(1.1), "No number of rounds"),
    ],
)
def test_what_makes_no_sense_is_refused(refused, message):
    with pytest.raises(InputError, match=message):
        refused()
