"""All levels of the tail but the first, the smallest groups first: each sees the points that share an outcome."""

from typing import Any

import numpy as np

from classical.ridgelet.dequantized.compiled.kernel.weights import note, pick, sum_up, weigh, weigh_points
from classical.ridgelet.dequantized.compiled.phases import PADDING, find_phases, list_terms
from problems.compiling import compiled

__all__ = ["finer_levels"]


@compiled
def finer_levels(tables: Any, products: Any, m0: Any, output: Any, levels: Any, k: Any) -> None:
    """Redraw all levels but the first into k (n, M), zero before: the smallest groups first."""
    prime, joint, shared, functionals = tables.prime, tables.joint, tables.shared, k.shape[1]
    keys, amplitudes, nothing, turns = tables.keys, tables.amplitudes, tables.nothing, tables.turns
    n, points, coarsest, begin, end = m0.size, shared.size - 1, tables.outcomes[0], tables.begin, tables.end
    even, odd, work = tables.even, tables.odd, np.empty((4, len(tables.even)))
    characters, level_cos, level_sin = tables.characters, tables.level_cos, tables.level_sin
    # A node's group on each level contains that of the level before: it is grown from there, not looked for.
    first, last = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    for i in range(n):
        first[i], last[i] = m0[i], m0[i] + 1
    phases, terms = np.empty(points + PADDING, dtype=nothing.dtype), np.empty((2, functionals), dtype=np.int64)
    for level in range(len(tables.outcomes) - 1, 0, -1):
        top, bottom = level * joint, min((level + 1) * joint, functionals)
        size, outcomes = prime ** (bottom - top), tables.outcomes[level]
        drawn, weights, sums = np.empty(n, dtype=np.int64), np.empty((n, size)), np.empty((n, 2 * size))
        count, other = 0, n  # groups to be transformed by matrix products come first, small ones last
        for i in range(n):
            start, stop = first[i], last[i]
            # On the last of these levels groups are large, and where they begin and end has been noted.
            if level == 1:
                start, stop = begin[coarsest[start]], end[coarsest[start]]
            while shared[start] >= level:
                start -= 1
            while shared[stop] >= level:
                stop += 1
            if stop - start == 1:
                continue  # m0 alone: uniform already
            first[i], last[i] = start, stop
            many, at = list_terms(k[i], bottom, terms), i * points + start
            find_phases(products, at, keys, points, start, terms, many, prime, nothing, phases, stop - start)
            y, h = outcomes[start:stop], amplitudes[output[i], start:stop]
            # A group of few points is cheaper point by point than by a transform of all P outcomes.
            if size == prime and 2 * (stop - start) <= size:
                other -= 1
                drawn[other] = i
                weigh_points(turns, even, odd, y, h, phases, weights[other], work)
            else:
                drawn[count] = i
                sum_up(turns, y, h, phases, sums[count])
                count += 1
        weigh(prime, characters, level_cos, level_sin, even, odd, sums[:count], weights[:count])
        # Between both ends are the nodes that had nothing to draw.
        for place in range(n):
            if place < count or place >= other:
                i = drawn[place]
                note(pick(weights[place], levels[i, level]), top, prime, k[i, :bottom])
