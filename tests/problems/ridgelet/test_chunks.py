"""Problems of points that stay on disk, held against those of the same points in memory."""

import os
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from problems.errors import InputError
from problems.quantizers import QuantileQuantizer
from problems.ridgelet import Nodes, RidgeletProblem
from problems.ridgelet.chunks import scanning
from problems.ridgelet.tails import digits_of_code, functionals
from tests import reference

SIZES = [(2, 6), (3, 4), (5, 3), (17, 2), (257, 2), (1021, 1)]


def both(x, y, prime, **chunks):
    return RidgeletProblem.from_chunks(x, y, prime, **chunks), RidgeletProblem.from_samples(x, y, prime)


def nodes_of(problem, n=9):
    rng = np.random.default_rng(1)
    return Nodes(rng.integers(0, problem.prime, (n, problem.dimension)), rng.integers(0, problem.prime, n))


@given(st.sampled_from(SIZES), st.integers(1, 60), st.integers(1, 20), st.integers(1, 3), st.integers(0, 2**32))
def test_the_problem_is_that_of_the_same_points_in_memory(size, n, chunk, outputs, seed):
    prime, dimension = size
    x, y = reference.random_samples(np.random.default_rng(seed), prime, dimension, n, outputs)
    chunked, memory = both(x, y, prime, chunk=chunk)
    assert chunked.digest == memory.digest
    points, where = np.unique(x, axis=0, return_index=True)
    np.testing.assert_array_equal(chunked.data.rows, np.sort(where))
    np.testing.assert_array_equal(chunked.points, x[np.sort(where)])
    assert (len(chunked.data), chunked.samples, chunked.outputs) == (len(points), n, outputs)
    # Every point once, in the order of the file, a chunk of rows at a time.
    found = list(chunked.data.chunks())
    assert [place for which, _ in found for place in range(which.start, which.stop)] == list(range(len(points)))
    assert all(len(rows) == which.stop - which.start <= chunk for which, rows in found)
    np.testing.assert_array_equal(np.concatenate([rows for _, rows in found]), chunked.points)
    some = np.random.default_rng(0).integers(0, len(points), 7)
    np.testing.assert_array_equal(chunked.data.take(some), chunked.points[some])
    np.testing.assert_array_equal(chunked.data.take(slice(1, 5)), chunked.points[1:5])


