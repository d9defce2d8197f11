import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from problems.errors import InputError
from problems.ridgelet import Nodes
from tests import reference


def random_nodes(prime, dimension, n, seed=0):
    digits = np.random.default_rng(seed).integers(0, prime, (n, dimension + 1))
    return Nodes(digits[:, :-1], digits[:, -1])


def assert_same(one, other):
    np.testing.assert_array_equal(one.a, other.a)
    np.testing.assert_array_equal(one.b, other.b)


@pytest.mark.parametrize(("prime", "dimension"), [(2, 1), (2, 4), (3, 3), (7, 2), (13, 1)])
def test_nodes_are_numbered_in_the_order_of_the_reference(prime, dimension):
    digits = reference.all_points(prime, dimension + 1)
    nodes = Nodes(digits[:, :-1], digits[:, -1])
    numbers = np.arange(len(digits))
    np.testing.assert_array_equal(nodes.index(prime), numbers)
    assert_same(Nodes.from_index(numbers, prime, dimension), nodes)


@given(st.sampled_from([(2, 61), (3, 38), (17, 14), (257, 6), (2**31 - 1, 1)]), st.integers(0, 2**32))
def test_numbers_and_nodes_undo_each_other_up_to_64_bits(size, seed):
    prime, dimension = size
    nodes = random_nodes(prime, dimension, 5, seed)
    numbers = nodes.index(prime)
    digits = np.column_stack([nodes.a, nodes.b]).tolist()
    expected = [sum(d * prime ** (dimension - j) for j, d in enumerate(row)) for row in digits]
    assert numbers.tolist() == expected
    assert_same(Nodes.from_index(numbers, prime, dimension), nodes)


@pytest.mark.parametrize(("prime", "dimension"), [(2, 62), (17, 64), (257, 784)])
def test_too_many_nodes_are_not_numbered(prime, dimension):
    message = f"{prime}^{dimension + 1} nodes cannot be numbered in 64 bits; enumerate only small dimensions"
    with pytest.raises(InputError, match=re.escape(message)):
        random_nodes(prime, dimension, 2).index(prime)
    with pytest.raises(InputError, match=re.escape(message)):
        Nodes.from_index(np.array([0]), prime, dimension)


def test_nodes_are_cut_and_joined_in_order():
    nodes = random_nodes(5, 3, 10)
    assert len(nodes) == 10
    assert nodes.dimension == 3
    assert_same(Nodes.concatenate([nodes[:4], nodes[4:]]), nodes)
    assert_same(Nodes.concatenate(iter([nodes])), nodes)
    assert_same(nodes[np.arange(10)[::-1]][np.arange(10)[::-1]], nodes)
    assert len(nodes[nodes.b == 0]) == np.sum(nodes.b == 0)


def test_nodes_survive_a_file(tmp_path):
    nodes = random_nodes(17, 64, 20)
    nodes.save(tmp_path / "nodes.npz")
    assert_same(Nodes.load(tmp_path / "nodes.npz"), nodes)


@pytest.mark.parametrize(
    ("a", "b", "shapes"),
    [
        (np.zeros(3, dtype=int), np.zeros(3, dtype=int), "(3,) and (3,)"),
        (np.zeros((3, 2), dtype=int), np.zeros(2, dtype=int), "(3, 2) and (2,)"),
        (np.zeros((3, 2), dtype=int), np.zeros((3, 1), dtype=int), "(3, 2) and (3, 1)"),
    ],
)
def test_nodes_of_unequal_shapes_are_refused(a, b, shapes):
    message = f"Nodes need a of shape (n, D) and b of shape (n,); got {shapes}"
    with pytest.raises(InputError, match=re.escape(message)):
        Nodes(a, b)
