import re
import subprocess
import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from problems.errors import InputError
from problems.ridgelet.points import Points, _same_rows, compact_rows

PRIMES = [2, 3, 17, 257, 65537, 2**31 - 1]
SMALLEST = {2: "uint8", 3: "uint8", 17: "uint8", 257: "uint16", 65537: "uint32", 2**31 - 1: "uint32"}
FORMATS = ["csr", "csc", "coo", "lil", "dok", "bsr", "dia"]
CLASSES = [getattr(sparse, f"{name}_{kind}") for name in FORMATS for kind in ("array", "matrix")]


@st.composite
def arrays(draw):
    """A prime and rows that repeat, share prefixes and reach the largest residues."""
    prime = draw(st.sampled_from(PRIMES))
    n, dimension = draw(st.integers(1, 40)), draw(st.integers(1, 150))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    several = np.arange(prime) if prime < 300 else rng.integers(0, prime, 4)
    values = np.asarray(draw(st.sampled_from([several, np.array([0, prime - 1]), np.array([0, 1, 255, 256, 2**16])])))
    x = rng.choice(values[values < prime], (n, dimension))
    shared = draw(st.integers(0, dimension))
    x[:, :shared] = x[0, :shared]
    return prime, x[rng.integers(0, n, draw(st.integers(1, 60)))]


def memory_map(path, x):
    np.save(path, x)
    return np.load(path, mmap_mode="r")


def assert_consistent(points, where, counts, x):
    """Rules that hold in any order: rows stand first, samples are their points, counts are counts."""
    assert points.shape == (len(points), x.shape[1]) == points.dense().shape
    assert points.dense().dtype == np.int64
    assert len(np.unique(x, axis=0)) == len(points) == len(counts)
    np.testing.assert_array_equal(points.dense()[where], x)
    np.testing.assert_array_equal(np.bincount(where, minlength=len(points)), counts)
    np.testing.assert_array_equal(points.rows, [np.flatnonzero(where == k)[0] for k in range(len(points))])
    assert points.rows.dtype == np.intp


@given(arrays())
def test_dense_points_are_those_of_unique(case):
    prime, x = case
    points, where, counts = Points.distinct(x, prime)
    expected, first, inverse, times = np.unique(x, axis=0, return_index=True, return_inverse=True, return_counts=True)
    np.testing.assert_array_equal(points.dense(), expected)
    np.testing.assert_array_equal(points.rows, first)
    np.testing.assert_array_equal(where, inverse.reshape(-1))
    np.testing.assert_array_equal(counts, times)
    assert points.array.dtype == SMALLEST[prime]
    assert not points.sparse
    assert points.entries_in_a_row == x.shape[1]
    assert_consistent(points, where, counts, x)


@given(arrays())
def test_sparse_points_come_in_the_order_of_their_first_appearance(case):
    prime, x = case
    points, where, counts = Points.distinct(sparse.csr_array(x), prime)
    assert points.sparse
    assert points.array.dtype == SMALLEST[prime]
    assert_consistent(points, where, counts, x)
    assert np.all(np.diff(points.rows) > 0)
    assert points.entries_in_a_row == max(1, np.max(np.count_nonzero(x, axis=1)))


@pytest.mark.parametrize("prime", PRIMES)
@pytest.mark.parametrize("dimension", [1, 2, 63, 64, 65])
def test_points_that_differ_in_one_column_are_told_apart(prime, dimension):
    x = np.full((2 * dimension + 1, dimension), prime - 1)
    for j in range(dimension):
        x[j, j], x[-1 - j, j] = 0, prime - 2
    for given_as in (x, sparse.csr_array(x)):
        points, where, counts = Points.distinct(given_as, prime)
        assert_consistent(points, where, counts, x)
    np.testing.assert_array_equal(Points.distinct(x, prime)[0].dense(), np.unique(x, axis=0))


@pytest.mark.parametrize("dimension", [2, 40])
def test_sparse_points_whose_differences_are_powers_of_two_are_told_apart(dimension):
    x = np.random.default_rng(0).choice([0, 2**30], (3000, dimension))
    points, where, counts = Points.distinct(sparse.csr_array(x), 2**31 - 1)
    assert_consistent(points, where, counts, x)


