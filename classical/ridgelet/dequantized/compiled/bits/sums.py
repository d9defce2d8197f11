"""The sums F(y) = sum of h_m w^(u.x_m) over the positions of each outcome y of a group, 64 positions in a word."""

from typing import Any

import numpy as np

from problems.compiling import compiled
from problems.registers import (
    LANES,
    add,
    high_halves,
    load_twice,
    load_vector,
    low_halves,
    multiply_add,
    store_vector,
    subtract,
    sum_of,
    sum_of_high,
    sum_of_low,
    xor,
    zero_vector,
)
from problems.ridgelet.products.planes import BLOCK, look_up, ones, twos

__all__ = ["list_lines", "narrow_sums", "shift", "wide_sums"]

SPAN = 16
"""Blocks of amplitudes that all nodes use before the next ones are read: they stay in the cache."""


@compiled(inner=True)
def list_lines(picked: Any, i: int, level: int, outcomes: int, width: int, lines: Any) -> int:
    """List where in a block of `combined` the planes are that levels behind `level` add to node i; return how many."""
    count = 0
    for finer in range(level + 1, picked.shape[1]):
        if picked[i, finer] > 0:
            lines[count] = ((finer - 1) * outcomes + picked[i, finer]) * width
            count += 1
    return count


@compiled(inner=True)
def shift(
    prime: int, products: Any, at: int, apart: int, blocks: int, combined: Any, base: int, stride: int, lines: Any,
    count: int, shifted: Any,
) -> None:  # fmt: skip
    """Add `count` lines to the products in some blocks, which begin at `at` and `base`, `apart` and `stride` apart.

    What is written is, for P = 2, the bits. For P = 3 a byte holds four positions, the bits of 1 below those of 2:
    first the first half of every eight positions, then the other half.
    """
    # The products themselves stay as they are: coarser levels shift them by other outcomes.
    to, width = 0, (prime - 1) * LANES
    for _ in range(blocks):
        p = load_vector(products, at)
        if prime == 2:
            for line in range(count):
                p = xor(p, load_vector(combined, base + lines[line]))
            store_vector(shifted, to, p)
        else:
            q = load_vector(products, at + LANES)
            for line in range(count):
                r, s = load_vector(combined, base + lines[line]), load_vector(combined, base + lines[line] + LANES)
                p, q = ones(p, q, r, s), twos(p, q, r, s)
            # Both bits of four positions in one byte: one look-up for them instead of two.
            store_vector(shifted, to, low_halves(p, q))
            store_vector(shifted, to + LANES, high_halves(p, q))
        at, to, base = at + apart, to + width, base + stride


@compiled(inner=True)
def _sum_runs_2(
    begin: Any, end: Any, outcome: Any, runs: Any, low: int, high: int, bits: Any, first: int, h: Any, offset: int,
    expanded: Any, signs: Any, c: int, sums: Any,
) -> None:  # fmt: skip
    """Add the sums of h_m (-1)^t over the parts of runs in low..high-1 to column c of sums.

    The bits of t are those of blocks from `first` on, the amplitudes those from `offset` on. The loop over runs is in
    here because a call with so many arrays costs more than the sum of a run.
    """
    for run in range(runs[0], runs[1]):
        start, stop, total = max(begin[run], low), min(end[run], high), 0.0
        while start < stop:
            block = start // BLOCK
            until, bit, at = min(stop, (block + 1) * BLOCK), (block - first) * BLOCK // 8, offset + block * BLOCK
            left, right = start % BLOCK // 8, (until - 1) % BLOCK // 8
            # The bytes at the ends are masked, those between are not.
            inside, behind = np.uint8(255 << start % 8), np.uint8(255 >> (7 - (until - 1) % 8))
            if left == right:
                inside, behind = np.uint8(inside & behind), np.uint8(0)
            p, r = bits[np.uint64(bit + left)], bits[np.uint64(bit + right)]
            amplitudes, others = load_vector(h, at + 8 * left), load_vector(h, at + 8 * right)
            # A bit of 0 counts as +1, so a byte that is masked needs both sums: those at 1, and those at 0.
            ones = multiply_add(zero_vector(), amplitudes, look_up(expanded, p & inside))
            ones = multiply_add(ones, others, look_up(expanded, r & behind))
            zeros = multiply_add(zero_vector(), amplitudes, look_up(expanded, ~p & inside))
            zeros = multiply_add(zeros, others, look_up(expanded, ~r & behind))
            more, rest = zero_vector(), zero_vector()
            # Three sums take turns: none waits for the addition before.
            for byte in range(left + 1, right):
                done = multiply_add(zeros, load_vector(h, at + 8 * byte), look_up(signs, bits[np.uint64(bit + byte)]))
                zeros, more, rest = more, rest, done
            total += sum_of(subtract(add(add(zeros, more), rest), ones))
            start = until
        sums[outcome[run], c] += total


