import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from problems.ridgelet.points import Points
from problems.ridgelet.products.floats import (
    BASE,
    EXACT,
    PAIRED,
    Packing,
    _largest_norm,
    _reduce_parts,
    choose_packing,
    dense_products,
    read_only,
    sparse_products,
)
from tests.classical.ridgelet.dequantized.cases import ALL_PRIMES, memory_map

PRIMES = [2, 3, 5, 11, 17, 31, 67, 257, 521, 1021]


def centered(values, prime):
    values = np.asarray(values, dtype=np.int64) % prime
    return np.where(values > prime // 2, values - prime, values)


def compact(values, prime):
    return np.asarray(values % prime).astype(np.min_scalar_type(prime - 1))


def product(u, data, rows, prime, packing):
    """The products that `dense_products` writes, into as few rows as it may."""
    out = np.full((len(u) + len(u) % 2, len(rows)), prime // 2, dtype=np.min_scalar_type(prime - 1))
    u, data = read_only(compact(u, prime)), read_only(data)
    dense_products(u, data, rows, prime, packing.chunk, packing.paired, 0, out)
    return out[: len(u)]


def widest(data, prime, chunk):
    """The largest |u.x| of a chunk, with the worst u for each point: by brute force."""
    norms = [
        np.abs(row[first : first + chunk]).sum() for row in centered(data, prime) for first in range(0, len(row), chunk)
    ]
    return prime // 2 * max(norms)


def packings(data, prime):
    """The chosen packing, and every other that is exact as well."""
    chosen = choose_packing(Points.distinct(data, prime)[0], prime)
    chunks = {chosen.chunk, 1, 3, 32, data.shape[1]}
    options = [Packing(chunk, paired) for chunk in sorted(chunks) for paired in (False, True)]
    bounds = {False: EXACT - 1, True: PAIRED}
    return [chosen, *(one for one in options if widest(data, prime, one.chunk) <= bounds[one.paired])]


def data_of(kind, rng, prime, n, dimension):
    half = prime // 2
    return {
        "random": lambda: rng.integers(0, prime, (n, dimension)),
        "extreme": lambda: np.full((n, dimension), half),
        "signs": lambda: rng.choice([-half, half], (n, dimension)) % prime,
        "small": lambda: rng.choice([0, 0, 0, 1, prime - 1], (n, dimension)),
    }[kind]()


@pytest.mark.parametrize("prime", PRIMES)
@pytest.mark.parametrize("kind", ["random", "extreme", "signs", "small"])
def test_dense_products_are_exact_for_every_packing(prime, kind):
    rng, half = np.random.default_rng(prime), prime // 2
    for dimension in (1, 31, 130, 200):
        data = data_of(kind, rng, prime, 6, dimension)
        u = rng.integers(0, prime, (9, dimension))
        # Attained bounds: the node that is aligned with a point, and the opposite one, in all combinations.
        worst = half * np.where(centered(data[0], prime) < 0, -1, 1)
        u[:8] = [worst, worst, worst, -worst, -worst, worst, -worst, -worst]
        u %= prime
        rows = rng.integers(0, 6, 7)
        expected = u @ data[rows].T % prime
        for packing in packings(data, prime):
            for n in (1, 2, 8, 9):
                found = product(u[:n], compact(data, prime), rows, prime, packing)
                np.testing.assert_array_equal(found, expected[:n], err_msg=f"{packing} {n} {dimension}")


@pytest.mark.parametrize("count", [1, 2, 255, 256, 257, 511, 512, 513, 1025])
@pytest.mark.parametrize("prime", [2, 31, 257])
def test_dense_products_fill_every_position(count, prime):
    rng = np.random.default_rng(count)
    data, rows = rng.integers(0, prime, (300, 70)), rng.integers(0, 300, count)
    u = rng.integers(0, prime, (7, 70))
    for packing in packings(data, prime):
        np.testing.assert_array_equal(product(u, compact(data, prime), rows, prime, packing), u @ data[rows].T % prime)


def test_an_odd_number_of_nodes_repeats_the_last_one_and_leaves_what_follows():
    rng = np.random.default_rng(0)
    data, u = rng.integers(0, 5, (4, 20)), rng.integers(0, 5, (3, 20))
    out = np.full((6, 7), 77, dtype=np.uint8)
    dense_products(read_only(compact(u, 5)), read_only(compact(data, 5)), np.arange(4), 5, 20, True, 2, out)
    np.testing.assert_array_equal(out[:4, 2:6], u[[0, 1, 2, 2]] @ data.T % 5)
    assert np.all(out[4:] == 77)
    assert np.all(out[:, [0, 1, 6]] == 77)


def test_alone_the_largest_products_are_exact():
    """Chunks of as many coordinates as may go alone, all at P//2: some primes come within a few of 2^24."""
    for prime in [prime for prime in ALL_PRIMES if prime >= 257]:
        half = prime // 2
        chunk = (EXACT - 1) // half**2
        x = np.full((2, chunk + 1), half)
        x[1, 0] -= 1
        assert choose_packing(Points.distinct(x, prime)[0], prime) == Packing(chunk, False)
        u = np.array([[half] * (chunk + 1), [prime - half] * (chunk + 1)])
        for data in (x, x[:, :chunk]):
            found = product(u[:, : data.shape[1]], compact(data, prime), np.arange(2), prime, Packing(chunk, False))
            np.testing.assert_array_equal(found, u[:, : data.shape[1]] @ data.T % prime)


def test_paired_products_are_read_off_exactly_up_to_the_bound():
    edge = np.r_[np.arange(-PAIRED, 40 - PAIRED), np.arange(-20, 20), np.arange(PAIRED - 39, PAIRED + 1)]
    everything = np.arange(-PAIRED, PAIRED + 1)
    for prime in (2, 31, 1021):
        for lows, highs in ((edge, everything), (everything, edge)):
            low, high = (grid.ravel() for grid in np.meshgrid(lows, highs))
            numbers = (low + int(BASE) * high).astype(np.float32)
            np.testing.assert_array_equal(numbers, low + int(BASE) * high)
            found = np.full((2, len(low) + 3), 9999, dtype=np.uint16)
            _reduce_parts(numbers[None], prime, 3, found)
            assert np.all(found[:, :3] == 9999)
            np.testing.assert_array_equal(found[0, 3:], low % prime)
            np.testing.assert_array_equal(found[1, 3:], high % prime)


@pytest.mark.parametrize("target", [1025, -1025, 2895, 1, -2685])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_product_that_attains_the_bound_is_exact(sign, target):
    """P = 31 and a norm of 193: 15 x 193 = 2895, with any product beside it."""
    x = np.zeros((1, 32), dtype=np.int64)
    x[0, :12], x[0, 12] = 15, 13
    first = next(a for a in range(-15, 16) if (target - 13 * a) % 15 == 0 and abs(target - 13 * a) <= 15 * 180)
    left, u = (target - 13 * first) // 15, np.zeros((2, 32), dtype=np.int64)
    u[0, :13], u[1, 12] = sign * 15, first
    for j in range(12):
        u[1, j] = np.clip(left, -15, 15)
        left -= u[1, j]
    assert (u @ x[0]).tolist() == [sign * 2895, target]
    chosen = choose_packing(Points.distinct(x, 31)[0], 31)
    for nodes in (u, u[::-1]):
        np.testing.assert_array_equal(product(nodes % 31, compact(x, 31), np.arange(1), 31, chosen), nodes @ x.T % 31)


@pytest.mark.parametrize(("prime", "dimension", "digit"), [(2, 200_001, 1), (17, 400_001, 8), (31, 400_000, 6)])
def test_many_chunks_are_summed_exactly(prime, dimension, digit):
    x = np.full((1, dimension), digit)
    x[0, ::3] -= 1
    u = np.array([[prime // 2] * dimension, [prime - prime // 2] * dimension])
    chosen = choose_packing(Points.distinct(x, prime)[0], prime)
    found = product(u, compact(x, prime), np.arange(1), prime, chosen)
    np.testing.assert_array_equal(found, u @ x.T % prime)


@given(
    st.sampled_from([2, 3, 7, 11, 17, 19, 23, 31, 61, 67, 257, 1021]),
    st.integers(1, 300),
    st.sampled_from(["random", "extreme", "signs", "small"]),
    st.integers(0, 2**32),
)
def test_no_product_of_a_chunk_exceeds_what_its_packing_can_hold(prime, dimension, kind, seed):
    data = data_of(kind, np.random.default_rng(seed), prime, 5, dimension)
    packing = choose_packing(Points.distinct(data, prime)[0], prime)
    assert 1 <= packing.chunk <= dimension
    assert widest(data, prime, packing.chunk) <= (PAIRED if packing.paired else EXACT - 1)
    if packing.paired:
        assert PAIRED * (int(BASE) + 1) < EXACT
    else:
        # Where pairs would do in chunks of 32 or more, they are taken.
        assert widest(data, prime, min(32, dimension)) > PAIRED


@pytest.mark.parametrize("late", [63, 64, 150, 199])
@pytest.mark.parametrize("first", [0, 32, 96])
def test_a_large_norm_is_found_wherever_it_is(late, first):
    data = np.zeros((200, 140), dtype=np.int64)
    data[:, -8:] = (np.arange(200)[:, None] >> np.arange(8)) & 1
    data[late, first : first + 32] = 11
    points = Points.distinct(data, 23)[0]
    packing = choose_packing(points, 23)
    assert not packing.paired  # 11 x 32 x 11 = 3872
    assert choose_packing(Points.distinct(np.delete(data, late, axis=0), 23)[0], 23) == Packing(128, True)


@pytest.mark.parametrize(
    ("prime", "nonzero", "packing"),
    [
        (31, 12, Packing(128, True)),
        (31, 13, Packing(64, True)),
        (2, 128, Packing(128, True)),
        (1021, 0, Packing(128, True)),
    ],
)
def test_the_widest_chunks_that_fit_are_chosen(prime, nonzero, packing):
    data = np.zeros((1, 256), dtype=np.int64)
    data[0, : nonzero // 2], data[0, 64 : 64 + nonzero - nonzero // 2] = prime // 2, prime - prime // 2
    assert choose_packing(Points.distinct(data, prime)[0], prime) == packing


@given(st.sampled_from([2, 3, 31, 257, 1021]), st.integers(1, 140), st.integers(1, 150), st.integers(0, 99))
def test_the_largest_norm_is_that_of_centered_residues(prime, dimension, width, seed):
    data = np.random.default_rng(seed).integers(0, prime, (6, dimension))
    rows = np.array([0, 2, 5])
    expected = max(
        sum(min(int(z), prime - int(z)) for z in row[first : first + width])
        for row in data[rows]
        for first in range(0, dimension, width)
    )
    assert _largest_norm(read_only(compact(data, prime)), rows, prime, width) == expected


@pytest.mark.parametrize("dtype", ["u1", "<i8"])
def test_memory_mapped_points_are_packed_as_those_in_memory(tmp_path, dtype):
    x = np.random.default_rng(0).integers(0, 17, (20, 30))
    points = Points.distinct(memory_map(tmp_path, x, dtype), 17)[0]
    assert choose_packing(points, 17) == choose_packing(Points.distinct(x, 17)[0], 17)


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("prime", PRIMES)
def test_sparse_products_are_exact(prime, wide):
    rng = np.random.default_rng(prime)
    for n, dimension, filled in ((1, 1, 0.5), (7, 40, 0.1), (8, 200, 0.9)):
        data = rng.integers(0, prime, (20, dimension)) * (rng.random((20, dimension)) < filled)
        data[3] = 0
        data[4] = prime // 2
        data[5] = prime - 1
        data[-1] = 0
        u = rng.integers(0, prime, (n, dimension))
        u[0] = prime - 1
        rows, csr = np.r_[rng.permutation(20), 3, 3], sparse.csr_array(compact(data, prime))
        indices, starts = (part.astype(np.int64) if wide else part for part in (csr.indices, csr.indptr))
        out = np.full((n + 2, len(rows)), 1, dtype=np.min_scalar_type(prime - 1))
        sparse_products(compact(u, prime), csr.data, indices, starts, rows, prime, out)
        np.testing.assert_array_equal(out[:n], u @ data[rows].T % prime)
        assert np.all(out[n:] == 1)


@pytest.mark.parametrize("n", [15, 16, 17, 40])
def test_sparse_products_in_many_dimensions_are_exact(n):
    rng, dimension = np.random.default_rng(n), 70_000
    csr = sparse.random_array((5, dimension), density=2e-3, rng=rng, format="csr", data_sampler=None)
    csr.data = rng.integers(1, 1021, csr.nnz).astype(np.uint16)
    u = rng.integers(0, 1021, (n, dimension))
    out, rows = np.empty((n, 5), dtype=np.uint16), np.arange(5)
    sparse_products(compact(u, 1021), csr.data, csr.indices, csr.indptr, rows, 1021, out)
    np.testing.assert_array_equal(out, (csr.astype(np.int64) @ u.T).T % 1021)


def test_sparse_products_of_nothing_but_zeros_are_zero():
    csr = sparse.csr_array((3, 5), dtype=np.uint8)
    out = np.full((2, 3), 9, dtype=np.uint8)
    sparse_products(np.ones((2, 5), dtype=np.uint8), csr.data, csr.indices, csr.indptr, np.arange(3), 11, out)
    assert np.all(out == 0)


def test_sparse_points_are_not_packed():
    points = Points.distinct(sparse.csr_array(np.eye(4, dtype=np.uint8)), 3)[0]
    assert not choose_packing(points, 3).paired
