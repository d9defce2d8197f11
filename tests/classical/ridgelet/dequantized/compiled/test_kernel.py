import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classical.ridgelet.dequantized import gates
from classical.ridgelet.dequantized.compiled import kernel
from classical.ridgelet.dequantized.compiled.kernel.finer_levels import finer_levels
from classical.ridgelet.dequantized.compiled.kernel.first_level import (
    _fourier,
    _scale,
    _turn,
    summed_tail,
    tabled_tail,
)
from classical.ridgelet.dequantized.compiled.kernel.nodes import draw_bias, draw_weights
from classical.ridgelet.dequantized.compiled.kernel.tables import SMALL, make_tables, padded
from classical.ridgelet.dequantized.compiled.kernel.weights import (
    _few_weights,
    note,
    pick,
    sum_up,
    weigh,
    weigh_points,
)
from classical.ridgelet.dequantized.compiled.phases import PADDING, phase_type
from classical.ridgelet.dequantized.plan import make_plan
from classical.ridgelet.dequantized.randomness import Streams, digits_of
from problems.finite_field import residue_type
from problems.registers import multiplies_integers
from problems.ridgelet.products import residues
from tests.classical.ridgelet.dequantized.cases import make

LAST = float(np.nextafter(1, 0))
PRIMES = [2, 3, 5, 17, 61, 67, 257, 1021]


def tables_of(prime, dimension=8, n=30, outputs=1):
    plan = make_plan(make(prime, dimension, n, outputs))
    return plan, make_tables(plan)


