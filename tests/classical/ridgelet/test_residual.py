import re

import numpy as np
import pytest

from classical.ridgelet import ResidualSubspaceSampler
from classical.ridgelet.projections import Projections
from problems.errors import InputError
from problems.ridgelet import Nodes, NodeSampler, RidgeletProblem, SparseNetwork
from tests import reference


def make(outputs=1, n=60):
    x, y = reference.random_samples(np.random.default_rng(0), 5, 4, n, outputs)
    return x, y, RidgeletProblem.from_samples(x, y, 5, 1e-2)


def test_it_follows_the_protocol():
    problem = make()[2]
    sampler = ResidualSubspaceSampler(problem, batch=5)
    assert isinstance(sampler, NodeSampler)
    assert sampler.problem is problem
    nodes = sampler.sample(23, seed=3)
    problem.check_nodes(nodes)
    assert len(nodes) == 23
    assert nodes == ResidualSubspaceSampler(problem, batch=5).sample(23, seed=3)
    assert nodes != sampler.sample(23, seed=4)
    assert np.count_nonzero(nodes.a, axis=1).max() == 2


@pytest.mark.parametrize("n", [1, 5, 7, 20])
def test_the_first_nodes_do_not_depend_on_how_many_follow(n):
    sampler = ResidualSubspaceSampler(make()[2], batch=5)
    assert sampler.sample(n, seed=1) == sampler.sample(23, seed=1)[:n]


# More nodes than points as well: both Gram matrices are used.
@pytest.mark.parametrize(("outputs", "n"), [(1, 60), (3, 60), (1, 8)])
def test_each_batch_is_drawn_from_what_the_refitted_network_leaves(outputs, n, monkeypatch):
    x, y, problem = make(outputs, n)
    drawn, left, original = [], [], Projections.nodes

    def record(self, subspaces, of_node, labels, base, rng):
        left.append(labels)
        drawn.append(original(self, subspaces, of_node, labels, base, rng))
        assert base == "optimized"
        return drawn[-1]

    monkeypatch.setattr(Projections, "nodes", record)
    ResidualSubspaceSampler(problem, coordinates=2, batch=6, ridge=0.03).sample(18, seed=0)
    assert len(left) == 3
    np.testing.assert_array_equal(left[0], problem.labels)
    for i in (1, 2):
        network = SparseNetwork.fit(problem, Nodes.concatenate(drawn[:i]), x, y, ridge=0.03)
        expected = problem.labels - network.predict(problem.points).reshape(problem.labels.shape)
        np.testing.assert_allclose(left[i], expected, atol=1e-10)


def test_later_batches_turn_to_what_is_unexplained():
    # A strong term on the first coordinate, explained by the first batches, and a weak one on the second.
    rng = np.random.default_rng(0)
    x = rng.integers(0, 5, (500, 2))
    strong, weak = np.array([-2, 1, 0, -1, 2.0]), np.array([-0.1, 0.2, -0.2, 0.1, 0.0])
    problem = RidgeletProblem.from_samples(x, strong[x[:, 0]] + weak[x[:, 1]], 5)
    nodes = ResidualSubspaceSampler(problem, 2, batch=40, ridge=1e-4).sample(80, seed=0)
    first, second = (np.mean(part.a[:, 0] != 0) for part in (nodes[:40], nodes[40:]))
    assert first > 0.9
    assert second < 0.6


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"coordinates": 5}, "coordinates = 5, but the data has 4; give at most that"),
        ({"batch": 0}, "batch = 0 is too small; give at least 1"),
        ({"ridge": -1}, "ridge = -1 is negative or not finite"),
        ({"ridge": 0}, "ridge = 0 leaves no residual once nodes abound; give a penalty > 0"),
    ],
)
def test_bad_settings_are_refused(arguments, message):
    with pytest.raises(InputError, match=re.escape(message)):
        ResidualSubspaceSampler(make()[2], **arguments)
    with pytest.raises(InputError, match="n = 0 is too small"):
        ResidualSubspaceSampler(make()[2]).sample(0)
