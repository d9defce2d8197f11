"""Some of the rows of a source, in their order: a part that is held out, or all but that."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from problems.errors import InputError
from problems.rows.source import RowSource

__all__ = ["SomeRows", "row_number"]

PARTS = 4
"""Rows are picked from windows of one in so many of those that are wanted: so much is held beside them."""


class SomeRows:
    """Some of the rows of a source, by their numbers; see `problems.rows.RowSource`.

    A range of them is read in the order of the source, and all rows between its first and its last one with it.

    Parameters
    ----------
    source
        All rows.
    numbers
        Those that are kept: shape (m,), ascending, each once.
    beside
        Bytes that are held beside them as long as they are, as those of another part: they count as held.

    Raises
    ------
    InputError
        If they are no ascending numbers of rows.
    """

    def __init__(self, source: RowSource, numbers: NDArray[np.integer], beside: int = 0) -> None:
        count = source.shape[0]
        ascending = bool(np.all(numbers[1:] > numbers[:-1]))
        if not ascending or (len(numbers) and not 0 <= numbers[0] <= numbers[-1] < count):
            raise InputError(f"Rows of {source.name} are kept by ascending numbers 0..{count - 1}; give each once.")
        # The smallest type, because there are as many numbers as rows.
        self._source, self._numbers = source, numbers.astype(np.min_scalar_type(max(0, count - 1)))
        self.name, self.dtype, self.shared = source.name, source.dtype, source.shared
        self.shape = (len(numbers), *source.shape[1:])
        self.held = source.held + self._numbers.nbytes + beside

    def kept(self, places: NDArray[np.integer]) -> "SomeRows":
        """Return some of these rows, by their places 0..m-1, ascending."""
        return SomeRows(self._source, self._numbers[places], self.held - self._source.held)

    def number(self, place: int) -> int:
        """Return the number in the source of the row at a place."""
        return int(self._numbers[place])

    def read(self, start: int, stop: int) -> NDArray[Any]:
        """Return rows `start`..`stop`-1; see `problems.rows.RowSource`."""
        wanted = self._numbers[start:stop].astype(np.int64)
        found = np.empty((len(wanted), *self.shape[1:]), dtype=self.dtype)
        window, place = max(1, len(wanted) // PARTS), 0
        while place < len(wanted):
            first = wanted[place]
            end = int(np.searchsorted(wanted, first + window))
            rows = self._source.read(int(first), int(wanted[end - 1]) + 1)
            found[place:end] = rows[wanted[place:end] - first]
            place = end
        return found


def row_number(source: RowSource, place: int) -> int:
    """Return the number by which a user knows a row: where it stands in the file, whatever part of it is read."""
    return source.number(place) if isinstance(source, SomeRows) else place
