"""The transform in plain NumPy: the readable reference, for every prime."""

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from problems.finite_field import row_blocks, scalar_products
from problems.ridgelet.points import Points

__all__ = ["NumpyTransform"]


class NumpyTransform:
    """The transform in blocks of nodes and of points: beyond nodes and result, memory is bounded.

    Parameters
    ----------
    data, amplitudes, ridgelet
        As for `compiled_transform`.
    """

    def __init__(self, data: Points, amplitudes: NDArray[np.float64], ridgelet: NDArray[np.float64]) -> None:
        self._data, self._amplitudes, self._ridgelet = data, amplitudes, ridgelet

    def at(self, a: NDArray[np.integer], b: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the sums at nodes a (n, D) and b (n,): shape (n, C). O(K D) a node, O(nonzeros) for sparse points."""
        data, prime = self._data, len(self._ridgelet)
        values = np.zeros((len(a), self._amplitudes.shape[1]))
        for block in row_blocks(len(data), data.entries_in_a_row):
            points, amplitudes = data.take(block), self._amplitudes[block]
            for rows in row_blocks(len(a), max(len(amplitudes), data.shape[1])):
                t = scalar_products(a[rows], points, prime) - b[rows, None]
                values[rows] += self._ridgelet[t] @ amplitudes  # from -P on: a negative index counts from the end
        return values

    def squared_lines(self, a: NDArray[np.integer]) -> NDArray[np.float64]:
        """Return the squares of the sums, added up over the outputs, for each a (n, D) and every b: shape (n, P).

        With H(t) the sum of amplitudes over the points of a.x = t, the sum at b is the cyclic correlation
        sum_t H(t) r(t - b): all P nodes of a line cost one pass over the points, O(K D + P log P).
        """
        data, prime, outputs = self._data, len(self._ridgelet), self._amplitudes.shape[1]
        ridgelet = fft.rfft(self._ridgelet).conj()
        squares = np.empty((len(a), prime))
        widest = max(prime * outputs, min(len(data), 4096), data.shape[1])
        for rows in row_blocks(len(a), widest):
            n = rows.stop - rows.start
            sums = np.zeros((outputs, n * prime))
            for block in row_blocks(len(data), max(data.entries_in_a_row, 512)):
                products = scalar_products(a[rows], data.take(block), prime)
                where = (products + prime * np.arange(n)[:, None]).ravel()
                for output, amplitudes in enumerate(self._amplitudes[block].T):
                    weights = np.broadcast_to(amplitudes, products.shape).ravel()
                    sums[output] += np.bincount(where, weights=weights, minlength=n * prime)
            values = fft.irfft(fft.rfft(sums.reshape(outputs, n, prime)) * ridgelet, n=prime)
            squares[rows] = np.sum(values**2, axis=0)
        return squares
