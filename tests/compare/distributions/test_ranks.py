import numpy as np
import pytest
from scipy import integrate, stats

from compare.distributions.ranks import (
    LOWEST,
    MEAN_SCORE,
    WEIGHTS,
    rank_pvalue,
    rank_threshold,
    ranks,
    scores,
)
from problems.ridgelet import RidgeletProblem
from tests.compare.distributions import SMALL, drawn, from_numbers, made, on_a_line, uniform

# Ranks


@pytest.mark.parametrize(("prime", "dimension", "outputs"), SMALL)
def test_ranks_of_ideal_nodes_are_uniform(prime, dimension, outputs):
    problem, exact = made(prime, dimension, outputs)
    found = ranks(problem, drawn(problem, exact, 6000, 1), np.random.default_rng(2))
    assert not np.any(found.impossible)
    assert stats.kstest(found.own, "uniform").pvalue > 1e-3
    # Independent from node to node, so that neighbors do not correlate either.
    assert abs(np.corrcoef(found.own[1:], found.own[:-1])[0, 1]) < 4 / np.sqrt(6000)


def test_ranks_are_uniform_where_few_nodes_have_a_probability():
    """Ties, and decoys of probability zero."""
    problem, exact = on_a_line()
    found = ranks(problem, drawn(problem, exact, 6000, 1), np.random.default_rng(2))
    assert not np.any(found.impossible)
    assert stats.kstest(found.own, "uniform").pvalue > 1e-3


def test_ranks_of_uniform_nodes_are_low():
    problem, _ = made(5, 2)
    own = ranks(problem, uniform(problem, 3000, 1), np.random.default_rng(2)).own
    assert np.mean(own < 0.05) > 0.25
    assert np.mean(scores(own)) > MEAN_SCORE + 0.1


def test_picked_candidates_of_uniform_nodes_rank_as_uniform_nodes_do():
    problem, _ = made(5, 2)
    nodes = uniform(problem, 3000, 1)
    own = ranks(problem, nodes, np.random.default_rng(2)).own
    picked = ranks(problem, nodes, np.random.default_rng(3), picks=2).own
    assert picked.shape == (2, 3000)
    assert all(stats.ks_2samp(own, row).pvalue > 1e-3 for row in picked)


def test_a_rank_is_the_share_of_probability_below_the_node():
    """By hand: all candidates of one node, their exact probabilities, and where the node stands among them."""
    problem, exact = made(3, 2)
    node = drawn(problem, exact, 1, 5)
    runs = [ranks(problem, node, np.random.default_rng(seed)).own[0] for seed in range(300)]
    for seed, found in enumerate(runs):
        decoys = np.random.default_rng(seed).integers(0, 3, (1, WEIGHTS - 1, 2))[0]
        a = np.concatenate([node.a, decoys])
        numbers = [(row[0] * 3 + row[1]) * 3 + b for row in a for b in range(3)]
        weights = exact[numbers] / exact[numbers].sum()
        own = weights[node.b[0]]
        below, level = weights[weights < own * (1 - 1e-9)].sum(), weights[np.abs(weights - own) < 1e-9 * own].sum()
        assert below - 1e-9 <= found <= below + level + 1e-9


def test_impossible_nodes_are_counted():
    problem, exact = on_a_line()
    numbers = np.flatnonzero(exact < 1e-20)[:30]
    found = ranks(problem, from_numbers(problem, numbers), np.random.default_rng(0))
    assert np.all(found.impossible)
    assert np.all(found.own == LOWEST)


def test_ranks_of_a_uniform_optimized_distribution_are_uniform_for_all_nodes():
    problem = RidgeletProblem.from_samples([[1, 0, 1]], [1.0], prime=2)
    found = ranks(problem, uniform(problem, 2000, 0), np.random.default_rng(0))
    assert stats.kstest(found.own, "uniform").pvalue > 1e-3


# The law of the scores


def test_the_mean_score_is_the_integral():
    # u = v^3 takes the singularity away.
    integral = integrate.quad(lambda v: scores(np.array(v**3)) * 3 * v**2, 0, 1)[0]
    assert pytest.approx(integral, rel=1e-6) == MEAN_SCORE


@pytest.mark.parametrize("n", [50, 100, 400])
@pytest.mark.parametrize("level", [0.2, 0.01])
def test_thresholds_leave_the_level_outside(n, level):
    runs = 400_000 // n
    means = scores(np.random.default_rng([n, round(100 * level)]).random((runs, n))).mean(axis=1)
    low, high = rank_threshold(n, level)
    for tail in (np.mean(means < low), np.mean(means > high)):
        assert tail == pytest.approx(level / 2, abs=0.1 * level + 4 * np.sqrt(level / 2 / runs))


def test_p_values_and_thresholds_are_one_law():
    rng = np.random.default_rng(0)
    low, high = rank_threshold(30, 0.1)
    for values in rng.random((40, 30)):
        assert (rank_pvalue(values) < 0.1) == (not low < np.mean(scores(values)) < high)


def test_p_values_are_small_at_both_ends_and_never_leave_their_range():
    assert rank_pvalue(np.full(50, LOWEST)) < 1e-300
    assert rank_pvalue(np.full(500, 1.0)) < 1e-12
    assert 0.3 < rank_pvalue(np.linspace(0.01, 0.99, 50)) <= 1
    # Next to the mean score, where the saddlepoint formula is 0/0.
    values = np.random.default_rng(1).random((200, 25))
    found = np.array([rank_pvalue(row) for row in values])
    assert np.all((found > 0) & (found <= 1))
    near = found[np.abs(scores(values).mean(axis=1) - MEAN_SCORE) < 1e-3]
    assert len(near) > 3
    assert np.all(near > 0.5)
