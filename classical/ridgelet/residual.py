"""Nodes drawn in batches, each from p* of what the network so far leaves unexplained.

Boosting (Friedman 2001) with subspace tickets as base learners: after each batch the output weights of all nodes so far
are fitted anew by ridge regression, and the residual takes the place of the labels. Not in the papers.
"""

import numpy as np

from classical.ridgelet.magnitude import ridge_weights
from classical.ridgelet.projections import Projections, check_coordinates
from classical.ridgelet.reduced import NetworkFeatures, check_features
from problems.errors import InputError, non_negative, whole_number
from problems.ridgelet.nodes import Nodes
from problems.ridgelet.problem import RidgeletProblem
from problems.ridgelet.sampling import ShownSampler, check_count, check_problem, check_room
from problems.seeds import Seed, generator

__all__ = ["ResidualSubspaceSampler"]


class ResidualSubspaceSampler(ShownSampler):
    """Draws subspace tickets batch by batch, each from p* of the current residual, every node on its own subspace.

    The nodes are not independent of one another: for independent repeats draw anew with another seed. The first N
    nodes are themselves a network that was grown to N nodes, whatever n >= N was asked for with that seed.

    Parameters
    ----------
    problem
        The problem.
    coordinates
        The number d of coordinates of a subspace, 1..D.
    batch
        How many nodes are drawn from one residual, >= 1.
    ridge
        The penalty > 0 of the fits in between, as in `SparseNetwork.fit`; large ones leave more for later batches.
    regularization
        The ridge parameter lambda >= 0 of the projected problems; left out, the problem's own.

    Raises
    ------
    InputError
        If d is not in 1..D, batch < 1, the penalty is not positive, lambda is negative, or memory does not hold the
        grid Z_P^d.
    """

    def __init__(
        self,
        problem: RidgeletProblem,
        coordinates: int = 2,
        batch: int = 20,
        ridge: float = 1e-2,
        regularization: float | None = None,
    ) -> None:
        self.problem = check_problem(problem)
        self.coordinates = check_coordinates(problem, coordinates)
        self.batch = whole_number("batch", batch, 1)
        self.ridge = non_negative("ridge", ridge)
        if self.ridge == 0:
            raise InputError("ridge = 0 leaves no residual once nodes abound; give a penalty > 0.")
        self._projections = Projections(problem, regularization)

    def sample(self, n: int, seed: Seed = None) -> Nodes:
        """Draw `n` nodes; see `NodeSampler.sample`."""
        n, rng, problem = check_count(n), generator(seed), self.problem
        check_room(n, problem.dimension)
        check_features(problem, n)
        residual, parts, count = problem.labels, [], 0
        network: NetworkFeatures | None = None
        while count < n:
            # Whole batches are drawn even at the end, so that the first nodes do not depend on n.
            subspaces = self._projections.draw(self.batch, self.coordinates, rng)
            of_node = np.arange(self.batch)
            drawn = self._projections.nodes(subspaces, of_node, residual, "optimized", rng)
            parts.append(drawn)
            count += len(drawn)
            if count < n:
                if network is None:
                    network = NetworkFeatures(problem, drawn)
                else:
                    network.add(drawn)
                residual = network.remaining(ridge_weights(*network.reduced(), self.ridge))
        return Nodes.concatenate(parts)[:n]