@pytest.mark.parametrize("chunk", [7, 65_536])
@pytest.mark.parametrize(("prime", "dimension"), SIZES)
def test_the_transform_is_that_in_memory(prime, dimension, chunk):
    x, y = reference.random_samples(np.random.default_rng(0), prime, dimension, 50, 2)
    chunked, memory = both(x, y, prime, chunk=chunk)
    nodes = nodes_of(memory)
    np.testing.assert_allclose(chunked.scaled_ridgelet(nodes), memory.scaled_ridgelet(nodes), rtol=0, atol=1e-12)
    np.testing.assert_allclose(chunked.line_density(nodes.a), memory.line_density(nodes.a), rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(chunked.density(nodes), memory.density(nodes), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("dtype", ["u1", ">i2", "<f8", "?"])
def test_files_of_any_type_and_in_several_parts_are_one_data_set(dtype, tmp_path):
    x, y = reference.random_samples(np.random.default_rng(0), 2, 5, 40)
    paths = []
    for part, rows in enumerate((slice(0, 13), slice(13, 14), slice(14, 40))):
        np.save(tmp_path / f"x{part}.npy", x[rows].astype(dtype))
        np.save(tmp_path / f"y{part}.npy", y[rows])
        paths.append((tmp_path / f"x{part}.npy", tmp_path / f"y{part}.npy"))
    points, labels = zip(*paths, strict=True)
    chunked = RidgeletProblem.from_chunks(points, labels, 2, chunk=7)
    assert chunked.digest == RidgeletProblem.from_samples(x, y, 2).digest
    assert chunked.data.source.kind == np.uint8


@pytest.mark.parametrize(("largest", "kind"), [(255, np.uint8), (256, np.uint16)])
def test_at_257_a_byte_holds_256_levels(largest, kind):
    x = np.arange(60).reshape(20, 3)
    x[4, 1] = largest
    assert RidgeletProblem.from_chunks(x, np.ones(20), 257).data.source.kind == kind


@pytest.mark.parametrize("chunk", [1, 3, 100])
def test_rows_of_equal_codes_are_compared_in_full(monkeypatch, chunk):
    """With a single functional for a start most codes are shared, and the passes that follow tell the points apart."""
    monkeypatch.setattr(scanning, "wanted", lambda count, dimension, prime: 0)
    x, y = reference.random_samples(np.random.default_rng(3), 3, 6, 80)
    chunked, memory = both(x, y, 3, chunk=chunk)
    assert chunked.digest == memory.digest
    assert 1 < chunked.data.functionals <= 6
    tail = functionals(np.random.default_rng(0), range(chunked.data.functionals), 6, 3)
    expected = tail @ chunked.points.T % 3
    np.testing.assert_array_equal(digits_of_code(chunked.data.codes, len(tail), 3), expected)
    assert len(set(chunked.data.codes.tolist())) == len(chunked.data)


def test_real_features_are_quantized_each_time_they_are_read():
    rng = np.random.default_rng(0)
    features, y = rng.normal(size=(50, 4)), rng.normal(size=50)
    quantizer = QuantileQuantizer(5).fit(features)
    chunked = RidgeletProblem.from_chunks(features, y, 5, quantizer=quantizer, chunk=7)
    assert chunked.digest == RidgeletProblem.from_samples(quantizer.transform(features), y, 5).digest


def test_bad_data_are_refused_in_one_line_each(tmp_path):
    x, y = reference.random_samples(np.random.default_rng(0), 5, 3, 30)
    quantizer = QuantileQuantizer(5).fit(x)
    large, broken, endless = x.copy(), x.astype(float), y.copy()
    large[17, 1], broken[23, 2], endless[11] = 5, np.nan, np.inf
    for points, labels, more, said in (
        (x, y[:29], {}, "points has 30 rows but labels has 29"),
        (x[0], y, {}, r"points has shape \(3,\)"),
        (x, y.reshape(-1, 1, 1), {}, r"labels has shape \(30, 1, 1\)"),
        (large, y, {}, r"points\[17, 1\] = 5 is no whole number in 0..4"),
        (broken, y, {}, r"points\[23, 2\] = nan is no whole number"),
        (broken, y, {"quantizer": quantizer}, r"points\[23, 2\] = nan is not finite"),
        (x, endless, {}, r"labels\[11\] is NaN or infinite"),
        (x, 0 * y, {}, "All targets are zero"),
        (x, y, {"quantizer": 3}, "quantizer = 3 has no transform"),
        (x, y, {"chunk": 0}, "chunk = 0 is too small"),
        (x, y, {"memory": "2 parsecs"}, "memory = '2 parsecs' is no amount of memory"),
        (tmp_path / "none.npy", y, {}, "There is no file"),
    ):
        with pytest.raises(InputError, match=said) as caught:
            RidgeletProblem.from_chunks(points, labels, 5, **{"chunk": 7, **more})
        assert "\n" not in str(caught.value)


def test_too_little_memory_is_refused_with_the_least_that_works():
    x, y = reference.random_samples(np.random.default_rng(0), 5, 3, 30)
    with pytest.raises(InputError, match=r"memory = 1 KiB is too little.*give memory = (\d+)MiB or more") as caught:
        RidgeletProblem.from_chunks(x, y, 5, memory="1KiB")
    least = str(caught.value).split("memory = ")[-1].split(" ")[0]
    assert RidgeletProblem.from_chunks(x, y, 5, memory=least).data.memory >= 2**20


@pytest.mark.parametrize("outputs", [1, 4])
def test_reading_takes_no_more_memory_than_predicted(outputs, tmp_path):
    from problems.ridgelet.chunks.budget import BLOCK, held

    count, rng = 40_000, np.random.default_rng(0)
    np.save(tmp_path / "x.npy", rng.integers(0, 17, (count, 8), dtype=np.uint8))
    np.save(tmp_path / "y.npy", rng.normal(size=(count, outputs)))
    tracemalloc.start()
    problem = RidgeletProblem.from_chunks(tmp_path / "x.npy", tmp_path / "y.npy", 17, chunk=1000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(problem.data) == count
    assert peak < held(count, outputs, 8000) - BLOCK + 2**21


def test_a_file_that_changes_after_it_was_read_is_refused(tmp_path):
    x, y = reference.random_samples(np.random.default_rng(0), 5, 3, 30)
    np.save(tmp_path / "x.npy", x)
    problem = RidgeletProblem.from_chunks(tmp_path / "x.npy", y, 5)
    os.utime(tmp_path / "x.npy", ns=(5, 5))
    with pytest.raises(InputError, match="has changed since it was opened"):
        problem.density(nodes_of(problem))
