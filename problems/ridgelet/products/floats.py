"""The one matrix product of the algorithm, compiled: u.x_m mod P for a few hundred nodes and all positions.

Dense points go through the single-precision product of BLAS with centered residues, in chunks of coordinates short
enough that it is exact. Where chunks can be long even so, two nodes travel in each number: the left factor holds
u + B u' for two of them, the product u.x + B u'.x stays below 2^24, and both are read off again. That halves the cost.
Sparse points cost their nonzeros.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from problems.compiling import compiled
from problems.finite_field import residue_type, row_blocks
from problems.registers import ROUND, ROUND_SINGLE
from problems.ridgelet.points import Points

__all__ = ["Packing", "as_they_are", "choose_packing", "dense_products", "read_only", "sparse_products"]

EXACT = 2**24
"""Whole numbers up to here are exact in single precision."""

PAIRED = 2894
"""Products up to here can travel in pairs: PAIRED (BASE + 1) < 2^24."""

BASE = np.float32(2 * PAIRED + 3)
"""A product's distance from half of it, 3/2, is more than the rounding of the quotient that reads the upper one."""

ACROSS = 2**20
"""Numbers of nodes turned on their side at once for sparse points, at most, or 16 nodes."""

COLUMNS = 256
"""Positions of one product."""


@dataclass(frozen=True)
class Packing:
    """How the product is cut.

    Attributes
    ----------
    chunk
        Coordinates of one product, which stays exact.
    paired
        Whether two nodes travel in each number.
    """

    chunk: int
    paired: bool


def read_only(points: Any) -> NDArray[Any]:
    """Return a view of dense points as files are mapped, so that one compiled code serves for all of them."""
    view: NDArray[Any] = np.asarray(points).view()
    view.flags.writeable = False
    return view


def as_they_are(points: NDArray[Any], prime: int) -> bool:
    """Return whether points have the type and the order that the products are compiled for; others are copied first."""
    flags = points.flags
    return bool(points.dtype == residue_type(prime) and flags.c_contiguous and flags.aligned)


