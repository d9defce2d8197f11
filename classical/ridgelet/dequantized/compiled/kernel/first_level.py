"""The first level of the tail, which sees all points, and the histogram of h over a.x that it leaves for the bias."""

from typing import Any

import numpy as np

from classical.ridgelet.dequantized.compiled.kernel.tables import padded
from classical.ridgelet.dequantized.compiled.kernel.weights import note, pick, sum_up, weigh
from classical.ridgelet.dequantized.compiled.phases import PADDING, find_phases, list_terms
from problems.compiling import compiled
from problems.registers import LANES, add, load_vector, multiply_add, store_vector, sum_of, zero_vector
from problems.ridgelet.products.residues import scatter

__all__ = ["summed_tail", "tabled_tail"]


@compiled
def tabled_tail(tables: Any, products: Any, output: Any, v_inverse: Any, levels: Any, k: Any, scaled: Any) -> None:
    """Redraw the first level of k (n, M); write the histograms over a.x_m (n, P). By tables of outcomes and phases."""
    prime, functionals, n = tables.prime, k.shape[1], output.size
    keys, amplitudes, offset, level_dot = tables.keys, tables.amplitudes, tables.offset, tables.level_dot
    cos, sin = tables.cos, tables.sin
    zero = np.int64(0)  # not written into calls: what is called would be compiled for that number alone
    points, joint = offset.size - PADDING, min(tables.joint, functionals)
    size, stride = prime**joint, padded(prime)
    cells, terms = np.empty(points + PADDING, dtype=offset.dtype), np.empty((2, functionals), dtype=np.int64)
    # One pass over the points fills a table of outcomes x phases; the law of the outcome and, once it is drawn, the
    # histogram for the bias are both read from that.
    by_outcome, sums, weights = np.empty((n, size, stride)), np.empty((n, 2 * size)), np.empty((n, size))
    twice, histogram = np.empty((size, prime + stride + LANES)), np.empty(stride)
    for i in range(n):
        many = list_terms(k[i], joint, terms)
        find_phases(products, i * points, keys, points, zero, terms, many, prime, offset, cells, points)
        table = by_outcome[i]
        table[:] = 0.0
        scatter(cells, amplitudes[output[i]], table.reshape(-1))
        _fourier(table, cos, sin, sums[i])
    if functionals > 0:
        weigh(prime, tables.characters, tables.level_cos, tables.level_sin, tables.even, tables.odd, sums, weights)
    for i in range(n):
        picked = 0
        if functionals > 0:
            picked = pick(weights[i], levels[i, 0])
            note(picked, zero, prime, k[i, :joint])
        _turn(by_outcome[i], level_dot[picked], prime, twice, histogram)
        _scale(histogram, v_inverse[i], scaled[i])


@compiled
def summed_tail(tables: Any, products: Any, output: Any, v_inverse: Any, levels: Any, k: Any, scaled: Any) -> None:
    """Draw the same where a table would have more cells than there are points: sums first, the histogram later."""
    prime, functionals, n = tables.prime, k.shape[1], output.size
    keys, amplitudes, nothing, outcomes = tables.keys, tables.amplitudes, tables.nothing, tables.outcomes[0]
    turns, points = tables.turns, nothing.size - PADDING
    zero, one = np.int64(0), np.int64(1)  # as above
    phases, terms = np.empty(points + PADDING, dtype=nothing.dtype), np.empty((2, functionals), dtype=np.int64)
    # Two passes over the points instead of a table that would not stay in the cache.
    sums, weights, histogram = np.empty((n, 2 * prime)), np.empty((n, prime)), np.empty(prime)
    for i in range(n):
        many = list_terms(k[i], one, terms)
        find_phases(products, i * points, keys, points, zero, terms, many, prime, nothing, phases, points)
        sum_up(turns, outcomes, amplitudes[output[i]], phases, sums[i])
    weigh(prime, tables.characters, tables.level_cos, tables.level_sin, tables.even, tables.odd, sums, weights)
    for i in range(n):
        k[i, 0] = pick(weights[i], levels[i, 0])
        # Now with the functional that was just drawn: phases are those of the final string.
        many = list_terms(k[i], zero, terms)
        find_phases(products, i * points, keys, points, zero, terms, many, prime, nothing, phases, points)
        h = amplitudes[output[i]]
        histogram[:] = 0.0
        for m in range(points):
            histogram[np.uint32(phases[m])] += h[m]
        _scale(histogram, v_inverse[i], scaled[i])


@compiled
def _fourier(table: Any, cos: Any, sin: Any, sums: Any) -> None:
    """Write sum_t table(y, t) w^t for every outcome y: real and imaginary parts in turn, (2Q,)."""
    size, stride = table.shape
    # Rows have zeros behind, so that vectors are whole.
    for y in range(size):
        real, imag = zero_vector(), zero_vector()
        for t in range(0, stride, LANES):
            values = load_vector(table, y * stride + t)
            real = multiply_add(real, values, load_vector(cos, t))
            imag = multiply_add(imag, values, load_vector(sin, t))
        sums[2 * y], sums[2 * y + 1] = sum_of(real), sum_of(imag)


@compiled
def _turn(table: Any, shifts: Any, prime: int, twice: Any, histogram: Any) -> None:
    """Write the histogram of h over phase + shift_y modulo P, in whole vectors.

    Scratch is `twice`, shape (Q, P + stride + LANES): the table's rows twice.
    """
    size, stride = table.shape
    length = twice.shape[1]
    for y in range(size):
        for t in range(0, stride, LANES):
            store_vector(twice, y * length + t, load_vector(table, y * stride + t))
        for t in range(0, stride, LANES):
            store_vector(twice, y * length + prime + t, load_vector(table, y * stride + t))
    for t in range(0, stride, LANES):
        # A row turned by a shift is a window into the row written twice: no index is reduced modulo P.
        total = zero_vector()
        for y in range(size):
            total = add(total, load_vector(twice, y * length + prime - np.int64(shifts[y]) + t))
        store_vector(histogram, t, total)


@compiled
def _scale(histogram: Any, factor: int, out: Any) -> None:
    """Multiply the argument of a histogram by a residue: gate 3 on the products."""
    to = 0
    for t in range(out.size):
        out[to] = histogram[t]
        to += factor  # t times the factor, step by step: no division
        to = to - out.size if to >= out.size else to
