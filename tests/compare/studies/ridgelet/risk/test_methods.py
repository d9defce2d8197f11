"""Methods: all of them draw nodes of the problem they are given, and say why where they do not apply."""

import re

import numpy as np
import pytest

from classical.peers import PEERS
from compare.studies.ridgelet.risk.folds import load_fold
from compare.studies.ridgelet.risk.methods import METHODS, PEER_LABELS
from compare.studies.ridgelet.risk.reading import TICKETS
from problems.errors import InputError
from problems.ridgelet import NodeSampler


def problem_of(name):
    return load_fold(name, 0, 0, 1e-3, "relu").problem


def test_every_peer_is_a_method_and_has_a_label():
    assert set(PEERS) == set(PEER_LABELS) <= set(METHODS)
    assert len({method.label for method in METHODS.values()}) == len(METHODS)
    assert set(TICKETS) <= set(METHODS)
    for name, method in METHODS.items():
        assert (method.sampler is None) == (name in PEERS) == (method.peer is not None)


@pytest.mark.parametrize("name", [name for name in METHODS if name not in PEERS and name != "circuit-noisy"])
def test_samplers_draw_nodes_of_the_problem(name):
    problem, method = problem_of("iris"), METHODS[name]
    method.check(problem, 10)
    sampler = method.sampler(problem)
    assert isinstance(sampler, NodeSampler)
    nodes = sampler.sample(10, seed=4)
    problem.check_nodes(nodes)
    assert len(nodes) == 10
    assert nodes == method.sampler(problem).sample(10, seed=4)
    if name.startswith(("subspace-1", "residual-1", "magnitude-1")):
        assert np.max(np.count_nonzero(nodes.a, axis=1)) == 1


def test_the_noisy_circuit_draws_nodes_of_a_tiny_problem():
    problem, method = problem_of("digits-tiny"), METHODS["circuit-noisy"]
    method.check(problem, 4)
    nodes = method.sampler(problem).sample(4, seed=0)
    problem.check_nodes(nodes)
    assert len(nodes) == 4


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("enumeration", "digits-raw", "17^65 nodes are too many to enumerate"),
        ("circuit", "wine-raw", "72 qubits; circuits are simulated without noise up to 17"),
        ("circuit-noisy", "iris", "17 qubits; circuits are simulated with noise up to 9"),
        ("subspace-3", "mnist-8-9-raw", "257^3 cells a subspace are too many"),
    ],
)
def test_a_method_that_does_not_apply_says_why(name, data, reason):
    with pytest.raises(InputError, match=re.escape(reason)):
        METHODS[name].check(problem_of(data), 40)


def test_an_encoding_that_does_not_take_the_prime_is_named():
    from problems.ridgelet import RidgeletProblem

    problem = RidgeletProblem.from_samples(np.array([[0], [3]]), [1.0, -1.0], 7)
    with pytest.raises(InputError, match="the rader encoding does not take P = 7"):
        METHODS["circuit-noisy"].check(problem, 4)
    with pytest.raises(InputError, match="there are only 1 coordinates"):
        METHODS["subspace-2"].check(problem, 4)
