"""Uniform nodes: the control."""

import numpy as np
from numpy.typing import NDArray

from problems.ridgelet.nodes import Nodes
from problems.ridgelet.problem import RidgeletProblem
from problems.ridgelet.sampling import ShownSampler, check_count, check_problem
from problems.seeds import Seed, generator

__all__ = ["UniformSampler"]


class UniformSampler(ShownSampler):
    """Draws a and b uniformly, whatever the data. O(D) a node."""

    def __init__(self, problem: RidgeletProblem) -> None:
        self.problem = check_problem(problem)

    def sample(self, n: int, seed: Seed = None) -> Nodes:
        """Draw `n` independent nodes; see `NodeSampler.sample`."""
        n, rng = check_count(n), generator(seed)
        digits = rng.integers(0, self.problem.prime, (n, self.problem.dimension + 1))
        return Nodes(digits[:, :-1], digits[:, -1])

    def density(self, nodes: Nodes) -> NDArray[np.float64]:
        """Return the sampler's own probability of nodes, relative to the uniform one: shape (n,)."""
        self.problem.check_nodes(nodes)
        return np.ones(len(nodes))
