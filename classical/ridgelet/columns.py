"""Columns of a problem's points: all at hand where these are in memory, a group at a time where they stay on disk."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from problems.ridgelet.chunks import ChunkedPoints
from problems.ridgelet.points import Points

__all__ = ["Columns", "columns_of"]

SHARE = 4
"""One in so many of the bytes that points on disk may take holds columns."""


class Columns:
    """Columns of points in memory.

    Parameters
    ----------
    data
        The points, shape (K, D).
    """

    def __init__(self, data: Points) -> None:
        rows: Any = data.take(slice(None))
        self._data, self._sparse = csc_array(rows) if data.sparse else rows, data.sparse

    def ends(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return the least and the largest entry of each column: shapes (D,)."""
        if not self._sparse:
            return self._data.min(axis=0), self._data.max(axis=0)
        low, high = (extreme(axis=0).toarray().reshape(-1) for extreme in (self._data.min, self._data.max))
        return low, high

    def expect(self, columns: NDArray[np.int64]) -> None:
        """Be told the columns that are asked for next, in their order: shape (n,)."""

    def take(self, columns: NDArray[np.int64]) -> NDArray[Any]:
        """Return columns: shape (K, m)."""
        found: Any = self._data[:, columns]
        return found.toarray() if self._sparse else found


class ChunkedColumns:
    """Columns of points on disk: what is not held is read, and with it what is asked for next, in one pass.

    Parameters
    ----------
    data
        The points.
    """

    def __init__(self, data: ChunkedPoints) -> None:
        self._data = data
        itemsize = np.dtype(data.source.kind).itemsize
        self._most = max(1, data.memory // SHARE // (len(data) * itemsize))
        self._held = np.empty(0, dtype=np.int64)
        self._values = np.empty((len(data), 0), dtype=data.source.kind)
        self._next = self._held

    def ends(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return the least and the largest entry of each column: shapes (D,)."""
        low, high = np.full(self._data.shape[1], np.iinfo(np.int64).max), np.full(self._data.shape[1], -1)
        for _, rows in self._data.chunks():
            np.minimum(low, rows.min(axis=0), out=low)
            np.maximum(high, rows.max(axis=0), out=high)
        return low, high

    def expect(self, columns: NDArray[np.int64]) -> None:
        """Be told the columns that are asked for next, in their order: shape (n,)."""
        self._next = columns.reshape(-1)

    def take(self, columns: NDArray[np.int64]) -> NDArray[Any]:
        """Return columns: shape (K, m)."""
        if np.array_equal(self._next[: len(columns)], columns):
            self._next = self._next[len(columns) :]
        if not np.all(np.isin(columns, self._held)):
            self._read(columns)
        places = np.searchsorted(self._held, columns)
        return self._values[:, places]

    def _read(self, columns: NDArray[np.int64]) -> None:
        """Hold these columns, and of those that come next as many as there is room for."""
        distinct, first = np.unique(np.concatenate([columns, self._next]), return_index=True)
        order = np.argsort(first)[: max(self._most, len(np.unique(columns)))]
        self._held = np.sort(distinct[order])
        self._values = np.empty((len(self._data), len(self._held)), dtype=self._data.source.kind)
        for which, rows in self._data.chunks():
            self._values[which] = rows[:, self._held]


def columns_of(data: Points | ChunkedPoints) -> Columns | ChunkedColumns:
    """Return the columns of points, wherever these are."""
    return ChunkedColumns(data) if isinstance(data, ChunkedPoints) else Columns(data)
