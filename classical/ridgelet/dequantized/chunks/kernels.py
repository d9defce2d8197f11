"""Sums over chunks of points, compiled; `reference` says what they are, and gives the same whole numbers.

For each node there is one table of outcomes x phases, (Q, P) doubles that are whole numbers and so exact.
"""

from typing import Any

from classical.ridgelet.dequantized.chunks.sums import LOW_BITS
from problems.compiling import compiled
from problems.ridgelet.products.residues import scatter

__all__ = ["add_histograms", "add_level", "add_spectra", "fill_tables"]

LOW = (1 << LOW_BITS) - 1


@compiled
def add_level(
    kept: Any,
    at: Any,
    first: Any,
    last: Any,
    outcomes: Any,
    level: int,
    picked: Any,
    dots: Any,
    amplitudes: Any,
    output: Any,
    cos: Any,
    sin: Any,
    sums: Any,
) -> None:
    """Add the sums of nodes' groups on a level that is not the first to sums (n, Q, 2, 2).

    Parameters
    ----------
    kept, at
        u_0.x of the groups on the first level, flat, and where a node's would begin if it had all places.
    first, last
        The places of each node's group on this level.
    outcomes
        Of each place on each level, (L, k).
    level, picked
        The level, and what was drawn on the finer ones, (n, L).
    dots
        k.y mod P for outcomes k and y, (Q, Q).
    amplitudes, output
        Whole amplitudes (C, k), and which of them a node has.
    cos, sin
        Roots, in turn often enough for the sum of a phase on each level.
    """
    levels, functionals = len(outcomes), sums.shape[1]
    for i in range(len(sums)):
        h, own = amplitudes[output[i]], sums[i]
        for m in range(first[i], last[i]):
            phase = int(kept[at[i] + m])
            for finer in range(level + 1, levels):
                phase += int(dots[picked[i, finer], outcomes[finer, m]])
            y = outcomes[level, m]
            high, low = h[m] >> LOW_BITS, h[m] & LOW
            # What the lower bits carry is added at once: there may be any number of points.
            real, imaginary = low * cos[phase], low * sin[phase]
            own[y, 0, 0] += high * cos[phase] + (real >> LOW_BITS)
            own[y, 0, 1] += real & LOW
            own[y, 1, 0] += high * sin[phase] + (imaginary >> LOW_BITS)
            own[y, 1, 1] += imaginary & LOW
        for y in range(functionals):
            for part in range(2):
                low = own[y, part, 1]
                own[y, part, 0] += low >> LOW_BITS
                own[y, part, 1] = low & LOW


@compiled
def fill_tables(products: Any, rows: Any, h: Any, output: Any, cells: Any, tables: Any) -> None:
    """Add amplitudes to the tables (n, Q P) of nodes.

    Parameters
    ----------
    products
        u.x of nodes and points, (m, k), m >= n.
    rows
        Where the row of each point's outcome begins in a table, (k,).
    h
        Amplitudes of each output, (C, k).
    output
        The output of each node, (n,).
    cells
        Scratch, (k,), of the type of `rows`.
    """
    for i in range(len(tables)):
        line = products[i]
        for m in range(rows.size):
            cells[m] = rows[m] + line[m]
        scatter(cells, h[output[i]], tables[i])


@compiled
def add_spectra(tables: Any, prime: int, cos: Any, sin: Any, sums: Any) -> None:
    """Write F(y) = sum_t table(y, t) w^t into sums (n, Q, 2, 2)."""
    for i in range(len(tables)):
        for y in range(sums.shape[1]):
            row = tables[i, y * prime : (y + 1) * prime]
            # Over P phases nothing overflows before it is carried: see `LOW_BITS`.
            real_high, real_low, imag_high, imag_low = 0, 0, 0, 0
            for t in range(prime):
                whole = int(row[t])
                high, low = whole >> LOW_BITS, whole & LOW
                real_high += high * cos[t]
                real_low += low * cos[t]
                imag_high += high * sin[t]
                imag_low += low * sin[t]
            own = sums[i, y]
            own[0, 0], own[0, 1] = real_high + (real_low >> LOW_BITS), real_low & LOW
            own[1, 0], own[1, 1] = imag_high + (imag_low >> LOW_BITS), imag_low & LOW


@compiled
def add_histograms(tables: Any, dots: Any, picked: Any, histograms: Any) -> None:
    """Write the sum of the table over outcomes y and phases t - k.y, for each t, into histograms (n, P)."""
    prime = histograms.shape[1]
    histograms[:] = 0
    for i in range(len(tables)):
        own = histograms[i]
        for y in range(tables.shape[1] // prime):
            shift = int(dots[picked[i], y])
            row = tables[i, y * prime : (y + 1) * prime]
            for t in range(prime - shift):
                own[t + shift] += int(row[t])
            for t in range(prime - shift, prime):
                own[t + shift - prime] += int(row[t])
