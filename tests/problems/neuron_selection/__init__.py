"""Random problems of neuron selection for tests."""

import numpy as np

from problems.neuron_selection import MaskProblem


def random_problem(neurons: int, seed: int, rank: int | None = None) -> MaskProblem:
    """A convex problem of a rank: mean (y - H m)^2 on random data."""
    rng = np.random.default_rng([seed, neurons])
    h = rng.standard_normal((rank or neurons + 3, neurons))
    y = h @ rng.uniform(0, 1, neurons) + 0.3 * rng.standard_normal(len(h))
    return MaskProblem(y @ y / len(h), -2 * h.T @ y / len(h), h.T @ h / len(h))
