"""The transform compiled for P = 2 and 3 and dense points, 64 of them in a word.

All that is asked of the points is the sum of h over those of a.x = 1, and for P = 3 over those of a.x = 2 as well: the
rest of them has a.x = 0. So all P nodes of a line cost no more than one.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from problems.compiling import compiled
from problems.finite_field import row_blocks
from problems.registers import (
    LANES,
    add,
    load_vector,
    multiply_add,
    store_vector,
    sum_of,
    zero_vector,
)
from problems.ridgelet.points import Points
from problems.ridgelet.products.planes import BLOCK, TABULATED, aligned, bit_table, look_up, multiply, pack
from problems.threads import fill, pieces

__all__ = ["PackedTransform"]

KEPT = 2**28
"""Bytes of packed points that are kept, at most; more of them are packed anew for each call."""

PART = 128
"""Blocks of points that are multiplied at once: with the nodes handled at once, a few MiB for each thread."""

NODES = 256
"""Nodes handled at once, at most."""

SPAN = 8
"""Blocks of amplitudes that all nodes use before the next ones are read: they stay in the cache."""

NIBBLES, CODES = 16, 16
"""Groups of four positions in a word, and what their bits can be."""


class PackedTransform:
    """The compiled transform for P = 2 and 3 and dense points.

    Parameters
    ----------
    data, amplitudes, ridgelet
        As for `compiled_transform`.
    """

    def __init__(self, data: Points, amplitudes: NDArray[np.float64], ridgelet: NDArray[np.float64]) -> None:
        self._prime, self._data, self._bits = len(ridgelet), data, bit_table()
        count, dimension = data.shape
        blocks, size = -(-count // BLOCK), TABULATED[self._prime]
        self._outputs, self._total = amplitudes.shape[1], np.sum(amplitudes, axis=0)
        # Several outputs stand in whole vectors.
        self._width = -(-self._outputs // LANES) * LANES if self._outputs > 1 else 1
        padded = np.zeros((blocks * BLOCK, self._width))
        padded[:count, : self._outputs] = amplitudes
        self._amplitudes = aligned(padded)
        self._coordinates = np.arange(-(-dimension // size) * size).reshape(-1, size)
        self._coordinates[self._coordinates >= dimension] = -1
        # r(t - b), and what it is more than r(-b), for each t and b.
        shifted = ridgelet[np.subtract.outer(np.arange(self._prime), np.arange(self._prime)) % self._prime]
        self._first, self._more = shifted[0], shifted[1:] - shifted[0]
        self._parts = list(row_blocks(blocks, 1, PART))
        kept = blocks * dimension * (self._prime - 1) * LANES * 8 <= KEPT
        self._planes = [self._pack(part) for part in self._parts] if kept else None

    def at(self, a: NDArray[np.integer], b: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the sums at nodes a (n, D) and b (n,): shape (n, C)."""
        values = self._first[b, None] * self._total
        for sums, more in zip(self._sums(a), self._more, strict=True):
            values += sums * more[b, None]
        return values

    def squared_lines(self, a: NDArray[np.integer]) -> NDArray[np.float64]:
        """Return the squares of the sums, added up over the outputs, for each a (n, D) and every b: shape (n, P)."""
        sums, squares = self._sums(a), np.zeros((len(a), self._prime))
        for b in range(self._prime):
            values = self._first[b] * self._total + sum(map(np.multiply, sums, self._more[:, b]))
            squares[:, b] = np.sum(values**2, axis=1)
        return squares

    def _sums(self, a: NDArray[np.integer]) -> NDArray[np.float64]:
        """Return the sums of h_m over the points of a.x_m = 1, ..., P - 1, weights a (n, D): shape (P - 1, n, C)."""
        # Nodes first, so that those of some nodes are contiguous as all are, and one compiled code serves for both.
        sums = np.zeros((len(a), self._prime - 1, self._outputs))
        for part, planes in zip(self._parts, self._planes or map(self._pack, self._parts), strict=True):
            amplitudes = self._amplitudes[part.start * BLOCK * self._width :]

            def work(rows: slice, planes: Any = planes, amplitudes: Any = amplitudes) -> None:
                digits = a[rows].astype(np.uint8, order="C")
                _add_sums(planes, self._coordinates, digits, amplitudes, self._bits, sums[rows])

            fill(work, pieces(len(a), max(1, self._data.stored // 16)))
        return sums.transpose(1, 0, 2)

    def _pack(self, part: slice) -> NDArray[np.uint64]:
        """Pack the points of some blocks: shape (blocks, D, P - 1, LANES), flat."""
        dimension = self._data.shape[1]
        planes = np.zeros((part.stop - part.start, dimension, self._prime - 1, LANES), dtype=np.uint64)
        for blocks in row_blocks(len(planes), BLOCK * dimension):
            first = part.start + blocks.start
            points = np.asarray(self._data.take(slice(BLOCK * first, BLOCK * (part.start + blocks.stop))))
            pack(np.ascontiguousarray(points.astype(np.uint8, copy=False)), planes[blocks])
        return planes.reshape(-1)


@compiled
def _add_sums(planes: Any, coordinates: Any, a: Any, amplitudes: Any, table: Any, sums: Any) -> None:
    """Add the sums over some packed points to sums (n, P - 1, C)."""
    (total, dimension), prime, outputs = a.shape, sums.shape[1] + 1, sums.shape[2]
    width = (prime - 1) * LANES
    blocks = planes.size // (dimension * width)
    for start in range(0, total, NODES):
        stop = min(start + NODES, total)
        codes = np.empty((len(coordinates), stop - start), dtype=np.uint8)
        products = np.zeros((stop - start) * blocks * width, dtype=np.uint64)
        _encode(prime, a[start:stop], codes)
        multiply(prime, dimension, planes, coordinates, codes, products)
        if outputs == 1:
            _add_one(products, blocks, amplitudes, table, sums[start:stop, :, 0])
        else:
            _add_several(products, blocks, amplitudes, sums[start:stop])


@compiled(inner=True)
def _encode(prime: int, a: Any, codes: Any) -> None:
    """Write as many coordinates of a (n, D) as a table holds as one number: shape (G, n)."""
    groups, n = codes.shape
    digits = np.zeros(4 * groups, dtype=np.uint8)  # with zeros behind
    for i in range(n):
        for j in range(a.shape[1]):  # one by one: assigning an array would take twice as long to compile as the rest
            digits[j] = a[i, j]
        if prime == 2:
            for group in range(groups):
                j = 4 * group
                codes[group, i] = digits[j] + 2 * digits[j + 1] + 4 * digits[j + 2] + 8 * digits[j + 3]
        else:
            for group in range(groups):
                codes[group, i] = digits[2 * group] + 3 * digits[2 * group + 1]


@compiled(inner=True)
def _add_one(products: Any, blocks: int, h: Any, table: Any, sums: Any) -> None:
    """Add the sums of h over the positions of each plane of products (blocks, n, P - 1, LANES) to sums (n, P - 1)."""
    n, planes = sums.shape
    bits = products.view(np.uint8)
    for origin in range(0, blocks, SPAN):
        for i in range(n):
            for plane in range(planes):
                sum_1, sum_2, sum_3, sum_4 = zero_vector(), zero_vector(), zero_vector(), zero_vector()
                # Bytes are looked up as eight numbers, 0 or 1: a branch for each bit could not be foretold.
                place = origin * BLOCK
                for block in range(origin, min(origin + SPAN, blocks)):
                    byte = ((block * n + i) * planes + plane) * BLOCK // 8
                    for _ in range(BLOCK // 32):  # four sums: none waits for the addition before
                        sum_1 = multiply_add(sum_1, load_vector(h, place), look_up(table, bits[byte]))
                        sum_2 = multiply_add(sum_2, load_vector(h, place + 8), look_up(table, bits[byte + 1]))
                        sum_3 = multiply_add(sum_3, load_vector(h, place + 16), look_up(table, bits[byte + 2]))
                        sum_4 = multiply_add(sum_4, load_vector(h, place + 24), look_up(table, bits[byte + 3]))
                        place, byte = place + 32, byte + 4
                sums[i, plane] += sum_of(add(add(sum_1, sum_2), add(sum_3, sum_4)))


@compiled(inner=True)
def _add_several(products: Any, blocks: int, h: Any, sums: Any) -> None:
    """Add the same for several outputs to sums (n, P - 1, C), eight of them at a time, word by word of positions.

    The sums over every four positions are tabulated, whatever bits they have.
    """
    n, planes, outputs = sums.shape
    width = -(-outputs // LANES) * LANES
    # With several outputs an amplitude is a vector already, and a table over bytes would be eight times as large.
    table, found = np.zeros(NIBBLES * CODES * LANES), np.zeros(planes * n * LANES)
    for first in range(0, outputs, LANES):
        found[:] = 0.0
        for word in range(blocks * LANES):
            block, lane = word // LANES, word % LANES
            for nibble in range(NIBBLES):
                for place in range(4):
                    amplitudes = load_vector(h, (64 * word + 4 * nibble + place) * width + first)
                    for code in range(1 << place, 2 << place):
                        before, to = nibble * CODES + code - (1 << place), nibble * CODES + code
                        store_vector(table, to * LANES, add(load_vector(table, before * LANES), amplitudes))
            for row in range(n * planes):
                bits = products[(block * n * planes + row) * LANES + lane]
                even, odd = load_vector(found, row * LANES), zero_vector()
                for nibble in range(0, NIBBLES, 2):
                    at = nibble * CODES + np.int64(bits & np.uint64(15))
                    even = add(even, load_vector(table, at * LANES))
                    at = (nibble + 1) * CODES + np.int64((bits >> np.uint64(4)) & np.uint64(15))
                    odd = add(odd, load_vector(table, at * LANES))
                    bits >>= np.uint64(8)
                store_vector(found, row * LANES, add(even, odd))
        for i in range(n):
            for plane in range(planes):
                for output in range(first, min(first + LANES, outputs)):
                    sums[i, plane, output] += found[(i * planes + plane) * LANES + output - first]
