import itertools

import numpy as np
import pytest
from scipy import stats
from scipy.sparse import csr_array

from compare.distributions import moments
from compare.distributions.moments import (
    PointKeys,
    choose_differences,
    digit_moments,
    exact_moments,
    moment_test,
)
from problems.ridgelet import Nodes, RidgeletProblem
from tests import reference
from tests.compare.distributions import SMALL, drawn, made, on_a_line, uniform


def literal(prime, exact, c, d):
    digits = reference.all_points(prime, len(c) + 1)
    return np.sum(exact * np.exp(2j * np.pi / prime * (digits[:, :-1] @ c + digits[:, -1] * d)))


@pytest.mark.parametrize(("prime", "dimension", "outputs"), SMALL)
def test_moments_are_exact_at_every_frequency(prime, dimension, outputs):
    problem, exact = made(prime, dimension, outputs)
    frequencies = np.array(list(itertools.product(range(prime), repeat=dimension + 1)))
    c, d = frequencies[:, :-1], frequencies[:, -1]
    expected = [literal(prime, exact, *frequency) for frequency in zip(c, d, strict=True)]
    assert exact_moments(PointKeys(problem), c, d) == pytest.approx(np.array(expected), abs=1e-12)


@pytest.mark.parametrize(("prime", "dimension", "outputs"), SMALL)
def test_moments_of_single_digits_are_the_same_as_those_at_their_frequency(prime, dimension, outputs):
    problem, _ = made(prime, dimension, outputs)
    keys, zero = PointKeys(problem), np.zeros(dimension, dtype=int)
    for k, found in enumerate(digit_moments(keys, np.arange(dimension)), start=1):
        c = k * np.eye(dimension, dtype=int) % prime
        assert found == pytest.approx(exact_moments(keys, c, zero).real, abs=1e-12)


def test_moments_live_on_differences_of_points_alone(raw):
    keys, rng = PointKeys(raw), np.random.default_rng(0)
    differences = choose_differences(raw, rng)
    assert differences.shape == (8, 64)
    points = {tuple(point) for point in raw.points.tolist()}
    for difference in differences:
        assert any(tuple((point + difference) % 17) in points for point in raw.points)
    zero = np.zeros(8, dtype=int)
    assert np.all(np.abs(exact_moments(keys, differences, zero)) > 1e-8)
    assert exact_moments(keys, rng.integers(0, 17, (8, 64)), zero) == pytest.approx(np.zeros(8), abs=1e-15)


def test_keys_find_points_and_nothing_else(raw):
    keys = PointKeys(raw)
    assert keys.functionals.shape == (15, 64)
    np.testing.assert_array_equal(keys.find(keys.points), np.arange(len(raw.data)))
    elsewhere = np.random.default_rng(1).integers(0, 17, (1000, 64))
    assert np.all(keys.find(elsewhere @ keys.functionals.T % 17) == -1)


def test_sparse_points_have_the_same_moments(past_enumeration):
    sparse = RidgeletProblem.from_samples(csr_array(past_enumeration.points), past_enumeration.labels[:, 0], 3)
    dense = RidgeletProblem.from_samples(past_enumeration.points, past_enumeration.labels[:, 0], 3)
    nodes = uniform_past(300)
    found = [moment_test(problem, nodes, np.random.default_rng(0)) for problem in (sparse, dense)]
    assert found[0][1] == found[1][1]
    c = choose_differences(dense, np.random.default_rng(0))
    values = [exact_moments(PointKeys(problem), c, np.zeros(len(c), dtype=int)) for problem in (sparse, dense)]
    assert values[0] == pytest.approx(values[1])


def uniform_past(n):
    rng = np.random.default_rng(7)
    return Nodes(rng.integers(0, 3, (n, 16)), rng.integers(0, 3, n))


@pytest.mark.parametrize("make", [lambda: made(5, 2), lambda: made(2, 3), on_a_line])
def test_p_values_of_ideal_nodes_are_uniform(make):
    problem, exact = make()
    nodes = drawn(problem, exact, 300 * 120, 3)
    pvalues = [moment_test(problem, nodes[i : i + 120], np.random.default_rng(i))[0] for i in range(0, len(nodes), 120)]
    assert stats.kstest(pvalues, "uniform").pvalue > 1e-3
    assert np.mean(np.array(pvalues) < 0.05) == pytest.approx(0.05, abs=0.04)


def test_nodes_that_stay_in_one_corner_are_seen():
    """Each of them fits p* as well as any; only their spread is wrong."""
    problem, exact = made(5, 2)
    nodes = drawn(problem, exact, 800, 1)
    corner = nodes[nodes.a[:, 0] < 3]
    assert moment_test(problem, corner, np.random.default_rng(0))[0] < 1e-6
    assert moment_test(problem, uniform(problem, 800, 0), np.random.default_rng(0))[0] < 1e-6


def test_moments_are_left_out_where_they_would_take_long_or_say_nothing(monkeypatch):
    problem, exact = made(5, 2)
    nodes = drawn(problem, exact, 100, 1)
    assert moment_test(problem, nodes, np.random.default_rng(0))[1] > 0
    assert moment_test(problem, nodes[:5], np.random.default_rng(0)) == (1.0, 0)
    monkeypatch.setattr(moments, "MOST_LOOKUPS", 10)
    assert moment_test(problem, nodes, np.random.default_rng(0)) == (1.0, 0)
