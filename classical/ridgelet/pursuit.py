"""Orthogonal matching pursuit: columns taken one after the other (Pati, Rezaiifar, Krishnaprasad 1993).

Several targets share their columns: a column counts by the sum of its squared correlations with all residuals
(simultaneous orthogonal matching pursuit: Tropp, Gilbert, Strauss 2006).
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["matching_pursuit"]

SPANNED = 1e-10
"""A share of a column's squared norm: if less of it is left, the column lies in the span of those already taken."""

EXPLAINED = 1e-20
"""A share of the targets' squared norm: a column that explains less than this explains rounding."""


def matching_pursuit(features: NDArray[np.float64], targets: NDArray[np.float64], n: int) -> NDArray[np.int64]:
    """Return the columns that the pursuit takes, in its order: at most `n` of them. O(n m M).

    Parameters
    ----------
    features
        Shape (m, M); columns of any norm, compared as if normalized.
    targets
        Shape (m, C).
    n
        How many columns to take. Fewer are returned once the targets are explained or all columns are spanned.
    """
    # scikit-learn's pursuit, to which this one is equal at C = 1, gives each of several targets columns of its own.
    squares = np.sum(features**2, axis=0)
    left = squares.copy()  # of the columns, outside the span of those taken
    size = min(n, *features.shape)
    basis = np.empty((size, len(features)))
    correlations = features.T @ targets
    kept: list[int] = []
    for i in range(size):
        gain = np.sum(correlations**2, axis=1) / np.maximum(squares, np.finfo(float).tiny)
        gain[left <= SPANNED * squares] = 0.0
        best = int(np.argmax(gain))
        if gain[best] <= EXPLAINED * np.sum(targets**2):
            break
        kept.append(best)
        direction = features[:, best].copy()
        for _ in range(2):  # orthogonalized twice, so that rounding does not pile up
            direction -= basis[:i].T @ (basis[:i] @ direction)
        basis[i] = direction / np.linalg.norm(direction)
        projected = features.T @ basis[i]
        left -= projected**2
        correlations -= np.outer(projected, basis[i] @ targets)
    return np.array(kept, dtype=np.int64)