@compiled(inner=True)
def _sum_runs_3(
    begin: Any, end: Any, outcome: Any, runs: Any, low: int, high: int, bits: Any, first: int, h: Any, offset: int,
    signs: Any, c: int, sums: Any,
) -> None:  # fmt: skip
    """Do the same with the third root of unity: real parts first, then imaginary ones."""
    size = len(sums) // 2
    for run in range(runs[0], runs[1]):
        start, stop = max(begin[run], low), min(end[run], high)
        # Four sums, by half of a byte's positions and by turns, for the same reason.
        lower, upper, more_lower, more_upper = zero_vector(), zero_vector(), zero_vector(), zero_vector()
        while start < stop:
            block = start // BLOCK
            until, bit, at = min(stop, (block + 1) * BLOCK), (block - first) * BLOCK // 4, offset + block * BLOCK
            left, right = start % BLOCK // 8, (until - 1) % BLOCK // 8
            # At the ends, positions that do not belong to the run are marked as 1 and 2 at once: their number is 0.
            before, behind = 255 >> (8 - start % 8), 255 << (1 + (until - 1) % 8) & 255
            if left == right:
                before, behind = before | behind, 255
            byte, other = bits[np.uint64(bit + left)], bits[np.uint64(bit + left + BLOCK // 8)]
            lower = multiply_add(lower, load_twice(h, at + 8 * left), look_up(signs, byte | 17 * (before & 15)))
            upper = multiply_add(upper, load_twice(h, at + 8 * left + 4), look_up(signs, other | 17 * (before >> 4)))
            byte, other = bits[np.uint64(bit + right)], bits[np.uint64(bit + right + BLOCK // 8)]
            lower = multiply_add(lower, load_twice(h, at + 8 * right), look_up(signs, byte | 17 * (behind & 15)))
            upper = multiply_add(upper, load_twice(h, at + 8 * right + 4), look_up(signs, other | 17 * (behind >> 4)))
            for place in range(left + 1, right):
                byte, other = bits[np.uint64(bit + place)], bits[np.uint64(bit + place + BLOCK // 8)]
                done = multiply_add(lower, load_twice(h, at + 8 * place), look_up(signs, byte))
                lower, more_lower = more_lower, done
                done = multiply_add(upper, load_twice(h, at + 8 * place + 4), look_up(signs, other))
                upper, more_upper = more_upper, done
            start = until
        total = add(add(lower, more_lower), add(upper, more_upper))
        sums[outcome[run], c] += sum_of_low(total)
        sums[size + outcome[run], c] += sum_of_high(total)


@compiled(inner=True)
def wide_sums(
    tables: Any, products: Any, level: int, group: Any, output: Any, drawn: Any, picked: Any, sums: Any
) -> None:
    """Write F(y) of the drawn nodes' groups on a wide level: real parts (Q, n), then imaginary ones."""
    prime, outcomes, count, n = tables.prime, tables.steps.shape[1], tables.home.size, len(picked)
    begin, end, child, outcome = tables.begin, tables.end, tables.child, tables.outcome
    combined, amplitudes, expanded, signs = tables.combined, tables.amplitudes, tables.expanded, tables.signs
    blocks, width, finer = (count + BLOCK - 1) // BLOCK, (prime - 1) * LANES, picked.shape[1] - 1
    shifted = np.empty(min(SPAN, blocks) * width, dtype=np.uint64)
    bits = shifted.view(np.uint8)
    lines = np.empty(finer + 1, dtype=np.int64)
    stride = finer * outcomes * width
    sums[:] = 0.0
    # Amplitudes are what is large: a few blocks of them meet all nodes before the next ones are read.
    for origin in range(0, count, SPAN * BLOCK):
        for c in range(drawn.size):
            i = drawn[c]
            g = group[i]
            # Runs are cut at the ends of the span, and their sums go on in the next one.
            low, high = max(begin[g], origin), min(end[g], origin + SPAN * BLOCK)
            if low >= high:
                continue
            first = low // BLOCK
            last = (high - 1) // BLOCK + 1
            listed = list_lines(picked, i, level, outcomes, width, lines)
            at, base = (first * n + i) * width, first * stride
            shift(prime, products, at, n * width, last - first, combined, base, stride, lines, listed, shifted)
            runs, offset = (child[g], child[g + 1]), output[i] * blocks * BLOCK
            if prime == 2:
                _sum_runs_2(
                    begin, end, outcome, runs, low, high, bits, first, amplitudes, offset, expanded, signs, c, sums
                )
            else:
                _sum_runs_3(begin, end, outcome, runs, low, high, bits, first, amplitudes, offset, signs, c, sums)


@compiled(inner=True)
def narrow_sums(
    prime: int, bits: Any, first: int, outcomes: Any, level: int, start: int, stop: int, h: Any, offset: int, root: Any,
    sums: Any,
) -> None:  # fmt: skip
    """Write the same for one node, position by position: shape (2Q,). The bits are those from block `first` on."""
    # All indices are unsigned: signed ones are tested for below zero at each access, and this loop has little else.
    size = np.uint64(sums.size // 2)
    sums[:] = 0.0
    for m in range(start, stop):
        place = np.uint64(m - first * BLOCK)
        if prime == 2:
            t = np.uint64(bits[place >> np.uint64(3)] >> (place & np.uint64(7))) & np.uint64(1)
        else:
            # Where `shift` put it: block, byte, half of eight positions, and the bits of 1 below those of 2.
            at = (place >> np.uint64(9)) * np.uint64(128) + ((place >> np.uint64(3)) & np.uint64(63))
            byte = np.uint64(bits[at + ((place << np.uint64(4)) & np.uint64(64))]) >> (place & np.uint64(3))
            t = (byte & np.uint64(1)) + ((byte >> np.uint64(3)) & np.uint64(2))
        y, amplitude = np.uint64(outcomes[level, m]), h[np.uint64(offset + m)]
        sums[y] += amplitude * root[t]
        sums[size + y] += amplitude * root[np.uint64(prime) + t]
