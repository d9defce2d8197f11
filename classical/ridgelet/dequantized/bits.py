"""The gates compiled for P = 2 and 3 and dense points: the same draws as `gates`, 64 points in a word.

The products u.x are those of `problems.ridgelet.products.planes`.

The ridgelet has zero mean, so b sees the histogram of a.x but for a constant, and for P <= 3 that is one number: the
sum of h_m w^(u.x_m), which level 0 has computed for every outcome. No histogram is made.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.dequantized.loader import Loader
from classical.ridgelet.dequantized.plan import Plan
from classical.ridgelet.dequantized.randomness import Randomness, digits_per_word
from problems.compiling import compiled
from problems.finite_field import row_blocks
from problems.ridgelet.products.planes import (
    BLOCK,
    ROOT,
    TABULATED,
    aligned,
    bit_table,
    look_up,
    multiply,
    ones,
    pack,
    sign_table,
    tabulate,
    twos,
)
from problems.ridgelet.products.rounding import ROUND
from problems.ridgelet.products.vectors import (
    LANES,
    add,
    add_words,
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

__all__ = ["PackedBits"]

NODES = 256
"""Nodes handled at once, at most."""

SCRATCH = 2**26
"""Bytes of products held at once, at most, unless one node takes more: bounds the memory of a thread."""

SPAN = 16
"""Blocks of amplitudes that all nodes use before the next ones are read: they stay in the cache."""

WIDE = 40
"""From so many positions a group on average, the outcomes of a level are summed run by run, in vectors."""

PADDING = 8
"""Columns added to arrays whose rows would else compete for the same lines of the cache."""


class Tables(NamedTuple):
    """What the kernels read.

    The groups of the levels that are `WIDE`, and their runs, the groups of the next level, are a tree in arrays:
    group 0 is all points.

    Attributes
    ----------
    prime, joint, dimension, functionals, wide
        P, the functionals of a level, D, M, and how many of the first levels are wide, at least one.
    planes
        The bits of block i, coordinate j, plane t (of digit t + 1) and word w of the block: shape
        (blocks, D, P - 1, LANES), flat.
    combined
        The same of k.y for each level behind the first and each outcome k: shape
        (blocks, L - 1, Q, P - 1, LANES), flat.
    coordinates
        Which coordinate is place s of table g, shape (G, size); -1 for none.
    begin, end, parent, child
        The positions of a group, its parent, and its first run: shape (groups,).
    outcome
        The number of a group's outcome on the level that made it.
    home
        The smallest wide group of each position, shape (K,).
    amplitudes
        Amplitudes of each output, 0 behind the last position: shape (C, positions), flat.
    outcomes
        The number of a position's outcome on each level, shape (L, K).
    root
        w^t, shape (2P,): real parts, then imaginary ones.
    shared
        As in the plan.
    steps
        sum_f k_f A_f mod P over the functionals of a level, for each outcome k, coordinates in bytes: shape
        (L, Q, words).
    expanded, signs
        What a byte says of its positions: its bits as 0 and 1, shape (256, 8), flat; and w^t, from `sign_table`.
    by_cos, by_sin
        sum_t r(t - b) w^t, shape (P,).
    """

    prime: int
    joint: int
    dimension: int
    functionals: int
    wide: int
    planes: NDArray[np.uint64]
    combined: NDArray[np.uint64]
    coordinates: NDArray[np.int64]
    begin: NDArray[np.int64]
    end: NDArray[np.int64]
    parent: NDArray[np.int64]
    child: NDArray[np.int64]
    outcome: NDArray[np.int64]
    home: NDArray[np.int32]
    amplitudes: NDArray[np.float64]
    outcomes: NDArray[np.uint8]
    root: NDArray[np.float64]
    shared: NDArray[np.uint8]
    steps: NDArray[np.uint64]
    expanded: NDArray[np.float64]
    signs: NDArray[np.float64]
    by_cos: NDArray[np.float64]
    by_sin: NDArray[np.float64]


def _make_tables(plan: Plan) -> Tables:
    prime, joint, count, levels = plan.prime, plan.joint, len(plan.order), len(plan.levels)
    powers = prime ** np.arange(joint)
    digits = np.arange(prime**joint)[:, None] // powers % prime
    # Without functionals, level 0 has one outcome.
    outcomes = np.zeros((max(levels, 1), count), dtype=np.uint8)
    steps = np.zeros((levels, len(digits), -(-plan.dimension // (8 * LANES)) * 8 * LANES), dtype=np.uint8)
    for level, functionals in enumerate(plan.levels):
        for power, keys in zip(powers, plan.keys[functionals], strict=False):
            outcomes[level] += np.uint8(power) * keys
        tail = plan.tail[functionals]
        steps[level, :, : plan.dimension] = digits[:, : len(tail)] @ tail % prime
    length = -(-count // BLOCK) * BLOCK
    amplitudes = np.zeros((len(plan.amplitudes), length))
    amplitudes[:, :count] = plan.amplitudes
    angle = 2 * np.pi * np.arange(prime) / prime
    shifted = plan.ridgelet[np.subtract.outer(np.arange(prime), np.arange(prime)) % prime]
    planes, combined = _planes(plan)
    return Tables(
        prime=prime,
        joint=joint,
        dimension=plan.dimension,
        functionals=len(plan.tail),
        planes=planes,
        combined=combined,
        coordinates=_coordinates(plan),
        amplitudes=aligned(amplitudes),
        outcomes=outcomes,
        root=np.concatenate([np.cos(angle), np.sin(angle)]),
        shared=plan.shared,
        steps=steps.view(np.uint64),
        expanded=bit_table(),
        signs=sign_table(prime),
        by_cos=np.cos(angle) @ shifted,
        by_sin=np.sin(angle) @ shifted,
        **_tree(plan, outcomes),
    )


def _planes(plan: Plan) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the fields `planes` and `combined`."""
    prime, (count, dimension), functionals = plan.prime, plan.data.shape, len(plan.tail)
    blocks, finer = -(-count // BLOCK), max(len(plan.levels) - 1, 0)
    planes = np.zeros((blocks, dimension, prime - 1, LANES), dtype=np.uint64)
    combined = np.zeros((blocks, finer * prime**plan.joint * (prime - 1) * LANES), dtype=np.uint64)
    rows = np.arange((finer + 1) * plan.joint).reshape(finer + 1, plan.joint)[1:]
    rows[rows >= functionals] = -1
    for part in row_blocks(blocks, BLOCK * (dimension + functionals)):
        positions = slice(BLOCK * part.start, BLOCK * part.stop)
        points = np.asarray(plan.data.take(plan.order[positions])).astype(np.uint8, copy=False)
        pack(np.ascontiguousarray(points), planes[part])
        keys = np.zeros((part.stop - part.start, functionals, prime - 1, LANES), dtype=np.uint64)
        pack(np.ascontiguousarray(plan.keys[:, positions].T), keys)
        _combine(prime, keys, rows, combined[part])
    return planes.reshape(-1), combined.reshape(-1)


def _coordinates(plan: Plan) -> NDArray[np.int64]:
    """Tell which coordinates a table holds: consecutive digits of one word, see `digits_of`."""
    size, digits = TABULATED[plan.prime], digits_per_word(plan.prime, plan.dimension)
    words = -(-plan.dimension // digits)
    places = -(-plan.dimension // words)
    tables = -(-places // size)
    place = np.arange(tables)[:, None, None] * size + np.arange(size)
    coordinates = place * words + np.arange(words)[:, None]
    coordinates[coordinates >= plan.dimension] = -1
    return coordinates.reshape(tables * words, size)


def _tree(plan: Plan, outcomes: NDArray[np.uint8]) -> dict[str, Any]:
    """Return the fields of the tree, `wide` to `home`."""
    count = len(plan.order)
    edges = [np.array([0, count])]
    while len(edges) == 1 or (len(edges) <= len(plan.levels) and count >= WIDE * (len(edges[-1]) - 1)):
        edges.append(np.flatnonzero(plan.shared < len(edges)))
    sizes = [len(edge) - 1 for edge in edges]
    offset = np.concatenate([[0], np.cumsum(sizes)])
    parents, children, made = [np.array([0])], [], [np.array([0])]
    for depth in range(1, len(edges)):
        begin = edges[depth][:-1]
        parents.append(offset[depth - 1] + np.searchsorted(edges[depth - 1], begin, side="right") - 1)
        children.append(offset[depth] + np.searchsorted(begin, edges[depth - 1][:-1]))
        made.append(outcomes[depth - 1, begin].astype(np.int64))
    home = np.repeat(np.arange(offset[-3], offset[-2], dtype=np.int32), np.diff(edges[-2]))
    return {
        "wide": len(edges) - 1,
        "begin": np.concatenate([edge[:-1] for edge in edges]),
        "end": np.concatenate([edge[1:] for edge in edges]),
        "parent": np.concatenate(parents),
        "child": np.concatenate([*children, [offset[-1]]]),
        "outcome": np.concatenate(made),
        "home": home,
    }


class PackedBits:
    """The compiled path of a plan with P = 2 or 3 and dense points.

    Parameters
    ----------
    plan
        The plan.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan, self._tables, self._loader = plan, _make_tables(plan), Loader(plan)
        self._bytes = (plan.prime - 1) * BLOCK // 8 * -(-len(plan.order) // BLOCK)  # of a node's products

    def draw_nodes(self, randomness: Randomness, a: NDArray[np.int64], b: NDArray[np.int64]) -> None:
        """Draw the nodes of `randomness` into a (n, D) and b (n,)."""
        m0, output, v_inverse = self._loader.load(randomness)
        # Always of one layout, so that the kernels are compiled once: slices of one row would look contiguous.
        words, levels, bias = map(np.ascontiguousarray, (randomness.words, randomness.levels, randomness.bias))
        step = max(1, min(NODES, SCRATCH // self._bytes))
        for start in range(0, len(b), step):
            rows = slice(start, start + step)
            loaded = m0[rows], output[rows], v_inverse[rows]
            _draw(self._tables, words[rows], levels[rows], bias[rows], *loaded, a[rows], b[rows])


@compiled
def _codes(words: Any, prime: int, size: int, codes: Any) -> None:
    """Write `size` digits of words (n, W) at a time into codes (G, n)."""
    n, width = words.shape
    left, base = np.empty(n), float(prime**size)
    scale = 1.0 / base
    for w in range(width):
        for i in range(n):
            left[i] = words[i, w]
        for g in range(w, len(codes), width):
            row = codes[g]
            for i in range(n):
                # Rounded down: words below 2^49 leave room for the errors of all three operations.
                quotient = (((left[i] + 0.5) * scale - 0.5) + ROUND) - ROUND
                row[i] = np.int32(left[i] - quotient * base)
                left[i] = quotient


@compiled
def _digits(tables: Any, codes: Any, digits: Any) -> None:
    """Take codes (G, n) apart into digits (D, n)."""
    groups, size = tables.coordinates.shape
    for g in range(groups):
        row = codes[g]
        for place in range(size):
            j = tables.coordinates[g, place]
            if j < 0:
                continue
            line = digits[j]
            if tables.prime == 2:
                shift = np.uint8(place)
                for i in range(row.size):
                    line[i] = (row[i] >> shift) & np.uint8(1)
            elif place == 0:
                for i in range(row.size):
                    line[i] = np.uint32(row[i]) % np.uint32(3)
            else:
                for i in range(row.size):
                    line[i] = np.uint32(row[i]) // np.uint32(3)


@compiled
def _combine(prime: int, keys: Any, rows: Any, combined: Any) -> None:
    """Write the combinations of functionals, given as planes (blocks, M, P - 1, LANES), in each block."""
    for block in range(len(keys)):
        tabulate(prime, keys[block].reshape(-1), 0, rows, combined[block])


@compiled
def _list_lines(picked: Any, i: int, level: int, outcomes: int, width: int, lines: Any) -> int:
    """List where in a block of `combined` the planes are that levels behind `level` add to node i; return how many."""
    count = 0
    for finer in range(level + 1, picked.shape[1]):
        if picked[i, finer] > 0:
            lines[count] = ((finer - 1) * outcomes + picked[i, finer]) * width
            count += 1
    return count


@compiled
def _shift(
    prime: int, products: Any, at: int, apart: int, blocks: int, combined: Any, base: int, stride: int, lines: Any,
    count: int, shifted: Any,
) -> None:  # fmt: skip
    """Add `count` lines to the products in some blocks, which begin at `at` and `base`, `apart` and `stride` apart.

    What is written is, for P = 2, the bits. For P = 3 a byte holds four positions, the bits of 1 below those of 2:
    first the first half of every eight positions, then the other half.
    """
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
            store_vector(shifted, to, low_halves(p, q))
            store_vector(shifted, to + LANES, high_halves(p, q))
        at, to, base = at + apart, to + width, base + stride


@compiled
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
            ones = multiply_add(zero_vector(), amplitudes, look_up(expanded, p & inside))
            ones = multiply_add(ones, others, look_up(expanded, r & behind))
            zeros = multiply_add(zero_vector(), amplitudes, look_up(expanded, ~p & inside))
            zeros = multiply_add(zeros, others, look_up(expanded, ~r & behind))
            more, rest = zero_vector(), zero_vector()
            for byte in range(left + 1, right):  # three sums take turns: none waits for the addition before
                done = multiply_add(zeros, load_vector(h, at + 8 * byte), look_up(signs, bits[np.uint64(bit + byte)]))
                zeros, more, rest = more, rest, done
            total += sum_of(subtract(add(add(zeros, more), rest), ones))
            start = until
        sums[outcome[run], c] += total


@compiled
def _sum_runs_3(
    begin: Any, end: Any, outcome: Any, runs: Any, low: int, high: int, bits: Any, first: int, h: Any, offset: int,
    signs: Any, c: int, sums: Any,
) -> None:  # fmt: skip
    """Do the same with the third root of unity: real parts first, then imaginary ones."""
    size = len(sums) // 2
    for run in range(runs[0], runs[1]):
        start, stop = max(begin[run], low), min(end[run], high)
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


@compiled
def _wide_sums(
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
    for origin in range(0, count, SPAN * BLOCK):
        for c in range(drawn.size):
            i = drawn[c]
            g = group[i]
            low, high = max(begin[g], origin), min(end[g], origin + SPAN * BLOCK)
            if low >= high:
                continue
            first = low // BLOCK
            last = (high - 1) // BLOCK + 1
            listed = _list_lines(picked, i, level, outcomes, width, lines)
            at, base = (first * n + i) * width, first * stride
            _shift(prime, products, at, n * width, last - first, combined, base, stride, lines, listed, shifted)
            runs, offset = (child[g], child[g + 1]), output[i] * blocks * BLOCK
            if prime == 2:
                _sum_runs_2(
                    begin, end, outcome, runs, low, high, bits, first, amplitudes, offset, expanded, signs, c, sums
                )
            else:
                _sum_runs_3(begin, end, outcome, runs, low, high, bits, first, amplitudes, offset, signs, c, sums)


@compiled
def _narrow_sums(
    prime: int, bits: Any, first: int, outcomes: Any, level: int, start: int, stop: int, h: Any, offset: int, root: Any,
    sums: Any,
) -> None:  # fmt: skip
    """Write the same for one node, position by position: shape (2Q,). The bits are those from block `first` on."""
    size = np.uint64(sums.size // 2)
    sums[:] = 0.0
    for m in range(start, stop):
        place = np.uint64(m - first * BLOCK)
        if prime == 2:
            t = np.uint64(bits[place >> np.uint64(3)] >> (place & np.uint64(7))) & np.uint64(1)
        else:
            at = (place >> np.uint64(9)) * np.uint64(128) + ((place >> np.uint64(3)) & np.uint64(63))
            byte = np.uint64(bits[at + ((place << np.uint64(4)) & np.uint64(64))]) >> (place & np.uint64(3))
            t = (byte & np.uint64(1)) + ((byte >> np.uint64(3)) & np.uint64(2))
        y, amplitude = np.uint64(outcomes[level, m]), h[np.uint64(offset + m)]
        sums[y] += amplitude * root[t]
        sums[size + y] += amplitude * root[np.uint64(prime) + t]


@compiled
def _transform(prime: int, sums: Any, size: int, n: int) -> None:
    """Replace F(y) by sum_y F(y) w^(k.y) for n nodes: real parts (Q, n), then imaginary ones."""
    half = len(sums) // 2
    power = 1
    while power < size:
        for y in range(size):
            if y // power % prime > 0:
                continue
            a, b = sums[y], sums[y + power]
            if prime == 2:  # all real
                for c in range(n):
                    x, z = a[c], b[c]
                    a[c], b[c] = x + z, x - z
                continue
            d = sums[y + 2 * power]
            e, f, g = sums[half + y], sums[half + y + power], sums[half + y + 2 * power]
            for c in range(n):
                real, imag = b[c] + d[c], f[c] + g[c]
                turned_real, turned_imag = ROOT * (g[c] - f[c]), ROOT * (b[c] - d[c])
                middle_real, middle_imag = a[c] - 0.5 * real, e[c] - 0.5 * imag
                a[c], e[c] = a[c] + real, e[c] + imag
                b[c], f[c] = middle_real + turned_real, middle_imag + turned_imag
                d[c], g[c] = middle_real - turned_real, middle_imag - turned_imag
        power *= prime


@compiled
def _pick_all(sums: Any, size: int, uniforms: Any, picked: Any) -> None:
    """Turn uniforms (n,) into outcomes by |sums|^2, as `pick_rows` does."""
    half, n = len(sums) // 2, uniforms.size
    running, total, target = np.empty((size, n)), np.zeros(n), np.empty(n)
    index, limit = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    for k in range(size):
        real, imag, line = sums[k], sums[half + k], running[k]
        for c in range(n):
            total[c] += real[c] * real[c] + imag[c] * imag[c]
            line[c] = total[c]
    for c in range(n):
        target[c] = uniforms[c] * total[c]
    for k in range(size):
        line = running[k]
        for c in range(n):
            index[c] += line[c] <= target[c]
            limit[c] += line[c] < total[c]
    for c in range(n):
        picked[c] = min(index[c], limit[c])


@compiled
def _draw_level(tables: Any, level: int, drawn: Any, sums: Any, levels: Any, picked: Any) -> None:
    """Draw the outcomes k of a level for the drawn nodes, from their F(y)."""
    size = tables.prime ** min(tables.joint, tables.functionals - level * tables.joint)
    uniforms, outcomes = np.empty(drawn.size), np.empty(drawn.size, dtype=np.int64)
    for c in range(drawn.size):
        uniforms[c] = levels[drawn[c], level]
    _transform(tables.prime, sums, size, drawn.size)
    _pick_all(sums, size, uniforms, outcomes)
    for c in range(drawn.size):
        picked[drawn[c], level] = outcomes[c]


@compiled
def _narrow_levels(tables: Any, products: Any, m0: Any, output: Any, levels: Any, picked: Any) -> None:
    """Draw the outcomes of the levels that are not wide, the smallest groups first."""
    prime, n, size, width = tables.prime, m0.size, tables.steps.shape[1], (tables.prime - 1) * LANES
    shared, outcomes, root, amplitudes = tables.shared, tables.outcomes, tables.root, tables.amplitudes
    combined, blocks = tables.combined, (tables.home.size + BLOCK - 1) // BLOCK
    stride = (len(outcomes) - 1) * size * width
    lines, shifted = np.empty(len(outcomes), dtype=np.int64), np.empty(2 * width, dtype=np.uint64)
    bits = shifted.view(np.uint8)
    first, last = m0.copy(), m0 + 1
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
            listed = _list_lines(picked, i, level, size, width, lines)
            block = start // BLOCK
            there = (stop - 1) // BLOCK + 1 - block
            if there * width > shifted.size:
                shifted = np.empty(there * width, dtype=np.uint64)
                bits = shifted.view(np.uint8)
            at, offset = (block * n + i) * width, output[i] * blocks * BLOCK
            _shift(prime, products, at, n * width, there, combined, block * stride, stride, lines, listed, shifted)
            _narrow_sums(prime, bits, block, outcomes, level, start, stop, amplitudes, offset, root, own)
            for y in range(2 * size):
                sums[y, count] = own[y]
            drawn[count] = i
            count += 1
        if count > 0:
            _draw_level(tables, level, drawn[:count], sums, levels, picked)


@compiled
def _wide_levels(
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
            if level == 0 or tables.end[group[i]] - tables.begin[group[i]] > 1:
                drawn[count] = i
                count += 1
        _wide_sums(tables, products, level, group, output, drawn[:count], picked, sums)
        if levels.shape[1] > 0:
            _draw_level(tables, level, drawn[:count], sums, levels, picked)
        for i in range(n):
            group[i] = tables.parent[group[i]]
    for i in range(n):
        real[i], imag[i] = sums[picked[i, 0], i], sums[size + picked[i, 0], i]


@compiled
def _draw_bias(tables: Any, real: Any, imag: Any, v_inverse: Any, uniforms: Any, b: Any) -> None:
    """Draw b from |sum_t H(t) r(t - b)|^2: gate 4."""
    n, prime = b.size, tables.prime
    sums = np.zeros((2 * prime, n))
    for value in range(prime):
        cos, sin, line = tables.by_cos[value], tables.by_sin[value], sums[value]
        for i in range(n):
            # Multiplying the products by 2 conjugates the sum.
            line[i] = real[i] * cos + (imag[i] if v_inverse[i] == 1 else -imag[i]) * sin
    _pick_all(sums, prime, uniforms, b)


@compiled
def _draw_weights(tables: Any, digits: Any, picked: Any, v_inverse: Any, a: Any) -> None:
    """Write a = (u + sum_f k_f A_f)/v modulo P: gate 3."""
    (n, dimension), (levels, outcomes, length), steps = a.shape, tables.steps.shape, tables.steps.reshape(-1)
    words = np.zeros(length, dtype=np.uint64)
    total = words.view(np.uint8)[:dimension]
    for i in range(n):
        for j in range(dimension):
            total[j] = digits[j, i]
        for level in range(levels):
            if picked[i, level] > 0:  # eight bytes a word: sums of so few digits do not carry
                first = (level * outcomes + picked[i, level]) * length
                for word in range(0, length, LANES):
                    store_vector(words, word, add_words(load_vector(words, word), load_vector(steps, first + word)))
        row, factor = a[i], np.uint16(v_inverse[i])
        if tables.prime == 2:
            for j in range(dimension):
                row[j] = total[j] & np.uint8(1)
        else:
            for j in range(dimension):
                total[j] = np.uint16(total[j] * factor) % np.uint16(3)
            for j in range(dimension):
                row[j] = total[j]


@compiled
def _draw(
    tables: Any, words: Any, levels: Any, uniforms: Any, m0: Any, output: Any, v_inverse: Any, a: Any, b: Any
) -> None:
    """Draw nodes into a (n, D) and b (n,)."""
    n, prime, (groups, size) = b.size, tables.prime, tables.coordinates.shape
    blocks = (tables.home.size + BLOCK - 1) // BLOCK
    codes = np.empty((groups, n), dtype=np.uint8)
    digits = np.empty((a.shape[1], n + 8 * PADDING), dtype=np.uint8)
    products = np.zeros(n * blocks * (prime - 1) * LANES, dtype=np.uint64)
    picked = np.zeros((n, len(tables.outcomes)), dtype=np.int64)
    real, imag = np.empty(n), np.empty(n)
    _codes(words, prime, size, codes)
    multiply(prime, tables.dimension, tables.planes, tables.coordinates, codes, products)
    _narrow_levels(tables, products, m0, output, levels, picked)
    _wide_levels(tables, products, m0, output, levels, picked, real, imag)
    _draw_bias(tables, real, imag, v_inverse, uniforms, b)
    _digits(tables, codes, digits)
    _draw_weights(tables, digits, picked, v_inverse, a)
