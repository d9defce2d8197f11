"""Products of points and nodes over Z_2 and Z_3, 64 points in a word.

The products u.x over 64 positions are one word of bits for P = 2, and two for P = 3: the positions where the product
is 1, and those where it is 2. Adding a multiple of a coordinate takes one or seven operations a word, and the
multiples of a few coordinates together are tabulated (the method of the four Russians). Sums over the positions go
byte by byte, through tables of what a byte says of its positions.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from problems.compiling import compiled
from problems.registers import LANES, either, load_vector, store_vector, xor

__all__ = [
    "BLOCK",
    "ROOT",
    "TABULATED",
    "aligned",
    "bit_table",
    "look_up",
    "multiply",
    "ones",
    "pack",
    "sign_table",
    "tabulate",
    "twos",
]

BLOCK = 64 * LANES
"""Positions of one vector of words."""

TABULATED = {2: 4, 3: 2}
"""Coordinates that have a common table of their combinations, by P."""

GROUPS = 36
"""Tables of combinations held at once: they stay in the cache."""

ROOT = np.sqrt(3) / 2
"""The imaginary part of w for P = 3; the real part is -1/2."""


def aligned(numbers: NDArray[Any]) -> NDArray[np.float64]:
    """Copy numbers, flat, to where vectors do not straddle the lines of the cache."""
    # NumPy does not align to so much; a vector that straddles two lines is read by two accesses.
    room = np.empty(numbers.size + LANES)
    first = -room.ctypes.data // 8 % LANES
    room[first : first + numbers.size] = numbers.ravel()
    return room[first : first + numbers.size]


def bit_table() -> NDArray[np.float64]:
    """Return the bits of a byte as 0 and 1: shape (256, 8), flat."""
    return aligned(np.arange(256)[:, None] >> np.arange(8) & 1)


def sign_table(prime: int) -> NDArray[np.float64]:
    """Return w^t at the positions that a byte stands for: shape (256, 8), flat.

    For P = 2 of eight positions; for P = 3 of four, real parts, then imaginary ones, and 0 where both bits are set.
    """
    bits = np.arange(256)[:, None] >> np.arange(8) & 1
    if prime == 2:
        return aligned(1 - 2 * bits)
    thirds = np.array([[1, -0.5, -0.5, 0], [0, ROOT, -ROOT, 0]])
    return aligned(np.hstack([part[bits[:, :4] + 2 * bits[:, 4:]] for part in thirds]))


@compiled
def pack(values: Any, planes: Any) -> None:
    """Write residues (m, rows) into planes (blocks, rows, P - 1, LANES)."""
    count, rows = values.shape
    bits = np.empty((planes.shape[2], rows), dtype=np.uint64)
    # Words are filled row by row of the points, which is how these lie in memory, and written once they are whole.
    for start in range(0, count, 64):
        bits[:] = np.uint64(0)
        for m in range(start, min(start + 64, count)):
            row, shift = values[m], np.uint64(m - start)
            for plane in range(len(bits)):  # bit 0 says that a residue is 1, bit 1 that it is 2
                line = bits[plane]
                for j in range(rows):
                    line[j] |= ((np.uint64(row[j]) >> np.uint64(plane)) & np.uint64(1)) << shift
        block, word = start // BLOCK, start % BLOCK // 64
        for plane in range(len(bits)):
            for j in range(rows):
                planes[block, j, plane, word] = bits[plane, j]


@compiled(inner=True)
def ones(p: Any, q: Any, r: Any, s: Any) -> Any:
    """Return where x + y = 1 in Z_3; p, q say where x = 1, 2, and r, s where y = 1, 2."""
    # Seven operations for both functions, as the last factor is computed once.
    return xor(either(q, s), xor(either(p, s), either(q, r)))


@compiled(inner=True)
def twos(p: Any, q: Any, r: Any, s: Any) -> Any:
    """Return where x + y = 2 in Z_3."""
    return xor(either(p, r), xor(either(p, s), either(q, r)))


@compiled(inner=True)
def tabulate(prime: int, planes: Any, first: int, coordinates: Any, table: Any) -> None:
    """Write the combinations of the rows `coordinates` (G, size) of planes from `first` on: shape (G, P^size), flat.

    A coordinate -1 adds nothing. The table's first rows are zero before.
    """
    # Each entry is one addition to an entry before it: that with one less of the coordinate at hand.
    groups, size = coordinates.shape
    width, base = (prime - 1) * LANES, prime**size
    for g in range(groups):
        power = 1
        for place in range(size):
            j = coordinates[g, place]
            source = first + max(j, 0) * width
            for code in range(power, prime * power):
                before, to = (g * base + code - power) * width, (g * base + code) * width
                p = load_vector(table, before)
                if prime == 2:
                    store_vector(table, to, p if j < 0 else xor(p, load_vector(planes, source)))
                    continue
                q = load_vector(table, before + LANES)
                if j < 0:
                    store_vector(table, to, p)
                    store_vector(table, to + LANES, q)
                else:
                    r, s = load_vector(planes, source), load_vector(planes, source + LANES)
                    store_vector(table, to, ones(p, q, r, s))
                    store_vector(table, to + LANES, twos(p, q, r, s))
            power *= prime


@compiled
def multiply(prime: int, dimension: int, planes: Any, coordinates: Any, codes: Any, products: Any) -> None:
    """Write the bits of u.x_m mod P at all positions over zeros: shape (blocks, n, P - 1, LANES), flat."""
    groups, n = codes.shape
    width, base = (prime - 1) * LANES, prime ** coordinates.shape[1]
    blocks = products.size // (n * width)
    table = np.zeros(min(groups, GROUPS) * base * width, dtype=np.uint64)
    # Tables are made for one block of positions and used by all nodes before the next one.
    for block in range(blocks):
        for first in range(0, groups, GROUPS):
            last = min(first + GROUPS, groups)
            tabulate(prime, planes, block * dimension * width, coordinates[first:last], table)
            for i in range(n):
                to = (block * n + i) * width
                # The product stays in its register while all tables are added.
                p = load_vector(products, to)
                if prime == 2:
                    for g in range(first, last):
                        p = xor(p, load_vector(table, ((g - first) * base + np.int64(codes[g, i])) * width))
                    store_vector(products, to, p)
                else:
                    q = load_vector(products, to + LANES)
                    for g in range(first, last):
                        at = ((g - first) * base + np.int64(codes[g, i])) * width
                        r, s = load_vector(table, at), load_vector(table, at + LANES)
                        p, q = ones(p, q, r, s), twos(p, q, r, s)
                    store_vector(products, to, p)
                    store_vector(products, to + LANES, q)


@compiled(inner=True)
def look_up(numbers: Any, byte: Any) -> Any:
    """Return the eight numbers that a byte stands for."""
    return load_vector(numbers, np.int64(np.uint8(byte)) * LANES)
