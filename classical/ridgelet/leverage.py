"""Ridge-leverage nodes: optimized random features of the same dictionary, without looking at the labels.

Bach 2017 (JMLR 18:21) and arXiv:2004.10756. Because S R = 1, the leverage distribution has a closed form here:
q(a,b) = P^(-D) sum_x l(x) r(a.x - b)^2, with l(x) proportional to p(x)/(p(x) + lambda).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.draws import draw
from problems.finite_field import row_blocks, scalar_products
from problems.ridgelet.nodes import Nodes
from problems.ridgelet.problem import RidgeletProblem
from problems.ridgelet.sampling import ShownSampler, check_count, check_problem
from problems.seeds import Seed, generator

__all__ = ["LeverageSampler"]


class LeverageSampler(ShownSampler):
    """Draws x by its leverage, a uniformly, t with probability r(t)^2, and b = a.x - t. O(D) a node."""

    def __init__(self, problem: RidgeletProblem) -> None:
        self.problem = check_problem(problem)
        leverage = problem.frequencies / (problem.frequencies + problem.regularization)
        self.leverage = leverage / leverage.sum()

    def sample(self, n: int, seed: Seed = None) -> Nodes:
        """Draw `n` independent nodes; see `NodeSampler.sample`."""
        n, rng, problem = check_count(n), generator(seed), self.problem
        x: Any = problem.data.take(draw(rng, self.leverage, n))
        x = x.toarray() if problem.data.sparse else x
        a = rng.integers(0, problem.prime, (n, problem.dimension))
        t = draw(rng, problem.ridgelet**2, n)
        return Nodes(a, (np.sum(a * x % problem.prime, axis=1) - t) % problem.prime)

    def density(self, nodes: Nodes) -> NDArray[np.float64]:
        """Return P^(D+1) q(a,b), the sampler's own probability relative to the uniform one: shape (n,)."""
        problem, density = self.problem, np.zeros(len(nodes))
        problem.check_nodes(nodes)
        for block in row_blocks(len(problem.data), problem.dimension):
            points, leverage = problem.data.take(block), self.leverage[block]
            for rows in row_blocks(len(nodes), len(leverage)):
                t = scalar_products(nodes.a[rows], points, problem.prime) - nodes.b[rows, None]
                density[rows] += problem.prime * (problem.ridgelet[t % problem.prime] ** 2 @ leverage)
        return density
