"""The gates compiled: the same draws as `gates`, a few hundred nodes at a time, without the interpreter's lock."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.dequantized.loader import Loader
from classical.ridgelet.dequantized.phases import PADDING, find_phases, list_terms, phase_type
from classical.ridgelet.dequantized.plan import Plan
from classical.ridgelet.dequantized.randomness import Randomness, digits_per_word
from problems.compiling import compiled
from problems.finite_field import residue_type
from problems.ridgelet.products.residues import residue_products, scatter
from problems.ridgelet.products.rounding import ROUND, ROUND_SINGLE
from problems.ridgelet.products.vectors import (
    LANES,
    add,
    add_pair,
    load_vector,
    multiply_add,
    store_vector,
    sum_of,
    zero_vector,
)

__all__ = ["MAX_PRIME", "Compiled"]

MAX_PRIME = 1021
"""Larger primes are left to the FFTs of `gates`: these kernels hold tables of P x P numbers."""

SCRATCH = 2**26
"""Nodes x positions handled at once, at most, and a quarter of it nodes x dimensions: bounds a thread's memory."""

SMALL = 64
"""Levels of so few outcomes are transformed by one product with all characters."""

CELLS = 1024
"""Tables of so many outcomes x phases are filled for every node, however few points there are."""

TABLES = 2**22
"""Cells of tables of outcomes x phases held at once, at most: the same."""

MANY, FEW = 1024, 256
"""Nodes handled at once, at most, in the matrix product, where the points are read from memory, and behind it."""


class Tables(NamedTuple):
    """What the kernels read, Q being the number of outcomes of a level.

    Attributes
    ----------
    prime, joint
        P, and the functionals of a level.
    tail, shared, amplitudes
        As in the plan.
    keys
        The same as the plan's, flat, and room behind.
    outcomes
        The number of a position's outcome on each level, shape (L, K).
    begin, end
        The positions of each outcome on the first level: shape (Q,).
    offset
        Where the row of a position's outcome on the first level begins in a table, shape (K + `PADDING`,).
    nothing
        Zeros: the offset where there is no table.
    cos, sin
        w^t, and zeros behind: shape (padded(P),).
    turns
        The same in turn: shape (2P,).
    level_cos, level_sin
        The characters w^(k.y) of a level, shape (Q, Q); empty beyond `SMALL`.
    characters
        The same as one real matrix, shape (2Q, 2Q), from real and imaginary parts in turn to all real parts, then all
        imaginary ones; empty beyond `SMALL`.
    level_dot
        k.y mod P, shape (Q, Q).
    even, odd
        cos and sin of 2 pi k y/P for k, y = 0..(P-1)/2: the transform folded in half.
    ridgelet
        r(t - b), shape (P, P).
    """

    prime: int
    joint: int
    tail: NDArray[np.float32]
    keys: NDArray[np.unsignedinteger]
    outcomes: NDArray[np.unsignedinteger]
    begin: NDArray[np.intp]
    end: NDArray[np.intp]
    offset: NDArray[np.unsignedinteger]
    nothing: NDArray[np.unsignedinteger]
    shared: NDArray[np.uint8]
    amplitudes: NDArray[np.float64]
    cos: NDArray[np.float64]
    sin: NDArray[np.float64]
    turns: NDArray[np.float64]
    level_cos: NDArray[np.float64]
    level_sin: NDArray[np.float64]
    characters: NDArray[np.float64]
    level_dot: NDArray[np.uint16]
    even: NDArray[np.float64]
    odd: NDArray[np.float64]
    ridgelet: NDArray[np.float64]


