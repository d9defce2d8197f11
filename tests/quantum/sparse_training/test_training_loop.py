"""Rounds of training, downloaded and uploaded, against gradient descent of as many steps."""

import numpy as np
import pytest

from problems.errors import InputError
from problems.sparse_training import PolynomialUpdate
from quantum.sparse_training import train
from tests.quantum.sparse_training.examples import carleman, page, squares

ROUNDS, STEPS = 3, 4
FOUR = squares(4)
START = np.array([0.3, -0.2, 0.1, 0.4])


def gradient_descent(update, start, steps):
    weights = np.array(start)
    for _ in range(steps):
        weights = weights + update(weights)
    return weights


def linearized(update, start, rounds, steps, order):
    """Rounds of Carleman's recursion, recentred by hand at each."""
    weights = np.array(start)
    for _ in range(rounds):
        step = carleman(update.recentred(weights), order)
        state = np.linalg.matrix_power(step, steps)[:, 0]
        weights = weights + state[1 : 1 + len(weights)]
    return weights


@pytest.mark.parametrize("order", [1, 2])
def test_by_state_vector_only_the_truncation_is_left(order):
    found = train(FOUR, START, ROUNDS, STEPS, order, epsilon=1e-9)
    assert found.weights.shape == (ROUNDS + 1, 4)
    assert found.shots == found.queries == 0
    assert not found.errors.any()
    np.testing.assert_allclose(found.weights[-1], linearized(FOUR, START, ROUNDS, STEPS, order), rtol=0, atol=1e-8)
    exact = gradient_descent(FOUR, START, ROUNDS * STEPS)
    truncation = np.abs(found.weights[-1] - exact).mean()
    assert truncation < {1: 5e-3, 2: 2e-4}[order]


@pytest.mark.parametrize("shots", [200, 10_000])
def test_by_shots_it_stays_within_two_over_their_root_of_gradient_descent(shots):
    exact = gradient_descent(FOUR, START, ROUNDS * STEPS)
    truncation = np.abs(linearized(FOUR, START, ROUNDS, STEPS, 2) - exact).mean()
    runs = [train(FOUR, START, ROUNDS, STEPS, shots=shots, seed=seed) for seed in range(5)]
    away = np.mean([np.abs(run.weights[-1] - exact).mean() for run in runs])
    assert away < 2 / np.sqrt(shots) + truncation
    for run in runs:
        assert run.shots == ROUNDS * shots
        assert run.queries >= 40 * run.shots
        assert np.all(run.errors > 0)


@pytest.mark.parametrize("method", ["qsvt", "hhl"])
def test_every_method_trains(method):
    found = train(page(), None, 2, 2, method=method, epsilon=1e-3)
    np.testing.assert_allclose(found.weights[-1], gradient_descent(page(), [0, 0], 4), rtol=0, atol=2e-3)


def test_a_minimum_stays_where_it_is():
    still = PolynomialUpdate([[0.0, 0.0], -0.1 * np.eye(2)])
    found = train(still, None, 2, 2, shots=1000, seed=0)
    assert np.abs(found.weights).max() < 0.5
    assert np.abs(train(still, None, 2, 2).weights).max() == 0


def test_a_seed_repeats_a_training():
    once, again = (train(page(), None, 2, 4, shots=300, seed=7) for _ in range(2))
    np.testing.assert_array_equal(once.weights, again.weights)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rounds": 0}, "rounds = 0 is too small"),
        ({"shots": 4}, "shots = 4 is too small"),
        ({"start": [1.0]}, r"start has shape \(1,\)"),
        ({"method": "none"}, "There is no method 'none'"),
    ],
)
def test_bad_requests_are_refused(changes, message):
    with pytest.raises(InputError, match=message):
        train(page(), **changes)