def choose_packing(data: Points, prime: int) -> Packing:
    """Choose the widest chunks whose products can travel in pairs, or if those are too narrow, go alone.

    With residues of at most P//2, |u.x| <= (P//2) |x|_1: the largest norm of a chunk decides.
    """
    dimension, half = data.shape[1], prime // 2
    alone = Packing(min(dimension, max(1, (EXACT - 1) // half**2)), False)
    if data.sparse:
        return alone
    points, few = read_only(data.array), data.rows[:64]
    for width in [min(dimension, 128), *(width for width in (64, 32) if width < dimension)]:
        if -(-dimension // width) * PAIRED >= EXACT:
            continue  # their sum over the chunks would not be exact
        # A few points tell at once where it cannot be.
        if all(half * _largest_of(points, rows, prime, width) <= PAIRED for rows in (few, data.rows)):
            return Packing(width, True)
    return alone


def _largest_of(points: NDArray[Any], rows: NDArray[np.intp], prime: int, width: int) -> int:
    """Return the largest norm of a chunk, of points of any type and order."""
    if as_they_are(points, prime):
        return int(_largest_norm(points, rows, prime, width))
    largest = 0
    for part in row_blocks(len(rows), points.shape[1]):
        some = np.ascontiguousarray(points[rows[part]], dtype=residue_type(prime))
        largest = max(largest, _largest_norm(read_only(some), np.arange(len(some)), prime, width))
    return largest


@compiled
def _largest_norm(points: Any, rows: Any, prime: int, width: int) -> int:
    """Return the largest sum of |x_j|, centered, over one chunk of one point."""
    dimension, largest = points.shape[1], np.int32(0)
    half, modulus = np.int32(prime // 2), np.int32(prime)
    for row in rows:
        for first in range(0, dimension, width):
            chunk, norm = points[row, first : min(first + width, dimension)], np.int32(0)
            for j in range(chunk.size):
                digit = np.int32(chunk[j])
                norm += modulus - digit if digit > half else digit
            largest = max(largest, norm)
    return int(largest)


@compiled(inner=True)
def _center(digits: Any, rows: Any, first: int, prime: int, out: Any) -> None:
    """Write some coordinates of some rows of residues as centered numbers."""
    divisor, half = np.float32(prime), np.float32(prime // 2)
    for i in range(len(out)):
        row, to = digits[rows[i], first : first + out.shape[1]], out[i]
        for j in range(to.size):
            digit = np.float32(row[j])
            to[j] = digit - divisor if digit > half else digit


@compiled(inner=True)
def _center_pairs(digits: Any, first: int, prime: int, out: Any) -> None:
    """Write two rows of residues in one, the last row with itself if it is alone."""
    divisor, half = np.float32(prime), np.float32(prime // 2)
    for i in range(len(out)):
        last, to = first + out.shape[1], out[i]
        one, other = digits[2 * i, first:last], digits[min(2 * i + 1, len(digits) - 1), first:last]
        for j in range(to.size):
            low, high = np.float32(one[j]), np.float32(other[j])
            low = low - divisor if low > half else low
            high = high - divisor if high > half else high
            to[j] = low + BASE * high


@compiled(inner=True)
def _reduce(products: Any, prime: Any, out: Any) -> None:
    """Write whole numbers below 2^24 modulo P."""
    scale = np.float32(1) / np.float32(prime)
    divisor = np.float32(prime)
    for m in range(products.size):
        rest = products[m] - divisor * ((products[m] * scale + ROUND_SINGLE) - ROUND_SINGLE)
        out[m] = np.int32(rest + divisor if rest < np.float32(0) else rest)


@compiled(inner=True)
def _add_reduced(products: Any, prime: Any, total: Any) -> None:
    scale = np.float32(1) / np.float32(prime)
    divisor = np.float32(prime)
    for m in range(products.size):
        added = total[m] + (products[m] - divisor * ((products[m] * scale + ROUND_SINGLE) - ROUND_SINGLE))
        total[m] = added - divisor * ((added * scale + ROUND_SINGLE) - ROUND_SINGLE)


@compiled(inner=True)
def _add_parts(products: Any, low: Any, high: Any) -> None:
    scale = np.float32(1) / BASE
    for m in range(products.size):
        upper = (products[m] * scale + ROUND_SINGLE) - ROUND_SINGLE
        high[m] += upper
        low[m] += products[m] - BASE * upper


@compiled
def _reduce_parts(products: Any, prime: int, start: int, out: Any) -> None:
    """Read both products off each number, modulo P, into columns from `start` on."""
    divisor = np.float32(prime)
    base_scale, scale = np.float32(1) / BASE, np.float32(1) / divisor
    for i in range(len(products)):
        row, stop = products[i], start + products.shape[1]
        low, high = out[2 * i, start:stop], out[2 * i + 1, start:stop]
        for m in range(row.size):
            upper = (row[m] * base_scale + ROUND_SINGLE) - ROUND_SINGLE
            lower = row[m] - BASE * upper
            upper -= divisor * ((upper * scale + ROUND_SINGLE) - ROUND_SINGLE)
            lower -= divisor * ((lower * scale + ROUND_SINGLE) - ROUND_SINGLE)
            high[m] = np.int32(upper + divisor if upper < np.float32(0) else upper)
            low[m] = np.int32(lower + divisor if lower < np.float32(0) else lower)


@compiled
def dense_products(u: Any, points: Any, rows: Any, prime: int, chunk: int, paired: bool, begin: int, out: Any) -> None:
    """Write u.x mod P of nodes (n, D) and the points points[rows] into out (m, K), m >= n and even.

    Parameters
    ----------
    u, points
        Residues, shapes (n, D) and (K', D): of one type, C-contiguous and read-only, so that one code serves.
    rows
        The row of each position.
    prime, chunk, paired
        The prime P, and the packing.
    begin
        The column of the first position.
    out
        Filled with residues; if n is odd, its last row repeats.
    """
    n, dimension = u.shape
    lines = (n + 1) // 2 if paired else n
    left = np.empty(lines * dimension, dtype=np.float32)  # chunk behind chunk
    everyone = np.arange(n)
    for first in range(0, dimension, chunk):
        last = min(first + chunk, dimension)
        part = left[lines * first : lines * last].reshape(lines, last - first)
        if paired:
            _center_pairs(u, first, prime, part)
        else:
            _center(u, everyone, first, prime, part)
    right = np.empty(COLUMNS * min(chunk, dimension), dtype=np.float32)
    product = np.empty(lines * COLUMNS, dtype=np.float32)
    total = np.empty((2 * lines, COLUMNS if chunk < dimension else 0), dtype=np.float32)
    for start in range(0, rows.size, COLUMNS):
        stop = min(start + COLUMNS, rows.size)
        width, low, high = stop - start, begin + start, begin + stop
        here = product[: lines * width].reshape(lines, width)
        total[:] = np.float32(0)
        for first in range(0, dimension, chunk):
            last = min(first + chunk, dimension)
            block = right[: width * (last - first)].reshape(width, last - first)
            _center(points, rows[start:stop], first, prime, block)
            np.dot(left[lines * first : lines * last].reshape(lines, last - first), block.T, here)
            if chunk >= dimension and paired:
                _reduce_parts(here, prime, low, out)
                continue
            for i in range(lines):
                if chunk >= dimension:
                    _reduce(here[i], prime, out[i, low:high])
                elif paired:
                    _add_parts(here[i], total[2 * i, :width], total[2 * i + 1, :width])
                else:
                    _add_reduced(here[i], prime, total[i, :width])
        if chunk < dimension:
            for i in range(n):
                _reduce(total[i, :width], prime, out[i, low:high])


@compiled
def sparse_products(u: Any, data: Any, indices: Any, starts: Any, rows: Any, prime: int, out: Any) -> None:
    """Write u.x mod P of nodes (n, D) and the sparse points of `rows` into out (m, K), m >= n: O(n nonzeros).

    Parameters
    ----------
    u
        Residues, shape (n, D).
    data, indices, starts
        The points as the arrays of a CSR matrix.
    rows
        The row of each position.
    prime
        The prime P.
    out
        Filled with residues.
    """
    n, dimension = u.shape
    divisor, scale = float(prime), 1.0 / prime
    side = min(n, max(16, ACROSS // dimension))
    across, total = np.empty((dimension, side), dtype=np.float32), np.empty(side)
    for start in range(0, n, side):
        count = min(side, n - start)
        for i in range(count):
            for j in range(dimension):
                across[j, i] = u[start + i, j]
        for m in range(rows.size):
            total[:] = 0.0
            for entry in range(starts[rows[m]], starts[rows[m] + 1]):
                value, column = float(data[entry]), across[indices[entry]]
                for i in range(side):
                    total[i] += value * column[i]
            for i in range(side):
                total[i] -= divisor * (((total[i] + 0.5) * scale - 0.5 + ROUND) - ROUND)
            for i in range(count):
                out[start + i, m] = np.int32(total[i])
