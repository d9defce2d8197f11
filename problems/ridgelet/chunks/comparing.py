"""Rows of equal codes, held against each other entry by entry."""

import numpy as np
from numpy.typing import NDArray

from problems.ridgelet.chunks.points import ChunkedPoints

__all__ = ["all_equal", "first_of_each_code"]


def first_of_each_code(codes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return the number of the first row that has the same code as each row: shape (n,). Codes are sorted, no rows."""
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    new = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    first = np.empty(len(codes), dtype=np.int64)
    first[order] = order[new][np.cumsum(new) - 1]
    return first


def all_equal(points: ChunkedPoints, later: NDArray[np.int64], first: NDArray[np.int64]) -> bool:
    """Tell whether each of some rows, (m,) ascending, equals the first row of its code, (m,).

    The rows that others are compared with are held a chunk at a time; all of them are read once, and the others too.

    Parameters
    ----------
    points
        All rows as points.
    later, first
        Numbers of rows.
    """
    kept = np.unique(first)
    for start in range(0, len(kept), points.chunk):
        numbers = kept[start : start + points.chunk]
        rows = points.take(numbers)
        here = np.flatnonzero((first >= numbers[0]) & (first <= numbers[-1]))
        for part in range(0, len(here), points.chunk):
            which = here[part : part + points.chunk]
            if not np.array_equal(points.take(later[which]), rows[np.searchsorted(numbers, first[which])]):
                return False
    return True
