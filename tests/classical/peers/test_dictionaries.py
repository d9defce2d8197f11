import numpy as np
import pytest

from classical.peers import PEERS
from classical.peers.dictionary import CANDIDATES, node_features, uniform_dictionary
from classical.peers.ridge_leverage import ridge_leverage_scores
from problems.ridgelet import RidgeletProblem
from tests import reference


def make(n=50):
    x, y = reference.random_samples(np.random.default_rng(0), 5, 3, n)
    return x, y, RidgeletProblem.from_samples(x, y, 5)


@pytest.mark.parametrize(("m", "count"), [(10, 30), (30, 10)])
def test_scores_are_those_of_the_definition(m, count):
    features = np.random.default_rng(0).normal(size=(m, count))
    kernel = features @ features.T
    inner = np.linalg.inv(kernel + 0.01 * np.trace(kernel) / m * np.eye(m))
    expected = [column @ inner @ column for column in features.T]
    scores = ridge_leverage_scores(features, 0.01)
    np.testing.assert_allclose(scores, expected, rtol=1e-8)
    assert np.all(scores < 1)
    assert np.sum(scores) < min(m, count)


def test_a_feature_unlike_all_others_has_the_largest_score():
    rng = np.random.default_rng(0)
    common = rng.normal(size=(30, 1)) + 0.01 * rng.normal(size=(30, 40))
    features = np.hstack([common, rng.normal(size=(30, 1)), np.zeros((30, 1))])
    scores = ridge_leverage_scores(features)
    assert np.argmax(scores) == 40
    assert scores[40] > 0.9
    assert 0 < scores[41] < 1e-6


def test_the_dictionary_is_ten_uniform_nodes_for_each_that_is_kept():
    problem = make()[2]
    nodes = uniform_dictionary(problem, 500, np.random.default_rng(0))
    assert len(nodes) == 500 * CANDIDATES == 5000
    problem.check_nodes(nodes)
    assert reference.chi_square_pvalue(reference.node_numbers(nodes, 5), np.full(625, 1 / 625)) > 1e-3


def test_features_are_the_hidden_layer():
    x, _, problem = make()
    nodes = uniform_dictionary(problem, 2, np.random.default_rng(0))
    expected = [
        [
            problem.ridgelet[(sum(a * z for a, z in zip(node, point, strict=True)) - b) % 5]
            for node, b in zip(nodes.a, nodes.b, strict=True)
        ]
        for point in x.tolist()
    ]
    np.testing.assert_array_equal(node_features(problem, nodes)(x), expected)


# Labels made by three of the dictionary's nodes: the pursuit finds them, leverage does not look at labels.
def test_matching_pursuit_finds_the_nodes_that_made_the_labels():
    x, _, problem = make(120)
    candidates = uniform_dictionary(problem, 6, np.random.default_rng(3))
    y = node_features(problem, candidates[:3])(x) @ np.array([1.0, -2.0, 1.5])
    model = PEERS["matching-pursuit"](problem).fit(x, y, 6, seed=3)
    other = PEERS["ridge-leverage"](problem).fit(x, y, 6, seed=3)
    risk, blind = (np.mean((fitted.predict(x) - y) ** 2) / np.var(y) for fitted in (model, other))
    assert risk < 1e-6
    assert blind > 0.05


def test_ridge_leverage_keeps_the_same_nodes_whatever_the_labels():
    x, y, problem = make()
    one, other = (PEERS["ridge-leverage"](problem).fit(x, labels, 6, seed=3) for labels in (y, y**2))
    np.testing.assert_array_equal(one.features(x), other.features(x))
    assert one.features(x).shape == (50, 6)
    assert len(np.unique(one.features(x), axis=1).T) == 6
