"""Quantiles of many features in one pass, in bounded memory, with a bound on their error.

Values are kept in buffers of equal size. Two buffers whose values stand for equally many rows become one: their values
are sorted together, and every second one is kept, which then stands for twice as many (Manku, Rajagopalan and Lindsay
1998, "Approximate medians and other quantiles in one pass and with limited memory"). Nothing is random.
"""

import numpy as np
from numpy.typing import NDArray

from problems.errors import InputError

__all__ = ["QuantileSketch", "buffer_rows"]

MOST_BYTES = 2**26
"""Bytes of all buffers together, about, unless they would be shorter than `LEAST_ROWS`."""

LEAST_ROWS = 256
"""Values of a buffer, at least; an even number."""


def buffer_rows(count: int, features: int) -> int:
    """Return how many values a buffer has for `count` rows of so many features."""
    rows = 2**16
    while rows > LEAST_ROWS and 8 * features * rows * (2 + max(0, -(-count // rows)).bit_length()) > MOST_BYTES:
        rows //= 2
    return rows


class QuantileSketch:
    """Buffers of values of features, to which rows are added in any number at a time.

    Parameters
    ----------
    features
        The number of features D.
    rows
        Values of a buffer, an even number.

    Attributes
    ----------
    count
        Rows that were added.
    error
        Bound on the error of a rank, as a share of all rows: the true share of rows below what `quantiles` returns
        differs from the one asked for by no more than this and what equal values have. 0 as long as all rows are kept.
    """

    def __init__(self, features: int, rows: int) -> None:
        self._rows, self._features = rows, features
        self._levels: list[NDArray[np.float64] | None] = []
        self._waiting: list[NDArray[np.float64]] = []
        self._lost, self.count = 0, 0

    @property
    def error(self) -> float:
        """Bound on the error of a rank, as a share of all rows."""
        return self._lost / self.count if self.count else 0.0

    def add(self, values: NDArray[np.float64]) -> None:
        """Add rows (m, D) of finite numbers."""
        self.count += len(values)
        start = 0
        while start < len(values):
            missing = self._rows - sum(map(len, self._waiting))
            part = values[start : start + missing]
            self._waiting.append(np.array(part, dtype=float))
            start += len(part)
            if len(part) == missing:
                full, self._waiting = np.sort(np.concatenate(self._waiting), axis=0), []
                self._insert(full, 0)

    def quantiles(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the values below which these shares of the rows lie: shape (shares, D).

        Raises
        ------
        InputError
            If no row was added.
        """
        if self.count == 0:
            raise InputError("No row was added, so there are no quantiles; add some.")
        held = [(1, part) for part in self._waiting]
        held += [(1 << level, buffer) for level, buffer in enumerate(self._levels) if buffer is not None]
        values = np.concatenate([part for _, part in held])
        if self._lost == 0:
            # Halved, so that differences of the largest floats do not overflow.
            return np.asarray(2 * np.quantile(values / 2, shares, axis=0))
        weights = np.concatenate([np.full(len(part), weight) for weight, part in held])
        found = np.empty((len(shares), self._features))
        for feature in range(self._features):
            order = np.argsort(values[:, feature], kind="stable")
            running = np.cumsum(weights[order])
            place = np.searchsorted(running, shares * self.count)
            found[:, feature] = values[order[np.minimum(place, len(order) - 1)], feature]
        return found

    def _insert(self, buffer: NDArray[np.float64], level: int) -> None:
        """Put a sorted buffer where there is none, or join it with the one that is there."""
        while level < len(self._levels) and (other := self._levels[level]) is not None:
            # Every second value, the lower ones and the higher ones by turns of the levels.
            buffer = np.sort(np.concatenate([buffer, other]), axis=0)[level % 2 :: 2]
            self._levels[level] = None
            self._lost += 1 << level
            level += 1
        if level == len(self._levels):
            self._levels.append(None)
        self._levels[level] = buffer
