"""A binary tree over points: splits by one bit each, and at the leaves small bundles, peeled point by point."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["MAX_DEPTH", "Bundle", "Split", "split_tree"]

MAX_DEPTH = 64
"""Splits above each other: a tree that needs more is of points that no bit splits evenly."""


@dataclass(frozen=True, eq=False)
class Bundle:
    """Points that are peeled off one by one.

    Attributes
    ----------
    rows
        The points' numbers, in this order; at least one.
    bits
        One fewer: of the points `rows[i:]`, the first alone has its value of bit `bits[i]`.
    """

    rows: NDArray[np.int64]
    bits: tuple[int, ...]

    @property
    def depth(self) -> int:
        """How many sets of points lie within each other: this one, and what is left after each peeling."""
        return len(self.rows)


@dataclass(frozen=True, eq=False)
class Split:
    """Points told apart by one bit.

    Attributes
    ----------
    rows
        The points' numbers.
    bit
        The bit.
    zero, one
        The points where it is 0, and those where it is 1.
    """

    rows: NDArray[np.int64]
    bit: int
    zero: "Bundle | Split"
    one: "Bundle | Split"

    @property
    def depth(self) -> int:
        """How many sets of points lie within each other, at most."""
        return 1 + max(self.zero.depth, self.one.depth)


def split_tree(points: NDArray[np.bool_], size: int) -> Bundle | Split | None:
    """Split points by bits until bundles of at most so many are left.

    Of all bits the one is taken that leaves the fewest bundles, and then the most even one.

    Parameters
    ----------
    points
        Distinct, shape (K, r), K >= 1.
    size
        The most points of a bundle, at least 1.

    Returns
    -------
    Bundle, Split or None
        None if more than `MAX_DEPTH` splits lie above each other.
    """
    return _tree(points, np.arange(len(points)), size, MAX_DEPTH)


def _tree(points: NDArray[np.bool_], rows: NDArray[np.int64], size: int, left: int) -> Bundle | Split | None:
    if len(rows) <= size and (bundle := _peeled(points, rows)) is not None:
        return bundle
    if left == 0:
        return None
    ones = points[rows].sum(axis=0)
    zeros = len(rows) - ones
    bundles = -(-ones // size) - (-zeros // size)
    splits = np.flatnonzero((ones > 0) & (zeros > 0))
    bit = int(splits[np.lexsort((np.abs(ones - zeros)[splits], bundles[splits]))[0]])
    value = points[rows, bit]
    zero, one = (_tree(points, rows[value == side], size, left - 1) for side in (False, True))
    return None if zero is None or one is None else Split(rows, bit, zero, one)


def _peeled(points: NDArray[np.bool_], rows: NDArray[np.int64]) -> Bundle | None:
    """Return a bundle, or None if some points of it have no bit that tells one from all others."""
    order, bits = [], []
    while len(rows) > 1:
        ones = points[rows].sum(axis=0)
        found = np.flatnonzero((ones == 1) | (ones == len(rows) - 1))
        if not len(found):
            return None
        bit = int(found[0])
        alone = np.flatnonzero(points[rows, bit] == (ones[bit] == 1))[0]
        order.append(rows[alone])
        bits.append(bit)
        rows = np.delete(rows, alone)
    return Bundle(np.array([*order, *rows]), tuple(bits))