@pytest.mark.parametrize("values", [1, 2])
def test_colliding_functionals_are_drawn_again(monkeypatch, values):
    x = np.random.default_rng(0).integers(0, 3, (200, 3))
    draws = []

    class Coarse:
        rng = np.random.default_rng(1)

        def integers(self, *arguments, **settings):
            draws.append(arguments)
            drawn = self.rng.integers(*arguments, **settings)
            return drawn % np.uint64(values) if len(draws) < 3 else drawn

    monkeypatch.setattr("problems.ridgelet.points.np.random.default_rng", lambda seed: Coarse())
    points, where, counts = Points.distinct(sparse.csr_array(x), 3)
    assert len(draws) == 3
    assert_consistent(points, where, counts, x)


@pytest.mark.parametrize("other", [[[0, 1, 2], [1, 0, 0]], [[1, 0, 2], [0, 1, 0]], [[0, 1, 2], [0, 2, 0]]])
def test_rows_differ_by_where_their_entries_stand_and_what_they_are(other):
    one = sparse.csr_array([[0, 1, 2], [0, 1, 0]])
    assert _same_rows(one, one.copy())
    assert not _same_rows(one, sparse.csr_array(other))
    assert not _same_rows(sparse.csr_array([[1, 1], [0, 0]]), sparse.csr_array([[1, 0], [0, 1]]))


@pytest.mark.parametrize("make", CLASSES)
@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float32, np.uint64])
def test_every_sparse_format_and_number_type_is_taken(make, dtype):
    x = np.random.default_rng(0).choice([0, 0, 0, 1, 4], (30, 3))
    x[[0, 7]] = 0
    points, where, counts = Points.distinct(make(x.astype(dtype)), 5)
    assert isinstance(points.array, sparse.csr_array)
    assert points.array.dtype == np.uint8
    assert_consistent(points, where, counts, x)


@pytest.mark.parametrize("dimension", [1, 5])
@pytest.mark.parametrize("n", [1, 3])
def test_points_without_entries_are_one_point(dimension, n):
    points, where, counts = Points.distinct(sparse.csr_array((n, dimension), dtype=np.uint8), 3)
    assert (points.dense().tolist(), where.tolist(), counts.tolist()) == ([[0] * dimension], [0] * n, [n])
    assert points.entries_in_a_row == 1


