import re

import numpy as np
import pytest

from classical.ridgelet import CandidateSampler, EnumerationSampler, SubspaceSampler, UniformSampler
from classical.ridgelet.candidates import KEEPERS, keep_nodes
from problems.errors import InputError
from problems.ridgelet import Nodes, NodeSampler, RidgeletProblem, SparseNetwork
from problems.ridgelet.data import load_residues
from tests import reference

every_way = pytest.mark.parametrize("keep", KEEPERS)


def make(outputs=1, n=60, seed=0):
    x, y = reference.random_samples(np.random.default_rng(seed), 5, 3, n, outputs)
    return x, y, RidgeletProblem.from_samples(x, y, 5, 1e-2)


def rows(nodes):
    return {(*a, b) for a, b in zip(nodes.a.tolist(), nodes.b.tolist(), strict=True)}


@every_way
@pytest.mark.parametrize("outputs", [1, 3])
def test_it_follows_the_protocol(keep, outputs):
    problem = make(outputs)[2]
    sampler = CandidateSampler(EnumerationSampler(problem), 4, keep)
    assert isinstance(sampler, NodeSampler)
    assert sampler.problem is problem
    nodes = sampler.sample(12, seed=3)
    problem.check_nodes(nodes)
    assert len(nodes) == 12
    assert nodes == sampler.sample(12, seed=3)
    assert nodes == sampler.sample(12, np.random.default_rng(3))
    assert nodes != sampler.sample(12, seed=4)
    assert rows(nodes) <= rows(EnumerationSampler(problem).sample(48, seed=3))


@every_way
def test_ten_candidates_a_node_by_default(keep, monkeypatch):
    problem, asked = make()[2], []
    sampler = UniformSampler(problem)
    original = sampler.sample
    monkeypatch.setattr(sampler, "sample", lambda n, seed=None: asked.append(n) or original(n, seed))
    CandidateSampler(sampler, keep=keep).sample(3, seed=0)
    assert asked == [30]


@pytest.mark.parametrize("outputs", [1, 3])
def test_the_pursuit_sees_every_sample_as_often_as_it_occurs(outputs):
    x, y, problem = make(outputs)
    candidates = UniformSampler(problem).sample(40, seed=1)
    features = SparseNetwork(5, problem.ridgelet, candidates, np.empty(0)).features(x)
    residual, kept = y.reshape(len(x), -1), []
    for _ in range(8):
        scores = np.sum((features.T @ residual) ** 2, axis=1) / np.maximum(np.sum(features**2, axis=0), 1e-300)
        kept.append(int(np.argmax(scores)))
        weights = np.linalg.lstsq(features[:, kept], y.reshape(len(x), -1), rcond=None)[0]
        residual = y.reshape(len(x), -1) - features[:, kept] @ weights
    assert keep_nodes(problem, candidates, 8) == candidates[np.array(kept)]


@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("seed", range(3))
def test_kept_nodes_leave_less_empirical_risk_than_as_many_drawn_ones(outputs, seed):
    x, y, problem = make(outputs, seed=seed)
    candidates = EnumerationSampler(problem).sample(120, seed=seed)

    def risk(nodes):
        return SparseNetwork.fit(problem, nodes, x, y, ridge=0).risk(x, y)

    kept = keep_nodes(problem, candidates, 12)
    chosen = [risk(kept[:n]) for n in (1, 4, 8, 12)]
    assert chosen == sorted(chosen, reverse=True)
    assert chosen[-1] < min(risk(candidates[start : start + 12]) for start in range(0, 120, 12))
    assert risk(keep_nodes(problem, candidates, 12, "magnitude")) < np.mean(
        [risk(candidates[start : start + 12]) for start in range(0, 120, 12)]
    )


@every_way
def test_as_many_nodes_as_candidates_are_all_of_them(keep):
    problem = make()[2]
    candidates = UniformSampler(problem).sample(200, seed=0)
    kept = keep_nodes(problem, candidates, 200, keep)
    digits = [np.column_stack([nodes.a, nodes.b]) for nodes in (kept, candidates)]
    one, other = (table[np.lexsort(table.T)] for table in digits)
    np.testing.assert_array_equal(one, other)


def test_copies_fill_up_in_the_order_in_which_they_were_drawn():
    problem = make()[2]
    node = UniformSampler(problem).sample(1, seed=0)
    other = UniformSampler(problem).sample(2, seed=7)
    candidates = Nodes.concatenate([node, node, other, node])
    kept = keep_nodes(problem, candidates, 4)
    assert rows(kept[:3]) == rows(candidates)
    assert kept[3:] == node


def test_subspace_candidates_stay_on_their_subspaces():
    problem = make()[2]
    nodes = CandidateSampler(SubspaceSampler(problem, 1), 5).sample(20, seed=0)
    assert np.count_nonzero(nodes.a, axis=1).max() == 1


def test_on_raw_digits_pruned_candidates_come_most_of_the_way_to_random_fourier_features():
    data = load_residues("digits", 17)
    problem = RidgeletProblem.from_samples(data.x_train, data.y_train, 17)
    drawn = SubspaceSampler(problem, 2, regularization=0.1)

    def accuracy(sampler):
        network = SparseNetwork.fit(problem, sampler.sample(200, seed=0), data.x_train, data.y_train, ridge=1e-2)
        return np.mean(np.sign(network.predict(data.x_test)) == np.sign(data.y_test))

    # RBFSampler reaches .976 +- .005 with as many features, penalty and width chosen on the training part.
    assert accuracy(CandidateSampler(drawn, keep="magnitude")) > 0.925
    assert accuracy(drawn) < 0.91


def test_bad_settings_are_refused(monkeypatch):
    problem = make()[2]
    sampler = UniformSampler(problem)
    for settings, message in [
        ({"sampler": problem}, "Candidates need a sampler of nodes, not RidgeletProblem; make one from the problem"),
        ({"factor": 0}, "factor = 0 is too small; give at least 1"),
        ({"keep": "best"}, "There is no way to keep candidates 'best'. There are: magnitude, pursuit."),
    ]:
        with pytest.raises(InputError, match=re.escape(message)):
            CandidateSampler(**{"sampler": sampler, **settings})
    with pytest.raises(InputError, match="n = 0 is too small"):
        CandidateSampler(sampler).sample(0)
    with pytest.raises(InputError, match="n = 5 nodes cannot be kept of 4 candidates; draw more of them"):
        keep_nodes(problem, sampler.sample(4, 0), 5)
    with pytest.raises(InputError, match="The nodes have dimension 2, but the problem has 3"):
        keep_nodes(problem, Nodes(np.zeros((4, 2), int), np.zeros(4, int)), 2)
    with pytest.raises(InputError, match=r"Choosing among 1000000000000 nodes on .* ask for fewer nodes"):
        CandidateSampler(sampler).sample(10**11)