@compiled
def padded(prime: int) -> int:
    """Return how far the rows of a table of phases are apart: P in whole vectors."""
    return -(-prime // LANES) * LANES


def make_tables(plan: Plan) -> Tables:
    """Tabulate what the kernels read."""
    prime = plan.prime
    angle = 2 * np.pi * np.arange(prime) / prime
    cos, sin = np.cos(angle), np.sin(angle)
    powers = prime ** np.arange(plan.joint)
    digits = np.arange(prime**plan.joint)[:, None] // powers % prime
    dot = digits @ digits.T % prime
    half = np.outer(np.arange(prime // 2 + 1), np.arange(prime // 2 + 1)) % prime
    shift = np.subtract.outer(np.arange(prime), np.arange(prime)) % prime
    room, phases = np.zeros(PADDING, dtype=plan.keys.dtype), phase_type(plan.keys.dtype)
    outcomes = plan.keys
    if plan.joint > 1:
        outcomes = np.zeros((len(plan.levels), len(plan.order)), dtype=plan.keys.dtype)
        for level, functionals in enumerate(plan.levels):
            for power, keys in zip(powers, plan.keys[functionals], strict=False):
                outcomes[level] += outcomes.dtype.type(power) * keys
    begin, counts = np.zeros((2, len(digits)), dtype=np.intp)
    for level_outcomes in outcomes[:1]:
        present, first, sizes = np.unique(level_outcomes, return_index=True, return_counts=True)
        begin[present], counts[present] = first, sizes
    level_cos = level_sin = characters = np.empty((0, 0))
    if len(dot) <= SMALL:
        level_cos, level_sin = cos[dot], sin[dot]
        # From real and imaginary parts in turn to all real parts, then all imaginary ones.
        both = [np.hstack([level_cos, level_sin]), np.hstack([-level_sin, level_cos])]
        characters = np.stack(both, axis=1).reshape(2 * len(dot), -1)
    return Tables(
        prime,
        plan.joint,
        plan.tail.astype(np.float32),
        np.concatenate([plan.keys.ravel(), room]),
        outcomes,
        begin,
        begin + counts,
        np.concatenate([padded(prime) * outcomes[:1].sum(axis=0, dtype=np.int64), room]).astype(phases),
        np.zeros(len(plan.order) + PADDING, dtype=phases),
        plan.shared,
        plan.amplitudes,
        np.pad(cos, (0, padded(prime) - prime)),
        np.pad(sin, (0, padded(prime) - prime)),
        np.column_stack([cos, sin]).ravel(),
        level_cos,
        level_sin,
        characters,
        dot.astype(np.uint16),
        cos[half],
        sin[half],
        plan.ridgelet[shift],
    )


class Compiled:
    """The compiled path of a plan.

    Parameters
    ----------
    plan
        A plan with a prime of at most `MAX_PRIME`.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan, self._tables, self._loader = plan, make_tables(plan), Loader(plan)
        self._digits = digits_per_word(plan.prime, plan.dimension)
        self._rows = plan.data.rows[plan.order]
        self._multiply = residue_products(plan.data, plan.prime)
        cells = plan.prime ** (1 + min(plan.joint, len(plan.tail)))
        self._tail = _tabled_tail if cells <= max(len(plan.order), CELLS) else _summed_tail
        self._many = max(2, min(MANY, SCRATCH // max(len(plan.order), 4 * plan.dimension)) // 2 * 2)
        self._few = max(1, min(FEW, TABLES // cells))

    def draw_nodes(self, randomness: Randomness, a: NDArray[np.int64], b: NDArray[np.int64]) -> None:
        """Draw the nodes of `randomness` into a (n, D) and b (n,)."""
        plan = self._plan
        loaded = self._loader.load(randomness)
        many, points = min(self._many, len(b) + len(b) % 2), len(self._rows)
        room = np.empty(many * points + PADDING, dtype=residue_type(plan.prime))
        products = room[: many * points].reshape(many, points)
        u = np.empty((len(products), plan.dimension), dtype=products.dtype)
        for start in range(0, len(b), len(u)):
            rows = slice(start, start + len(u))
            _split(randomness.words[rows], plan.prime, self._digits, u)
            n = len(b[rows])
            self._multiply(u[:n], self._rows, products)
            for first in range(0, n, self._few):
                part = slice(first, min(first + self._few, n))
                here = slice(start + part.start, start + part.stop)
                m0, output, v_inverse = (drawn[here] for drawn in loaded)
                k = np.zeros((len(m0), len(plan.tail)), dtype=np.int64)
                scaled = np.empty((len(m0), plan.prime))
                levels = randomness.levels[here]
                _finer_levels(self._tables, products[part], m0, output, levels, k)
                self._tail(self._tables, products[part], output, v_inverse, levels, k, scaled)
                _draw_weights(self._tables, u[part], k, v_inverse, a[here])
                _draw_bias(scaled, self._tables.ridgelet, randomness.bias[here], b[here])


@compiled
def _split(words: Any, prime: int, digits: int, out: Any) -> None:
    """Write the digits of words (n, W), as `digits_of` does, into out (m, D), m >= n."""
    width = words.shape[1]
    left = np.empty(width)
    scale, divisor = 1.0 / prime, float(prime)
    for i in range(len(words)):
        for j in range(width):
            left[j] = words[i, j]
        for place in range(digits):
            first = place * width
            row = out[i, first : min(first + width, out.shape[1])]
            for j in range(row.size):
                # Rounded down: words below 2^49 leave room for the errors of all three operations.
                quotient = (((left[j] + 0.5) * scale - 0.5) + ROUND) - ROUND
                row[j] = np.int32(left[j] - quotient * divisor)
                left[j] = quotient


@compiled(fastmath={"reassoc", "contract", "nsz"})
def _pick(weights: Any, uniform: float) -> int:
    """Turn a uniform number into an index by weights, sixteen at a time first."""
    total = 0.0
    for i in range(weights.size):
        total += weights[i]
    target, below, i = uniform * total, 0.0, 0
    while i + 16 <= weights.size:
        block = 0.0
        for j in range(16):
            block += weights[i + j]
        if below + block > target:
            break
        below += block
        i += 16
    while i < weights.size:
        below += weights[i]
        if below > target:
            return i
        i += 1
    i = weights.size - 1  # rounding: the last index of positive weight
    while weights[i] == 0.0:
        i -= 1
    return i


@compiled
def _sum_up(turns: Any, outcomes: Any, h: Any, phases: Any, sums: Any) -> None:
    """Write F(y) = sum of h_m w^(phase_m) over the positions of outcome y: real and imaginary parts in turn, (2Q,)."""
    sums[:] = 0.0
    part = h.size // 4
    h_1, h_2, h_3, h_4 = h[:part], h[part:], h[2 * part :], h[3 * part :]
    y_1, y_2, y_3, y_4 = outcomes[:part], outcomes[part:], outcomes[2 * part :], outcomes[3 * part :]
    t_1, t_2, t_3, t_4 = phases[:part], phases[part:], phases[2 * part :], phases[3 * part :]
    for m in range(part):  # neighbors share an outcome: four at a distance need not wait for each other
        add_pair(sums, 2 * np.int64(y_1[m]), h_1[m], turns, 2 * np.int64(t_1[m]))
        add_pair(sums, 2 * np.int64(y_2[m]), h_2[m], turns, 2 * np.int64(t_2[m]))
        add_pair(sums, 2 * np.int64(y_3[m]), h_3[m], turns, 2 * np.int64(t_3[m]))
        add_pair(sums, 2 * np.int64(y_4[m]), h_4[m], turns, 2 * np.int64(t_4[m]))
    for m in range(part, h_4.size):
        add_pair(sums, 2 * np.int64(y_4[m]), h_4[m], turns, 2 * np.int64(t_4[m]))


@compiled(fastmath={"reassoc", "contract", "nsz"})
def _few_weights(level_cos: Any, level_sin: Any, sums: Any, weights: Any, turned: Any) -> None:
    """Write the same for one node and few outcomes y with F(y) != 0; `turned` is scratch."""
    size = weights.size
    weights[:], turned[:] = 0.0, 0.0
    for y in range(size):
        real, imag = sums[2 * y], sums[2 * y + 1]
        if real != 0.0 or imag != 0.0:
            cos, sin = level_cos[y], level_sin[y]
            for k in range(size):
                weights[k] += real * cos[k] - imag * sin[k]
                turned[k] += real * sin[k] + imag * cos[k]
    for k in range(size):
        weights[k] = weights[k] * weights[k] + turned[k] * turned[k]


@compiled(fastmath={"reassoc", "contract", "nsz"})
def _weights_of_points(
    turns: Any, even: Any, odd: Any, outcomes: Any, h: Any, phases: Any, weights: Any, work: Any
) -> None:
    """Write |sum_m h_m w^(phase_m + k y_m)|^2 for every k into weights (P,), point by point: for few of them.

    The tables are folded in half, and so is the result; scratch is `work`, shape (4, (P + 1)/2).
    """
    size, half = weights.size, len(odd) - 1
    work[:] = 0.0
    real_cos, imag_cos, real_sin, imag_sin = work[0], work[1], work[2], work[3]
    for m in range(h.size):
        y, turn = np.int64(outcomes[m]), 2 * np.int64(phases[m])
        real, imag = h[m] * turns[turn], h[m] * turns[turn + 1]
        sign = -1.0 if y > half else 1.0
        y = size - y if y > half else y
        by_cos, by_sin = even[y], odd[y]
        for k in range(half + 1):
            real_cos[k] += real * by_cos[k]
            imag_cos[k] += imag * by_cos[k]
            real_sin[k] += sign * real * by_sin[k]
            imag_sin[k] += sign * imag * by_sin[k]
    _unfold(real_cos, imag_cos, real_sin, imag_sin, weights)


@compiled
def _weights(tables: Any, sums: Any, weights: Any) -> None:
    """Write |sum_y F(y) w^(k.y)|^2 for every k into weights (n, Q), by matrix products where they serve."""
    n, size = weights.shape
    if size == len(tables.characters) // 2:
        both = np.dot(sums, tables.characters)
        for i in range(n):
            for k in range(size):
                weights[i, k] = both[i, k] ** 2 + both[i, size + k] ** 2
        return
    if size != tables.prime or size == 2:  # a last level of fewer functionals than the others
        turned = np.empty(size)
        for i in range(n):
            _few_weights(tables.level_cos, tables.level_sin, sums[i], weights[i], turned)
        return
    # Folded in half: cosines see the even part of F alone, sines the odd part.
    half = size // 2
    even, odd = np.empty((2 * n, half + 1)), np.empty((2 * n, half + 1))
    for i in range(2 * n):
        part = sums[i // 2, i % 2 :: 2]
        even[i, 0], odd[i, 0] = part[0], 0.0
        for y in range(1, half + 1):
            even[i, y] = part[y] + part[size - y]
            odd[i, y] = part[y] - part[size - y]
    by_cos, by_sin = np.dot(even, tables.even), np.dot(odd, tables.odd)
    for i in range(n):
        _unfold(by_cos[2 * i], by_cos[2 * i + 1], by_sin[2 * i], by_sin[2 * i + 1], weights[i])


@compiled
def _unfold(real_cos: Any, imag_cos: Any, real_sin: Any, imag_sin: Any, weights: Any) -> None:
    """Write |real_cos - imag_sin + i (imag_cos + real_sin)|^2 at k = 0..(P-1)/2, and for sines reversed at -k."""
    half = real_cos.size - 1
    behind = weights[half + 1 :]
    for k in range(half + 1):
        weights[k] = (real_cos[k] - imag_sin[k]) ** 2 + (imag_cos[k] + real_sin[k]) ** 2
    for k in range(half):
        behind[half - 1 - k] = (real_cos[k + 1] + imag_sin[k + 1]) ** 2 + (imag_cos[k + 1] - real_sin[k + 1]) ** 2


@compiled
def _note(picked: int, first: int, prime: int, k: Any) -> None:
    """Write the outcome of a level into its functionals, the first counting least."""
    for f in range(first, k.size):
        k[f] = picked % prime
        picked //= prime


@compiled
def _finer_levels(tables: Any, products: Any, m0: Any, output: Any, levels: Any, k: Any) -> None:
    """Redraw all levels but the first into k (n, M), zero before: the smallest groups first."""
    prime, joint, shared, functionals = tables.prime, tables.joint, tables.shared, k.shape[1]
    keys, amplitudes, nothing, turns = tables.keys, tables.amplitudes, tables.nothing, tables.turns
    n, points, coarsest, begin, end = m0.size, shared.size - 1, tables.outcomes[0], tables.begin, tables.end
    even, odd, work = tables.even, tables.odd, np.empty((4, len(tables.even)))
    first, last = m0.copy(), m0 + 1
    phases, terms = np.empty(points + PADDING, dtype=nothing.dtype), np.empty((2, functionals), dtype=np.int64)
    for level in range(len(tables.outcomes) - 1, 0, -1):
        top, bottom = level * joint, min((level + 1) * joint, functionals)
        size, outcomes = prime ** (bottom - top), tables.outcomes[level]
        drawn, weights, sums = np.empty(n, dtype=np.int64), np.empty((n, size)), np.empty((n, 2 * size))
        count, other = 0, n  # groups to be transformed by matrix products come first, small ones last
        for i in range(n):
            start, stop = first[i], last[i]
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
            if size == prime and 2 * (stop - start) <= size:
                other -= 1
                drawn[other] = i
                _weights_of_points(turns, even, odd, y, h, phases, weights[other], work)
            else:
                drawn[count] = i
                _sum_up(turns, y, h, phases, sums[count])
                count += 1
        _weights(tables, sums[:count], weights[:count])
        for place in range(n):
            if place < count or place >= other:
                i = drawn[place]
                _note(_pick(weights[place], levels[i, level]), top, prime, k[i, :bottom])


@compiled
def _fourier(table: Any, cos: Any, sin: Any, sums: Any) -> None:
    """Write sum_t table(y, t) w^t for every outcome y: real and imaginary parts in turn, (2Q,)."""
    size, stride = table.shape
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
        to += factor
        to = to - out.size if to >= out.size else to


@compiled
def _tabled_tail(tables: Any, products: Any, output: Any, v_inverse: Any, levels: Any, k: Any, scaled: Any) -> None:
    """Redraw the first level of k (n, M); write the histograms over a.x_m (n, P). By tables of outcomes and phases."""
    prime, functionals, n = tables.prime, k.shape[1], output.size
    keys, amplitudes, offset, level_dot = tables.keys, tables.amplitudes, tables.offset, tables.level_dot
    cos, sin = tables.cos, tables.sin
    points, joint = offset.size - PADDING, min(tables.joint, functionals)
    size, stride = prime**joint, padded(prime)
    cells, terms = np.empty(points + PADDING, dtype=offset.dtype), np.empty((2, functionals), dtype=np.int64)
    by_outcome, sums, weights = np.empty((n, size, stride)), np.empty((n, 2 * size)), np.empty((n, size))
    twice, histogram = np.empty((size, prime + stride + LANES)), np.empty(stride)
    for i in range(n):
        many = list_terms(k[i], joint, terms)
        find_phases(products, i * points, keys, points, 0, terms, many, prime, offset, cells, points)
        table = by_outcome[i]
        table[:] = 0.0
        scatter(cells, amplitudes[output[i]], table.reshape(-1))
        _fourier(table, cos, sin, sums[i])
    if functionals > 0:
        _weights(tables, sums, weights)
    for i in range(n):
        picked = 0
        if functionals > 0:
            picked = _pick(weights[i], levels[i, 0])
            _note(picked, 0, prime, k[i, :joint])
        _turn(by_outcome[i], level_dot[picked], prime, twice, histogram)
        _scale(histogram, v_inverse[i], scaled[i])


@compiled
def _summed_tail(tables: Any, products: Any, output: Any, v_inverse: Any, levels: Any, k: Any, scaled: Any) -> None:
    """Draw the same where a table would have more cells than there are points: sums first, the histogram later."""
    prime, functionals, n = tables.prime, k.shape[1], output.size
    keys, amplitudes, nothing, outcomes = tables.keys, tables.amplitudes, tables.nothing, tables.outcomes[0]
    turns, points = tables.turns, nothing.size - PADDING
    phases, terms = np.empty(points + PADDING, dtype=nothing.dtype), np.empty((2, functionals), dtype=np.int64)
    sums, weights, histogram = np.empty((n, 2 * prime)), np.empty((n, prime)), np.empty(prime)
    for i in range(n):
        many = list_terms(k[i], 1, terms)
        find_phases(products, i * points, keys, points, 0, terms, many, prime, nothing, phases, points)
        _sum_up(turns, outcomes, amplitudes[output[i]], phases, sums[i])
    _weights(tables, sums, weights)
    for i in range(n):
        k[i, 0] = _pick(weights[i], levels[i, 0])
        many = list_terms(k[i], 0, terms)
        find_phases(products, i * points, keys, points, 0, terms, many, prime, nothing, phases, points)
        h = amplitudes[output[i]]
        histogram[:] = 0.0
        for m in range(points):
            histogram[np.uint32(phases[m])] += h[m]
        _scale(histogram, v_inverse[i], scaled[i])


@compiled
def _draw_bias(scaled: Any, ridgelet: Any, uniforms: Any, b: Any) -> None:
    """Draw b from |sum_t H(t) r(t - b)|^2: gate 4."""
    correlated = np.dot(scaled, ridgelet)
    for i in range(len(b)):
        row = correlated[i]
        for t in range(row.size):
            row[t] = row[t] * row[t]
        b[i] = _pick(row, uniforms[i])


@compiled
def _draw_weights(tables: Any, u: Any, k: Any, v_inverse: Any, a: Any) -> None:
    """Write a = (u + sum_f k_f A_f)/v modulo P: gate 3."""
    prime = tables.prime
    divisor, room = np.float32(prime), 2**24 // prime**2 - 1  # so many terms are exact in single precision
    scale = np.float32(1) / divisor
    total = np.empty(a.shape[1], dtype=np.float32)
    for i in range(len(a)):
        prefix, row, terms = u[i], a[i], 1
        factor = np.float32(v_inverse[i])
        for j in range(total.size):
            total[j] = factor * np.float32(prefix[j])
        for f in range(k.shape[1]):
            if k[i, f] == 0:
                continue
            if terms == room:
                for j in range(total.size):
                    total[j] -= divisor * ((total[j] * scale + ROUND_SINGLE) - ROUND_SINGLE)
                terms = 1
            step, functional = np.float32(k[i, f] * v_inverse[i] % prime), tables.tail[f]
            for j in range(total.size):
                total[j] += step * functional[j]
            terms += 1
        for j in range(total.size):
            rest = total[j] - divisor * ((total[j] * scale + ROUND_SINGLE) - ROUND_SINGLE)
            row[j] = np.int32(rest + divisor if rest < np.float32(0) else rest)
