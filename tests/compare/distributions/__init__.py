"""Problems small enough to know everything, and ideal samples drawn without any sampler of the package."""

import functools

import numpy as np

from compare.distributions import goodness
from problems.ridgelet import Nodes, RidgeletProblem
from tests import reference

REGULARIZATION = 0.05
SMALL = [(2, 3, 1), (3, 2, 1), (5, 2, 2), (7, 1, 3)]  # (P, D, outputs)


def made(prime, dimension, outputs=1):
    """A problem with repeated points, and p* of all its nodes from the reference."""
    rng = np.random.default_rng([prime, dimension, outputs])
    x, y = reference.random_samples(rng, prime, dimension, 12, outputs)
    problem = RidgeletProblem.from_samples(x, y, prime, REGULARIZATION)
    return problem, reference.optimized_distribution(x, y, prime, REGULARIZATION)


def on_a_line():
    """sin(2 pi (x_1 + x_2)/5) on all points: only nodes with a = (v, v), v != 0, have a probability."""
    x = reference.all_points(5, 2)
    y = np.sin(2 * np.pi * x.sum(axis=1) / 5)
    exact = reference.optimized_distribution(x, y, 5, REGULARIZATION)
    digits = reference.all_points(5, 3)
    np.testing.assert_array_equal(exact > 1e-20, (digits[:, 0] == digits[:, 1]) & (digits[:, 0] > 0))
    return RidgeletProblem.from_samples(x, y, 5, REGULARIZATION), exact


def drawn(problem, probabilities, n, seed):
    """Ideal samples, drawn without any sampler of the package."""
    numbers = np.random.default_rng(seed).choice(len(probabilities), n, p=probabilities)
    return from_numbers(problem, numbers)


def effects_once_a_problem(monkeypatch):
    """Draw the uniform nodes behind the effect of the test by ranks, which come last of all, once a problem."""
    draw = goodness.uniform_scores
    once = functools.cache(lambda problem: draw(problem, np.random.default_rng(0)))

    def uniform_scores(problem, rng, sets=None):
        return once(problem) if sets is None else draw(problem, rng, sets)  # the planner asks for a number of sets

    monkeypatch.setattr(goodness, "uniform_scores", uniform_scores)


def from_numbers(problem, numbers):
    digits = np.array(np.unravel_index(numbers, (problem.prime,) * (problem.dimension + 1))).T
    return Nodes(digits[:, :-1], digits[:, -1])


def uniform(problem, n, seed):
    return from_numbers(problem, np.random.default_rng(seed).integers(0, problem.node_count, n))
