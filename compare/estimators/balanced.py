"""Quantile levels of which no single value takes more than one, so that rare values keep levels of their own."""

import numpy as np
from numpy.typing import NDArray

from problems.quantizers import QuantileQuantizer

__all__ = ["BalancedQuantizer"]


class BalancedQuantizer(QuantileQuantizer):
    """P levels that hold equally many training values each, a value counting at most as much as one level holds.

    `QuantileQuantizer` puts a feature that is 0 in 97 of 100 samples and 1 in the others on one level, and it is lost.
    Here the 97 count as much as the other 3. So up to P distinct values get a level each, however rare they are, and
    beside a value that most samples have the others spread over P - 1 levels. Features in which no value repeats more
    often than a level holds are cut exactly as by `QuantileQuantizer`.
    """

    def _edges(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        edges = super()._edges(x)
        for feature, column in enumerate(x.T):
            values, counts = np.unique(column, return_counts=True)
            if counts.max() * self.prime > len(column):
                edges[feature] = self._balanced(values, counts)
        return edges

    def _balanced(self, values: NDArray[np.float64], counts: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return edges, shape (P-1,), for ascending values (k,) that stand so often in a feature."""
        counted = np.minimum(counts, _most(counts, self.prime))
        before = np.cumsum(counted) - counted
        # Added, so that a level that starts with a value is not missed by rounding.
        level = np.floor(self.prime * before / counted.sum() + 1e-9)
        first = np.searchsorted(level, np.arange(1, self.prime))
        return np.append(values, np.inf)[first]


def _most(counts: NDArray[np.int64], levels: int) -> float:
    """Return what a value counts at most: the c with sum min(count, c) = levels c, or the least count if c were 0."""
    falling = np.sort(counts)[::-1]
    left = float(falling.sum())
    # With the m most frequent values cut down to c, the others sum to (levels - m) c.
    for m, count in enumerate(falling[: levels - 1]):
        if count * (levels - m) <= left:
            return left / (levels - m)
        left -= count
    return left or float(falling[-1])
