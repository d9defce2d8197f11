"""The levels of the tail, from the finest to the coarsest: first those of small groups, then the wide ones."""

from typing import Any

import numpy as np

from classical.ridgelet.dequantized.compiled.bits.picks import draw_level
from classical.ridgelet.dequantized.compiled.bits.sums import list_lines, narrow_sums, shift, wide_sums
from classical.ridgelet.dequantized.compiled.bits.tables import PADDING
from problems.compiling import compiled
from problems.registers import LANES
from problems.ridgelet.products.planes import BLOCK

__all__ = ["narrow_levels", "wide_levels"]


@compiled
def narrow_levels(tables: Any, products: Any, m0: Any, output: Any, levels: Any, picked: Any) -> None:
    """Draw the outcomes of the levels that are not wide, the smallest groups first."""
    prime, n, size, width = tables.prime, m0.size, tables.steps.shape[1], (tables.prime - 1) * LANES
    shared, outcomes, root, amplitudes = tables.shared, tables.outcomes, tables.root, tables.amplitudes
    combined, blocks = tables.combined, (tables.home.size + BLOCK - 1) // BLOCK
    stride = (len(outcomes) - 1) * size * width
    lines, shifted = np.empty(len(outcomes), dtype=np.int64), np.empty(2 * width, dtype=np.uint64)
    bits = shifted.view(np.uint8)
    # A node's group on each level contains that of the level before: it is grown from there, not looked for.
    first, last = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    for i in range(n):
        first[i], last[i] = m0[i], m0[i] + 1
    drawn, own, sums = np.empty(n, dtype=np.int64), np.empty(2 * size), np.empty((2 * size, n + PADDING))
    for level in range(len(outcomes) - 1, tables.wide - 1, -1):
        count = 0
        for i in range(n):
            start, stop = first[i], last[i]
            if stop - start == 1 and shared[start] < level and shared[stop] < level:
                continue  # m0 alone: uniform already
            while shared[start] >= level:
                start -= 1
            while shared[stop] >= level:
                stop += 1
            first[i], last[i] = start, stop
            # Few positions: only the blocks that they are in are shifted.
            listed = list_lines(picked, i, level, size, width, lines)
            block = start // BLOCK
            there = (stop - 1) // BLOCK + 1 - block
            if there * width > shifted.size:
                shifted = np.empty(there * width, dtype=np.uint64)
                bits = shifted.view(np.uint8)
            at, offset = (block * n + i) * width, output[i] * blocks * BLOCK
            shift(prime, products, at, n * width, there, combined, block * stride, stride, lines, listed, shifted)
            narrow_sums(prime, bits, block, outcomes, level, start, stop, amplitudes, offset, root, own)
            # Turned, so that the transform runs over nodes.
            for y in range(2 * size):
                sums[y, count] = own[y]
            drawn[count] = i
            count += 1
        if count > 0:
            draw_level(prime, tables.joint, tables.functionals, level, drawn[:count], sums, levels, picked)


@compiled
def wide_levels(
    tables: Any, products: Any, m0: Any, output: Any, levels: Any, picked: Any, real: Any, imag: Any
) -> None:
    """Draw the outcomes of the wide levels, and write sum of h_m w^(u.x_m) for the final u."""
    n, size = m0.size, tables.steps.shape[1]
    group, drawn, sums = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64), np.empty((2 * size, n + PADDING))
    for i in range(n):
        group[i] = tables.home[m0[i]]
    for level in range(tables.wide - 1, -1, -1):
        count = 0
        for i in range(n):
            # A single point leaves k uniform, as the prefix is already. Level 0 is summed all the same, for the bias.
            if level == 0 or tables.end[group[i]] - tables.begin[group[i]] > 1:
                drawn[count] = i
                count += 1
        wide_sums(tables, products, level, group, output, drawn[:count], picked, sums)
        if levels.shape[1] > 0:
            draw_level(tables.prime, tables.joint, tables.functionals, level, drawn[:count], sums, levels, picked)
        for i in range(n):
            group[i] = tables.parent[group[i]]
    for i in range(n):
        real[i], imag[i] = sums[picked[i, 0], i], sums[size + picked[i, 0], i]
