"""The transform of points on disk, chunk by chunk: each chunk is a few points in memory."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from problems.finite_field import row_blocks, scalar_products
from problems.ridgelet.chunks import ChunkedPoints
from problems.ridgelet.points import Points
from problems.ridgelet.transform import WORTHWHILE, Transform, compiled_transform
from problems.ridgelet.transform.reference import NumpyTransform

__all__ = ["ChunkedTransform"]


class ChunkedTransform:
    """The transform in one pass over the data for each call, in memory for a chunk and the result.

    Parameters
    ----------
    data, amplitudes, ridgelet
        As for `compiled_transform`.
    """

    def __init__(self, data: ChunkedPoints, amplitudes: NDArray[np.float64], ridgelet: NDArray[np.float64]) -> None:
        self._data, self._amplitudes, self._ridgelet = data, amplitudes, ridgelet

    def at(self, a: NDArray[np.integer], b: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the sums at nodes a (n, D) and b (n,): shape (n, C)."""
        values = np.zeros((len(a), self._amplitudes.shape[1]))
        for transform in self._transforms(len(a)):
            values += transform.at(a, b)
        return values

    def squared_lines(self, a: NDArray[np.integer]) -> NDArray[np.float64]:
        """Return the squares of the sums, added up over the outputs, for each a (n, D) and every b: shape (n, P)."""
        prime, outputs = len(self._ridgelet), self._amplitudes.shape[1]
        histograms = np.zeros((len(a), outputs, prime))
        for which, points in self._data.chunks():
            transform = self._transform(which, points, len(a))
            if hasattr(transform, "add_histograms"):
                transform.add_histograms(a, histograms)
                continue
            for rows in row_blocks(len(a), max(len(points), prime * outputs)):
                products = scalar_products(a[rows], points, prime)
                cells = (products + prime * np.arange(len(products))[:, None]).ravel()
                for output, amplitudes in enumerate(self._amplitudes[which].T):
                    weights = np.broadcast_to(amplitudes, products.shape).ravel()
                    found = np.bincount(cells, weights, prime * len(products))
                    histograms[rows, output] += found.reshape(-1, prime)
        spectrum = fft.rfft(self._ridgelet).conj()
        squares: NDArray[np.float64] = np.sum(fft.irfft(fft.rfft(histograms) * spectrum, n=prime) ** 2, axis=1)
        return squares

    def _transforms(self, n: int) -> Iterator[Transform]:
        """Yield the transforms of the chunks."""
        for which, points in self._data.chunks():
            yield self._transform(which, points, n)

    def _transform(self, which: slice, points: NDArray[np.unsignedinteger], n: int) -> Transform:
        make = NumpyTransform if n * points.size < WORTHWHILE else compiled_transform
        return make(Points(points, np.arange(len(points))), self._amplitudes[which], self._ridgelet)
