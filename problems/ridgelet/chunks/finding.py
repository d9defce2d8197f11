"""Rows looked up among the distinct points of a problem, by the codes that the points have."""

import numpy as np
from numpy.typing import NDArray

from problems.ridgelet.chunks.points import ChunkedPoints
from problems.ridgelet.tails import functionals, point_codes

__all__ = ["PointFinder"]


class PointFinder:
    """Finds points by their codes; a row of the same code is compared with its point in full.

    Parameters
    ----------
    points
        The K distinct points.
    """

    def __init__(self, points: ChunkedPoints) -> None:
        self._points, self._prime = points, points.source.prime
        self._tail = functionals(
            np.random.default_rng(0), range(points.functionals), points.shape[1], points.source.prime
        )
        self._order = np.argsort(points.codes)
        self._sorted = points.codes[self._order]

    def numbers(self, rows: NDArray[np.unsignedinteger]) -> NDArray[np.int64]:
        """Return the number of the point that each row (m, D) equals: shape (m,), -1 where there is none."""
        codes = point_codes(rows, self._tail, self._prime)
        places = np.minimum(np.searchsorted(self._sorted, codes), len(self._sorted) - 1)
        found = np.full(len(rows), -1, dtype=np.int64)
        alike = np.flatnonzero(self._sorted[places] == codes)
        step = self._points.chunk
        for some in (alike[first : first + step] for first in range(0, len(alike), step)):
            numbers = self._order[places[some]]
            same = np.all(self._points.take(numbers) == rows[some], axis=1)
            found[some[same]] = numbers[same]
        return found
