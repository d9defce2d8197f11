import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classical.ridgelet.dequantized import gates
from classical.ridgelet.dequantized.plan import make_plan
from classical.ridgelet.dequantized.randomness import Randomness, Streams
from tests import reference
from tests.classical.ridgelet.dequantized.cases import make

LAST = np.nextafter(1, 0)


def drawn_by(plan, randomness):
    a = np.empty((len(randomness.bias), plan.dimension), dtype=np.int64)
    b = np.empty(len(a), dtype=np.int64)
    gates.draw_nodes(plan, randomness, a, b)
    return a, b


def randomness_of(plan, n, seed=0):
    return Streams(seed, plan.prime, plan.dimension, len(plan.levels)).draw(0, n)


@pytest.mark.parametrize("prime", [2, 3, 17])
@pytest.mark.parametrize("outputs", [1, 3])
def test_the_loader_inverts_the_laws_of_the_point_and_of_the_frequency(prime, outputs):
    plan = make_plan(make(prime, 4, outputs=outputs))
    uniforms = np.r_[np.linspace(0, 1, 2000, endpoint=False), LAST]
    nothing = np.empty((len(uniforms), 0))
    m0, output, inverse = gates.load(plan, Randomness(uniforms, uniforms[::-1], 0 * uniforms, nothing, nothing))
    point_law = (plan.amplitudes**2).ravel() / np.sum(plan.amplitudes**2)
    below = np.r_[0, np.cumsum(point_law)]
    cell = output * len(plan.order) + m0
    assert np.all(below[cell] <= uniforms + 1e-12)
    assert np.all(uniforms <= below[cell + 1] + 1e-12)
    power = np.abs(np.fft.fft(plan.ridgelet)) ** 2
    below = np.r_[0, 0, np.cumsum(power[1:] / power[1:].sum())]
    v = np.array([pow(int(one), -1, prime) for one in inverse])
    assert v.min() >= 1
    assert np.all(below[v] <= uniforms[::-1] + 1e-12)
    assert np.all(uniforms[::-1] <= below[v + 1] + 1e-12)


@given(st.sampled_from([(2, 8), (3, 5), (5, 3), (17, 2)]), st.integers(1, 60))
def test_a_group_holds_the_points_that_agree_on_all_coarser_levels(size, n):
    plan = make_plan(make(*size, n))
    positions = np.arange(len(plan.order))
    for level in range(len(plan.levels)):
        first, last = gates._group(plan.shared, level, positions)
        coarser = plan.keys[: plan.levels[level].start]
        for m in positions:
            agree = np.flatnonzero(np.all(coarser == coarser[:, m : m + 1], axis=0))
            assert agree.tolist() == list(range(first[m], last[m]))


def test_members_are_listed_range_by_range():
    row, entry = gates._members(np.array([3, 0, 5]), np.array([5, 1, 8]))
    assert row.tolist() == [0, 0, 1, 2, 2, 2]
    assert entry.tolist() == [3, 4, 0, 5, 6, 7]
    assert [part.tolist() for part in gates._members(np.empty(0, int), np.empty(0, int))] == [[], []]


@pytest.mark.parametrize(("prime", "digits"), [(2, 1), (2, 4), (3, 2), (5, 1), (17, 1)])
def test_the_spectrum_is_that_of_the_definition(prime, digits):
    rng, size, count = np.random.default_rng(0), prime**digits, 9
    key, phase, h = rng.integers(0, size, (3, count)), rng.integers(0, prime, (3, count)), rng.normal(size=(3, count))
    cell = (np.arange(3)[:, None] * size + key).ravel()
    # The outcome's digits are counted as those of the cell: only the scalar product matters.
    shape = (3, *[prime] * digits)
    found = gates._spectrum(cell, h.ravel(), phase.ravel(), shape)
    places = prime ** np.arange(digits)
    numbers = np.arange(size)[:, None] // places % prime
    dot = numbers @ numbers.T
    w = np.exp(2j * np.pi / prime)
    expected = [[abs(np.sum(h[i] * w ** (phase[i] + dot[k, key[i]]))) ** 2 for k in range(size)] for i in range(3)]
    ratio = np.sum(expected) / np.sum(found)
    np.testing.assert_allclose(found * ratio, expected, rtol=0, atol=1e-11)


@pytest.mark.parametrize("prime", [2, 3, 5, 257])
def test_the_prefix_alone_is_drawn_where_there_is_one_point(prime):
    plan = make_plan(make(prime, 3, 1))
    randomness = randomness_of(plan, 50)
    a, _ = drawn_by(plan, randomness)
    _, _, inverse = gates.load(plan, randomness)
    digits = np.stack([randomness.words[:, 0] // prime**j % prime for j in range(3)], axis=1)
    np.testing.assert_array_equal(a, inverse[:, None] * digits % prime)


@pytest.mark.parametrize("entries", [1, 64, 1000])
def test_blocks_do_not_change_the_nodes(monkeypatch, entries):
    for prime in (2, 5, 31):
        plan = make_plan(make(prime, 6, 25, 2))
        randomness = randomness_of(plan, 100)
        a, b = drawn_by(plan, randomness)
        with monkeypatch.context() as patch:
            patch.setattr(gates, "ENTRIES", entries)
            small = drawn_by(plan, randomness)
        np.testing.assert_array_equal(small[0], a)
        np.testing.assert_array_equal(small[1], b)


@pytest.mark.parametrize("uniform", [0.0, LAST])
@pytest.mark.parametrize("prime", [2, 5, 17])
def test_extreme_uniforms_draw_nodes_of_positive_probability(prime, uniform):
    problem = make(prime, 3, 20)
    plan = make_plan(problem)
    one = np.full(30, uniform)
    words = np.random.default_rng(0).integers(0, prime**3, (30, 1))
    a, b = drawn_by(plan, Randomness(one, one, one, np.full((30, len(plan.levels)), uniform), words))
    w = reference.ridgelet_table(prime)[(a @ problem.points.T - b[:, None]) % prime] @ problem.amplitudes
    assert np.sum(w**2, axis=1).min() > 1e-20
