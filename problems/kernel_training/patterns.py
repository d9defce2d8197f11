"""Which pairs of training images a sparse kernel keeps: a ticket over pairs.

A pattern is a symmetric array of truth values with a true diagonal, shape (n, n); the sparse kernel is the dense one on
it, zero elsewhere. It need not be positive definite.

Source: `published` is that of the notebook to Zlokapa, Neven, Lloyd, arXiv:2107.09200, where it keeps about ln n pairs
a row; the others are ours.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.arrays import real_array
from problems.errors import InputError, choose
from problems.kernel_training.checks import two_labels
from problems.seeds import Seed, generator

__all__ = ["PATTERNS", "kept_pairs", "pattern", "sparse_kernel"]

Kept = NDArray[np.bool_]


def kept_pairs(n: int) -> int:
    """Return ln n rounded, at least 1: the pairs that a row keeps beside its diagonal."""
    return max(1, round(math.log(n)))


def published(kernel: NDArray[np.float64], labels: NDArray[np.float64], seed: Seed) -> Kept:
    """Keep random pairs of one class, as the published notebook does.

    A row draws Binomial(n, min(1, 2 ln n / n)) columns with replacement; the lower triangle is mirrored, pairs of
    opposite labels are dropped, and the diagonal is kept.
    """
    n, rng = len(kernel), generator(seed)
    kept = np.zeros((n, n), dtype=bool)
    for row, count in enumerate(rng.binomial(n, min(1.0, 2 * math.log(n) / n), n)):
        kept[row, rng.integers(0, n, count)] = True
    kept = np.tril(kept, -1)
    return (kept | kept.T) & (labels[:, None] == labels)


def offsets(kernel: NDArray[np.float64], labels: NDArray[np.float64], seed: Seed) -> Kept:
    """Keep i and i xor c, for ln n values of c drawn once: what a walk of few offsets encodes.

    Where n is no power of two, rows are padded to one, and pairs with what was padded are dropped.
    """
    n = len(kernel)
    padded = 1 << (n - 1).bit_length()
    drawn = generator(seed).choice(np.arange(1, padded), min(kept_pairs(n), padded - 1), replace=False)
    kept = np.zeros((n, n), dtype=bool)
    rows = np.arange(n)
    for offset in drawn:
        columns = rows ^ offset
        inside = columns < n
        kept[rows[inside], columns[inside]] = True
    return kept


def nearest(kernel: NDArray[np.float64], labels: NDArray[np.float64], seed: Seed) -> Kept:
    """Keep the ln n largest kernel values of each row, in absolute value, and their mirror images."""
    n = len(kernel)
    size = np.abs(kernel)
    np.fill_diagonal(size, -1)
    largest = np.argsort(-size, axis=1, kind="stable")[:, : min(kept_pairs(n), n - 1)]
    kept = np.zeros((n, n), dtype=bool)
    np.put_along_axis(kept, largest, True, axis=1)
    return kept | kept.T


def diagonal(kernel: NDArray[np.float64], labels: NDArray[np.float64], seed: Seed) -> Kept:
    """Keep no pair: nothing is inverted, and every training image votes with its kernel value."""
    return np.zeros(kernel.shape, dtype=bool)


def dense(kernel: NDArray[np.float64], labels: NDArray[np.float64], seed: Seed) -> Kept:
    """Keep every pair."""
    return np.ones(kernel.shape, dtype=bool)


PATTERNS: dict[str, Callable[[NDArray[np.float64], NDArray[np.float64], Seed], Kept]] = {
    "dense": dense,
    "published": published,
    "offsets": offsets,
    "nearest": nearest,
    "diagonal": diagonal,
}
"""Patterns by name; each is called with the kernel, shape (n, n), the labels -1 and +1, and a seed."""


def pattern(name: str, kernel: ArrayLike, labels: ArrayLike, seed: Seed = None) -> Kept:
    """Return which pairs a pattern keeps, shape (n, n), the diagonal among them.

    Parameters
    ----------
    name
        A name in `PATTERNS`.
    kernel
        Symmetric, shape (n, n).
    labels
        -1 and +1, shape (n,).
    seed
        For patterns that draw; the others ignore it.

    Raises
    ------
    InputError
        If there is no such pattern, the kernel is no symmetric matrix of finite numbers, or labels do not fit.
    """
    choose("pattern", name, PATTERNS)
    values, answers = real_array("kernel", kernel), two_labels("labels", labels)
    if values.ndim != 2 or values.shape[0] != values.shape[1]:
        raise InputError(f"kernel has shape {values.shape}; give a symmetric matrix, shape (n, n).")
    if not np.allclose(values, values.T, rtol=1e-10, atol=1e-12):
        raise InputError("kernel is not symmetric; give one value for each pair of images.")
    if answers.shape != values.shape[:1]:
        raise InputError(f"labels have shape {answers.shape}, and the kernel {len(values)} rows; give as many.")
    kept = PATTERNS[name](values, answers, seed)
    np.fill_diagonal(kept, True)
    return kept


def sparse_kernel(name: str, kernel: ArrayLike, labels: ArrayLike, seed: Seed = None) -> NDArray[np.float64]:
    """Return the kernel on a pattern, zero elsewhere, shape (n, n); see `pattern`."""
    values = np.asarray(kernel, dtype=float)
    return np.where(pattern(name, values, labels, seed), values, 0.0)
