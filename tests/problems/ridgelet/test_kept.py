"""Preparations for a problem's density are made once, die with the problem, and are in no pickle."""

import gc
import pickle
import weakref

import numpy as np
import pytest

from problems.errors import InputError
from problems.keeping import kept
from problems.ridgelet import Nodes, RidgeletProblem
from problems.ridgelet import problem as problem_module
from tests import reference


def some(prime):
    rng = np.random.default_rng(prime)
    problem = RidgeletProblem.from_samples(*reference.random_samples(rng, prime, 6, 30, 1), prime)
    return problem, Nodes(rng.integers(0, prime, (50, 6)), rng.integers(0, prime, 50))


@pytest.mark.parametrize("prime", [2, 5])
def test_the_transform_is_made_once_and_is_in_no_pickle(prime, monkeypatch):
    monkeypatch.setattr(problem_module, "WORTHWHILE", 0)
    problem, nodes = some(prime)
    _ = problem.digest, problem.amplitudes
    before, made = pickle.dumps(problem), []
    make = problem_module.compiled_transform
    monkeypatch.setattr(problem_module, "compiled_transform", lambda *parts: made.append(parts) or make(*parts))
    density = problem.density(nodes)
    problem.line_density(nodes.a)
    np.testing.assert_array_equal(problem.density(nodes), density)
    assert len(made) == 1
    assert pickle.dumps(problem) == before
    copy = pickle.loads(before)
    np.testing.assert_array_equal(copy.density(nodes), density)
    assert len(made) == 2


def test_what_is_kept_dies_with_its_owner(monkeypatch):
    monkeypatch.setattr(problem_module, "WORTHWHILE", 0)
    problem, nodes = some(3)
    problem.density(nodes)
    alive = weakref.ref(problem)
    del problem
    gc.collect()
    assert alive() is None


def test_equal_owners_are_told_apart():
    calls = []
    call = kept(lambda owner: calls.append(owner) or len(calls))
    one, other = some(3)[0], some(3)[0]
    assert [call(one), call(other), call(one), call(other)] == [1, 2, 1, 2]


@pytest.mark.parametrize("a", [[[3, 0, 0, 0, 0, 0]], [[-1, 0, 0, 0, 0, 0]], [[0, 0]]])
def test_lines_of_other_weights_are_refused(a):
    with pytest.raises(InputError):
        some(3)[0].line_density(np.array(a))
