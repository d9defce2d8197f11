import functools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classical.ridgelet import DequantizedSampler
from problems.datasets import load_dataset
from problems.finite_field import row_blocks
from problems.ridgelet import RidgeletProblem
from tests import reference


def make(prime, dimension, n=12, outputs=1, seed=0):
    x, y = reference.random_samples(np.random.default_rng(seed), prime, dimension, n, outputs)
    return RidgeletProblem.from_samples(x, y, prime)


def rank(rows, prime):
    """The rank over Z_P, by elimination in Python integers."""
    rows, found = [[int(z) for z in row] for row in rows], 0
    for j in range(len(rows[0]) if rows else 0):
        pivot = next((i for i in range(found, len(rows)) if rows[i][j] % prime), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        scale = pow(rows[found][j], -1, prime)
        for i in range(found + 1, len(rows)):
            factor = rows[i][j] * scale
            rows[i] = [(u - factor * v) % prime for u, v in zip(rows[i], rows[found], strict=True)]
        found += 1
    return found


@given(st.sampled_from([(2, 6), (3, 4), (5, 3), (17, 2), (257, 1)]), st.integers(1, 40), st.integers(0, 2**32))
def test_the_tail_tells_all_points_apart_with_independent_functionals(size, n, seed):
    prime, dimension = size
    problem = make(prime, dimension, n, seed=seed)
    tail = DequantizedSampler(problem).tail
    assert tail.shape[1] == dimension
    assert rank(tail, prime) == len(tail)
    assert len(np.unique(problem.points @ tail.T % prime, axis=0)) == len(problem.points)


def test_the_tail_of_the_raw_digits_is_short():
    data = load_dataset("digits", 17)
    problem = RidgeletProblem.from_samples(data.x_train, data.y_train, 17)
    tail = DequantizedSampler(problem).tail
    assert len(tail) <= 7
    assert rank(tail, 17) == len(tail)
    assert len(np.unique(problem.points @ tail.T % 17, axis=0)) == len(problem.points)


def test_the_tail_depends_on_the_points_alone():
    x, y = reference.random_samples(np.random.default_rng(0), 5, 3, 20)
    one = DequantizedSampler(RidgeletProblem.from_samples(x, y, 5))
    other = DequantizedSampler(RidgeletProblem.from_samples(x, y**2 + 1, 5, 0.5, "tanh"))
    one.sample(10, seed=3)
    np.testing.assert_array_equal(one.tail, other.tail)


@pytest.mark.parametrize(("prime", "dimension"), [(2, 1), (5, 3), (17, 64)])
def test_a_single_point_needs_no_tail(prime, dimension):
    problem = RidgeletProblem.from_samples([[1] * dimension], [3.0], prime)
    sampler = DequantizedSampler(problem)
    assert sampler.tail.shape == (0, dimension)
    assert sampler.sample(50, seed=0).a.shape == (50, dimension)


@pytest.mark.parametrize(("prime", "dimension"), [(2, 4), (3, 3), (5, 2), (13, 1)])
def test_the_whole_grid_needs_as_many_functionals_as_dimensions(prime, dimension):
    points = reference.all_points(prime, dimension)
    y = np.random.default_rng(0).normal(size=len(points))
    assert len(DequantizedSampler(RidgeletProblem.from_samples(points, y, prime)).tail) == dimension


@pytest.mark.parametrize("n", [1, 5, 6, 7, 100])
def test_all_nodes_are_drawn_when_they_take_many_batches(monkeypatch, n):
    small = functools.partial(row_blocks, entries=64)
    monkeypatch.setattr("classical.ridgelet.dequantized.row_blocks", small)
    problem = make(5, 3)
    nodes = DequantizedSampler(problem).sample(n, seed=0)
    assert len(nodes) == n
    assert len(np.unique(nodes.index(5))) > n / 3
    assert np.all(problem.density(nodes) > 1e-20)


def test_the_order_of_the_samples_does_not_matter():
    x, y = reference.random_samples(np.random.default_rng(0), 5, 3, 20, 2)
    order = np.random.default_rng(1).permutation(20)
    one = DequantizedSampler(RidgeletProblem.from_samples(x, np.sign(y), 5)).sample(100, 2)
    other = DequantizedSampler(RidgeletProblem.from_samples(x[order], np.sign(y[order]), 5)).sample(100, 2)
    np.testing.assert_array_equal(one.a, other.a)
    np.testing.assert_array_equal(one.b, other.b)


@pytest.mark.parametrize("prime", [2, 5, 17])
def test_no_node_of_probability_zero_is_drawn(prime):
    table = np.zeros(prime)
    table[: max(1, prime // 2)] = 1
    table[: prime // 4] = -1
    x, y = [[0, 1, 0], [1, 0, 1], [1, 1, 1]], [1.0, -1.0, 1.0]
    problem = RidgeletProblem.from_samples(x, y, prime, activation=table)
    assert problem.density(DequantizedSampler(problem).sample(20_000, seed=0)).min() > 1e-20


@pytest.mark.parametrize(("prime", "dimension"), [(2, 300), (17, 64), (257, 784)])
def test_dimensions_beyond_any_enumeration_are_sampled(prime, dimension):
    rng = np.random.default_rng(0)
    x = rng.integers(0, prime, (30, dimension))
    problem = RidgeletProblem.from_samples(x, rng.normal(size=30), prime)
    nodes = DequantizedSampler(problem).sample(300, seed=0)
    assert nodes.a.shape == (300, dimension)
    assert problem.density(nodes).mean() > 1.5
