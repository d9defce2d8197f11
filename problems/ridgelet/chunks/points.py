"""The distinct points of data that stay on disk."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from problems.errors import OutOfReach
from problems.memory import readable_bytes
from problems.ridgelet.chunks.reading import ResidueRows

__all__ = ["ChunkedPoints"]

SPARSE = 16
"""Where of a range of rows only one in so many is wanted, they are read one by one."""


@dataclass(frozen=True, eq=False)
class ChunkedPoints:
    """The distinct rows of data on disk, in the order in which they appear first; `scanning.find_points` makes them.

    It is used as `problems.ridgelet.points.Points` is, but reads the data each time. Whoever needs all points takes
    `chunks`, in the order of the file; what is taken in any other order is read row by row. K is the number of points.

    Attributes
    ----------
    source
        The rows as residues: shape (n, D).
    rows
        The row where each distinct point stands first: shape (K,), ascending.
    codes
        Of each point the values of `functionals` functionals as one number (`problems.ridgelet.tails`): shape (K,), all
        different.
    functionals
        How many functionals that are.
    chunk
        Rows that are read at once, at most.
    memory
        Bytes that working with them may take, beside the interpreter and its libraries.
    """

    source: ResidueRows
    rows: NDArray[np.int64]
    codes: NDArray[np.uint64]
    functionals: int
    chunk: int
    memory: int

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def shape(self) -> tuple[int, int]:
        """The shape (K, D)."""
        return len(self.rows), self.source.shape[1]

    @property
    def sparse(self) -> bool:
        """Whether what `take` returns is sparse: never."""
        return False

    @property
    def entries_in_a_row(self) -> int:
        """The number of entries read for a point, D."""
        return self.shape[1]

    @property
    def stored(self) -> int:
        """How many numbers a product with all points takes, K D."""
        return len(self) * self.shape[1]

    def chunks(self) -> Iterator[tuple[slice, NDArray[np.unsignedinteger]]]:
        """Read all points once, in the order of the file.

        Yields
        ------
        tuple
            Which points, at most `chunk` of them, and their residues: shape (m, D), contiguous, of one type throughout.
        """
        return self.part(int(self.rows[0]), int(self.rows[-1]) + 1)

    def part(self, start: int, stop: int) -> Iterator[tuple[slice, NDArray[np.unsignedinteger]]]:
        """Read the points that stand first in rows `start`..`stop`-1, as `chunks` does."""
        for first in range(start, stop, self.chunk):
            last = min(first + self.chunk, stop)
            low, high = (int(place) for place in np.searchsorted(self.rows, [first, last]))
            if low < high:
                yield slice(low, high), self._window(self.rows[low:high])

    def take(self, index: slice | NDArray[np.integer]) -> NDArray[Any]:
        """Return the points with these numbers: shape (m, D), in the smallest unsigned type that holds them."""
        wanted = self.rows[index]
        if len(wanted) < 2 or np.all(wanted[1:] > wanted[:-1]):
            return self._taken(wanted)
        ordered, where = np.unique(wanted, return_inverse=True)
        return self._taken(ordered)[where.reshape(-1)]

    def dense(self) -> NDArray[np.int64]:
        """Return all distinct points, shape (K, D), as a new array.

        Raises
        ------
        OutOfReach
            If they take more memory than they may.
        """
        needed = 8 * self.stored
        if needed > self.memory:
            raise OutOfReach(
                f"Holding {len(self)} points on disk at once takes {readable_bytes(needed)}, and memory = "
                f"{readable_bytes(self.memory)} may be taken; take what passes over them by chunks, as the "
                "dequantized sampler, or give more memory."
            )
        points = np.empty(self.shape, dtype=np.int64)
        for which, rows in self.chunks():
            points[which] = rows
        return points

    def _taken(self, rows: NDArray[np.int64]) -> NDArray[np.unsignedinteger]:
        """Read ascending rows, window by window."""
        found = np.empty((len(rows), self.shape[1]), dtype=self.source.kind)
        start = 0
        while start < len(rows):
            stop = int(np.searchsorted(rows, rows[start] + self.chunk))
            found[start:stop] = self._window(rows[start:stop])
            start = stop
        return found

    def _window(self, rows: NDArray[np.int64]) -> NDArray[np.unsignedinteger]:
        """Read ascending rows that lie within one chunk."""
        first, last = int(rows[0]), int(rows[-1]) + 1
        if last - first == len(rows):
            return self.source.read(first, last)
        if SPARSE * len(rows) < last - first:
            return np.concatenate([self.source.read(int(row), int(row) + 1) for row in rows])
        return self.source.read(first, last)[rows - first]
