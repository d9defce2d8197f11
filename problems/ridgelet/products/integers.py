"""The matrix product in whole numbers, for processors that multiply and add bytes (x86 with AVX-512 VNNI).

Such a processor multiplies four times as many bytes, or twice as many 16-bit numbers, as single-precision numbers in
the same time. So here the product costs a fraction of the floating-point one, which `products` has for all others.
"""

from typing import Any, NamedTuple

import numpy as np

from problems.compiling import compiled
from problems.registers import BLOCK_NODES as NODES
from problems.registers import BLOCK_POINTS as POINTS
from problems.registers import dot

__all__ = ["Cut", "cut", "integer_products", "integer_room"]

EXACT = 2**24
"""Whole numbers up to here are exact in single precision."""

BLOCKS = 4
"""Blocks of points that pass over a chunk of all nodes together."""

STEPS = 512
"""Steps of a chunk, at most: 512 KiB of points stay near the processor."""


class Cut(NamedTuple):
    """How the product is cut.

    Attributes
    ----------
    steps, chunks
        Steps of a chunk, and how many chunks there are. A step has as many coordinates as 32 bits hold.
    """

    steps: int
    chunks: int


def cut(dimension: int, prime: int) -> Cut:
    """Choose chunks for points in D dimensions."""
    # Four unsigned bytes of points times four signed ones of strings at a time, or two signed 16-bit numbers of each.
    narrow = prime <= 256
    step = 4 if narrow else 2
    # Sums are reduced in single precision at the end of a chunk, which must not be longer than it is exact.
    largest = (prime - 1 if narrow else prime // 2) * (prime // 2)
    steps = min(-(-dimension // step), STEPS, (EXACT - prime) // largest // step)
    return Cut(steps, -(-dimension // (step * steps)))


def integer_room(nodes: int, cut: Cut) -> int:
    """Return how many 32-bit numbers `integer_products` needs as scratch for so many nodes."""
    steps, chunks = cut
    groups = -(-nodes // NODES)
    total = 1 + (groups * BLOCKS if chunks > 1 else 0)
    return chunks * groups * NODES * steps + (BLOCKS + 1) * steps * POINTS + total * NODES * POINTS


@compiled(inner=True)
def _place(digits: Any, first: int, prime: int, half: int, row: Any) -> None:
    """Write the residues of one row from coordinate `first` on, those above `half` less P, and zeros behind."""
    length = min(row.size, digits.size - first)
    part = digits[first : first + length]
    for j in range(length):
        # Where digits are signed they are half as large, so that twice as many products fit in a sum that is exact.
        digit = np.int32(part[j])
        row[j] = digit - np.int32(prime) if digit > np.int32(half) else digit
    for j in range(length, row.size):
        row[j] = 0


@compiled(inner=True)
def _turn(
    points: Any, rows: Any, first: int, prime: int, room: Any, parts: Any, steps: int, lines: int, to: int
) -> None:
    """Write coordinates from `first` on of up to 64 points across (steps, 64); the last point fills what is left.

    Scratch are 64 lines of so many steps. Both are places in `room`, and `parts` is the same memory, digit by digit.
    """
    step = 4 // parts.itemsize
    half = prime - 1 if step == 4 else prime // 2
    for m in range(POINTS):
        line = lines + m * steps
        _place(points[rows[min(m, rows.size - 1)]], first, prime, half, parts[step * line : step * (line + steps)])
    # Turned for the block of products, which reads 16 points beside each other for each step.
    for s in range(steps):
        across, line = room[to + s * POINTS : to + (s + 1) * POINTS], room[lines + s :]
        for m in range(POINTS):
            across[m] = line[m * steps]


@compiled
def integer_products(
    u: Any, points: Any, rows: Any, prime: int, cut: Any, start: int, out: Any, room: Any, parts: Any
) -> None:
    """Write u.x mod P of nodes (n, D) and points[rows] into out (m, K) from column `start` on, m >= n.

    Parameters
    ----------
    u, points
        Residues, shapes (n, D) and (K', D); both of `residue_type`, C-contiguous, and read-only: one code serves then.
    rows
        The row of each position.
    prime
        The prime P, at most 1021.
    cut
        From `cut`.
    start
        The column of the first position.
    out
        Filled with residues; of the type of u.
    room
        Scratch, int32, at least `integer_room` of the nodes. It is the caller's, to be used again: made for each call,
        it would come from fresh pages each time wherever memory goes back at once, as dask sets its workers up to do.
    parts
        The same memory as `int8` where residues are bytes, else as `int16`.
    """
    # Everything lies in one flat array, at places that are counted here: arrays of two and three dimensions, and one
    # for each kind, take several times as long to compile.
    n, steps, chunks, stride = u.shape[0], cut.steps, cut.chunks, out.shape[1]
    step = 4 // parts.itemsize
    groups, count, divisor = -(-n // NODES), rows.size, np.float32(prime)
    for chunk in range(chunks):
        for i in range(groups * NODES):
            begin = (chunk * groups * NODES + i) * steps
            row = parts[step * begin : step * (begin + steps)]
            _place(u[min(i, n - 1)], chunk * steps * step, prime, prime // 2, row)
    # Behind the nodes are the points, scratch, and sums: first a block that stays zero, then those of chunks before.
    right = chunks * groups * NODES * steps
    lines = right + BLOCKS * steps * POINTS
    zeros = lines + steps * POINTS
    for i in range(NODES * POINTS):
        room[zeros + i] = 0
    edge = np.empty((NODES, POINTS), dtype=out.dtype)
    for first in range(0, count, BLOCKS * POINTS):
        blocks = min(BLOCKS, -(-(count - first) // POINTS))
        for chunk in range(chunks):
            for block in range(blocks):
                here = rows[first + block * POINTS :]
                to = right + block * steps * POINTS
                _turn(points, here, chunk * steps * step, prime, room, parts, steps, lines, to)
            for i in range(groups * blocks):
                group, block = i // blocks, i % blocks
                left_at, right_at = (chunk * groups + group) * NODES * steps, right + block * steps * POINTS
                total = zeros + (1 + group * BLOCKS + block) * NODES * POINTS
                before = total if chunk > 0 else zeros  # the first chunk starts from zeros
                if chunk < chunks - 1:
                    dot(u, room, left_at, right_at, steps, divisor, before, room, total, POINTS)
                    continue
                node, position = group * NODES, first + block * POINTS
                # A block that would write beyond the array goes to `edge`, and what is inside is copied.
                whole = node + NODES <= n and position + POINTS <= count
                column = start + position
                to, at, width = (out, node * stride + column, stride) if whole else (edge, 0, POINTS)
                dot(u, room, left_at, right_at, steps, divisor, before, to, at, width)
                if not whole:
                    size = min(POINTS, count - position)
                    for r in range(min(NODES, n - node)):
                        # As rows, whose indices are seen to be no negative ones, so that whole vectors are copied.
                        row, line = out[node + r, column : column + size], edge[r]
                        for m in range(row.size):
                            row[m] = line[m]
