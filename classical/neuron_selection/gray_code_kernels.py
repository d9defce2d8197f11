"""The compiled loops of `gray_code`; their reference is `gray_code.by_tables`."""

from typing import Any

import numpy as np

from problems.compiling import compiled

__all__ = ["lowest_quadratic", "lowest_residual"]

# Sums are made in the order in which they are written: NaN and the sign of zero alone are given up, which lets the
# search of the minimum run in vectors.
FAST = {"nnan", "nsz"}

RENEWED = 1024
"""After so many steps of the Gray code, what changes by a row at a time is summed anew: rounding stays small."""


@compiled(fastmath=FAST)
def lowest_quadratic(linear: Any, pairs: Any, low: int) -> int:
    """Return the index of the best mask of l.m + sum_(i<j) q_ij m_i m_j.

    Parameters
    ----------
    linear
        l, shape (N,).
    pairs
        q, symmetric with a diagonal of zeros, shape (N, N).
    low
        How many neurons are in the table: at least 1, at most N.
    """
    neurons, size = len(linear), 1 << low
    high = neurons - low
    inner = np.zeros(size)  # what the highest neuron of a low mask has in pairs with its other ones
    for j in range(low):
        for i in range(j):
            for k in range(1 << i):
                inner[(1 << j) + (1 << i) + k] = inner[(1 << j) + k] + pairs[j, i]
    table, field, kept = np.empty(size), np.empty(neurons), np.zeros(high, dtype=np.int64)
    start, best, found = 0.0, np.inf, 0
    for step in range(1 << high):
        flipped = 0
        while step and not step >> flipped & 1:
            flipped += 1
        if step:
            sign = 1 - 2 * kept[flipped]
            kept[flipped] ^= 1
            start += sign * field[low + flipped]
            for i in range(neurons):
                field[i] += sign * pairs[low + flipped, i]
        if step % RENEWED == 0:
            start = 0.0
            for i in range(neurons):
                field[i] = linear[i]
                for j in range(high):
                    if kept[j]:
                        field[i] += pairs[i, low + j]
            for j in range(high):
                if kept[j]:
                    start += (linear[low + j] + field[low + j]) / 2
        table[0] = start
        for j in range(low):
            half, own = 1 << j, field[j]
            for k in range(half):
                table[half + k] = table[k] + (own + inner[half + k])
        least = table[0]
        for k in range(size):
            least = min(least, table[k])
        if least < best:
            best = least
            found = _index(kept, high, low, table, least)
    return found


@compiled(fastmath=FAST)
def lowest_residual(vectors: Any, target: Any, low: int) -> int:
    """Return the index of the best mask of |w - sum_j m_j a_j|^2.

    Parameters
    ----------
    vectors, target
        a_j as rows, shape (N, r), and w, shape (r,).
    low
        How many neurons are in the table: at least 1, at most N.
    """
    neurons, rank = vectors.shape
    size, high = 1 << low, neurons - low
    sums = np.zeros((rank, size))
    for row in range(rank):
        for j in range(low):
            for k in range(1 << j):
                sums[row, (1 << j) + k] = sums[row, k] + vectors[j, row]
    table, rest, kept = np.empty(size), target.copy(), np.zeros(high, dtype=np.int64)
    best, found = np.inf, 0
    for step in range(1 << high):
        flipped = 0
        while step and not step >> flipped & 1:
            flipped += 1
        if step:
            kept[flipped] ^= 1
        # Summed anew at each step: of a residual close to zero every digit counts.
        for row in range(rank):
            rest[row] = target[row]
            for j in range(high):
                if kept[j]:
                    rest[row] -= vectors[low + j, row]
        for k in range(size):
            distance = rest[0] - sums[0, k]
            table[k] = distance * distance
        for row in range(1, rank):
            for k in range(size):
                distance = rest[row] - sums[row, k]
                table[k] += distance * distance
        least = table[0]
        for k in range(size):
            least = min(least, table[k])
        if least < best:
            best = least
            found = _index(kept, high, low, table, least)
    return found


@compiled(inner=True)
def _index(kept: Any, high: int, low: int, table: Any, least: float) -> int:
    """Return the index of the mask with these high neurons and the first low ones of this loss."""
    index = 0
    while table[index] != least:
        index += 1
    for j in range(high):
        index += kept[j] << (low + j)
    return index
