"""The gates compiled: the same draws as `gates`, a few hundred nodes at a time, without the interpreter's lock."""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from classical.ridgelet.dequantized.gates import load
from classical.ridgelet.dequantized.plan import Plan, residue_type
from classical.ridgelet.dequantized.products import choose_packing, dense_products, sparse_products
from classical.ridgelet.dequantized.randomness import Randomness, digits_per_word
from classical.ridgelet.dequantized.rounding import ROUND, ROUND_SINGLE

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
    tail, keys, shared, amplitudes
        As in the plan.
    outcomes
        The number of a position's outcome on each level, shape (L, K).
    offset
        P times the number of a position's outcome on the first level, shape (K,).
    cos, sin
        w^t, shape (P,).
    level_cos, level_sin
        The characters w^(k.y) of a level, shape (Q, Q).
    characters
        The same as one real matrix on real parts, then imaginary ones, shape (2Q, 2Q); empty beyond `SMALL`.
    level_dot
        k.y mod P, shape (Q, Q).
    even, odd
        cos and sin of 2 pi k y/P for k, y = 0..(P-1)/2 and 1..(P-1)/2: the transform folded in half.
    ridgelet
        r(t - b), shape (P, P).
    """

    prime: int
    joint: int
    tail: NDArray[np.float32]
    keys: NDArray[np.unsignedinteger]
    outcomes: NDArray[np.unsignedinteger]
    offset: NDArray[np.uint32]
    shared: NDArray[np.uint8]
    amplitudes: NDArray[np.float64]
    cos: NDArray[np.float64]
    sin: NDArray[np.float64]
    level_cos: NDArray[np.float64]
    level_sin: NDArray[np.float64]
    characters: NDArray[np.float64]
    level_dot: NDArray[np.uint16]
    even: NDArray[np.float64]
    odd: NDArray[np.float64]
    ridgelet: NDArray[np.float64]


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
    outcomes = plan.keys
    if plan.joint > 1:
        outcomes = np.zeros((len(plan.levels), len(plan.order)), dtype=plan.keys.dtype)
        for level, functionals in enumerate(plan.levels):
            for power, keys in zip(powers, plan.keys[functionals], strict=False):
                outcomes[level] += outcomes.dtype.type(power) * keys
    return Tables(
        prime,
        plan.joint,
        plan.tail.astype(np.float32),
        plan.keys,
        outcomes,
        prime * outcomes[:1].sum(axis=0, dtype=np.uint32),
        plan.shared,
        plan.amplitudes,
        cos,
        sin,
        cos[dot],
        sin[dot],
        np.block([[cos[dot], sin[dot]], [-sin[dot], cos[dot]]]) if len(dot) <= SMALL else np.empty((0, 0)),
        dot.astype(np.uint16),
        cos[half],
        np.ascontiguousarray(sin[half[1:, 1:]]),
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
        self._plan, self._tables = plan, make_tables(plan)
        self._packing = choose_packing(plan.data, plan.prime)
        self._digits = digits_per_word(plan.prime, plan.dimension)
        self._rows = plan.data.rows[plan.order]
        cells = plan.prime ** (1 + min(plan.joint, len(plan.tail)))
        self._tail = _tabled_tail if cells <= max(len(plan.order), CELLS) else _summed_tail
        self._many = max(2, min(MANY, SCRATCH // max(len(plan.order), 4 * plan.dimension)) // 2 * 2)
        self._few = max(1, min(FEW, TABLES // cells))

    def draw_nodes(self, randomness: Randomness, a: NDArray[np.int64], b: NDArray[np.int64]) -> None:
        """Draw the nodes of `randomness` into a (n, D) and b (n,)."""
        plan, packing = self._plan, self._packing
        loaded = load(plan, randomness)
        products = np.empty((min(self._many, len(b) + len(b) % 2), len(self._rows)), dtype=residue_type(plan.prime))
        u = np.empty((len(products), plan.dimension), dtype=products.dtype)
        for start in range(0, len(b), len(u)):
            rows = slice(start, start + len(u))
            _split(randomness.words[rows], plan.prime, self._digits, u)
            n = len(b[rows])
            if plan.data.sparse:
                csr: Any = plan.data.array
                sparse_products(u[:n], csr.data, csr.indices, csr.indptr, self._rows, plan.prime, products)
            else:
                points = np.asarray(plan.data.array)
                dense_products(u[:n], points, self._rows, plan.prime, packing.chunk, packing.paired, products)
            for first in range(0, n, self._few):
                part = slice(first, min(first + self._few, n))
                here = slice(start + part.start, start + part.stop)
                m0, output, v_inverse = (drawn[here] for drawn in loaded)
                k = np.zeros((len(m0), len(plan.tail)), dtype=np.int64)
                scaled = np.empty((len(m0), plan.prime))
                self._tail(self._tables, products[part], m0, output, v_inverse, randomness.levels[here], k, scaled)
                _draw_weights(self._tables, u[part], k, v_inverse, a[here])
                _draw_bias(scaled, self._tables.ridgelet, randomness.bias[here], b[here])


@njit(nogil=True, cache=True)
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


@njit(nogil=True, cache=True, fastmath={"reassoc", "contract", "nsz"})
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


@njit(nogil=True, cache=True)
def _phases(
    products: Any, keys: Any, at: int, k: Any, start: int, prime: int, offset: Any, work: Any, out: Any
) -> None:
    """Write offset_m + (u.x_m + sum of k_f y_fm over functionals f >= start modulo P) into out; `work` is scratch.

    Products are of the positions from `at` on, keys and offsets of all.

    Single precision is exact, and in vector registers: at most two functionals are added between reductions to
    centered residues, and P <= MAX_PRIME.
    """
    divisor = np.float32(prime)
    scale = np.float32(1) / divisor
    end = at + out.size
    one, other = -1, -1  # the last two to be added
    more = False
    for f in range(start, k.size):
        if k[f] == 0:
            continue
        if one >= 0:
            factor, key = np.float32(k[one]), keys[one, at:end]
            for m in range(out.size):
                phase = (work[m] if more else np.float32(products[m])) + factor * np.float32(key[m])
                work[m] = phase - divisor * ((phase * scale + ROUND_SINGLE) - ROUND_SINGLE)
            more = True
        one, other = other, f
    first, second = np.float32(0), np.float32(0)
    if one >= 0:
        first = np.float32(k[one])
    if other >= 0:
        second = np.float32(k[other])
    one_key, other_key, shift = keys[max(one, 0), at:end], keys[max(other, 0), at:end], offset[at:end]
    if more:
        for m in range(out.size):
            phase = work[m] + (first * np.float32(one_key[m]) + second * np.float32(other_key[m]))
            phase -= divisor * ((phase * scale + ROUND_SINGLE) - ROUND_SINGLE)
            out[m] = np.uint32(np.int32(phase + divisor if phase < np.float32(0) else phase)) + shift[m]
    elif other >= 0:
        for m in range(out.size):
            phase = np.float32(products[m]) + (first * np.float32(one_key[m]) + second * np.float32(other_key[m]))
            phase -= divisor * ((phase * scale + ROUND_SINGLE) - ROUND_SINGLE)
            out[m] = np.uint32(np.int32(phase + divisor if phase < np.float32(0) else phase)) + shift[m]
    else:
        for m in range(out.size):
            out[m] = np.uint32(products[m]) + shift[m]


@njit(nogil=True, cache=True)
def _add(outcomes: Any, h: Any, phases: Any, cos: Any, sin: Any, m: int, size: Any, sums: Any) -> None:
    outcome, phase = np.uint32(outcomes[m]), phases[m]
    sums[outcome] += h[m] * cos[phase]
    sums[size + outcome] += h[m] * sin[phase]


@njit(nogil=True, cache=True)
def _sum_up(tables: Any, outcomes: Any, h: Any, phases: Any, sums: Any) -> None:
    """Write F(y) = sum of h_m w^(phase_m) over the positions of outcome y: real parts (Q,), then imaginary ones."""
    size, part = np.uint32(sums.size // 2), h.size // 6
    cos, sin = tables.cos, tables.sin
    sums[:] = 0.0
    for m in range(part):  # neighbors share an outcome: six at a distance need not wait for each other
        _add(outcomes, h, phases, cos, sin, m, size, sums)
        _add(outcomes, h, phases, cos, sin, m + part, size, sums)
        _add(outcomes, h, phases, cos, sin, m + 2 * part, size, sums)
        _add(outcomes, h, phases, cos, sin, m + 3 * part, size, sums)
        _add(outcomes, h, phases, cos, sin, m + 4 * part, size, sums)
        _add(outcomes, h, phases, cos, sin, m + 5 * part, size, sums)
    for m in range(6 * part, h.size):
        _add(outcomes, h, phases, cos, sin, m, size, sums)


@njit(nogil=True, cache=True, fastmath={"reassoc", "contract", "nsz"})
def _few_weights(tables: Any, sums: Any, weights: Any, turned: Any) -> None:
    """Write the same for one node and few outcomes y with F(y) != 0; `turned` is scratch."""
    size = weights.size
    weights[:], turned[:] = 0.0, 0.0
    for y in range(size):
        real, imag = sums[y], sums[size + y]
        if real != 0.0 or imag != 0.0:
            cos, sin = tables.level_cos[y], tables.level_sin[y]
            for k in range(size):
                weights[k] += real * cos[k] - imag * sin[k]
                turned[k] += real * sin[k] + imag * cos[k]
    for k in range(size):
        weights[k] = weights[k] * weights[k] + turned[k] * turned[k]


@njit(nogil=True, cache=True)
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
            _few_weights(tables, sums[i], weights[i], turned)
        return
    # Folded in half: cosines see the even part of F alone, sines the odd part.
    half = size // 2
    even, odd = np.empty((2 * n, half + 1)), np.empty((2 * n, half))
    for i in range(2 * n):
        part = sums[i // 2, (i % 2) * size : (i % 2 + 1) * size]
        even[i, 0] = part[0]
        for y in range(1, half + 1):
            even[i, y] = part[y] + part[size - y]
            odd[i, y - 1] = part[y] - part[size - y]
    by_cos, by_sin = np.dot(even, tables.even), np.dot(odd, tables.odd)
    for i in range(n):
        x, z, c, s = by_cos[2 * i], by_cos[2 * i + 1], by_sin[2 * i], by_sin[2 * i + 1]
        weights[i, 0] = x[0] ** 2 + z[0] ** 2
        for y in range(1, half + 1):
            weights[i, y] = (x[y] - s[y - 1]) ** 2 + (z[y] + c[y - 1]) ** 2
            weights[i, size - y] = (x[y] + s[y - 1]) ** 2 + (z[y] - c[y - 1]) ** 2


@njit(nogil=True, cache=True)
def _note(picked: int, first: int, prime: int, k: Any) -> None:
    """Write the outcome of a level into its functionals, the first counting least."""
    for f in range(first, k.size):
        k[f] = picked % prime
        picked //= prime


@njit(nogil=True, cache=True)
def _finer_levels(tables: Any, products: Any, m0: Any, output: Any, levels: Any, k: Any) -> None:
    """Redraw all levels but the first into k (n, M), zero before: the smallest groups first."""
    prime, joint, shared, functionals = tables.prime, tables.joint, tables.shared, k.shape[1]
    first, last = m0.copy(), m0 + 1
    work, phases = np.empty(shared.size, dtype=np.float32), np.empty(shared.size, dtype=np.uint32)
    none = np.zeros(shared.size, dtype=np.uint32)
    for level in range(len(tables.outcomes) - 1, 0, -1):
        top, bottom = level * joint, min((level + 1) * joint, functionals)
        size = prime ** (bottom - top)
        few = size != len(tables.characters) // 2
        turned = np.empty(size)
        drawn, sums = np.empty(m0.size, dtype=np.int64), np.empty((m0.size, 2 * size))
        weights = np.empty((m0.size, size))
        count = 0
        for i in range(m0.size):
            start, stop = first[i], last[i]
            if shared[start] < level and shared[stop] < level and stop - start == 1:
                continue  # m0 alone: uniform already
            while shared[start] >= level:
                start -= 1
            while shared[stop] >= level:
                stop += 1
            first[i], last[i] = start, stop
            h, here = tables.amplitudes[output[i], start:stop], phases[: stop - start]
            _phases(products[i, start:stop], tables.keys, start, k[i], bottom, prime, none, work, here)
            _sum_up(tables, tables.outcomes[level, start:stop], h, here, sums[count])
            if few:
                _few_weights(tables, sums[count], weights[count], turned)
            drawn[count] = i
            count += 1
        if not few:
            _weights(tables, sums[:count], weights[:count])
        for place in range(count):
            i = drawn[place]
            _note(_pick(weights[place], levels[i, level]), top, prime, k[i, :bottom])


@njit(nogil=True, cache=True)
def _scatter(cells: Any, h: Any, table: Any) -> None:
    """Add every h_m to its cell. Neighbors often share one: four at a distance need not wait for each other."""
    part = h.size // 4
    cells_1, cells_2, cells_3, cells_4 = cells[:part], cells[part:], cells[2 * part :], cells[3 * part :]
    h_1, h_2, h_3, h_4 = h[:part], h[part:], h[2 * part :], h[3 * part :]
    for m in range(part):
        table[cells_1[m]] += h_1[m]
        table[cells_2[m]] += h_2[m]
        table[cells_3[m]] += h_3[m]
        table[cells_4[m]] += h_4[m]
    for m in range(part, h_4.size):
        table[cells_4[m]] += h_4[m]


@njit(nogil=True, cache=True, fastmath={"reassoc", "contract", "nsz"})
def _fourier(tables: Any, table: Any, sums: Any) -> None:
    """Write sum_t table(y, t) w^t for every outcome y: real parts (Q,), then imaginary ones."""
    size = len(table)
    for y in range(size):
        real, imag = 0.0, 0.0
        for t in range(tables.cos.size):
            real += table[y, t] * tables.cos[t]
            imag += table[y, t] * tables.sin[t]
        sums[y], sums[size + y] = real, imag


@njit(nogil=True, cache=True)
def _turn(tables: Any, table: Any, picked: int, double: Any, histogram: Any) -> None:
    """Write the histogram of h over phase + k.y modulo P, k the outcome picked; `double` is scratch (2P,)."""
    prime = histogram.size
    double[:] = 0.0
    for y in range(len(table)):
        row, shifted = table[y], double[np.int64(tables.level_dot[picked, y]) :]
        for t in range(prime):
            shifted[t] += row[t]
    for t in range(prime):
        histogram[t] = double[t] + double[prime + t]


@njit(nogil=True, cache=True)
def _scale(histogram: Any, factor: int, out: Any) -> None:
    """Multiply the argument of a histogram by a residue: gate 3 on the products."""
    to = 0
    for t in range(histogram.size):
        out[to] = histogram[t]
        to += factor
        to = to - histogram.size if to >= histogram.size else to


@njit(nogil=True, cache=True)
def _tabled_tail(
    tables: Any, products: Any, m0: Any, output: Any, v_inverse: Any, levels: Any, k: Any, scaled: Any
) -> None:
    """Draw the tail k (n, M) and the histograms over a.x_m (n, P), with a table of outcomes and phases a node."""
    prime, count, functionals, n = tables.prime, tables.offset.size, k.shape[1], m0.size
    joint = min(tables.joint, functionals)
    size = prime**joint
    work, cells = np.empty(count, dtype=np.float32), np.empty(count, dtype=np.uint32)
    by_outcome, sums, weights = np.empty((n, size, prime)), np.empty((n, 2 * size)), np.empty((n, size))
    double, histogram = np.empty(2 * prime), np.empty(prime)
    _finer_levels(tables, products, m0, output, levels, k)
    for i in range(n):
        _phases(products[i], tables.keys, 0, k[i], joint, prime, tables.offset, work, cells)
        h, table = tables.amplitudes[output[i]], by_outcome[i].reshape(-1)
        table[:] = 0.0
        _scatter(cells, h, table)
        _fourier(tables, by_outcome[i], sums[i])
    if functionals > 0:
        _weights(tables, sums, weights)
    for i in range(n):
        picked = 0
        if functionals > 0:
            picked = _pick(weights[i], levels[i, 0])
            _note(picked, 0, prime, k[i, :joint])
        _turn(tables, by_outcome[i], picked, double, histogram)
        _scale(histogram, v_inverse[i], scaled[i])


@njit(nogil=True, cache=True)
def _summed_tail(
    tables: Any, products: Any, m0: Any, output: Any, v_inverse: Any, levels: Any, k: Any, scaled: Any
) -> None:
    """Draw the same where a table would have more cells than there are points: sums first, the histogram later."""
    prime, count, n = tables.prime, tables.offset.size, m0.size
    work, phases, histogram = np.empty(count, dtype=np.float32), np.empty(count, dtype=np.uint32), np.empty(prime)
    none = np.zeros(count, dtype=np.uint32)
    sums, weights = np.empty((n, 2 * prime)), np.empty((n, prime))
    _finer_levels(tables, products, m0, output, levels, k)
    for i in range(n):
        _phases(products[i], tables.keys, 0, k[i], 1, prime, none, work, phases)
        _sum_up(tables, tables.outcomes[0], tables.amplitudes[output[i]], phases, sums[i])
    _weights(tables, sums, weights)
    for i in range(n):
        k[i, 0] = _pick(weights[i], levels[i, 0])
        _phases(products[i], tables.keys, 0, k[i], 0, prime, none, work, phases)
        h = tables.amplitudes[output[i]]
        histogram[:] = 0.0
        for m in range(count):
            histogram[phases[m]] += h[m]
        _scale(histogram, v_inverse[i], scaled[i])


@njit(nogil=True, cache=True)
def _draw_bias(scaled: Any, ridgelet: Any, uniforms: Any, b: Any) -> None:
    """Draw b from |sum_t H(t) r(t - b)|^2: gate 4."""
    correlated = np.dot(scaled, ridgelet)
    for i in range(len(b)):
        row = correlated[i]
        for t in range(row.size):
            row[t] = row[t] * row[t]
        b[i] = _pick(row, uniforms[i])


@njit(nogil=True, cache=True)
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
