"""Targets as users give them, and their means over the samples at each point."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.arrays import as_numbers
from problems.errors import InputError

__all__ = ["check_targets", "mean_labels"]


def mean_labels(
    where: NDArray[np.intp], counts: NDArray[np.int64], targets: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the mean target at each point: shape (K, C).

    Parameters
    ----------
    where
        The number of each sample's point: shape (n,), entries 0..K-1.
    counts
        How many samples sit at each point: shape (K,).
    targets
        Real finite targets: shape (n, C).

    Raises
    ------
    InputError
        If all means are zero.
    """
    largest = np.max(np.abs(targets)) or 1.0  # scaled by it, no sum of targets overflows
    labels = np.empty((len(counts), targets.shape[1]))
    for output, column in enumerate(targets.T):
        labels[:, output] = np.bincount(where, weights=column / largest)
    labels /= counts[:, None]
    # Labels that cancel at a point leave rounding behind: call it zero.
    labels[np.abs(labels) <= 1e-14] = 0.0
    labels *= largest
    if not np.any(labels):
        raise InputError(
            "All targets are zero at every distinct point (mean label), so no node is better than another; "
            "give targets that differ from zero."
        )
    return labels


def check_targets(y: ArrayLike, n: int) -> NDArray[np.float64]:
    """Return targets as shape (n, C), or refuse them.

    Raises
    ------
    InputError
        If they are no real numbers, differ in length from x, or hold NaN or infinite values.
    """
    given = as_numbers("y", y)
    if given.dtype.kind not in "iufb":
        raise InputError(
            "y is no array of real numbers; give targets of shape (n,) or (n, C), classes as -1/+1 or one column each."
        )
    targets = given.astype(float)
    if targets.ndim not in (1, 2) or (targets.ndim == 2 and targets.shape[1] == 0):
        raise InputError(f"y has shape {targets.shape}, but shape (n,) or (n, C) is needed; reshape it.")
    if len(targets) != n:
        raise InputError(f"x has {n} rows but y has {len(targets)}; give one target for each point.")
    if not np.all(np.isfinite(targets)):
        where = int(np.argwhere(~np.isfinite(targets))[0][0])
        raise InputError(f"y[{where}] is NaN or infinite; impute or drop that sample.")
    return targets.reshape(n, -1)
