"""Orthogonal matching pursuit over an explicit dictionary of uniformly drawn ridgelet nodes."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from classical.peers.dictionary import check_dictionary, node_features, uniform_dictionary
from classical.peers.protocol import checked_samples
from classical.peers.readout import Features, Readout, fit_readout, penalty_by_folds
from classical.ridgelet.candidates import keep_nodes
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.sampling import check_problem
from problems.seeds import Seed, generator

__all__ = ["MatchingPursuitPeer"]

PURSUIT_FOLDS = 3
"""Folds that the penalty is chosen on: each costs a pursuit."""


class MatchingPursuitPeer:
    """Keeps N of 10 N uniform nodes by orthogonal matching pursuit; the pursuit is redone on folds for the penalty."""

    def __init__(self, problem: RidgeletProblem) -> None:
        self.problem = check_problem(problem)

    @staticmethod
    def check(problem: RidgeletProblem, nodes: int) -> None:
        """Refuse a dictionary that is too large; see `Peer.check`."""
        check_dictionary(problem, nodes)

    def fit(self, x: ArrayLike, y: ArrayLike, nodes: int, seed: Seed = None) -> Readout:
        """Fit N nodes; see `Peer.fit`."""
        points, targets, nodes = checked_samples(self.problem, x, y, nodes)
        check_dictionary(self.problem, nodes)
        rng = generator(seed)
        candidates = uniform_dictionary(self.problem, nodes, rng)

        def pursue(some: NDArray, labels: NDArray) -> Features:
            return node_features(self.problem, keep_nodes(self._of(some, labels), candidates, nodes))

        penalty = penalty_by_folds(pursue, points, targets, rng, PURSUIT_FOLDS)
        return fit_readout(pursue(points, targets), points, y, penalty)

    def _of(self, x: NDArray, y: NDArray) -> RidgeletProblem:
        problem = self.problem
        return RidgeletProblem.from_samples(x, y, problem.prime, problem.regularization, np.array(problem.ridgelet))