def level_dot(prime, joint):
    """k.y of all pairs of outcomes, the first functional counting least."""
    digits = [[number // prime**f % prime for f in range(joint)] for number in range(prime**joint)]
    return np.array([[sum(map(int.__mul__, k, y)) % prime for y in digits] for k in digits])


def spectrum(sums, dot, prime):
    """|sum_y F(y) w^(k.y)|^2 by its definition."""
    values = sums[..., ::2] + 1j * sums[..., 1::2]
    return np.abs(values @ np.exp(2j * np.pi * dot / prime).T) ** 2


@pytest.mark.parametrize("prime", [2, 3, 5, 67])
def test_tables_hold_what_they_say(prime):
    plan, tables = tables_of(prime)
    dot = level_dot(prime, plan.joint)
    np.testing.assert_array_equal(tables.level_dot, dot)
    if len(dot) <= SMALL:
        characters = np.exp(2j * np.pi * dot / prime)
        np.testing.assert_allclose(tables.level_cos + 1j * tables.level_sin, characters, atol=1e-12)
    for level, functionals in enumerate(plan.levels):
        keys = plan.keys[functionals].astype(int)
        np.testing.assert_array_equal(tables.outcomes[level], sum(prime**f * row for f, row in enumerate(keys)))
    keys = tables.keys[: plan.keys.size]
    np.testing.assert_array_equal(keys.reshape(plan.keys.shape), plan.keys)
    stride = padded(prime)
    assert stride % 8 == 0
    assert prime <= stride < prime + 8
    first = tables.outcomes[0].astype(int)
    for table, expected in ((tables.offset, stride * first), (tables.nothing, 0 * first)):
        np.testing.assert_array_equal(table[: len(first)], expected)
        assert table.dtype == phase_type(plan.keys.dtype)
    # A vector that begins at the last position must not end behind the arrays.
    assert [len(tables.keys) - plan.keys.size, *(len(t) - len(first) for t in (tables.offset, tables.nothing))] == (
        [PADDING] * 3
    )
    for y in range(len(dot)):
        assert np.array_equal(np.arange(tables.begin[y], tables.end[y]), np.flatnonzero(first == y))
    unit = np.exp(2j * np.pi * np.arange(prime) / prime)
    np.testing.assert_allclose(tables.turns[::2] + 1j * tables.turns[1::2], unit, atol=1e-15)
    for table, expected in ((tables.cos, unit.real), (tables.sin, unit.imag)):
        np.testing.assert_allclose(table, np.pad(expected, (0, stride - prime)), atol=1e-15)
    expected = [[plan.ridgelet[(t - b) % prime] for b in range(prime)] for t in range(prime)]
    np.testing.assert_array_equal(tables.ridgelet, expected)


whole_weights = st.lists(st.sampled_from([0, 0, 0, 1, 2, 1000]), min_size=1, max_size=70).filter(any)
uniforms = st.sampled_from([0.0, 0.25, 0.5, LAST]) | st.floats(0, 1, exclude_max=True)


@given(whole_weights, uniforms)
def test_a_pick_inverts_the_distribution_function(weights, uniform):
    values = np.array(weights, dtype=float)
    # Sums of whole numbers are exact in any order.
    below = np.cumsum(values)
    expected = np.flatnonzero(below > uniform * below[-1])
    last = np.flatnonzero(values)[-1]
    assert pick(values, uniform) == (expected[0] if len(expected) else last)


@given(st.integers(1, 300), st.sampled_from([0, 0.5, 0.95]), uniforms, st.integers(0, 2**32))
def test_a_pick_never_has_weight_zero(size, empty, uniform, seed):
    rng = np.random.default_rng(seed)
    values = 10.0 ** rng.uniform(-20, 0, size) * (rng.random(size) >= empty)
    values[rng.integers(size)] = 1e-20
    index = pick(values, uniform)
    assert 0 <= index < size
    assert values[index] > 0
    below = np.r_[0, np.cumsum(values)] / np.sum(values)
    assert below[index] - 1e-12 <= uniform <= below[index + 1] + 1e-12


@pytest.mark.parametrize("size", [1, 2, 15, 16, 17, 31, 32, 33, 48, 257])
def test_a_pick_at_the_ends_takes_the_first_and_the_last_positive_weight(size):
    for first in {0, size // 2, size - 1}:
        for last in {first, (first + size) // 2, size - 1}:
            weights = np.zeros(size)
            weights[first : last + 1] = 0.1
            assert pick(weights, 0.0) == first
            assert pick(weights, LAST) == last


def test_picks_follow_their_weights():
    rng = np.random.default_rng(0)
    weights = rng.exponential(size=50) ** 2
    uniform = (np.arange(100_000) + 0.5) / 100_000
    counts = np.bincount([pick(weights, u) for u in uniform], minlength=50)
    np.testing.assert_allclose(counts, 100_000 * weights / weights.sum(), rtol=0, atol=1.01)


@pytest.mark.parametrize("prime", [2, 3, 5, 17, 61, 67, 257])
def test_weights_are_those_of_the_definition(prime):
    plan, tables = tables_of(prime)
    dot = level_dot(prime, plan.joint)
    sums = np.random.default_rng(0).normal(size=(5, 2 * len(dot)))
    sums[1] = 0
    sums[1, 2] = 1
    weights = np.empty((5, len(dot)))
    parts = tables.characters, tables.level_cos, tables.level_sin, tables.even, tables.odd
    weigh(prime, *parts, sums, weights)
    expected = spectrum(sums, dot, prime)
    np.testing.assert_allclose(weights, expected, rtol=0, atol=1e-11 * expected.max())
    if plan.joint == 1:
        by_fft = np.abs(np.fft.ifft(sums[:, ::2] + 1j * sums[:, 1::2]) * prime) ** 2
        np.testing.assert_allclose(weights, by_fft, rtol=0, atol=1e-11 * expected.max())


@pytest.mark.parametrize(("prime", "joint"), [(2, 1), (2, 2), (2, 3), (2, 4), (3, 1), (3, 2), (5, 1), (61, 1)])
def test_weights_of_few_outcomes_are_those_of_the_definition(prime, joint):
    _, tables = tables_of(prime)
    dot, rng = level_dot(prime, joint), np.random.default_rng(0)
    size = len(dot)
    for kept in (1, 2, size):
        sums = np.zeros(2 * size)
        for y in rng.permutation(size)[:kept]:
            sums[2 * y : 2 * y + 2] = rng.normal(size=2)
        sums[1] = 0  # a sum may be real
        sums[0] = sums[0] or 0.3
        weights, scratch = np.full(size, np.nan), np.full(size, np.nan)
        _few_weights(tables.level_cos, tables.level_sin, sums, weights, scratch)
        np.testing.assert_allclose(weights, spectrum(sums, dot, prime), rtol=0, atol=1e-12 * size)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 30])
def test_sums_are_over_the_positions_of_an_outcome(count, kind):
    _, tables = tables_of(17)
    rng = np.random.default_rng(count)
    outcomes, phases, h = rng.integers(0, 17, count), rng.integers(0, 17, count), rng.normal(size=count)
    sums = np.full(34, np.nan)
    sum_up(tables.turns, outcomes.astype(kind), h, np.r_[phases, 99, 99].astype(phase_type(kind)), sums)
    values = h * np.exp(2j * np.pi * phases / 17)
    expected = np.array([np.sum(values[outcomes == y]) for y in range(17)])
    np.testing.assert_allclose(sums[::2] + 1j * sums[1::2], expected, rtol=0, atol=1e-13)


@pytest.mark.parametrize("prime", [5, 17, 67, 257, 1021])
@pytest.mark.parametrize("count", [2, 3, 40])
def test_weights_of_points_are_those_of_the_definition(prime, count):
    _, tables = tables_of(prime)
    rng = np.random.default_rng(count)
    outcomes, phases, h = rng.integers(0, prime, count), rng.integers(0, prime, count), rng.normal(size=count)
    outcomes[:2] = 0, prime - 1
    weights, work = np.full(prime, np.nan), np.full((4, prime // 2 + 1), np.nan)
    kind = residue_type(prime)
    y, t = outcomes.astype(kind), phases.astype(phase_type(kind))
    weigh_points(tables.turns, tables.even, tables.odd, y, h, t, weights, work)
    k = np.arange(prime)[:, None]
    expected = np.abs(np.exp(2j * np.pi * ((phases + k * outcomes) % prime) / prime) @ h) ** 2
    np.testing.assert_allclose(weights, expected, rtol=0, atol=1e-12 * count)


@pytest.mark.parametrize("prime", [2, 3, 17, 31])
def test_a_table_is_transformed_and_turned_by_what_was_picked(prime):
    plan, tables = tables_of(prime, n=60)
    count, size, stride = len(plan.order), prime**plan.joint, padded(prime)
    rng = np.random.default_rng(prime)
    phases, h, outcomes = rng.integers(0, prime, count), rng.normal(size=count), tables.outcomes[0].astype(int)
    cells = (tables.offset[:count] + phases).astype(tables.offset.dtype)
    table = np.zeros((size, stride))
    residues.scatter(cells, h, table.reshape(-1))
    np.testing.assert_allclose(table.ravel(), np.bincount(cells, h, size * stride), rtol=0, atol=1e-13)
    assert not table[:, prime:].any()
    for y in range(size):
        np.testing.assert_allclose(table[y].sum(), np.sum(h[outcomes == y]), rtol=0, atol=1e-13)
    sums = np.full(2 * size, np.nan)
    _fourier(table, tables.cos, tables.sin, sums)
    transformed = table[:, :prime] @ np.exp(2j * np.pi * np.arange(prime) / prime)
    np.testing.assert_allclose(sums[::2] + 1j * sums[1::2], transformed, rtol=0, atol=1e-12)
    dot = level_dot(prime, plan.joint)
    for picked in (0, 1, size - 1):
        histogram, twice = np.full(stride, np.nan), np.full((size, prime + stride + 8), np.nan)
        _turn(table, tables.level_dot[picked], prime, twice, histogram)
        turned = (phases + dot[picked, outcomes]) % prime
        expected = [np.sum(h[turned == t]) for t in range(prime)]
        np.testing.assert_allclose(histogram[:prime], expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("prime", [2, 3, 5, 31])
def test_a_histogram_is_scaled_in_its_argument(prime):
    histogram = np.random.default_rng(0).normal(size=padded(prime))
    for factor in range(1, prime):
        out = np.full(prime, np.nan)
        _scale(histogram, factor, out)
        assert out.tolist() == [histogram[t * pow(factor, -1, prime) % prime] for t in range(prime)]


@pytest.mark.parametrize(("prime", "first", "count"), [(2, 0, 4), (2, 4, 7), (3, 2, 4), (17, 3, 4), (3, 1, 1)])
def test_an_outcome_is_noted_digit_by_digit(prime, first, count):
    for picked in range(prime ** (count - first)):
        k = np.full(count, -7)
        note(picked, first, prime, k)
        assert k.tolist() == [-7] * first + [picked // prime**f % prime for f in range(count - first)]


@pytest.mark.parametrize("prime", PRIMES)
def test_weights_of_nodes_are_the_prefix_and_the_tail_over_v(prime):
    plan, tables = tables_of(prime, 50, 40)
    rng, n, functionals = np.random.default_rng(prime), 20, len(plan.tail)
    u = rng.integers(0, prime, (n, 50)).astype(residue_type(prime))
    k, v_inverse = rng.integers(0, prime, (n, functionals)), rng.integers(1, prime, n)
    u[0], k[0], v_inverse[0], k[1], u[2] = prime - 1, prime - 1, prime - 1, 0, 0
    a = np.empty((n, 50), dtype=np.int64)
    draw_weights(prime, tables.tail, u, k, v_inverse, a)
    np.testing.assert_array_equal(a, v_inverse[:, None] * (u.astype(int) + k @ plan.tail) % prime)


@pytest.mark.parametrize("prime", [2, 5, 67])
def test_the_bias_is_picked_by_the_correlation_with_the_ridgelet(prime):
    plan, tables = tables_of(prime)
    rng, r = np.random.default_rng(0), plan.ridgelet
    scaled, uniform = rng.normal(size=(300, prime)), rng.random(300)
    b = np.empty(300, dtype=np.int64)
    draw_bias(scaled, tables.ridgelet, uniform, b)
    for row, number, drawn in zip(scaled, uniform, b, strict=True):
        law = [sum(row[t] * r[(t - shift) % prime] for t in range(prime)) ** 2 for shift in range(prime)]
        below = np.r_[0, np.cumsum(law)] / np.sum(law)
        assert below[drawn] - 1e-12 <= number <= below[drawn + 1] + 1e-12


@pytest.mark.parametrize(
    ("prime", "tail"),
    [(3, "tabled"), (5, "tabled"), (31, "tabled"), (5, "summed"), (31, "summed"), (67, "summed"), (257, "tabled")],
)
def test_histograms_after_the_tail_are_those_of_the_nodes(prime, tail):
    """After all levels, `scaled` must be the histogram of h over a.x_m, a the weights that are written."""
    problem = make(prime, 10, 40, 2)
    plan, n = make_plan(problem), 50
    tables = make_tables(plan)
    randomness = Streams(0, prime, 10, len(plan.levels)).draw(0, n)
    u = digits_of(randomness.words, prime, 10)
    points = problem.points[plan.order]
    kind = residue_type(prime)
    m0, output, v_inverse = gates.load(plan, randomness)
    k, scaled = np.zeros((n, len(plan.tail)), dtype=np.int64), np.zeros((n, prime))
    draw = {"tabled": tabled_tail, "summed": summed_tail}[tail]
    products = np.resize((u @ points.T % prime).astype(kind), (n + PADDING, len(points)))[:n]
    levels = np.ascontiguousarray(randomness.levels)
    finer_levels(tables, products, m0, output, levels, k)
    draw(tables, products, output, v_inverse, levels, k, scaled)
    a = np.empty((n, 10), dtype=np.int64)
    draw_weights(prime, tables.tail, u.astype(kind), k, v_inverse, a)
    t = a @ points.T % prime
    for i in range(n):
        h = plan.amplitudes[output[i]]
        np.testing.assert_allclose(scaled[i], np.bincount(t[i], h, prime), rtol=0, atol=1e-13)


@pytest.mark.parametrize(
    ("name", "value"), [("SCRATCH", 1), ("SCRATCH", 200), ("MANY", 6), ("FEW", 1), ("FEW", 7), ("TABLES", 1)]
)
@pytest.mark.parametrize("prime", [3, 17, 67])
def test_steps_do_not_change_the_nodes(monkeypatch, name, value, prime):
    plan = make_plan(make(prime, 9, 25, 2))
    randomness = Streams(0, prime, 9, len(plan.levels)).draw(0, 101)
    drawn = []
    for number in (getattr(kernel, name), value):
        monkeypatch.setattr(kernel, name, number)
        a, b = np.empty((101, 9), dtype=np.int64), np.empty(101, dtype=np.int64)
        kernel.Compiled(plan).draw_nodes(randomness, a, b)
        drawn.append((a, b))
    np.testing.assert_array_equal(drawn[0][0], drawn[1][0])
    np.testing.assert_array_equal(drawn[0][1], drawn[1][1])


@pytest.mark.parametrize("prime", [5, 17, 31])
def test_tables_and_sums_draw_the_same(monkeypatch, prime):
    plan = make_plan(make(prime, 6, 20, 2))
    randomness = Streams(0, prime, 6, len(plan.levels)).draw(0, 200)
    drawn = []
    for cells, tail in ((kernel.CELLS, tabled_tail), (0, summed_tail)):
        monkeypatch.setattr(kernel, "CELLS", cells)
        compiled = kernel.Compiled(plan)
        assert compiled._tail is tail
        a, b = np.empty((200, 6), dtype=np.int64), np.empty(200, dtype=np.int64)
        compiled.draw_nodes(randomness, a, b)
        drawn.append((a, b))
    np.testing.assert_array_equal(drawn[0][0], drawn[1][0])
    np.testing.assert_array_equal(drawn[0][1], drawn[1][1])


@pytest.mark.parametrize(("prime", "n"), [(2, 60), (3, 60), (5, 60), (31, 30), (67, 30), (257, 1)])
def test_the_kernels_draw_what_numpy_draws(prime, n):
    plan = make_plan(make(prime, 9, n, 2))
    randomness = Streams(1, prime, 9, len(plan.levels)).draw(100, 333)
    drawn = []
    for draw in (lambda *nodes: gates.draw_nodes(plan, *nodes), kernel.Compiled(plan).draw_nodes):
        a, b = np.empty((233, 9), dtype=np.int64), np.empty(233, dtype=np.int64)
        draw(randomness, a, b)
        drawn.append((a, b))
    np.testing.assert_array_equal(drawn[0][0], drawn[1][0])
    np.testing.assert_array_equal(drawn[0][1], drawn[1][1])


@pytest.mark.parametrize("prime", [5, 17, 257])
def test_without_the_instructions_the_nodes_are_the_same(monkeypatch, prime):
    plan = make_plan(make(prime, 9, 40, 1))
    randomness = Streams(0, prime, 9, len(plan.levels)).draw(0, 50)
    drawn = []
    for usable in (multiplies_integers(), False):
        monkeypatch.setattr(residues, "multiplies_integers", lambda usable=usable: usable)
        a, b = np.empty((50, 9), dtype=np.int64), np.empty(50, dtype=np.int64)
        kernel.Compiled(plan).draw_nodes(randomness, a, b)
        drawn.append((a, b))
    np.testing.assert_array_equal(drawn[0][0], drawn[1][0])
    np.testing.assert_array_equal(drawn[0][1], drawn[1][1])
