"""Quantum branch and bound on paper."""

import doctest
import math

import pytest

from problems.errors import InputError
from quantum.neuron_selection import branch_and_bound, branch_and_bound_queries


def test_the_formulas():
    found = branch_and_bound_queries(1024, 16)
    assert found.least == 128
    assert found.proof == 79 * 32 * 128
    assert found.search == math.sqrt(1024) * 16**1.5 * 4
    assert found.allowance == 8


def test_a_tree_as_small_as_a_path_has_no_room_for_a_speedup():
    found = branch_and_bound_queries(5, 5)
    assert found.allowance == 1
    assert found.least <= found.search


@pytest.mark.parametrize(("tree", "depth"), [(0, 1), (10, 0), (10, 11), (10.5, 2)])
def test_what_is_no_tree_is_refused(tree, depth):
    with pytest.raises(InputError):
        branch_and_bound_queries(tree, depth)


def test_examples():
    assert doctest.testmod(branch_and_bound).failed == 0
