"""Methods: all of them draw nodes of the problem they are given, and say why where they do not apply."""

import re
import subprocess
import sys

import numpy as np
import pytest

from classical.peers import PEERS
from compare.engine.methods import Method
from compare.report.styles import styles
from compare.studies.ridgelet.methods import METHODS, SAMPLERS
from compare.studies.ridgelet.risk.folds import load_split
from problems.errors import InputError
from problems.ridgelet import NodeSampler, RidgeletProblem
from tests.compare.studies.ridgelet.risk import fold_of

CHEAP = [name for name, method in METHODS.items() if not (method.peer or method.extra or name == "circuit-noisy")]


def problem_of(name):
    return load_split(fold_of(name)).problem


def test_every_peer_is_a_method_and_every_label_is_there_once():
    assert {name for name, method in METHODS.items() if method.peer} == set(PEERS)
    assert len({method.label for method in METHODS.values()}) == len(METHODS)
    assert not set(PEERS) & set(SAMPLERS)


@pytest.mark.parametrize("name", CHEAP)
def test_samplers_draw_nodes_of_the_problem(name):
    problem, method = problem_of("iris"), METHODS[name]
    method.check_quick(problem, 10)
    sampler = method.make(problem)
    assert isinstance(sampler, NodeSampler)
    nodes = sampler.sample(10, seed=4)
    problem.check_nodes(nodes)
    assert len(nodes) == 10
    assert nodes == method.make(problem).sample(10, seed=4)
    if name.startswith(("subspace-1", "residual-1", "magnitude-1")):
        assert np.max(np.count_nonzero(nodes.a, axis=1)) == 1


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
        METHODS[name].check_quick(problem_of(data), 40)


def test_an_encoding_that_does_not_take_the_prime_is_named():
    problem = RidgeletProblem.from_samples(np.array([[0], [3]]), [1.0, -1.0], 7)
    with pytest.raises(InputError, match="the rader encoding does not take P = 7"):
        METHODS["circuit-noisy"].check_quick(problem, 4)
    with pytest.raises(InputError, match="there are only 1 coordinates"):
        METHODS["subspace-2"].check_quick(problem, 4)


def test_a_method_may_be_named_by_its_place_with_nothing_registered():
    method = METHODS["classical.ridgelet:LeverageSampler"]
    assert (method.label, method.law, method.peer) == ("LeverageSampler", "unknown", False)
    assert "classical.ridgelet:LeverageSampler" in SAMPLERS
    assert "no.such.place:Sampler" not in METHODS
    with pytest.raises(InputError, match="cannot be imported"):
        METHODS["classical.ridgelet:NoSuchSampler"]
    with pytest.raises(InputError, match="has no method sample"):
        METHODS["problems.ridgelet:Nodes"]


def test_styles_are_written_once_or_go_by_the_name():
    assert styles(["uniform", "enumeration"], METHODS)["uniform"] == METHODS["uniform"].style
    alone, beside = styles(["rbf"], METHODS), styles(["rbf", "uniform"], METHODS)
    assert alone["rbf"] == beside["rbf"]


def test_names_laws_and_styles_are_there_without_a_sampler():
    code = (
        "import sys; from compare.studies.ridgelet.methods import METHODS; "
        "assert all(m.label and m.law for m in METHODS.values()); "
        "heavy = {'classical', 'quantum', 'qiskit', 'sklearn', 'scipy.stats', 'numba'} & sys.modules.keys(); "
        "sys.exit(str(heavy) if heavy else 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_check_of_what_is_made_is_asked():
    class Fussy:
        @staticmethod
        def check(problem):
            raise InputError("no")

    with pytest.raises(InputError, match="no"):
        Method("fussy", "p*", Fussy).check(None)
