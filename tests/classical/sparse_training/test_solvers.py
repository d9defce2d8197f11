"""Solvers of the history system, Newton's method beside R, and training of pruned networks."""

import numpy as np
import pytest

from classical.sparse_training import (
    carleman,
    forward_substitution,
    newton,
    newton_cg,
    pruned_carleman,
    solve_by_gmres,
    sparse_sgd,
)
from problems.errors import InputError
from problems.sparse_training import (
    HistorySystem,
    Perceptron,
    PolynomialUpdate,
    QuadraticNetwork,
    carleman_matrix,
    descend,
    kantorovich,
    magnitude_mask,
)
from tests.problems.sparse_training.references import PAIR


@pytest.mark.parametrize("steps", [4, 8])
@pytest.mark.parametrize("padded", [False, True])
def test_gmres_ends_with_the_last_slot(steps: int, padded: bool) -> None:
    system = HistorySystem(PAIR, (0.4, -0.3), steps, 2, padded)
    found, exact = solve_by_gmres(system), forward_substitution(system)
    assert found.iterations == (2 * steps if padded else steps + 1)
    np.testing.assert_allclose(found.x, exact.x, atol=1e-11)
    assert exact.residual < 1e-15
    np.testing.assert_allclose(exact.weights[: steps + 1], carleman(PAIR, (0.4, -0.3), steps), rtol=1e-12)


@pytest.mark.parametrize(("h", "steps"), [(0.1, 4), (0.3, 5), (0.49, 7)])
def test_newton_takes_a_handful_of_steps_where_it_is_certified(h: float, steps: int) -> None:
    update = PolynomialUpdate([h, -1, 0.5])
    assert kantorovich(update) == pytest.approx(h)
    found = newton(update)
    assert (found.converged, found.steps) == (True, steps)
    assert found.points[-1, 0] == pytest.approx(1 - np.sqrt(1 - 2 * h), rel=1e-6)


def test_newton_without_a_stationary_point_gives_up() -> None:
    found = newton(PolynomialUpdate([1, 0.0, 1.0]), [0.3], most=20)
    assert not found.converged
    assert found.steps <= 20


@pytest.fixture(scope="module")
def pruned() -> tuple[Perceptron, np.ndarray, np.ndarray]:
    network = Perceptron.from_dataset(hidden=8)
    trained = descend(network, network.initial(0), 200, 0.5)[-1]
    mask = magnitude_mask(trained, 120)
    return network, trained * mask, mask


def test_the_pruned_order_two_is_the_carleman_matrix(pruned: tuple) -> None:
    network, weights, mask = pruned
    few = mask & (np.cumsum(mask) <= 5)
    weights, eta, kept = weights * few, 0.3, np.flatnonzero(few)
    units = np.eye(network.size)[kept]
    third = np.array([[network.third_derivative(weights, a, b)[kept] for b in units] for a in units])
    update = PolynomialUpdate(
        [
            -eta * network.gradient(weights)[kept],
            -eta * network.hessian(weights, few),
            -eta / 2 * third.transpose(2, 0, 1).reshape(len(kept), -1),
        ]
    )
    assert carleman_matrix(update, 2).shape == (31, 31)
    for order in (1, 2):
        found = pruned_carleman(network, weights, few, eta, 8, 8, order)
        np.testing.assert_allclose(found - weights[kept], carleman(update, None, 8, order), atol=1e-8)


def test_expanding_anew_more_often_is_nearer(pruned: tuple) -> None:
    network, weights, mask = pruned
    exact = descend(network, weights, 30, 0.2, mask)[:, mask]
    errors = [
        np.linalg.norm(pruned_carleman(network, weights, mask, 0.2, 30, every)[-1] - exact[-1]) for every in (1, 5, 30)
    ]
    assert errors[0] < errors[1] < errors[2]
    # Re-expanded each step, it is gradient descent.
    assert errors[0] < 1e-13


def test_a_linearization_that_diverges_is_infinite_from_then_on(pruned: tuple) -> None:
    network, weights, mask = pruned
    found = pruned_carleman(network, weights, mask, 5.0, 60, 60)
    bad = np.flatnonzero(~np.isfinite(found).all(axis=1))
    assert len(bad)
    assert np.all(np.isinf(found[bad[0] :]))


def test_rivals_train_the_kept_weights_alone(pruned: tuple) -> None:
    network, weights, mask = pruned
    before = network.loss(weights)
    trained = sparse_sgd(network, weights, mask, len(network.rows.x), 200, 0.2, seed=0)
    again = sparse_sgd(network, weights, mask, len(network.rows.x), 200, 0.2, seed=0)
    np.testing.assert_array_equal(trained, again)
    exact, passes = newton_cg(network, weights, mask, 15)
    assert network.loss(exact) < network.loss(trained) < before
    assert passes > 15
    for found in (trained, exact):
        assert not np.any(found[~mask])
        assert network.accuracy(found) > network.accuracy(weights)


def test_what_rivals_refuse(pruned: tuple) -> None:
    network, weights, mask = pruned
    quadratic = QuadraticNetwork.from_dataset()
    with pytest.raises(InputError, match=r"diverges at step \d+ of 50"):
        sparse_sgd(quadratic, quadratic.initial(0), np.ones(quadratic.size, dtype=bool), 400, 50, 5.0, seed=0)
    with pytest.raises(InputError, match="has no hessian_vector"):
        newton_cg(quadratic, quadratic.initial(0), np.ones(quadratic.size, dtype=bool))
    with pytest.raises(InputError, match="order N = 3 is not held for perceptrons"):
        pruned_carleman(network, weights, mask, 0.1, 5, 5, 3)
