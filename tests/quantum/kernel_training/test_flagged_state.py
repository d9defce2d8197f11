"""The state |k*>: its amplitudes, what post-selection takes, and when amplification pays."""

import doctest
import pickle

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import Statevector

from problems.errors import InputError
from quantum.kernel_training import FlaggedKernelState, flagged_state
from quantum.resources import gate_counts


@pytest.mark.parametrize("images", [2, 3, 4, 7, 8, 16])
def test_the_circuit_makes_the_state_by_its_formula(images):
    values = np.random.default_rng(images).normal(size=images)
    state = FlaggedKernelState(values)
    clipped = np.clip(values, -1, 1)
    expected = np.zeros(2 ** (state.num_qubits - 1))
    expected[:images] = clipped
    size = len(expected)
    np.testing.assert_array_equal(state.values, expected)
    vector = Statevector(state.definition).data
    np.testing.assert_allclose(vector[size:], expected / np.sqrt(size), rtol=0, atol=1e-14)
    np.testing.assert_allclose(vector[:size], np.sqrt((1 - expected**2) / size), rtol=0, atol=1e-14)
    np.testing.assert_allclose(state.vector(), vector, rtol=0, atol=1e-14)
    assert state.tries == pytest.approx(size / np.sum(clipped**2), rel=1e-13)
    kept = vector[size:] / np.linalg.norm(vector[size:])
    np.testing.assert_allclose(kept, state.amplitudes, rtol=0, atol=1e-13)
    circuit = QuantumCircuit(state.num_qubits)
    circuit.append(state, circuit.qubits)
    assert gate_counts(circuit, 0).two_qubit == state.two_qubit_gates == size
    assert FlaggedKernelState(np.full(size, 0.5)).two_qubit_gates == 0


def test_rounds_of_amplification_keep_the_state_and_save_preparations():
    state = FlaggedKernelState([0.1, -0.3, 0.2, 0.1])
    probability = (0.01 + 0.09 + 0.04 + 0.01) / 4
    assert state.probability == pytest.approx(probability, rel=1e-14)
    angle = np.arcsin(np.sqrt(probability))
    by_rounds = [(2 * t + 1) / np.sin((2 * t + 1) * angle) ** 2 for t in range(8)]
    assert state.rounds == int(np.argmin(by_rounds)) > 0
    assert state.amplified_tries == pytest.approx(min(by_rounds), rel=1e-12)
    assert state.amplified_tries < state.tries / 3
    vector = Statevector(state.amplified().definition).data[4:]
    assert np.sum(np.abs(vector) ** 2) == pytest.approx(np.sin((2 * state.rounds + 1) * angle) ** 2, abs=1e-12)
    np.testing.assert_allclose(vector / np.linalg.norm(vector), state.amplitudes, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("probability", "pays"), [(0.32, False), (0.316, True), (0.9, False), (1 / 87, True)])
def test_amplification_pays_below_a_probability(probability, pays):
    state = FlaggedKernelState(np.full(4, np.sqrt(probability)))
    assert (state.rounds > 0) == pays
    assert (state.amplified_tries < state.tries) == pays


def test_states_compare_by_their_values_and_pickle():
    state = FlaggedKernelState([0.5, 0.25])
    assert state == FlaggedKernelState([0.5, 0.25]) == pickle.loads(pickle.dumps(state))
    assert state != FlaggedKernelState([0.5, 0.3])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1.0], "no state; give at least two"),
        ([[1.0, 0.5]], r"shape \(1, 2\)"),
        ([1.0, np.nan], "finite real numbers"),
        ([0.0, 0.0], "All kernel values are zero"),
        ([1e-200, 0.0], "All kernel values are zero"),
    ],
)
def test_what_is_no_state_is_refused(values, message):
    with pytest.raises(InputError, match=message):
        FlaggedKernelState(values)


def test_examples():
    assert doctest.testmod(flagged_state).failed == 0
