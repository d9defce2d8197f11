import numpy as np
import pytest

from classical.ridgelet import DequantizedSampler, UniformSampler
from compare.distributions import two_sample, two_sample_test
from problems.errors import InputError
from problems.ridgelet import Nodes, RidgeletProblem
from tests import reference
from tests.compare.distributions import drawn, from_numbers, made, uniform


def test_two_ideal_samples_are_not_told_apart_and_uniform_nodes_are():
    problem, exact = made(5, 2)
    one, other = (drawn(problem, exact, 300, seed) for seed in (1, 2))
    same = two_sample_test(one, other, problem)
    assert same.pvalue > 0.05
    assert same.samples == 600
    assert "499 permutations" in same.detail
    assert two_sample_test(one, uniform(problem, 300, 3), problem).pvalue == pytest.approx(1 / 500)


def test_the_two_sample_test_works_where_nothing_can_be_enumerated(raw):
    sampler = DequantizedSampler(raw)
    one, other = sampler.sample(150, seed=1), sampler.sample(100, seed=2)
    assert two_sample_test(one, other, raw).pvalue > 0.05
    assert two_sample_test(one, UniformSampler(raw).sample(100, seed=2), raw).pvalue < 0.01


def test_the_smallest_p_value_is_set_by_the_permutations():
    problem, exact = made(5, 2)
    nodes, other = drawn(problem, exact, 200, 1), uniform(problem, 200, 1)
    assert two_sample_test(nodes, other, problem, permutations=19).pvalue == pytest.approx(1 / 20)


def test_at_most_the_first_nodes_of_either_side_are_tested(monkeypatch):
    problem, exact = made(5, 2)
    nodes, other = drawn(problem, exact, 300, 1), uniform(problem, 250, 1)
    monkeypatch.setattr(two_sample, "MAX_TESTED", 100)
    found = two_sample_test(nodes, other, problem)
    assert found == two_sample_test(nodes[:100], other[:100], problem)
    assert found.samples == 200


def test_nodes_against_themselves_have_p_one():
    problem, exact = made(5, 2)
    nodes = drawn(problem, exact, 50, 1)
    found = two_sample_test(nodes, nodes, problem)
    assert found.statistic == pytest.approx(0, abs=1e-20)
    assert found.pvalue == 1.0


def test_the_two_sample_statistic_is_the_sum_of_three_scaled_mean_distances():
    problem, exact = made(3, 2, 2)
    one, other = drawn(problem, exact, 20, 1), uniform(problem, 30, 2)
    r = reference.ridgelet_table(3)
    # The density is P^(D+1) p* = P |sum_m h_m r(a.x_m - b)|^2, h of norm 1
    blocks = []
    for side in (one, other):
        digits = np.column_stack([side.a, side.b])
        one_hot = [[float(digit == level) for digit in row for level in range(3)] for row in digits]
        hidden = [[r[(a @ x - b) % 3] for x in problem.points] for a, b in zip(side.a, side.b, strict=True)]
        density = [[3 * np.sum((np.array(row) @ problem.amplitudes) ** 2)] for row in hidden]
        blocks.append((one_hot, hidden, density))
    statistic = 0.0
    for first, second in zip(*blocks, strict=True):
        distance = np.sum((np.mean(first, axis=0) - np.mean(second, axis=0)) ** 2)
        statistic += distance / np.sum(np.var(np.concatenate([first, second]), axis=0))
    assert two_sample_test(one, other, problem).statistic == pytest.approx(statistic)


def test_a_constant_density_does_not_blind_the_two_sample_test():
    """p* of a single point over Z_2 is uniform, so only the other kernels can see that b is always 0."""
    problem = RidgeletProblem.from_samples([[1, 0, 1]], [1.0], prime=2)
    nodes = uniform(problem, 200, 0)
    shifted = Nodes(uniform(problem, 200, 1).a, np.zeros(200, dtype=int))
    assert two_sample_test(nodes, shifted, problem).pvalue < 0.01


def test_lists_of_one_and_the_same_node_are_not_told_apart():
    problem, _ = made(5, 2)
    one, other = (from_numbers(problem, np.full(n, 7)) for n in (40, 60))
    assert two_sample_test(one, other, problem).pvalue == 1.0


def test_the_permutations_are_seeded():
    problem, exact = made(5, 2)
    one, other = (drawn(problem, exact, 30, seed) for seed in (1, 2))
    assert two_sample_test(one, other, problem, seed=5) == two_sample_test(one, other, problem, seed=5)
    pvalues = {two_sample_test(one, other, problem, seed=seed).pvalue for seed in range(4)}
    assert len(pvalues) > 1
    assert max(pvalues) - min(pvalues) < 0.15


# The effect


def distributions_apart(problem, exact):
    """The squared distance of p* and uniform nodes, from all nodes, in the units of equal numbers of either."""
    everything = from_numbers(problem, np.arange(len(exact)))
    flat, distance = np.full(len(exact), 1 / len(exact)), 0.0
    for features in two_sample.feature_blocks(problem):
        values = features(everything)
        mixed = (exact + flat) / 2
        spread = np.sum(mixed @ values**2) - np.sum((mixed @ values) ** 2)
        distance += np.sum(((exact - flat) @ values) ** 2) / spread
    return distance


def test_the_effect_is_the_squared_distance_of_the_distributions():
    problem, exact = made(3, 2)
    true = distributions_apart(problem, exact)
    runs = [
        two_sample_test(drawn(problem, exact, 60, seed), uniform(problem, 60, 500 + seed), problem, 19)
        for seed in range(150)
    ]
    best = np.array([run.best for run in runs])
    assert np.mean(best) == pytest.approx(true, abs=4 * np.std(best) / np.sqrt(150))
    # Of the statistic the same is not true: it counts the spread within the sides.
    assert np.mean([run.statistic for run in runs]) > np.mean(best) + 0.05
    # The interval is meant to be cautious.
    assert np.mean([run.low <= true <= run.high for run in runs]) >= 0.93


def test_the_effect_of_ideal_samples_is_zero_within_its_interval():
    problem, exact = made(3, 2)
    runs = [
        two_sample_test(drawn(problem, exact, 60, seed), drawn(problem, exact, 60, 500 + seed), problem, 19)
        for seed in range(100)
    ]
    assert np.mean([run.low == 0 for run in runs]) >= 0.93
    assert all(run.low <= run.best <= run.high for run in runs)
    assert np.mean([run.best for run in runs]) < 0.1 * distributions_apart(problem, exact)


def test_the_interval_shrinks_with_the_samples():
    problem, exact = made(5, 2)
    widths = [
        run.high - run.low
        for run in (two_sample_test(drawn(problem, exact, n, 1), uniform(problem, n, 1), problem) for n in (200, 3200))
    ]
    assert widths[0] / widths[1] == pytest.approx(4, rel=0.3)


def test_too_few_permutations_are_refused():
    problem, exact = made(3, 2)
    nodes = drawn(problem, exact, 20, 0)
    with pytest.raises(InputError, match="permutations = 18 is too small; give at least 19"):
        two_sample_test(nodes, nodes, problem, permutations=18)
