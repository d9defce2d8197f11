import numpy as np
import pytest

from classical.ridgelet import DequantizedSampler, LeverageSampler, UniformSampler
from compare.distributions import exact as exact_module
from compare.distributions import goodness, goodness_of_fit
from problems.ridgelet import Nodes, RidgeletProblem
from tests import reference
from tests.compare.distributions import drawn, from_numbers, made, on_a_line, uniform


def shifted(problem, nodes, digit):
    """One digit is off by one; "a" is the weight whose coordinate varies most over the data."""
    a, b = nodes.a.copy(), nodes.b.copy()
    column = b if digit == "b" else a[:, int(problem.points.std(axis=0).argmax())]
    column[:] = (column + 1) % problem.prime
    return Nodes(a, b)


def test_chi_square_serves_where_nodes_can_be_enumerated_and_ranks_elsewhere(past_enumeration, monkeypatch):
    problem, exact = made(5, 2)
    nodes = drawn(problem, exact, 200, 0)
    assert goodness_of_fit(problem, nodes).detail.startswith("chi-square over")
    assert goodness_of_fit(problem, nodes, "ranks").detail.startswith("ranks among 8 x 5 candidates")
    monkeypatch.setattr(exact_module, "ENUMERABLE", 1)
    assert goodness_of_fit(problem, nodes) == goodness_of_fit(problem, nodes, "ranks")
    past = DequantizedSampler(past_enumeration).sample(200, 0)
    assert goodness_of_fit(past_enumeration, past).detail.startswith("ranks among 8 x 3 candidates")


def test_ideal_nodes_of_the_raw_digits_fit_and_others_do_not(raw):
    """17^65 nodes: nothing can be enumerated, and p* itself is the reference."""
    ideal = DequantizedSampler(raw).sample(600, 1)
    found = goodness_of_fit(raw, ideal)
    assert found.pvalue > 0.05
    assert found.low <= 0 <= found.high
    assert found.samples == 600
    wrong = {
        "uniform": UniformSampler(raw).sample(600, 1),
        "leverage": LeverageSampler(raw).sample(600, 1),
        "b": shifted(raw, ideal[:200], "b"),
        "a": shifted(raw, ideal[:200], "a"),
    }
    for name, nodes in wrong.items():
        found = goodness_of_fit(raw, nodes)
        assert found.pvalue < 1e-6, name
        assert found.low > 0.05, name
    assert goodness_of_fit(raw, wrong["uniform"]).best == pytest.approx(1, abs=0.25)


@pytest.mark.parametrize("digit", ["a", "b"])
def test_a_shifted_digit_is_caught_past_enumeration(past_enumeration, digit):
    nodes = DequantizedSampler(past_enumeration).sample(200, 2)
    assert goodness_of_fit(past_enumeration, nodes).pvalue > 0.05
    assert goodness_of_fit(past_enumeration, shifted(past_enumeration, nodes, digit)).pvalue < 1e-4


def test_nodes_of_other_labels_on_the_same_points_are_caught(past_enumeration):
    labels = np.roll(past_enumeration.labels, 3)
    assert not np.array_equal(labels, past_enumeration.labels)
    other = RidgeletProblem.from_samples(past_enumeration.points, labels, 3)
    nodes = DequantizedSampler(other).sample(400, 2)
    assert goodness_of_fit(past_enumeration, nodes).pvalue < 1e-3
    assert goodness_of_fit(other, nodes).pvalue > 0.05


def test_a_sampler_that_stays_in_one_corner_is_caught_by_the_moments():
    problem, exact = made(5, 2)
    nodes = drawn(problem, exact, 800, 1)
    found = goodness_of_fit(problem, nodes[nodes.a[:, 0] < 3], "ranks")
    assert found.pvalue < 1e-6
    ranks = float(found.detail.split("candidates p = ")[1].split(";")[0])
    assert ranks > 1e-3


def test_a_sampler_that_keeps_to_likely_nodes_is_caught_and_its_effect_is_negative():
    problem, exact = made(5, 2)
    sharp = exact**2 / np.sum(exact**2)
    found = goodness_of_fit(problem, drawn(problem, sharp, 2000, 1), "ranks")
    assert found.pvalue < 1e-6
    assert found.high < 0


def test_impossible_nodes_give_p_zero():
    problem, exact = on_a_line()
    ideal = drawn(problem, exact, 100, 0)
    assert goodness_of_fit(problem, ideal, "ranks").pvalue > 0.01
    numbers = reference.node_numbers(ideal, 5)
    numbers[:3] = np.flatnonzero(exact < 1e-20)[:3]
    found = goodness_of_fit(problem, from_numbers(problem, numbers), "ranks")
    assert found.pvalue == 0.0
    assert found.detail == "3 samples fell on nodes of probability zero"
    assert found.best == pytest.approx(0.03, abs=0.01)


@pytest.mark.parametrize("share", [0.0, 0.2, 1.0])
def test_the_effect_is_the_share_of_uniform_nodes(share):
    problem, exact = made(5, 2)
    mixed = (1 - share) * exact + share / len(exact)
    runs = [goodness_of_fit(problem, drawn(problem, mixed, 400, seed), "ranks", seed=seed) for seed in range(60)]
    best = [run.best for run in runs]
    assert np.mean(best) == pytest.approx(share, abs=4 * np.std(best) / np.sqrt(60) + 0.02)
    assert np.mean([run.low <= share <= run.high for run in runs]) >= 0.9


def test_where_all_nodes_are_alike_nothing_is_claimed():
    problem = RidgeletProblem.from_samples([[1, 0, 1]], [1.0], prime=2)
    found = goodness_of_fit(problem, uniform(problem, 100, 0), "ranks")
    assert found.pvalue > 1e-3
    assert (found.low, found.best, found.high) == (-np.inf, 0.0, np.inf)


def test_the_decoys_are_seeded():
    problem, exact = made(5, 2)
    nodes = drawn(problem, exact, 100, 1)
    assert goodness_of_fit(problem, nodes, "ranks", 3) == goodness_of_fit(problem, nodes, "ranks", 3)
    assert goodness_of_fit(problem, nodes, "ranks", 3) != goodness_of_fit(problem, nodes, "ranks", 4)


def test_at_most_the_first_nodes_are_ranked(monkeypatch):
    problem, exact = made(5, 2)
    nodes = drawn(problem, exact, 300, 1)
    monkeypatch.setattr(goodness, "MAX_RANKED", 100)
    assert goodness_of_fit(problem, nodes, "ranks") == goodness_of_fit(problem, nodes[:100], "ranks")
    assert goodness_of_fit(problem, nodes, "ranks").samples == 100
