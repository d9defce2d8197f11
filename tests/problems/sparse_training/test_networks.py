"""The networks: gradients, exact updates, Hessian-vector products, third derivatives, pruning."""

from itertools import pairwise

import numpy as np
import pytest

from problems.errors import InputError
from problems.sparse_training import Perceptron, QuadraticNetwork, descend, magnitude_mask


@pytest.fixture(scope="module", params=[False, True], ids=["q = 3", "q = 5"])
def quadratic(request: pytest.FixtureRequest) -> QuadraticNetwork:
    return QuadraticNetwork.from_dataset(hidden=3, readout=request.param)


@pytest.fixture(scope="module", params=["digits-classes", "mnist-8-9"])
def perceptron(request: pytest.FixtureRequest) -> Perceptron:
    return Perceptron.from_dataset(request.param)


def slope(network: QuadraticNetwork | Perceptron, weights: np.ndarray, direction: np.ndarray) -> float:
    return (network.loss(weights + 1e-5 * direction) - network.loss(weights - 1e-5 * direction)) / 2e-5


def test_quadratic_gradients_are_slopes(quadratic: QuadraticNetwork) -> None:
    weights = quadratic.initial(1)
    direction = np.random.default_rng(0).standard_normal(quadratic.size)
    assert quadratic.gradient(weights) @ direction == pytest.approx(slope(quadratic, weights, direction), rel=1e-7)
    rows = np.arange(len(quadratic.rows.x))
    halves = [quadratic.gradient(weights, half) * len(half) for half in (rows[:100], rows[100:])]
    np.testing.assert_allclose(sum(halves) / len(rows), quadratic.gradient(weights), rtol=1e-9, atol=1e-12)


def test_a_quadratic_network_trains_by_a_polynomial_exactly(quadratic: QuadraticNetwork) -> None:
    trained = descend(quadratic, quadratic.initial(0), 600, 0.003)[-1]
    assert quadratic.accuracy(trained) > 0.9
    mask = quadratic.prune(trained, 5)
    assert mask.sum() == 5
    update = quadratic.update(mask, 0.05)
    assert (update.dimension, update.degree) == (5, quadratic.q)
    path = descend(quadratic, trained * mask, 6, 0.05, mask)
    assert not np.any(path[:, ~mask])
    for before, after in pairwise(path):
        np.testing.assert_allclose(before[mask] + update(before[mask]), after[mask], rtol=1e-12, atol=1e-14)


def test_a_trained_readout_keeps_those_of_its_weights() -> None:
    network = QuadraticNetwork.from_dataset(hidden=3, readout=True)
    weights = network.initial(0)
    inner = network.hidden * network.inputs
    for keep in (2, 3, 7):
        mask = network.prune(weights, keep)
        units = set(np.flatnonzero(mask[:inner]) // network.inputs)
        assert mask.sum() == keep
        assert units == set(np.flatnonzero(mask[inner:]))


def test_perceptrons_have_the_sizes_of_the_page(perceptron: Perceptron) -> None:
    sizes = {"digits-classes": 2410, "mnist-8-9": 196 * 16 + 16 + 2 * 16 + 2}
    assert perceptron.size == sizes[perceptron.rows.dataset]


def test_derivatives_of_a_perceptron(perceptron: Perceptron) -> None:
    rng = np.random.default_rng(0)
    weights, (v, w) = perceptron.initial(3), rng.standard_normal((2, perceptron.size)) / 10
    assert perceptron.gradient(weights) @ v == pytest.approx(slope(perceptron, weights, v), rel=1e-6)
    step = 1e-4
    ahead, behind = (perceptron.gradient(weights + sign * step * v) for sign in (1, -1))
    np.testing.assert_allclose(perceptron.hessian_vector(weights, v), (ahead - behind) / (2 * step), atol=1e-8)
    # The second difference of the gradient is D^3 L (v, v, .).
    wide = 1e-2
    ahead, behind = (perceptron.gradient(weights + sign * wide * v) for sign in (1, -1))
    twice = (ahead - 2 * perceptron.gradient(weights) + behind) / wide**2
    np.testing.assert_allclose(perceptron.third_derivative(weights, v, v), twice, atol=2e-4 * np.abs(twice).max())
    mixed = perceptron.third_derivative(weights, v, w)
    scale = np.abs(mixed).max()
    np.testing.assert_allclose(perceptron.third_derivative(weights, w, v), mixed, atol=1e-6 * scale)
    assert not np.any(perceptron.third_derivative(weights, 0 * v, w))


def test_the_hessian_of_kept_weights(perceptron: Perceptron) -> None:
    """Column by column: weights of both layers, of the same units and others, and biases of both."""
    weights, hidden, classes = perceptron.initial(0), perceptron.hidden, perceptron.rows.classes
    mask = magnitude_mask(weights, 40)
    inner, outer = hidden * perceptron.rows.x.shape[1], classes * hidden
    mask[[0, 1, inner, inner + hidden - 1]] = True  # two weights of the first unit, and biases
    mask[[-classes - outer, -classes - 1, -classes, -1]] = True  # weights of the first and the last unit, and biases
    found = perceptron.hessian(weights, mask)
    for column, place in zip(found.T, np.flatnonzero(mask), strict=True):
        unit = np.zeros(perceptron.size)
        unit[place] = 1.0
        np.testing.assert_allclose(column, perceptron.hessian_vector(weights, unit)[mask], atol=1e-14)
    assert np.all(found == found.T)
    assert perceptron.hessian(weights, np.zeros(perceptron.size, dtype=bool)).shape == (0, 0)


def test_parts_of_the_rows_add_up(perceptron: Perceptron) -> None:
    weights, rows = perceptron.initial(0), np.arange(len(perceptron.rows.x))
    halves = [perceptron.gradient(weights, half) * len(half) for half in (rows[:200], rows[200:])]
    np.testing.assert_allclose(sum(halves) / len(rows), perceptron.gradient(weights), atol=1e-14)


def test_pruning_keeps_the_largest() -> None:
    np.testing.assert_array_equal(magnitude_mask(np.array([1.0, -3.0, 2.0, -2.0]), 2), [False, True, True, False])
    with pytest.raises(InputError, match="keep = 5 weights of 4"):
        magnitude_mask(np.ones(4), 5)


def test_descent_that_diverges_is_told_with_its_step(quadratic: QuadraticNetwork) -> None:
    with pytest.raises(InputError, match=r"diverges at step \d+ of 100 with eta = 3; give a smaller step size"):
        descend(quadratic, quadratic.initial(0), 100, 3.0)


def test_data_that_no_network_takes_are_refused() -> None:
    with pytest.raises(InputError, match="has 10 classes"):
        QuadraticNetwork.from_dataset("digits-classes")
    with pytest.raises(InputError, match="a number as its target"):
        Perceptron.from_dataset("diabetes")
    with pytest.raises(InputError, match="There is no data set"):
        Perceptron.from_dataset("digit")
    network = QuadraticNetwork.from_dataset(readout=True)
    with pytest.raises(InputError, match="F_5 of 64 weights needs"):
        network.update(np.ones(network.size, dtype=bool), 0.1)
