"""Carleman linearization, its linear and its continuous form, against the update itself and the page's numbers."""

import numpy as np
import pytest

from classical.sparse_training import (
    carleman,
    continuous_carleman,
    continuous_matrix,
    gradient_descent,
    hessian_exponent,
    marching,
)
from problems.errors import InputError
from problems.sparse_training import PolynomialUpdate, QuadraticNetwork, carleman_state, descend
from tests.problems.sparse_training.references import (
    PAIR,
    SCALAR,
    compositions,
    dissipative,
    random_update,
    trajectory,
)


@pytest.mark.parametrize("basis", ["kronecker", "monomial"])
@pytest.mark.parametrize(("dimension", "degree", "order"), [(1, 3, 4), (2, 2, 3), (3, 3, 2)])
def test_the_trajectory_is_that_of_the_definition(dimension: int, degree: int, order: int, basis: str) -> None:
    update, start = random_update(dimension, degree), np.full(dimension, 0.2)
    found = carleman(update, start=start, steps=4, order=order, basis=basis)  # type: ignore[arg-type]
    state, step = carleman_state(start, order), compositions(update, order)
    for row in found:
        np.testing.assert_allclose(row, state[1 : dimension + 1], rtol=1e-11, atol=1e-14)
        state = step @ state


@pytest.mark.parametrize(("order", "error"), [(1, 0.0177991496), (2, 0.0017578356)])
def test_errors_of_the_page(order: int, error: float) -> None:
    start = np.array([0.4, -0.3])
    found = carleman(PAIR, start=start, steps=8, order=order)
    assert found.shape == (9, 2)
    assert np.abs(found - gradient_descent(PAIR, start, 8)).max() == pytest.approx(error, abs=5e-11)


def test_gradient_descent_is_the_update() -> None:
    update = random_update(3, 3)
    np.testing.assert_allclose(gradient_descent(update, np.ones(3) / 5, 5), trajectory(update, np.ones(3) / 5, 5))


def test_the_exponent_is_the_linear_order() -> None:
    for update, start in ((PAIR, np.array([0.4, -0.3])), (dissipative(-0.5), None)):
        found = hessian_exponent(update, start, 37)
        np.testing.assert_allclose(found, carleman(update, start, 37, 1)[-1], rtol=1e-12)


@pytest.mark.parametrize(("method", "last"), [("euler", 0.0663530368), ("exponential", 0.0822950972)])
def test_the_continuous_form_of_one_weight(method: str, last: float) -> None:
    found = continuous_carleman(SCALAR, [0.5], 10, 2, method)  # type: ignore[arg-type]
    assert found[-1, 0] == pytest.approx(last, abs=5e-11)


def test_the_continuous_matrix_is_the_derivative_of_the_state() -> None:
    update, u, small = random_update(2, 2), np.array([0.3, -0.2]), 1e-6
    # Beyond the cut no block is missing for the first N - 1 powers.
    slope = (carleman_state(u + small * update(u), 3) - carleman_state(u - small * update(u), 3)) / (2 * small)
    found = continuous_matrix(update, 3) @ carleman_state(u, 3)
    np.testing.assert_allclose(found[:7], slope[:7], atol=1e-9)


def test_real_networks_need_the_pruned_weights_as_center() -> None:
    network = QuadraticNetwork.from_dataset()
    trained = descend(network, network.initial(0), 600, 0.003)[-1]
    mask = network.prune(trained, 8)
    pruned = trained * mask
    exact = descend(network, pruned, 16, 0.1, mask)[:, mask]
    update = network.update(mask, 0.1)
    centered = update.recentred(pruned[mask])
    np.testing.assert_allclose(gradient_descent(centered, None, 16) + pruned[mask], exact, atol=1e-12)
    errors = [np.abs(carleman(centered, None, 16, order) + pruned[mask] - exact).max() for order in (1, 2, 3)]
    origin = np.abs(carleman(update, pruned[mask], 16, 3) - exact).max()
    assert errors[0] > errors[1] > errors[2]
    assert origin > 10 * errors[2]
    assert np.abs(continuous_carleman(centered, None, 16, 3) + pruned[mask] - exact).max() > 10 * errors[2]


def test_marching_multiplies_by_the_norm_each_step() -> None:
    start = np.array([0.4, -0.3])
    found = marching(PAIR, start, 6, 2)
    matrix, state = compositions(PAIR, 2), carleman_state(start, 2)
    norm = np.linalg.norm(matrix, 2)
    assert norm > 1
    assert found.norm == pytest.approx(norm)
    last = np.linalg.norm(np.linalg.matrix_power(matrix, 6) @ state)
    assert found.success == pytest.approx((last / (norm**6 * np.linalg.norm(state))) ** 2)
    assert found.queries == pytest.approx(6 / found.success)


def test_what_diverges_is_told_with_its_step() -> None:
    with pytest.raises(InputError, match=r"diverges at step \d+ of 200"):
        gradient_descent(PolynomialUpdate([1, 1, 1]), [1.0], 200)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(InputError, match="start has shape"):
        carleman(PAIR, start=[1.0], steps=2)
    with pytest.raises(InputError, match=r"steps T = 2\.5 is no whole number"):
        carleman(PAIR, steps=2.5)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="There is no method 'rk4'"):
        continuous_carleman(PAIR, method="rk4")  # type: ignore[arg-type]
