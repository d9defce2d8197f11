import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from classical.ridgelet import DequantizedSampler
from classical.ridgelet.dequantized.plan import _codes, make_plan
from problems.finite_field import residue_type
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.data import load_residues
from problems.ridgelet.points import Points
from tests import reference
from tests.classical.ridgelet.dequantized.cases import equal_but_for, make, rank

SIZES = [(2, 6), (3, 4), (5, 3), (17, 2), (257, 1), (2, 200), (1021, 3)]


def check_tail(tail, points, prime):
    """Unit triangular, independent, and separating."""
    assert tail.shape[1] == points.shape[1]
    assert len(tail) <= tail.shape[1]
    assert tail.min(initial=0) >= 0
    assert tail.max(initial=0) < prime
    for f, functional in enumerate(tail):
        assert not np.any(functional[:f])
        assert functional[f] == 1
    assert rank(tail, prime) == len(tail)
    products = [[sum(int(z) * int(c) for z, c in zip(x, row, strict=True)) % prime for row in tail] for x in points]
    assert len({tuple(row) for row in products}) == len(points)


def raw_digits(sparsely=False):
    data = load_residues("digits", 17)
    x = sparse.csr_array(data.x_train) if sparsely else data.x_train
    return RidgeletProblem.from_samples(x, data.y_train, 17)


def bare(points, prime):
    """A problem at a prime whose ridgelet would not fit in memory."""
    data, _, counts = Points.distinct(points, prime)
    labels = np.arange(1.0, len(data) + 1)[:, None]
    return RidgeletProblem(prime, data, counts, labels, 1e-3, np.array([0.6, -0.8, 0.2]), "table")


@given(st.sampled_from(SIZES), st.integers(1, 40), st.integers(0, 2**32))
def test_the_tail_tells_all_points_apart_with_independent_functionals(size, n, seed):
    prime, dimension = size
    problem = make(prime, dimension, n, seed=seed)
    check_tail(DequantizedSampler(problem, compiled=False).tail, problem.points, prime)


@pytest.mark.parametrize(("prime", "dimension"), [(2, 70), (3, 30), (17, 64), (257, 5)])
def test_points_that_differ_in_one_coordinate_are_told_apart(prime, dimension):
    for coordinate in range(dimension):
        x = equal_but_for(coordinate, prime, dimension)
        plan = make_plan(RidgeletProblem.from_samples(x, np.ones(len(x)), prime))
        check_tail(plan.tail, x, prime)


@pytest.mark.parametrize("sparsely", [False, True])
def test_the_tail_of_the_raw_digits_is_short(sparsely):
    problem = raw_digits(sparsely)
    tail = make_plan(problem).tail
    assert len(tail) <= 7
    check_tail(tail, problem.points, 17)


@pytest.mark.parametrize(("prime", "dimension", "n"), [(2, 40, 100), (3, 40, 100), (17, 10, 300)])
def test_random_points_need_hardly_more_functionals_than_pairs_to_tell_apart(prime, dimension, n):
    x = np.random.default_rng(0).integers(0, prime, (n, dimension))
    tail = make_plan(RidgeletProblem.from_samples(x, np.ones(n), prime)).tail
    pairs = n * (n - 1) / 2
    assert np.log(pairs) / np.log(prime) <= len(tail) <= np.log(1000 * pairs) / np.log(prime) + 1


def test_the_tail_depends_on_the_points_alone():
    x, y = reference.random_samples(np.random.default_rng(0), 5, 3, 20)
    one = DequantizedSampler(RidgeletProblem.from_samples(x, y, 5))
    other = DequantizedSampler(RidgeletProblem.from_samples(x[::-1], y**2 + 1, 5, 0.5, "tanh"), compiled=False)
    one.sample(10, seed=3)
    np.testing.assert_array_equal(one.tail, other.tail)


@pytest.mark.parametrize("n", [1, 5])
@pytest.mark.parametrize(("prime", "dimension"), [(2, 1), (5, 3), (17, 64), (1031, 2)])
def test_a_single_point_needs_no_tail(prime, dimension, n):
    plan = make_plan(RidgeletProblem.from_samples([[1] * dimension] * n, [3.0] * n, prime))
    assert plan.tail.shape == (0, dimension)
    assert plan.keys.shape == (0, 1)
    assert plan.levels == []
    assert plan.shared.tolist() == [0, 0]


@pytest.mark.parametrize(("prime", "dimension"), [(2, 4), (3, 3), (5, 2), (13, 1)])
def test_the_whole_grid_needs_as_many_functionals_as_dimensions(prime, dimension):
    points = reference.all_points(prime, dimension)
    y = np.random.default_rng(0).normal(size=len(points))
    assert len(make_plan(RidgeletProblem.from_samples(points, y, prime)).tail) == dimension


