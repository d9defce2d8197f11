import re

import numpy as np
import pytest

from classical.ridgelet import UniformSampler
from compare.risk import baseline_risks, risk_over_nodes
from problems.errors import InputError
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.data import Residues, load_residues
from tests import reference

REGULARIZATION = 0.05


def made(prime, dimension, outputs=1, seed=0):
    """Data with repeated points, held-out points that are partly new, and their problem."""
    rng = np.random.default_rng([prime, dimension, outputs, seed])
    x, y = reference.random_samples(rng, prime, dimension, 12, outputs)
    x_test, y_test = reference.random_samples(rng, prime, dimension, 20, outputs)
    data = Residues("random", "Random samples.", prime, x, x_test, y, y_test)
    return RidgeletProblem.from_samples(x, y, prime, REGULARIZATION), data


def literal_ridge_risks(prime, a, b, data, ridge):
    """Risks of the network on these nodes, every feature computed on its own, from the normal equations."""
    r = reference.ridgelet_table(prime)

    def neuron(row, bias, x):
        return r[(sum(w * z for w, z in zip(row, x, strict=True)) - bias) % prime]

    def hidden(points):
        return np.array([[neuron(row, bias, x) for row, bias in zip(a, b, strict=True)] for x in points])

    train, targets = hidden(data.x_train), data.y_train.reshape(len(data.y_train), -1)
    weights = np.linalg.solve(train.T @ train + len(train) * ridge * np.eye(len(b)), train.T @ targets)
    return [
        np.mean(np.sum((y.reshape(len(y), -1) - hidden(x) @ weights) ** 2, axis=1))
        for x, y in ((data.x_train, data.y_train), (data.x_test, data.y_test))
    ]


@pytest.mark.parametrize("outputs", [1, 3])
def test_risks_over_nodes_are_those_of_networks_fitted_by_hand(outputs):
    problem, data = made(5, 2, outputs)
    nodes = UniformSampler(problem).sample(23, seed=1)
    curve = risk_over_nodes(problem, data, nodes, (1, 3, 7), 3, ridge=0.01)
    assert curve.sizes == (1, 3, 7)
    assert curve.empirical.shape == curve.held_out.shape == (3, 3)
    for i in range(3):
        for j, size in enumerate(curve.sizes):
            rows = slice(7 * i, 7 * i + size)
            risks = literal_ridge_risks(5, nodes.a[rows], nodes.b[rows], data, 0.01)
            assert (curve.empirical[i, j], curve.held_out[i, j]) == pytest.approx(risks)


def test_each_network_has_its_own_block_of_nodes():
    problem, data = made(5, 2)
    nodes = UniformSampler(problem).sample(12, seed=2)
    whole = risk_over_nodes(problem, data, nodes, (2, 4), 3)
    for i in range(3):
        alone = risk_over_nodes(problem, data, nodes[4 * i : 4 * i + 4], (2, 4), 1)
        np.testing.assert_array_equal(whole.empirical[i], alone.empirical[0])
        np.testing.assert_array_equal(whole.held_out[i], alone.held_out[0])


def test_too_few_nodes_are_refused_with_the_needed_number():
    problem, data = made(5, 2)
    nodes = UniformSampler(problem).sample(11, seed=2)
    with pytest.raises(InputError, match=re.escape("3 networks of 4 nodes need 12 samples, but there are 11")):
        risk_over_nodes(problem, data, nodes, (2, 4), 3)


def test_a_negative_penalty_is_refused():
    problem, data = made(5, 2)
    with pytest.raises(InputError, match="ridge = -1 is negative"):
        risk_over_nodes(problem, data, UniformSampler(problem).sample(4, seed=0), (4,), 1, ridge=-1)


def literal_risks(values, data):
    """Risks of the function that is `values[point]` where there is an entry and 0 elsewhere, sample by sample."""
    risks = []
    for x, y in ((data.x_train, data.y_train), (data.x_test, data.y_test)):
        errors = []
        for point, target in zip(x.tolist(), y.reshape(len(y), -1), strict=True):
            errors.append(sum((target - values.get(tuple(point), np.zeros(len(target)))) ** 2))
        risks.append(np.mean(errors))
    return tuple(risks)


@pytest.mark.parametrize(("prime", "dimension", "outputs"), [(2, 3, 1), (3, 2, 2), (5, 2, 1), (5, 2, 3), (7, 1, 1)])
def test_baseline_risks_are_those_of_their_definitions(prime, dimension, outputs):
    problem, data = made(prime, dimension, outputs)
    by_point = reference.targets_by_point(data.x_train, data.y_train)
    mean = {point: np.mean(targets, axis=0) for point, targets in by_point.items()}
    p = {point: len(targets) / len(data.x_train) for point, targets in by_point.items()}
    whole = {point: p[point] * mean[point] / (p[point] + REGULARIZATION) for point in by_point}
    risks = baseline_risks(problem, data)
    assert set(risks) == {"zero", "whole", "labels"}
    assert risks["zero"] == pytest.approx(literal_risks({}, data))
    assert risks["whole"] == pytest.approx(literal_risks(whole, data))
    assert risks["labels"] == pytest.approx(literal_risks(mean, data))


@pytest.mark.parametrize(("prime", "dimension", "outputs"), [(2, 3, 1), (3, 2, 2), (5, 2, 1), (7, 1, 1)])
def test_the_whole_network_is_s_of_r_of_h(prime, dimension, outputs):
    problem, data = made(prime, dimension, outputs)
    r = reference.transform_matrix(prime, dimension)
    h = reference.filtered_labels(data.x_train, data.y_train, prime, REGULARIZATION)
    network = r.T @ (r @ h)
    everywhere = [tuple(point) for point in reference.all_points(prime, dimension).tolist()]
    values = dict(zip(everywhere, network, strict=True))
    assert baseline_risks(problem, data)["whole"] == pytest.approx(literal_risks(values, data))


def test_the_mean_label_has_the_least_empirical_risk():
    problem, data = made(5, 2)
    risks = baseline_risks(problem, data)
    assert risks["labels"][0] < risks["whole"][0] < risks["zero"][0]
    every_node = UniformSampler(problem).sample(500, seed=3)
    curve = risk_over_nodes(problem, data, every_node, (500,), 1, ridge=1e-8)
    assert curve.empirical[0, 0] == pytest.approx(risks["labels"][0], abs=1e-3)
    assert curve.empirical[0, 0] >= risks["labels"][0]


def test_predicting_zero_costs_the_variance_of_signs():
    data = load_residues("digits", 5, 4)
    problem = RidgeletProblem.from_samples(data.x_train, data.y_train, 5)
    assert baseline_risks(problem, data)["zero"] == pytest.approx((1.0, 1.0), abs=1e-3)
