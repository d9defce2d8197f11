"""QAOA: exact states and gradients against the circuit and differences, known ratios, and what the mixers reach."""

import math

import numpy as np
import pytest
from qiskit.quantum_info import Operator, Statevector

from problems.errors import InputError
from problems.neuron_selection import MaskProblem, NKProblem, error_count_problem, mask_of, ring, ticket_problem
from quantum.neuron_selection import (
    QaoaState,
    cost_operator,
    mixer_reach,
    neighbors,
    qaoa_circuit,
    reaches,
    tune_qaoa,
)


def ring_problem(neurons, degree):
    return NKProblem(np.random.default_rng(0).random((neurons, 2**degree)), ring(neurons, degree))


def max_cut(vertices):
    """Minus the number of edges of a ring that a mask cuts: m_a (1 - m_b) + m_b (1 - m_a) summed."""
    quadratic = np.zeros((vertices, vertices))
    for a in range(vertices):
        quadratic[a, (a + 1) % vertices] = quadratic[(a + 1) % vertices, a] = 1
    return MaskProblem(0.0, np.full(vertices, -2.0), quadratic)


PROBLEMS = {"ticket": ticket_problem(5, 0), "ring": ring_problem(6, 3), "sparse": max_cut(5)}


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_operator_has_the_losses_on_its_diagonal(name):
    problem = PROBLEMS[name]
    found = Operator(cost_operator(problem)).data
    np.testing.assert_allclose(found, np.diag(problem.table()), atol=1e-12)


@pytest.mark.parametrize("mixer", ["x", "neighborhood"])
@pytest.mark.parametrize("name", PROBLEMS)
def test_the_fast_path_is_the_circuit(name, mixer):
    problem, angles = PROBLEMS[name], np.random.default_rng(1).normal(size=(2, 3))
    state = QaoaState(problem, mixer)
    circuit = Statevector(qaoa_circuit(problem, angles, mixer, measured=False)).data
    fast = np.zeros(2**problem.neurons, dtype=complex)
    fast[state.mixer.masks] = state.state(angles)
    assert abs(np.vdot(fast, circuit)) == pytest.approx(1, abs=1e-10)  # up to a global phase
    np.testing.assert_allclose(state.probabilities(angles), np.abs(circuit) ** 2, atol=1e-10)
    energy, variance = state.energy(angles)
    weights = np.abs(circuit) ** 2
    assert energy == pytest.approx(weights @ problem.table())
    assert variance == pytest.approx(weights @ problem.table() ** 2 - energy**2)
    minima = problem.table() < problem.table().min() + 1e-9
    assert state.success(angles) == pytest.approx(np.sum(weights[minima]), abs=1e-10)


@pytest.mark.parametrize("mixer", ["x", "neighborhood"])
@pytest.mark.parametrize("name", PROBLEMS)
def test_gradients_are_those_of_differences(name, mixer):
    state, angles = QaoaState(PROBLEMS[name], mixer), np.random.default_rng(2).normal(size=(2, 3))
    energy, _, slopes = state.gradient(angles)
    assert energy == pytest.approx(state.energy(angles)[0])
    for place in np.ndindex(angles.shape):
        step = np.zeros_like(angles)
        step[place] = 1e-5
        difference = (state.energy(angles + step)[0] - state.energy(angles - step)[0]) / 2e-5
        assert slopes[place] == pytest.approx(difference, abs=1e-7)


def test_max_cut_on_a_ring_of_ten():
    found = tune_qaoa(max_cut(10), 4)
    assert [one.ratio for one in found] == pytest.approx([3 / 4, 5 / 6, 7 / 8, 9 / 10], abs=1e-6)


@pytest.mark.parametrize("seed", [0, 1])
def test_five_layers_on_tickets(seed):
    found = tune_qaoa(ticket_problem(12, seed), 5)
    assert found[-1].ratio >= 0.98
    assert 0 < found[-1].success < 0.5


