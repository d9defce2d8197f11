"""The matrix product in whole numbers, for processors that multiply and add bytes (x86 with AVX-512 VNNI).

Such a processor multiplies four times as many bytes, or twice as many 16-bit numbers, as single-precision numbers in
the same time. So here the product costs a fraction of the floating-point one, which `products` has for all others.
"""

from typing import Any

import numpy as np

from problems.compiling import compiled
from problems.registers import BLOCK_NODES as NODES
from problems.registers import BLOCK_POINTS as POINTS
from problems.registers import dot_bytes, dot_words

__all__ = ["integer_products", "integer_room"]

EXACT = 2**24
"""Whole numbers up to here are exact in single precision."""

BLOCKS = 4
"""Blocks of points that pass over a chunk of all nodes together."""

STEPS = 512
"""Steps of a chunk, at most: 512 KiB of points stay near the processor."""


@compiled
def _place(digits: Any, first: int, prime: int, half: int, row: Any) -> None:
    """Write the residues of one row from coordinate `first` on, those above `half` less P, and zeros behind."""
    length = min(row.size, digits.size - first)
    part = digits[first : first + length]
    for j in range(length):
        # Where digits are signed they are half as large, so that twice as many products fit in a sum that is exact.
        digit = np.int32(part[j])
        row[j] = digit - np.int32(prime) if digit > np.int32(half) else digit
    row[length:] = 0


@compiled
def _turn(points: Any, rows: Any, first: int, prime: int, narrow: bool, lines: Any, out: Any) -> None:
    """Write coordinates from `first` on of up to 64 points across out (steps, 64); the last point fills what is left.

    Scratch are `lines`, shape (64, steps).
    """
    for m in range(POINTS):
        digits = points[rows[min(m, rows.size - 1)]]
        if narrow:
            _place(digits, first, prime, prime - 1, lines[m].view(np.uint8))
        else:
            _place(digits, first, prime, prime // 2, lines[m].view(np.int16))
    # Turned for the block of products, which reads 16 points beside each other for each step.
    for s in range(len(out)):
        across = out[s]
        for m in range(POINTS):
            across[m] = lines[m, s]


@compiled
def _cut(dimension: int, prime: int) -> tuple[int, int, int]:
    """Return how many coordinates a step has, how many steps a chunk, and how many chunks there are."""
    # Four unsigned bytes of points times four signed ones of strings at a time, or two signed 16-bit numbers of each.
    narrow = prime <= 256
    step = 4 if narrow else 2
    # Sums are reduced in single precision at the end of a chunk, which must not be longer than it is exact.
    largest = (prime - 1 if narrow else prime // 2) * (prime // 2)
    steps = min(-(-dimension // step), STEPS, (EXACT - prime) // largest // step)
    return step, steps, -(-dimension // (step * steps))


@compiled
def integer_room(nodes: int, dimension: int, prime: int) -> int:
    """Return how many 32-bit numbers `integer_products` needs as scratch for so many nodes of dimension D."""
    _, steps, chunks = _cut(dimension, prime)
    groups = -(-nodes // NODES)
    total = 1 + (groups * BLOCKS if chunks > 1 else 0)
    return chunks * groups * NODES * steps + (BLOCKS + 1) * steps * POINTS + total * NODES * POINTS


@compiled
def integer_products(u: Any, points: Any, rows: Any, prime: int, out: Any, room: Any) -> None:
    """Write u.x mod P of nodes (n, D) and the points points[rows] into out (m, K), m >= n.

    Parameters
    ----------
    u
        Residues, shape (n, D).
    points, rows
        The data, and the row of each position.
    prime
        The prime P, from 5 to 1021.
    out
        Filled with residues.
    room
        Scratch, int32, at least `integer_room` of the nodes. It is the caller's, to be used again: made for each call,
        it would come from fresh pages each time wherever memory goes back at once, as dask sets its workers up to do.
    """
    n, dimension = u.shape
    narrow = prime <= 256
    step, steps, chunks = _cut(dimension, prime)
    groups, count, divisor = -(-n // NODES), rows.size, np.float32(prime)
    begin, end = 0, chunks * groups * NODES * steps
    left = room[begin:end].reshape(chunks, groups * NODES, steps)
    for chunk in range(chunks):
        for i in range(groups * NODES):
            digits, row = u[min(i, n - 1)], left[chunk, i]
            if narrow:
                _place(digits, chunk * steps * step, prime, prime // 2, row.view(np.int8))
            else:
                _place(digits, chunk * steps * step, prime, prime // 2, row.view(np.int16))
    begin, end = end, end + BLOCKS * steps * POINTS
    right = room[begin:end].reshape(BLOCKS, steps, POINTS)
    begin, end = end, end + POINTS * steps
    lines = room[begin:end].reshape(POINTS, steps)
    edge = np.empty((NODES, POINTS), dtype=out.dtype)
    # The first block of sums stays zero; behind it are those of the chunks before.
    size = 1 + (groups * BLOCKS if chunks > 1 else 0)
    begin, end = end, end + size * NODES * POINTS
    total = room[begin:end].reshape(size, NODES, POINTS)
    total[0] = 0
    for start in range(0, count, BLOCKS * POINTS):
        blocks = min(BLOCKS, -(-(count - start) // POINTS))
        for chunk in range(chunks):
            for block in range(blocks):
                _turn(
                    points,
                    rows[start + block * POINTS :],
                    chunk * steps * step,
                    prime,
                    narrow,
                    lines,
                    right[block],
                )
            for i in range(groups * blocks):
                group, block = i // blocks, i % blocks
                left_at, right_at = (chunk * groups + group) * NODES * steps, block * steps * POINTS
                here = (1 + group * BLOCKS + block) * NODES * POINTS
                before = here if chunk > 0 else 0  # the first chunk starts from zeros
                if chunk < chunks - 1:
                    if narrow:
                        dot_bytes(left, left_at, right, right_at, steps, divisor, total, before, total, here, POINTS)
                    else:
                        dot_words(left, left_at, right, right_at, steps, divisor, total, before, total, here, POINTS)
                    continue
                node, first = group * NODES, start + block * POINTS
                # A block that would write beyond the array goes to `edge`, and what is inside is copied.
                whole = node + NODES <= n and first + POINTS <= count
                to, at, stride = (out, node * count + first, count) if whole else (edge, 0, POINTS)
                if narrow:
                    dot_bytes(left, left_at, right, right_at, steps, divisor, total, before, to, at, stride)
                else:
                    dot_words(left, left_at, right, right_at, steps, divisor, total, before, to, at, stride)
                if not whole:
                    for r in range(min(NODES, n - node)):
                        for m in range(min(POINTS, count - first)):
                            out[node + r, first + m] = edge[r, m]
