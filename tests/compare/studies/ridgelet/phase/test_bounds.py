"""The bounds hold on random problems, and there are problems that reach them."""

import numpy as np
import pytest
from scipy import integrate, stats

from classical.ridgelet.enumeration import enumerate_probabilities
from compare.studies.ridgelet.phase.bounds import GAUSSIAN_DENSITY, GAUSSIAN_SHARE, density_bound
from compare.studies.ridgelet.phase.targets import distinct_points
from problems.ridgelet import RidgeletProblem


def random_problem(seed):
    """A problem of any size, activation, number of outputs and repetition of points."""
    rng = np.random.default_rng(seed)
    prime = int(rng.choice([2, 3, 5, 7]))
    dimension = int(rng.integers(1, 5 if prime < 5 else 4))
    count = int(rng.integers(1, min(prime**dimension, 60) + 1))
    x = distinct_points(prime, dimension, count, rng)
    x = x[rng.integers(0, count, 2 * count)] if rng.random() < 0.5 else x
    y = rng.standard_normal((len(x), int(rng.integers(1, 4)))) ** 3
    table = rng.standard_normal(prime) ** 3
    return RidgeletProblem.from_samples(x, y, prime, float(rng.choice([0, 0.01])), table)


@pytest.mark.parametrize("seed", range(60))
def test_every_bound_holds_on_random_problems(seed):
    problem = random_problem(seed)
    prime, dimension, count = problem.prime, problem.dimension, len(problem.data)
    p = enumerate_probabilities(problem).reshape(-1, prime)
    w = problem.node_count * p
    tolerance = 1 + 1e-9
    assert w.max() <= density_bound(problem) * tolerance
    assert np.sum(p * w) <= density_bound(problem) * tolerance
    entropy = stats.entropy(p.reshape(-1))
    assert np.exp(entropy) * tolerance >= problem.node_count / density_bound(problem)
    # A weight vector, then a whole direction.
    assert p.sum(axis=1).max() <= problem.coverage * tolerance
    place = prime ** np.arange(dimension)[::-1]
    for u in np.random.default_rng(seed).integers(0, prime, (5, dimension)):
        if np.any(u):
            line = np.arange(1, prime)[:, None] * u % prime @ place
            most = np.bincount(problem.points @ u % prime).max()
            assert p[line].sum() <= prime ** (1 - dimension) * most * tolerance
            assert most >= count / prime


@pytest.mark.parametrize("count", [1, 3, 12])
def test_points_that_a_node_sees_alike_reach_the_bound_of_a_node(count):
    """Labels alike on points of one hyperplane a.x = t: the Cauchy-Schwarz inequality is an equality at one node."""
    rng = np.random.default_rng(count)
    x = np.column_stack([np.full(count, 2), distinct_points(5, 2, count, rng)])
    problem = RidgeletProblem.from_samples(x, np.ones(count), 5)
    assert (problem.node_count * enumerate_probabilities(problem)).max() == pytest.approx(density_bound(problem))


def test_a_ridge_function_on_all_points_reaches_the_bound_of_a_direction():
    x = np.indices((5, 5)).reshape(2, -1).T
    problem = RidgeletProblem.from_samples(x, np.array([3.0, -1, 0, 0, -2])[x @ [1, 3] % 5], 5)
    p = enumerate_probabilities(problem).reshape(-1, 5)
    assert p[np.arange(1, 5)[:, None] * [1, 3] % 5 @ [5, 1]].sum() == pytest.approx(1)


def test_the_gaussian_limits_are_the_integrals_that_they_stand_for():
    def mean(function):
        return integrate.quad(lambda z: function(z**2) * stats.norm.pdf(z), -40, 40, points=[0], limit=200)[0]

    assert mean(lambda w: w**2) == pytest.approx(GAUSSIAN_DENSITY)
    assert np.exp(-mean(lambda w: w * np.log(w) if w > 0 else 0.0)) == pytest.approx(GAUSSIAN_SHARE)