def unsorted(x, zeros=True):
    """x with indices backwards, zeros stored and each entry in two parts."""
    parts = [
        [(j, part) for j in reversed(range(x.shape[1])) for part in (row[j] // 2, row[j] - row[j] // 2)] for row in x
    ]
    indptr = np.cumsum([0, *map(len, parts)])
    indices, data = np.array([pair for row in parts for pair in row]).T
    return sparse.csr_array((data.astype(x.dtype), indices, indptr), shape=x.shape)


@pytest.mark.parametrize("make", [sparse.csr_array, sparse.csc_matrix, sparse.coo_array, sparse.csr_matrix])
def test_stored_zeros_order_and_parts_of_entries_do_not_matter(make):
    x = np.random.default_rng(0).integers(0, 3, (40, 3)).astype(np.uint8)
    given_as = make(unsorted(x))
    before = [array.copy() for array in (given_as.data, given_as.indices)] if make != sparse.coo_array else []
    points, where, counts = Points.distinct(given_as, 3)
    assert_consistent(points, where, counts, x)
    assert points.array.has_sorted_indices
    assert np.all(points.array.data > 0)
    for old, new in zip(before, ("data", "indices"), strict=False):
        np.testing.assert_array_equal(old, getattr(given_as, new))


def test_parts_of_entries_are_summed_without_wrapping_around():
    x = sparse.coo_array((np.array([200, 200, 100, 156], np.uint8), ([0, 0, 1, 1], [0, 0, 0, 0])), shape=(2, 1))
    with pytest.raises(InputError, match=re.escape("x[0, 0] = 400 is no whole number in 0..256")):
        Points.distinct(x, 257)
    assert Points.distinct(x, 401)[0].dense().tolist() == [[400], [256]]


def test_an_array_that_wrongly_remembers_to_be_canonical_is_read_as_it_is():
    x = sparse.csr_array(([1, 2, 2, 1], [0, 1, 1, 0], [0, 2, 4]), shape=(2, 2))
    x.has_canonical_format = x.has_sorted_indices = True
    points, where, counts = Points.distinct(x, 3)
    assert (points.dense().tolist(), where.tolist(), counts.tolist()) == ([[1, 2]], [0, 0], [2])


@pytest.mark.parametrize("dtype", ["uint8", "int8", ">u2", "int64", "uint64"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_a_memory_map_of_integers_is_kept(tmp_path, dtype, order):
    x = np.random.default_rng(0).integers(0, 17, (60, 2))
    mapped = memory_map(tmp_path / "x.npy", np.asarray(x.astype(dtype), order=order))
    points, where, counts = Points.distinct(mapped, 17)
    assert points.array is mapped
    assert_consistent(points, where, counts, x)
    np.testing.assert_array_equal(points.dense(), np.unique(x, axis=0))
    taken = points.take(slice(1, 3))
    assert (type(taken), taken.dtype) == (np.ndarray, np.dtype(dtype))


@pytest.mark.parametrize("dtype", [float, bool])
def test_a_memory_map_of_other_numbers_is_copied(tmp_path, dtype):
    x = np.random.default_rng(0).integers(0, 2, (60, 3))
    points, where, counts = Points.distinct(memory_map(tmp_path / "x.npy", x.astype(dtype)), 3)
    assert (type(points.array), points.array.dtype) == (np.ndarray, np.uint8)
    assert_consistent(points, where, counts, x)


def test_what_has_the_class_of_a_memory_map_but_no_file_is_copied(tmp_path):
    mapped = memory_map(tmp_path / "x.npy", np.ones((2, 2), int))
    in_memory = np.ndarray.__new__(np.memmap, (2, 2), dtype=int)
    in_memory[:] = mapped
    assert isinstance(in_memory, np.memmap)
    points = Points.distinct(in_memory, 3)[0]
    in_memory[:] = 2
    assert points.dense().tolist() == [[1, 1]]


def dense_and_sparse(tmp_path, x):
    return {"dense": x, "map": memory_map(tmp_path / "x.npy", x), "sparse": sparse.csr_array(x)}


@pytest.mark.parametrize("kind", ["dense", "map", "sparse"])
def test_points_are_taken_by_number_in_their_own_type(tmp_path, kind):
    x = np.random.default_rng(0).integers(0, 17, (60, 2)).astype(np.uint8)
    points = Points.distinct(dense_and_sparse(tmp_path, x)[kind], 17)[0]
    everything = points.dense()
    for index in (slice(None), slice(3, 9), slice(9, 3, -2), np.array([5, 0, 5]), np.array([], dtype=int)):
        taken = points.take(index)
        assert taken.dtype == np.uint8
        np.testing.assert_array_equal(taken.toarray() if kind == "sparse" else taken, everything[index])
    taken = points.take(slice(None))
    (taken.data if kind == "sparse" else taken)[:] = 1
    np.testing.assert_array_equal(points.dense(), everything)


@pytest.mark.parametrize("make", [np.array, *CLASSES])
@pytest.mark.parametrize("dtype", [np.uint8, np.int64, float])
def test_later_changes_of_the_samples_do_not_matter(make, dtype):
    x = make(np.random.default_rng(0).integers(0, 3, (20, 4)).astype(dtype))
    points = Points.distinct(x, 3)[0]
    before = points.dense()
    for name in ("data", "indices", "indptr", "row", "col", "offsets", "coords"):
        parts = getattr(x, name, None)
        for part in parts if isinstance(parts, tuple) else [parts]:
            if isinstance(part, np.ndarray) and part.flags.writeable:
                part[...] = 0
    if isinstance(x, np.ndarray):
        x[:] = 0
    np.testing.assert_array_equal(points.dense(), before)


def changed(value, dtype):
    x = np.zeros((4, 3), dtype)
    x[0, 0], x[2, 1], x[3, 0] = 4, value, value
    return x


@pytest.mark.parametrize("make", [np.array, *(make for make in CLASSES if "dia" not in make.__name__)])
@pytest.mark.parametrize(("value", "text"), [(-1, "-1.0"), (5, "5.0"), (0.5, "0.5"), (np.nan, "nan"), (np.inf, "inf")])
def test_an_entry_that_is_no_residue_is_named(make, value, text):
    message = f"x[2, 1] = {text} is no whole number in 0..4; quantize the data first (problems.quantizers)."
    with pytest.raises(InputError, match=re.escape(message)):
        Points.distinct(make(changed(value, float)), 5)


@pytest.mark.parametrize("make", [np.array, sparse.csr_array, sparse.coo_matrix])
@pytest.mark.parametrize("value", [-1, 5, 261])
def test_an_integer_that_is_no_residue_is_named(make, value):
    with pytest.raises(InputError, match=re.escape(f"x[2, 1] = {value} is no whole number in 0..4; quantize")):
        Points.distinct(make(changed(value, np.int16)), 5)


@pytest.mark.parametrize("order", ["C", "F"])
def test_a_bad_entry_beyond_the_first_block_is_named(tmp_path, order):
    x = np.zeros((3 * 2**20, 2), dtype=np.int8, order=order)
    x[-2, 1] = x[-1, 0] = -1
    for given_as in (x, memory_map(tmp_path / "x.npy", x)):
        with pytest.raises(InputError, match=re.escape(f"x[{len(x) - 2}, 1] = -1 is no whole number in 0..4")):
            Points.distinct(given_as, 5)


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (sparse.csr_array((0, 3)), "x is empty (shape (0, 3)); give at least one entry"),
        (sparse.csr_array((3, 0)), "x is empty (shape (3, 0)); give at least one entry"),
        (sparse.coo_array(np.ones(3)), "x has shape (3,), but shape (n, D) is needed; reshape it"),
        (sparse.coo_array(np.ones((1, 2, 3))), "x has shape (1, 2, 3), but shape (n, D) is needed; reshape it"),
        (sparse.csr_array(np.eye(2) * 1j), "x holds complex128 entries; give whole numbers 0..4"),
        (np.ones((1, 2, 3)), "x has shape (1, 2, 3), but shape (n, D) is needed; reshape it"),
        ([[1], [1, 2]], "x is no rectangular array; give rows of equal length"),
    ],
)
def test_what_are_no_rows_is_refused(x, message):
    with pytest.raises(InputError, match=re.escape(message)):
        Points.distinct(x, 5)


def test_the_name_of_the_samples_is_in_the_message():
    for x in ([[7]], sparse.csr_array([[7]])):
        with pytest.raises(InputError, match=re.escape("test[0, 0] = 7 is no whole number")):
            compact_rows("test", x, 5)


def test_a_memory_map_is_read_in_blocks(tmp_path):
    mapped = np.lib.format.open_memmap(tmp_path / "x.npy", "w+", np.uint8, (1000, 50_000))  # 48 MiB of holes
    mapped[::2, -1] = 1
    mapped[5, 0] = 2
    tracemalloc.start()
    points, _, counts = Points.distinct(mapped, 3)
    taken = points.take(np.array([2]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert counts.tolist() == [499, 500, 1]
    assert taken[0, 0] == 2
    assert peak < 40 * 2**20


MILLION = """
import resource, sys
import numpy as np
from problems.ridgelet import Nodes, RidgeletProblem

x = np.load(sys.argv[1], mmap_mode="r" if sys.argv[2] == "map" else None)
y = np.where(np.arange(len(x)) % 3, 1.0, -1.0)
RidgeletProblem.from_samples(x[:10], y[:10], 17).density(Nodes(np.zeros((1, 64), int), [0]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
problem = RidgeletProblem.from_samples(x, y, 17)
assert problem.amplitudes.shape == (10**6, 1)
problem.density(Nodes(np.ones((4, 64), int), np.arange(4)))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in KiB on Linux alone")
def test_a_million_points_take_little_memory(tmp_path):
    np.save(tmp_path / "x.npy", np.random.default_rng(0).integers(0, 17, (10**6, 64), dtype=np.uint8))
    for kind, x_itself in (("memory", 0), ("map", 62)):
        command = [sys.executable, "-c", MILLION, str(tmp_path / "x.npy"), kind]
        grown = int(subprocess.run(command, capture_output=True, text=True, check=True).stdout) / 1024
        # The copy of x in memory takes 61 MiB; the pages of the map count as ours while they are read.
        assert grown < x_itself + 250
