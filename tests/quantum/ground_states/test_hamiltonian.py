"""The Hamiltonian ansatz: its circuit, its gradient, the energies that its angles reach."""

import numpy as np
import pytest
from qiskit.quantum_info import Statevector

from problems.errors import InputError
from problems.ground_states import CRITICAL_FIELD, IsingModel, ToricCode
from quantum.ground_states import HamiltonianAnsatz
from tests.quantum.ground_states.slopes import differences


@pytest.mark.parametrize("model", [IsingModel(2, 3, 1.3), IsingModel(3, 3, 0.7, periodic=True)])
def test_the_fast_path_is_the_circuit_and_its_gradient_that_of_differences(model):
    ansatz = HamiltonianAnsatz(model, 3)
    angles = np.random.default_rng(0).normal(size=(2, 3))
    state = Statevector(ansatz.circuit(angles)).data
    np.testing.assert_allclose(ansatz.state(angles), state, atol=1e-12)
    energy, slopes = ansatz.gradient(angles)
    assert energy == pytest.approx(np.vdot(state, model.matrix() @ state).real, abs=1e-11)
    assert energy == pytest.approx(ansatz.energy(angles.ravel()), abs=1e-12)
    np.testing.assert_allclose(slopes, differences(ansatz.energy, angles), atol=1e-7)


def test_phases_come_first_and_have_the_sign_of_minus_sum_zz():
    """By the matrices of the definition, on one bond."""
    model = IsingModel(1, 2, 0.5)
    phase, turn = 0.3, 0.4
    x = np.array([[0, 1], [1, 0]])
    flips = np.kron(x, np.eye(2)) + np.kron(np.eye(2), x)
    values, vectors = np.linalg.eigh(flips)
    mixing = vectors @ np.diag(np.exp(-1j * turn * values)) @ vectors.T
    expected = mixing @ (np.exp(-1j * phase * -np.array([1, -1, -1, 1])) * 0.5)
    np.testing.assert_allclose(HamiltonianAnsatz(model, 1).state([[phase], [turn]]), expected, atol=1e-14)


@pytest.fixture(scope="module")
def tuned(critical):
    return {p: HamiltonianAnsatz(critical, p).optimize() for p in (1, 2, 4)}


def test_energies_of_two_four_and_eight_angles(critical, ground_state, tuned):
    assert [tuned[p].parameters for p in tuned] == [2, 4, 8]
    assert tuned[1].error == pytest.approx(3.879e-3, abs=1e-6)
    assert tuned[2].error == pytest.approx(5.75e-4, abs=1e-6)
    assert tuned[4].error == pytest.approx(3.47e-5, abs=2e-7)
    first = HamiltonianAnsatz(critical, 1)
    assert np.abs(np.vdot(ground_state, first.state(tuned[1].angles))) ** 2 == pytest.approx(0.987707, abs=1e-6)
    assert first.error(tuned[1].angles) == pytest.approx(tuned[1].error, abs=1e-14)


def test_a_layer_that_does_nothing_is_a_stationary_point_and_stretched_angles_are_none(critical, tuned):
    """Why each number of layers has several starts."""
    ansatz = HamiltonianAnsatz(critical, 2)
    padded = np.pad(tuned[1].angles, ((0, 0), (0, 1)))
    assert np.abs(ansatz.gradient(padded)[1]).max() < 1e-7
    assert ansatz.optimize(starts=1).error == pytest.approx(tuned[2].error, abs=1e-9)


def test_layers_are_as_deep_as_bonds_that_share_no_site_allow(critical):
    circuit = HamiltonianAnsatz(critical, 2).circuit(np.ones((2, 2)))
    assert circuit.depth() == 1 + 2 * 5
    assert circuit.count_ops()["rzz"] == 24


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda model: HamiltonianAnsatz(model, 0), "p = 0 is too small"),
        (lambda model: HamiltonianAnsatz(model, 1.5), "p = 1.5 is no whole number"),
        (lambda model: HamiltonianAnsatz(ToricCode(2, 2), 1), "has no bonds for rotations"),
        (lambda model: HamiltonianAnsatz(IsingModel(6, 6, 1.0), 1).optimize(), "36 sites have 2\\^36 amplitudes"),
        (lambda model: HamiltonianAnsatz(model, 2).energy([1, 2]), "angles have shape \\(2,\\)"),
        (lambda model: HamiltonianAnsatz(model, 1).circuit([[np.nan], [0]]), "give finite g_1"),
        (lambda model: HamiltonianAnsatz(model, 1).optimize(starts=0), "starts = 0 is too small"),
        (lambda model: HamiltonianAnsatz(model, 1).fit([[0], [0]], iterations=0), "iterations = 0 is too small"),
    ],
)
def test_refusals_are_one_line(call, message):
    with pytest.raises(InputError, match=message) as refusal:
        call(IsingModel(2, 2, CRITICAL_FIELD))
    assert "\n" not in str(refusal.value)
