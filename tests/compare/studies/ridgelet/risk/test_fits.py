"""Output weights and what they are worth, against the normal equations and answers counted by hand."""

import numpy as np
import pytest

from classical.ridgelet import UniformSampler
from compare.studies.ridgelet.risk.fits import accuracy, output_weights, risk
from problems.datasets import CLASSES, REGRESSION, TWO_CLASSES
from problems.ridgelet import RidgeletProblem, SparseNetwork
from problems.ridgelet.network import hidden_layer
from tests import reference


@pytest.mark.parametrize(("samples", "outputs"), [(30, 1), (30, 3), (6, 2)])
def test_weights_are_those_of_networks_fitted_one_penalty_at_a_time(samples, outputs):
    rng = np.random.default_rng([samples, outputs])
    x, y = reference.random_samples(rng, 5, 3, samples, outputs)
    y = y.reshape(samples, -1)
    problem = RidgeletProblem.from_samples(x, y, 5)
    nodes = UniformSampler(problem).sample(12, seed=3)
    penalties = np.array([1e-5, 1e-2, 10.0])
    weights = output_weights(hidden_layer(problem, nodes, x), y, penalties)
    assert weights.shape == (3, 12, outputs)
    new = rng.integers(0, 5, (9, 3))
    for penalty, found in zip(penalties, weights, strict=True):
        network = SparseNetwork.fit(problem, nodes, x, y, penalty)
        np.testing.assert_allclose(hidden_layer(problem, nodes, new) @ found, network.predict(new), atol=1e-7)
        assert risk(y, hidden_layer(problem, nodes, x) @ found) == pytest.approx(network.risk(x, y), abs=1e-8)


def test_risk_sums_over_outputs_and_keeps_leading_axes():
    y = np.array([[0.0, 1.0], [2.0, 0.0]])
    assert risk(y, np.array([y, 0 * y, y + 1])).tolist() == [0.0, 2.5, 2.0]


def test_two_classes_are_told_by_the_nearer_of_the_centered_signs():
    y_train = np.array([[1.0], [1.0], [1.0], [-1.0]]) - 0.5
    y = np.array([[0.5], [-1.5]])
    # Halfway between 0.5 and -1.5 is -0.5.
    assert accuracy(TWO_CLASSES, y_train, y, np.array([[-0.4], [-0.6]])) == 1.0
    assert accuracy(TWO_CLASSES, y_train, y, np.array([[[-0.6], [-0.6]], [[-0.6], [0.0]]])).tolist() == [0.5, 0.0]


def test_several_classes_are_told_by_the_largest_output_before_centering():
    one = np.eye(3)[[0, 0, 0, 1, 2]]
    centered = one - one.mean(axis=0)
    assert accuracy(CLASSES, centered, centered, centered) == 1.0
    # All outputs 0 mean the frequencies themselves: the most frequent class.
    assert accuracy(CLASSES, centered, centered, 0 * centered) == pytest.approx(3 / 5)


def test_regression_has_no_accuracy():
    y = np.array([[0.5], [1.0]])
    assert np.isnan(accuracy(REGRESSION, y, y, y))
