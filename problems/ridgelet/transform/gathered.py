"""The transform compiled, point by point: the products of the sampler, and behind them the values of r."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from problems.compiling import compiled
from problems.finite_field import residue_type, row_blocks
from problems.registers import LANES, add, load_vector, store_vector
from problems.ridgelet.points import Points
from problems.ridgelet.products.residues import residue_products, scatter
from problems.threads import fill, pieces

__all__ = ["GatheredTransform"]

POSITIONS = 2**15
"""Points whose products are held at once: with the nodes of a piece, tens of MiB for each thread."""

CELLS = 2**22
"""Cells of histograms held at once for each thread, at most, unless one line takes more."""

FEW, WIDTH = 32, 1024
"""Nodes and points whose values of r are written down at once, for the matrix product with several outputs."""


class GatheredTransform:
    """The compiled transform for primes up to 1,021 and points of any kind.

    Parameters
    ----------
    data, amplitudes, ridgelet
        As for `compiled_transform`.
    """

    def __init__(self, data: Points, amplitudes: NDArray[np.float64], ridgelet: NDArray[np.float64]) -> None:
        self._prime, self._rows, self._cost = len(ridgelet), data.rows, data.stored
        self._multiply = residue_products(data, self._prime)
        self._amplitudes, self._outputs = np.ascontiguousarray(amplitudes), amplitudes.shape[1]
        # r(t) and r(-t), twice: r(t - b) for all t is a part of the one, and for all b of the other.
        self._forward = np.tile(ridgelet, 2)
        self._backward = np.tile(np.roll(ridgelet[::-1], 1), 2)

    def at(self, a: NDArray[np.integer], b: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the sums at nodes a (n, D) and b (n,): shape (n, C)."""
        values, b = np.zeros((len(a), self._outputs)), np.ascontiguousarray(b)

        def add(rows: slice) -> None:
            for points, products in self._products(a[rows]):
                if self._outputs == 1:
                    _add_one(products, self._amplitudes[points, 0], self._forward, b[rows], values[rows])
                else:
                    _add_several(products, self._amplitudes[points], self._forward, b[rows], values[rows])

        fill(add, pieces(len(a), self._cost))
        return values

    def squared_lines(self, a: NDArray[np.integer]) -> NDArray[np.float64]:
        """Return the squares of the sums, added up over the outputs, for each a (n, D) and every b: shape (n, P)."""
        squares = np.zeros((len(a), self._prime))

        def add(rows: slice) -> None:
            histograms = np.zeros((rows.stop - rows.start, self._outputs, self._prime))
            self._count(a[rows], histograms)
            _add_squares(histograms, self._backward, squares[rows])

        fill(add, self._pieces(len(a)))
        return squares

    def add_histograms(self, a: NDArray[np.integer], histograms: NDArray[np.float64]) -> None:
        """Add H(t), the sum of h_m over a.x_m = t, for each a (n, D), output and t, to histograms (n, C, P)."""
        fill(lambda rows: self._count(a[rows], histograms[rows]), self._pieces(len(a)))

    def _pieces(self, n: int) -> Iterator[slice]:
        return pieces(n, self._cost, max(1, min(1024, CELLS // (self._outputs * self._prime))))

    def _count(self, a: NDArray[np.integer], histograms: NDArray[np.float64]) -> None:
        for points, products in self._products(a):
            if self._outputs == 1:
                _count_one(products, self._amplitudes[points, 0], histograms)
            else:
                _count_several(products, self._padded, points.start, histograms)

    @cached_property
    def _padded(self) -> NDArray[np.float64]:
        """The amplitudes of each point in whole vectors, flat."""
        return np.pad(self._amplitudes, ((0, 0), (0, -self._outputs % LANES))).reshape(-1)

    def _products(self, a: NDArray[np.integer]) -> Iterator[tuple[slice, Any]]:
        """Yield the products of nodes a (n, D) with some points at a time: which ones, and shape (n, m)."""
        u = a.astype(residue_type(self._prime), order="C")
        even = len(u) + len(u) % 2
        room = np.empty(even * min(POSITIONS, len(self._rows)), dtype=u.dtype)
        for points in row_blocks(len(self._rows), 1, POSITIONS):
            products = room[: even * (points.stop - points.start)].reshape(even, -1)
            self._multiply(u, self._rows[points], products)
            yield points, products[: len(u)]


@compiled
def _add_one(products: Any, h: Any, forward: Any, b: Any, values: Any) -> None:
    """Add the sums of h_m r(t_m - b) over some points to values (n, 1), given the products t (n, m)."""
    prime, whole = forward.size // 2, h.size // 4 * 4
    for i in range(b.size):
        t, r = products[i], forward[prime - b[i] :]
        sum_1, sum_2, sum_3, sum_4 = 0.0, 0.0, 0.0, 0.0
        for m in range(0, whole, 4):  # four sums: none waits for the addition before
            sum_1 += h[m] * r[t[m]]
            sum_2 += h[m + 1] * r[t[m + 1]]
            sum_3 += h[m + 2] * r[t[m + 2]]
            sum_4 += h[m + 3] * r[t[m + 3]]
        for m in range(whole, h.size):
            sum_1 += h[m] * r[t[m]]
        values[i, 0] += (sum_1 + sum_2) + (sum_3 + sum_4)


@compiled
def _add_several(products: Any, h: Any, forward: Any, b: Any, values: Any) -> None:
    """Add the same to values (n, C) for several outputs, given h (m, C): matrix products of the values of r."""
    prime, (n, count) = forward.size // 2, products.shape
    room = np.zeros(FEW * WIDTH)
    for start in range(0, count, WIDTH):
        stop = min(start + WIDTH, count)
        gathered = room[: FEW * (stop - start)].reshape(FEW, stop - start)
        for first in range(0, n, FEW):
            last = min(first + FEW, n)
            for i in range(first, last):
                t, r, line = products[i, start:stop], forward[prime - b[i] :], gathered[i - first]
                for m in range(t.size):
                    line[m] = r[t[m]]
            # Always of one shape, so that no rounding depends on what else is computed.
            summed = np.dot(gathered, h[start:stop])
            for i in range(first, last):
                for output in range(values.shape[1]):
                    values[i, output] += summed[i - first, output]


@compiled
def _count_one(products: Any, h: Any, histograms: Any) -> None:
    """Add amplitudes (m,) to the histograms over the products (n, m): shape (n, 1, P)."""
    for i in range(len(products)):
        scatter(products[i], h, histograms[i, 0])


@compiled
def _count_several(products: Any, padded: Any, start: int, histograms: Any) -> None:
    """Add padded amplitudes, from position `start` on, to the histograms over the products (n, m): shape (n, C, P)."""
    n, outputs, prime = histograms.shape
    width = -(-outputs // LANES) * LANES
    table = np.empty(prime * width)
    for i in range(n):
        row, table[:] = products[i], 0.0
        for m in range(row.size):
            to, at = row[m] * width, (start + m) * width
            for output in range(0, width, LANES):
                total = add(load_vector(table, to + output), load_vector(padded, at + output))
                store_vector(table, to + output, total)
        for output in range(outputs):
            line = histograms[i, output]
            for t in range(prime):
                line[t] += table[t * width + output]


@compiled(fastmath={"contract"})
def _add_squares(histograms: Any, backward: Any, squares: Any) -> None:
    """Add the squares of sum_t H(t) r(t - b) for all outputs and every b to squares (n, P)."""
    n, outputs, prime = histograms.shape
    line = np.empty(prime)
    for i in range(n):
        for output in range(outputs):
            histogram = histograms[i, output]
            line[:] = 0.0
            for t in range(0, prime // 4 * 4, 4):  # four at once: the line is read and written less often
                h_1, h_2, h_3, h_4 = histogram[t], histogram[t + 1], histogram[t + 2], histogram[t + 3]
                r_1, r_2 = backward[prime - t :], backward[prime - t - 1 :]
                r_3, r_4 = backward[prime - t - 2 :], backward[prime - t - 3 :]
                for b in range(prime):
                    line[b] += (h_1 * r_1[b] + h_2 * r_2[b]) + (h_3 * r_3[b] + h_4 * r_4[b])
            for t in range(prime // 4 * 4, prime):
                h, r = histogram[t], backward[prime - t :]
                for b in range(prime):
                    line[b] += h * r[b]
            row = squares[i]
            for b in range(prime):
                row[b] += line[b] * line[b]