@given(
    st.sampled_from([(2, 6), (2, 40), (3, 5), (5, 3), (17, 2), (257, 2)]),
    st.integers(1, 60),
    st.booleans(),
    st.integers(1, 3),
)
def test_positions_are_sorted_by_their_keys_and_share_what_is_counted(size, n, sparsely, outputs):
    prime, dimension = size
    x, y = reference.random_samples(np.random.default_rng(n), prime, dimension, n, outputs)
    problem = RidgeletProblem.from_samples(sparse.csr_array(x) if sparsely else x, y, prime)
    plan, count = make_plan(problem), len(problem.data)
    assert (plan.prime, plan.dimension) == (prime, dimension)
    assert sorted(plan.order.tolist()) == list(range(count))
    points = problem.points[plan.order]
    np.testing.assert_array_equal(plan.keys, (points @ plan.tail.T % prime).T)
    assert plan.keys.dtype == residue_type(prime)
    keys = [tuple(column) for column in plan.keys.T.tolist()]
    assert keys == sorted(keys)
    # Levels hold the functionals in order, each once.
    assert [f for level in plan.levels for f in range(level.start, level.stop)] == list(range(len(plan.tail)))
    assert all(level.stop - level.start == plan.joint for level in plan.levels[:-1])
    assert plan.joint == {2: 4, 3: 2}.get(prime, 1)
    shared = [0]
    for one, other in itertools.pairwise(keys):
        agreed = 0
        while agreed < len(plan.levels) and one[plan.levels[agreed]] == other[plan.levels[agreed]]:
            agreed += 1
        shared.append(agreed)
    assert plan.shared.tolist() == [*shared, 0]
    np.testing.assert_array_equal(plan.amplitudes, problem.amplitudes[plan.order].T)
    weights = np.diff(plan.cumulative, prepend=0).reshape(outputs, count)
    np.testing.assert_allclose(weights, problem.amplitudes[plan.order].T ** 2, rtol=0, atol=1e-15)


@pytest.mark.parametrize("prime", [2, 3, 5, 17])
def test_frequencies_are_weighed_by_the_spectrum_of_the_ridgelet(prime):
    plan, r = make_plan(make(prime, 2)), reference.ridgelet_table(prime)
    w = np.exp(-2j * np.pi / prime)
    power = [abs(sum(r[t] * w ** (v * t) for t in range(prime))) ** 2 for v in range(prime)]
    found = np.diff(plan.frequencies, prepend=0) / plan.frequencies[-1]
    np.testing.assert_allclose(found, power / np.sum(power), rtol=0, atol=1e-14)
    assert plan.frequencies[0] == 0


@pytest.mark.parametrize(("prime", "dimension", "n"), [(2**31 - 1, 3, 200), (2**31 - 1, 8, 50), (65537, 6, 300)])
def test_huge_primes_have_a_plan(prime, dimension, n):
    rng = np.random.default_rng(0)
    x = rng.integers(0, prime, (n, dimension))
    x[: n // 2, :-1] = x[0, :-1]
    x[0] = prime - 1
    plan = make_plan(bare(x, prime))
    points = plan.data.dense()
    check_tail(plan.tail, points, prime)
    ordered = points[plan.order].tolist()
    expected = [[sum(map(int.__mul__, row, x)) % prime for x in ordered] for row in plan.tail.tolist()]
    assert plan.keys.tolist() == expected
    assert plan.keys.dtype == np.uint32
    keys = [tuple(column) for column in plan.keys.T.tolist()]
    assert keys == sorted(keys)


@given(st.sampled_from([2, 3, 17, 257, 65537, 2**31 - 1]), st.integers(1, 70), st.integers(1, 30), st.integers(0, 99))
def test_codes_order_and_tell_apart_as_keys_do(prime, functionals, count, seed):
    rng = np.random.default_rng(seed)
    values = np.array([0, 1, prime - 1])[rng.integers(0, 3, (functionals, count))]
    values[: rng.integers(functionals)] = prime - 1
    keys = values.astype(residue_type(prime))
    rows = [tuple(row) for row in keys.T.tolist()]
    codes = _codes(keys, prime).tolist()
    for i in range(count):
        for j in range(count):
            assert (codes[i] < codes[j]) == (rows[i] < rows[j])
            assert (codes[i] == codes[j]) == (rows[i] == rows[j])
    codes = _codes(keys, prime)
    assert len(np.unique(codes)) == len(set(rows))
    assert [rows[i] for i in np.argsort(codes)] == sorted(rows)


@pytest.mark.parametrize(
    ("prime", "kind"),
    [(2, np.uint8), (251, np.uint8), (257, np.uint16), (65521, np.uint16), (65537, np.uint32), (2**31 - 1, np.uint32)],
)
def test_residues_take_the_smallest_type(prime, kind):
    assert residue_type(prime) is kind
