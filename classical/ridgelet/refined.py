"""Subspace tickets refined in rounds: candidates, pruning, and new candidates for what the pruned network leaves.

Not in the papers. The first round draws candidates from p* of the labels, each on its own subspace, and keeps the n
nodes that iterative magnitude pruning leaves. Each later round draws as many candidates from p* of the residual of the
network kept so far, and prunes both together to n nodes again.
"""

import numpy as np

from classical.ridgelet.magnitude import magnitude_pruning, ridge_weights
from classical.ridgelet.projections import Projections, check_coordinates
from classical.ridgelet.reduced import check_features, reduced_features, remaining_labels
from problems.errors import whole_number
from problems.finite_field import row_blocks
from problems.ridgelet.nodes import Nodes
from problems.ridgelet.problem import RidgeletProblem
from problems.ridgelet.sampling import ShownSampler, check_count, check_problem, check_room
from problems.seeds import Seed, generator

__all__ = ["RefinedSubspaceSampler"]


class RefinedSubspaceSampler(ShownSampler):
    """Draws `rounds` times `factor` n candidates on random subspaces and keeps n nodes of them.

    The nodes depend on one another and on the labels: for independent repeats, and for each n, draw anew.

    Parameters
    ----------
    problem
        The problem.
    coordinates
        The number d of coordinates of a subspace, 1..D.
    factor
        Candidates of each round for each node that is kept, >= 1.
    rounds
        How often candidates are drawn, >= 1.
    regularization
        The ridge parameter lambda >= 0 of the projected problems; left out, the problem's own. See `SubspaceSampler`.

    Raises
    ------
    InputError
        If d is not in 1..D, factor < 1, rounds < 1, lambda is negative, or memory does not hold the grid Z_P^d.
    """

    def __init__(
        self,
        problem: RidgeletProblem,
        coordinates: int = 2,
        factor: int = 10,
        rounds: int = 2,
        regularization: float | None = None,
    ) -> None:
        self.problem = check_problem(problem)
        self.coordinates = check_coordinates(problem, coordinates)
        self.factor = whole_number("factor", factor, 1)
        self.rounds = whole_number("rounds", rounds, 1)
        self._projections = Projections(problem, regularization)

    def sample(self, n: int, seed: Seed = None) -> Nodes:
        """Draw candidates and keep `n` of them; see `NodeSampler.sample`."""
        n, rng, problem = check_count(n), generator(seed), self.problem
        check_room(self.factor * n, problem.dimension)
        check_features(problem, (self.factor + 1) * n)
        residual = problem.labels
        kept = Nodes(np.empty((0, problem.dimension), dtype=np.int64), np.empty(0, dtype=np.int64))
        for _ in range(self.rounds):
            pool = Nodes.concatenate([kept, *self._candidates(self.factor * n, residual, rng)])
            features, targets = reduced_features(problem, pool)
            left = magnitude_pruning(features, targets, n)
            kept, features = pool[left], features[:, left]
            # The penalty that the pruning uses: the residual of the network that it judged by.
            weights = ridge_weights(features, targets, max(float(np.mean(np.sum(features**2, axis=0))), 1e-300))
            residual = remaining_labels(problem, kept, weights)
        return kept

    def _candidates(self, count: int, labels: np.ndarray, rng: np.random.Generator) -> list[Nodes]:
        """Draw candidates from p* of the labels (K, C), each on its own subspace."""
        subspaces = self._projections.draw(count, self.coordinates, rng)
        parts = []
        for block in row_blocks(count, self._projections.entries(self.coordinates)):
            own = np.arange(len(subspaces[block]))
            parts.append(self._projections.nodes(subspaces[block], own, labels, "optimized", rng))
        return parts
