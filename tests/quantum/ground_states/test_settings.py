"""Energies by shots: both settings, their variances, and how many shots an accuracy takes."""

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import Statevector

from problems.errors import InputError
from problems.ground_states import CRITICAL_FIELD, IsingModel, ToricCode
from quantum.ground_states import (
    RotationCircuit,
    disjoint_ticket,
    energy_of_bits,
    measure_energy,
    setting_circuit,
    setting_energies,
    setting_variances,
    shots_for_error,
    toric_circuit,
)

MODELS = [IsingModel(2, 3, 1.3), ToricCode(2, 2)]


def all_bits(sites):
    return (np.arange(1 << sites)[:, None] >> np.arange(sites)) & 1


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_means_and_variances_of_both_settings_add_up_to_those_of_the_hamiltonian(model):
    """With all outcomes weighted by their probabilities, for a state without symmetry."""
    circuit = QuantumCircuit(model.sites)
    for qubit, angle in enumerate(np.random.default_rng(0).normal(size=model.sites)):
        circuit.ry(angle, qubit)
        circuit.rz(2 * angle, qubit)
        if qubit:
            circuit.cx(qubit - 1, qubit)
    state = Statevector(circuit)
    mean, variances = 0.0, setting_variances(model, state.data)
    for setting in ("Z", "X"):
        measured = setting_circuit(circuit, setting)
        assert measured.num_clbits == model.sites
        weights = Statevector(measured.remove_final_measurements(inplace=False)).probabilities()
        energies = setting_energies(model, setting, all_bits(model.sites))
        mean += weights @ energies
        assert weights @ energies**2 - (weights @ energies) ** 2 == pytest.approx(variances[setting], abs=1e-10)
    assert mean == pytest.approx(np.vdot(state.data, model.matrix() @ state.data).real, abs=1e-10)


def test_in_the_ground_state_both_variances_are_equal(critical, ground_state):
    variances = setting_variances(critical, ground_state)
    assert variances["Z"] == pytest.approx(14.4075, abs=5e-5)
    assert variances["X"] == pytest.approx(variances["Z"], abs=1e-9)


def test_a_thousandth_takes_seventy_thousand_shots(critical, ground_state):
    shots = shots_for_error(critical, ground_state, 1e-3)
    accuracy = 1e-3 * abs(critical.ground_energy())
    assert shots == pytest.approx(4 * 14.4075 / accuracy**2, rel=1e-4)
    assert 6.9e4 < shots < 7.3e4
    assert shots_for_error(critical, ground_state, 2e-3) == pytest.approx(shots / 4, rel=1e-3)


def test_an_energy_by_shots_is_the_exact_one_within_its_standard_error(critical):
    circuit = RotationCircuit(critical, 1)
    angles, mask = disjoint_ticket(circuit, 4)
    exact, variances = circuit.energy(angles, mask), setting_variances(critical, circuit.state(angles, mask))
    shots = 20_000
    found = measure_energy(circuit.circuit(angles, mask), critical, "aer_statevector", shots, 1)
    error = np.sqrt(sum(variances.values()) / shots)
    assert found.standard_error == pytest.approx(error, rel=0.05)
    assert abs(found.energy - exact) < 4 * error
    assert found.error == critical.relative_error(found.energy)
    assert found.shots == shots


def test_the_toric_code_shows_its_energy_in_every_shot():
    code = ToricCode(2, 2)
    found = measure_energy(toric_circuit(code), code, "aer_statevector", 20, 0)
    assert found.energy == -8
    assert found.standard_error == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda model: setting_circuit(QuantumCircuit(4), "Y"), "There is no setting 'Y'"),
        (lambda model: setting_circuit(QuantumCircuit(4, 1), "Z"), "has 1 classical bits"),
        (lambda model: setting_energies(model, "Z", np.zeros((3, 5))), "Bits of shape \\(3, 5\\)"),
        (lambda model: energy_of_bits(model, {"Z": np.zeros((2, 4))}), "Setting 'X' has fewer than two shots"),
        (lambda model: measure_energy(QuantumCircuit(5), model, "aer_mps", 9), "has 5 qubits and the model 4 sites"),
        (lambda model: measure_energy(QuantumCircuit(4), model, "fake_fezz", 9), "There is no backend 'fake_fezz'"),
        (lambda model: measure_energy(QuantumCircuit(4), model, "aer_mps", 1), "shots = 1 is too small"),
        (lambda model: setting_variances(model, np.ones(8)), "The state has shape \\(8,\\)"),
        (lambda model: shots_for_error(model, np.ones(16), 0), "error = 0 asks for infinitely many"),
        (lambda model: shots_for_error(model, np.ones(16), np.nan), "error = nan asks for infinitely many"),
    ],
)
def test_refusals_are_one_line(call, message):
    with pytest.raises(InputError, match=message) as refusal:
        call(IsingModel(2, 2, CRITICAL_FIELD))
    assert "\n" not in str(refusal.value)