def test_five_layers_on_a_ring():
    problem = ring_problem(12, 4)
    assert problem.table().min() == pytest.approx(0.2504322176, abs=1e-9)
    found = tune_qaoa(problem, 5)
    assert found[-1].ratio >= 0.88
    assert np.all(np.diff([one.ratio for one in found]) >= 0)
    last = found[-1]
    assert last.success == pytest.approx(QaoaState(problem).success(last.angles))


def test_what_tuning_would_cost():
    first, second = tune_qaoa(max_cut(6), 2)
    assert first.evaluations < second.evaluations
    assert first.energies > first.evaluations  # a gradient takes several
    assert second.tuning_shots(0.01) == pytest.approx(4 * second.tuning_shots(0.02), rel=1e-3)
    assert (1 - second.success) ** second.shots(0.99) <= 0.01 < (1 - second.success) ** (second.shots(0.99) - 1)


def test_the_optimum_counts_with_all_masks_that_have_it():
    state = QaoaState(max_cut(6))
    assert np.count_nonzero(state.optimal) == 2
    assert state.success([[], []]) == pytest.approx(2 / 64)


def test_what_the_neighborhood_mixer_reaches():
    assert [mixer_reach(ring_problem(*sizes)) for sizes in ((10, 3), (12, 4))] == [46, 47]
    assert mixer_reach(ticket_problem(12, 0)) == 13  # every pair is adjacent
    problem = ring_problem(6, 3)
    # By all amplitudes of a few layers at random angles.
    angles = np.random.default_rng(3).normal(size=(2, 4))
    seen = np.flatnonzero(np.abs(Statevector(qaoa_circuit(problem, angles, "neighborhood", False)).data) > 1e-9)
    assert seen.tolist() == [m for m in range(64) if reaches(problem, mask_of(m, 6))]
    assert len(seen) == mixer_reach(problem)


def test_neighbors_are_those_of_a_common_term():
    found = neighbors(ring_problem(7, 3))
    assert {tuple(np.flatnonzero(row) - a) for a, row in enumerate(found) if 2 <= a <= 4} == {(-2, -1, 1, 2)}


def test_an_optimum_out_of_reach_is_never_found():
    problem = ring_problem(8, 3)
    found = tune_qaoa(problem, 2, "neighborhood")
    assert not reaches(problem, mask_of(int(np.argmin(problem.table())), 8))
    assert found[-1].success == 0
    assert found[-1].shots() == math.inf
    assert found[-1].ratio < 0.63  # the best mask that it reaches has .625


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: tune_qaoa(max_cut(4), 0), "depth = 0 is too small"),
        (lambda: QaoaState(max_cut(4), "y"), "There is no mixer 'y'"),
        (lambda: QaoaState(MaskProblem(1.0, np.zeros(2), np.zeros((2, 2)))), "All masks have the loss 1.0"),
        (lambda: QaoaState(max_cut(4)).state([1, 2]), r"angles have shape \(2,\)"),
        (lambda: QaoaState(max_cut(4)).state([[np.nan], [0]]), "give finite gammas and betas"),
        (lambda: qaoa_circuit(max_cut(4), [[], []]), "p >= 1"),
        (lambda: qaoa_circuit(error_count_problem(4, 0), [[1], [1]]), "has no terms of a few neurons"),
        (lambda: mixer_reach(MaskProblem(0.0, np.ones(30), np.eye(30))), "Independent sets of 30 neurons"),
        (lambda: tune_qaoa(max_cut(4), 1)[0].shots(1), "confidence = 1 is no probability below 1"),
        (lambda: tune_qaoa(max_cut(4), 1)[0].tuning_shots(0), "error = 0 asks for infinitely many shots"),
    ],
)
def test_refusals_are_one_line(call, message):
    with pytest.raises(InputError, match=message) as refusal:
        call()
    assert "\n" not in str(refusal.value)
