"""Ridge-leverage sampling over an explicit dictionary of ridgelet nodes (Alaoui and Mahoney 2015; Bach 2017).

The score of candidate j is the j-th diagonal entry of F'(F F' + mu 1)^(-1) F, F the features of all candidates on the
training samples: how hard the feature is to make from the others. Labels play no part.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import cho_factor, cho_solve

from classical.peers.dictionary import check_dictionary, node_features, uniform_dictionary
from classical.peers.protocol import checked_samples
from classical.peers.readout import Readout, fit_readout
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.sampling import check_problem
from problems.seeds import Seed, generator

__all__ = ["RidgeLeveragePeer", "ridge_leverage_scores"]

PENALTY = 1e-2
"""mu as a share of the mean diagonal entry of F F'."""


class RidgeLeveragePeer:
    """Keeps N of 10 N uniform nodes, drawn without repetition by their ridge-leverage scores."""

    def __init__(self, problem: RidgeletProblem) -> None:
        self.problem = check_problem(problem)

    @staticmethod
    def check(problem: RidgeletProblem, nodes: int) -> None:
        """Refuse a dictionary that is too large; see `Peer.check`."""
        check_dictionary(problem, nodes)

    def fit(self, x: ArrayLike, y: ArrayLike, nodes: int, seed: Seed = None) -> Readout:
        """Fit N nodes, the penalty chosen by leaving one sample out; see `Peer.fit`."""
        points, _, nodes = checked_samples(self.problem, x, y, nodes)
        check_dictionary(self.problem, nodes)
        rng = generator(seed)
        candidates = uniform_dictionary(self.problem, nodes, rng)
        scores = ridge_leverage_scores(node_features(self.problem, candidates)(points))
        kept = rng.choice(len(candidates), nodes, replace=False, p=scores / scores.sum())
        return fit_readout(node_features(self.problem, candidates[kept]), points, y)


def ridge_leverage_scores(features: NDArray[np.float64], penalty: float = PENALTY) -> NDArray[np.float64]:
    """Return the ridge-leverage score of each column of features (n, M): shape (M,), in [0, 1), summing to < n.

    A small share keeps columns that vanish on the samples drawable.
    """
    gram = features @ features.T
    gram[np.diag_indices_from(gram)] += penalty * np.trace(gram) / len(gram) + np.finfo(float).tiny
    scores: NDArray[np.float64] = np.sum(features * cho_solve(cho_factor(gram), features), axis=0)
    return np.maximum(scores, 1e-12)
