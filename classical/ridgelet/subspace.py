"""Subspace tickets: nodes that see a few random coordinates, drawn from p* of the data projected on them.

At large D the data covers next to nothing of Z_P^D, and a ticket memorizes it (S R = 1: the full network is zero off
the data). Projected on d = 1..3 coordinates the same samples cover most of Z_P^d, and p* of the projected problem is
drawn exactly. The network is then additive over subspaces, each summand a function of d coordinates.

A node costs O(K + P^d log P): with v drawn by |r^(v)|^2 and u by |h^(u)|^2 on the grid Z_P^d, a = u/v has the right law
(Fourier slice theorem, arXiv:2301.11936), and b follows given a, as in the dequantized sampler.
"""

import numpy as np

from classical.ridgelet.projections import Projections, check_coordinates
from problems.errors import choose, whole_number
from problems.finite_field import row_blocks
from problems.ridgelet.nodes import Nodes
from problems.ridgelet.problem import RidgeletProblem
from problems.ridgelet.sampling import ShownSampler, check_count, check_problem, check_room
from problems.seeds import Seed, generator

__all__ = ["BASES", "SubspaceSampler"]

BASES = {
    "optimized": "p* of the projected problem",
    "uniform": "a and b uniform on the subspace",
    "leverage": "the ridge-leverage distribution of the projected problem, without labels",
}
"""Laws from which nodes are drawn on their subspace, in words."""


class SubspaceSampler(ShownSampler):
    """Draws nodes whose a is supported on `coordinates` random coordinates: ``SubspaceSampler(problem).sample(n)``.

    Coordinates that are constant on the data are never chosen: a node there sees nothing. Given one seed, all bases
    draw the same subspaces in the same order, so that they compare in pairs.

    Parameters
    ----------
    problem
        The problem; its points, frequencies, mean labels and regularization lambda are projected.
    coordinates
        The number d of coordinates of a subspace, 1..D. Where fewer than d coordinates vary, all of them are taken.
    base
        A name in `BASES`.
    batch
        How many consecutive nodes share a subspace, >= 1.
    regularization
        The ridge parameter lambda >= 0 of the projected problems; left out, the problem's own. Cells that hold a share
        of the data well below it count by that share, so that few labels in a cell are not taken at their word; as it
        grows, the nodes' law becomes p* of the data itself, points weighted by p(x), given that a vanishes elsewhere.

    Raises
    ------
    InputError
        If d is not in 1..D, the base is unknown, batch < 1, lambda is negative, or memory does not hold the grid Z_P^d.
    """

    def __init__(
        self,
        problem: RidgeletProblem,
        coordinates: int = 2,
        base: str = "optimized",
        batch: int = 1,
        regularization: float | None = None,
    ) -> None:
        self.problem = check_problem(problem)
        self.coordinates = check_coordinates(problem, coordinates)
        choose("base", base, BASES)
        self.base = base
        self.batch = whole_number("batch", batch, 1)
        self._projections = Projections(problem, regularization)

    def sample(self, n: int, seed: Seed = None) -> Nodes:
        """Draw `n` nodes; see `NodeSampler.sample`. Nodes of different batches are independent."""
        n, rng = check_count(n), generator(seed)
        check_room(n, self.problem.dimension)
        subspaces = self._projections.draw(-(-n // self.batch), self.coordinates, rng)
        of_node = np.repeat(np.arange(len(subspaces)), self.batch)[:n]
        parts = []
        for block in row_blocks(n, self._projections.entries(self.coordinates)):
            # The subspaces of this block of nodes, numbered from 0.
            first, last = of_node[block][[0, -1]]
            inside = of_node[block] - first
            parts.append(
                self._projections.nodes(subspaces[first : last + 1], inside, self.problem.labels, self.base, rng)
            )
        return Nodes.concatenate(parts)
