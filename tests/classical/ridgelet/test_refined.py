import re

import numpy as np
import pytest

from classical.ridgelet import CandidateSampler, RefinedSubspaceSampler, SubspaceSampler
from classical.ridgelet.candidates import keep_nodes
from classical.ridgelet.projections import Projections
from problems.errors import InputError
from problems.ridgelet import Nodes, NodeSampler, RidgeletProblem, SparseNetwork
from tests import reference


def make(outputs=1, n=60):
    x, y = reference.random_samples(np.random.default_rng(0), 5, 4, n, outputs)
    return x, y, RidgeletProblem.from_samples(x, y, 5, 1e-2)


@pytest.mark.parametrize("outputs", [1, 3])
def test_it_follows_the_protocol(outputs):
    problem = make(outputs)[2]
    sampler = RefinedSubspaceSampler(problem, 2, factor=4)
    assert isinstance(sampler, NodeSampler)
    assert sampler.problem is problem
    nodes = sampler.sample(15, seed=3)
    problem.check_nodes(nodes)
    assert len(nodes) == 15
    assert nodes == RefinedSubspaceSampler(problem, 2, factor=4).sample(15, seed=3)
    assert nodes != sampler.sample(15, seed=4)
    assert np.count_nonzero(nodes.a, axis=1).max() == 2


def test_one_round_is_pruning_of_subspace_candidates():
    problem = make()[2]
    one = RefinedSubspaceSampler(problem, 2, factor=6, rounds=1, regularization=0.1).sample(10, seed=5)
    other = CandidateSampler(SubspaceSampler(problem, 2, regularization=0.1), 6, "magnitude").sample(10, seed=5)
    assert one == other


@pytest.mark.parametrize("outputs", [1, 3])
def test_later_rounds_draw_from_what_the_pruned_network_leaves(outputs, monkeypatch):
    x, y, problem = make(outputs)
    drawn, left, original = [], [], Projections.nodes

    def record(self, subspaces, of_node, labels, base, rng):
        left.append(labels)
        drawn.append(original(self, subspaces, of_node, labels, base, rng))
        return drawn[-1]

    monkeypatch.setattr(Projections, "nodes", record)
    result = RefinedSubspaceSampler(problem, 2, factor=5, rounds=3).sample(8, seed=0)
    np.testing.assert_array_equal(left[0], problem.labels)
    kept = drawn[0][:0]
    for i in range(3):
        kept = keep_nodes(problem, Nodes.concatenate([kept, drawn[i]]), 8, "magnitude")
        if i < 2:
            features = SparseNetwork(5, problem.ridgelet, kept, np.empty(0)).features(x)
            network = SparseNetwork.fit(problem, kept, x, y, ridge=np.mean(np.sum(features**2, axis=0)) / len(x))
            expected = problem.labels - network.predict(problem.points).reshape(problem.labels.shape)
            np.testing.assert_allclose(left[i + 1], expected, atol=1e-8)
    assert result == kept


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"coordinates": 5}, "coordinates = 5, but the data has 4; give at most that"),
        ({"factor": 0}, "factor = 0 is too small; give at least 1"),
        ({"rounds": 0}, "rounds = 0 is too small; give at least 1"),
        ({"regularization": -1}, "regularization = -1 is negative or not finite"),
    ],
)
def test_bad_settings_are_refused(arguments, message):
    with pytest.raises(InputError, match=re.escape(message)):
        RefinedSubspaceSampler(make()[2], **arguments)
    with pytest.raises(InputError, match="n = 0 is too small"):
        RefinedSubspaceSampler(make()[2]).sample(0)
