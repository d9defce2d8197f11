"""Iterative magnitude pruning of fixed features: ridge regression on all, the smallest terms go, and again.

Han, Pool, Tran, Dally 2015, applied to an output layer. The penalty keeps the weights of like features alike, so that
the choice depends less on the noise of the labels than a greedy pursuit does.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

__all__ = ["magnitude_pruning", "ridge_weights"]

LEFT = 0.7
"""Share of the columns that survives each round."""


def magnitude_pruning(
    features: NDArray[np.float64], targets: NDArray[np.float64], n: int, penalty: float = 1.0
) -> NDArray[np.int64]:
    """Return the `n` columns that are left, in ascending order. O(m M min(m, M)) altogether.

    Parameters
    ----------
    features
        Shape (m, M), M >= n; a column counts by the norm of its term, |weight| |column|.
    targets
        Shape (m, C).
    n
        How many columns to leave.
    penalty
        Of the fits, > 0, relative to the mean squared norm of a column.
    """
    norms = np.linalg.norm(features, axis=0)
    ridge = penalty * max(float(np.mean(norms**2)), np.finfo(float).tiny)
    kept = np.arange(features.shape[1])
    while len(kept) > n:
        weights = ridge_weights(features[:, kept], targets, ridge)
        size = np.linalg.norm(weights, axis=1) * norms[kept]
        survivors = max(n, int(LEFT * len(kept)))
        kept = np.sort(kept[np.argsort(-size, kind="stable")[:survivors]])
    return kept


def ridge_weights(features: NDArray[np.float64], targets: NDArray[np.float64], ridge: float) -> NDArray[np.float64]:
    """Minimize |targets - features W|^2 + ridge |W|^2, ridge > 0, by the smaller Gram matrix: shape (M, C)."""
    m, count = features.shape
    if count <= m:
        gram = features.T @ features
        gram[np.diag_indices(count)] += ridge
        weights: NDArray[np.float64] = cho_solve(cho_factor(gram), features.T @ targets)
        return weights
    gram = features @ features.T
    gram[np.diag_indices(m)] += ridge
    return features.T @ cho_solve(cho_factor(gram), targets)
