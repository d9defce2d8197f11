"""The floor under any sampler that multiplies its strings with all points: that one product, in single precision."""

import numpy as np
from threadpoolctl import ThreadpoolController

__all__ = ["FloatProduct"]

BLOCK_ROWS = 1024
"""Rows multiplied at once, into an array that is there already."""


class FloatProduct:
    """A float32 product of shapes (n, D) and (D, K), block by block.

    Parameters
    ----------
    n, dimension, points
        n, D and K.
    threads
        How many threads BLAS uses.
    """

    def __init__(self, n: int, dimension: int, points: int, threads: int) -> None:
        rng = np.random.default_rng(0)
        self._rows = rng.random((n, dimension), dtype=np.float32)
        self._points = rng.random((points, dimension), dtype=np.float32)
        self._block = np.empty((min(n, BLOCK_ROWS), points), dtype=np.float32)
        self._libraries, self._threads = ThreadpoolController(), threads

    def limit(self):
        """Return a context in which BLAS has the threads; entered outside the timing."""
        return self._libraries.limit(limits=self._threads, user_api="blas")

    def run(self) -> None:
        """Multiply once."""
        with np.errstate(over="ignore", invalid="ignore"):  # see `problems.single_products`
            for start in range(0, len(self._rows), BLOCK_ROWS):
                rows = self._rows[start : start + BLOCK_ROWS]
                np.matmul(rows, self._points.T, out=self._block[: len(rows)])
