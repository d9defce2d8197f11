import os
import re
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from threadpoolctl import threadpool_info, threadpool_limits

from classical.ridgelet import DequantizedSampler
from classical.ridgelet.dequantized import sampler as module
from classical.ridgelet.dequantized.compiled import kernel
from classical.ridgelet.dequantized.randomness import pieces
from problems.errors import InputError
from problems.ridgelet import Nodes, RidgeletProblem
from tests import reference
from tests.classical.ridgelet.dequantized.cases import (
    COMPILED_PRIMES,
    assert_same,
    equal_but_for,
    make,
    memory_map,
    sampler_of,
    stored,
    unbalanced,
)


def assert_paths_agree(problem, n, seed=0):
    """Every path draws what plain NumPy draws."""
    expected, sampler = sampler_of(problem, "numpy").sample(n, seed), sampler_of(problem)
    assert_same(sampler.sample(n, seed), expected)
    if not isinstance(sampler._draw.__self__, kernel.Compiled):  # another path, which small primes have of their own
        assert_same(sampler_of(problem, "kernel").sample(n, seed), expected)
    return expected


# All paths draw the same nodes.


@pytest.mark.parametrize("prime", COMPILED_PRIMES)
@pytest.mark.parametrize("dimension", [1, 2, 3, 10, 200])
def test_paths_agree_whatever_the_size(prime, dimension):
    rng = np.random.default_rng([prime, dimension])
    for n, outputs in ((1, 1), (2, 2), (5, 3), (40, 2), (200, 1)):
        x, y = reference.random_samples(rng, prime, dimension, n, outputs)
        assert_paths_agree(RidgeletProblem.from_samples(x, y, prime), 25, n)


@pytest.mark.parametrize(
    ("prime", "dimension", "samples"),
    [(2, 64, 3000), (3, 40, 1000), (17, 64, 3000), (31, 33, 700), (37, 20, 3000), (67, 5, 1500), (521, 20, 1000)],
)
def test_paths_agree_with_many_points(prime, dimension, samples):
    rng = np.random.default_rng(prime)
    x, y = rng.integers(0, prime, (samples, dimension)), rng.normal(size=(samples, 2))
    assert_paths_agree(RidgeletProblem.from_samples(x, y, prime), 41)


@pytest.mark.parametrize("prime", [2, 3, 17, 67, 257])
def test_paths_agree_over_several_blocks(prime):
    nodes = assert_paths_agree(make(prime, 7, 20, 2), 2 * 1024 + 5)
    # No block repeats another.
    assert not np.array_equal(nodes.a[:1024], nodes.a[1024:2048])


@pytest.mark.parametrize("prime", [2, 3, 5, 17, 61, 257])
@pytest.mark.parametrize("outputs", [1, 3])
def test_paths_agree_for_amplitudes_over_twelve_orders(prime, outputs):
    rng = np.random.default_rng(prime)
    x = rng.integers(0, prime, (50, 6))
    problem = RidgeletProblem.from_samples(x, unbalanced(rng, (50, outputs)), prime)
    assert_paths_agree(problem, 200)


@pytest.mark.parametrize(("prime", "dimension"), [(2, 9), (3, 5), (17, 4), (257, 3)])
def test_paths_agree_for_points_equal_but_for_one_coordinate(prime, dimension):
    rng = np.random.default_rng(0)
    for coordinate in range(dimension):
        x = equal_but_for(coordinate, prime, dimension)
        for n in (2, len(x)):
            assert_paths_agree(RidgeletProblem.from_samples(x[:n], rng.normal(size=n), prime), 40)


@pytest.mark.parametrize(
    ("prime", "dimension"), [(2, 1), (2, 2), (2, 3), (2, 4), (2, 5), (2, 9), (3, 1), (3, 2), (3, 3), (3, 5), (5, 3)]
)
def test_paths_agree_on_the_whole_grid_of_small_primes(prime, dimension):
    x = reference.all_points(prime, dimension)
    y = np.random.default_rng(0).normal(size=(len(x), 2))
    assert_paths_agree(RidgeletProblem.from_samples(x, y, prime), 100)


@pytest.mark.parametrize(("prime", "dimension"), [(7, 3), (17, 1), (31, 2), (61, 1), (67, 1), (257, 1), (1021, 1)])
def test_paths_agree_on_the_whole_grid(prime, dimension):
    x = reference.all_points(prime, dimension)
    y = np.random.default_rng(0).normal(size=len(x))
    assert_paths_agree(RidgeletProblem.from_samples(x, y, prime), 100)


@pytest.mark.parametrize("prime", COMPILED_PRIMES)
def test_paths_agree_on_a_single_point(prime):
    for dimension in (1, 2, 130):
        for outputs in (1, 2):
            x = np.full((3, dimension), prime - 1)
            problem = RidgeletProblem.from_samples(x, np.ones((3, outputs)), prime)
            nodes = assert_paths_agree(problem, 50)
            assert nodes.a.shape == (50, dimension)


@settings(max_examples=50)
@given(
    st.sampled_from(COMPILED_PRIMES),
    st.integers(1, 60),
    st.integers(1, 40),
    st.integers(1, 3),
    st.sampled_from(["relu", "step", "sine", "gaussian"]),
    st.integers(0, 2**32),
)
def test_paths_agree_on_anything(prime, dimension, n, outputs, activation, seed):
    rng = np.random.default_rng(seed)
    values = rng.integers(0, prime, 3)
    x = rng.choice(values, (n, dimension)) if seed % 2 else rng.integers(0, prime, (n, dimension))
    y = rng.choice([-1.0, 1.0], (n, outputs)) if seed % 3 else unbalanced(rng, (n, outputs))
    y[0] = 100
    if activation == "sine" and prime == 2:
        activation = "relu"
    assert_paths_agree(RidgeletProblem.from_samples(x, y, prime, 1e-2, activation), 30, seed)


@pytest.mark.parametrize("kind", ["sparse", "mapped u1", "mapped <i8"])
@pytest.mark.parametrize("prime", [2, 3, 17, 61])
def test_nodes_do_not_depend_on_how_the_points_are_kept(tmp_path, prime, kind):
    rng = np.random.default_rng(prime)
    for dimension, samples in ((1, 5), (9, 40), (150, 300)):
        x = rng.integers(0, prime, (samples, dimension)) * (rng.random((samples, dimension)) < 0.3)
        x[samples // 2] = 0
        y = rng.normal(size=(samples, 2))
        expected = sampler_of(RidgeletProblem.from_samples(x, y, prime), "numpy").sample(70, 1)
        problem = RidgeletProblem.from_samples(stored(x, kind, tmp_path), y, prime)
        for path in ("numpy", "compiled"):
            assert_same(sampler_of(problem, path).sample(70, 1), expected)


@pytest.mark.parametrize("kind", ["sparse", "mapped <u2", "mapped <i8"])
def test_nodes_at_larger_primes_do_not_depend_on_how_the_points_are_kept(tmp_path, kind):
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 521, (60, 20)), rng.normal(size=60)
    expected = sampler_of(RidgeletProblem.from_samples(x, y, 521), "numpy").sample(70, 1)
    problem = RidgeletProblem.from_samples(stored(x, kind, tmp_path), y, 521)
    for path in ("numpy", "compiled"):
        assert_same(sampler_of(problem, path).sample(70, 1), expected)


@pytest.mark.parametrize("dtype", [">i8", ">u2", "<i4"])
def test_mapped_numbers_of_any_byte_order_are_read_rightly(tmp_path, dtype):
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 17, (30, 12)), rng.normal(size=30)
    expected = sampler_of(RidgeletProblem.from_samples(x, y, 17), "numpy").sample(50, 1)
    # The same type in the machine's order first: what is compiled for it must not serve the other one.
    for order in (dtype.replace(">", "<"), dtype):
        problem = RidgeletProblem.from_samples(memory_map(tmp_path, x, order), y, 17)
        for path in ("numpy", "compiled"):
            assert_same(sampler_of(problem, path).sample(50, 1), expected)


def test_mapped_columns_and_views_are_read_rightly(tmp_path):
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 17, (30, 12)), rng.normal(size=30)
    expected = sampler_of(RidgeletProblem.from_samples(x, y, 17), "numpy").sample(50, 1)
    mapped = memory_map(tmp_path, x, "u1", "F")
    assert mapped.flags.f_contiguous
    assert_same(sampler_of(RidgeletProblem.from_samples(mapped, y, 17)).sample(50, 1), expected)
    wider = memory_map(tmp_path, np.repeat(np.repeat(x, 2, 0), 2, 1), "u1")
    assert_same(sampler_of(RidgeletProblem.from_samples(wider[::2, ::2], y, 17)).sample(50, 1), expected)


@pytest.mark.parametrize("path", ["numpy", "compiled"])
def test_the_order_of_the_samples_does_not_matter(path):
    x, y = reference.random_samples(np.random.default_rng(0), 5, 3, 20, 2)
    order = np.random.default_rng(1).permutation(20)
    one = sampler_of(RidgeletProblem.from_samples(x, np.sign(y), 5), path).sample(100, 2)
    assert_same(sampler_of(RidgeletProblem.from_samples(x[order], np.sign(y[order]), 5), path).sample(100, 2), one)
    shuffled = RidgeletProblem.from_samples(sparse.csr_array(x[order]), np.sign(y[order]), 5)
    assert_same(sampler_of(shuffled, path).sample(100, 2), one)


@pytest.mark.parametrize(("prime", "dimension"), [(1031, 3), (1031, 40), (65537, 2)])
def test_primes_beyond_the_kernels_are_drawn_by_numpy_either_way(prime, dimension):
    problem = make(prime, dimension, 9)
    nodes = sampler_of(problem, "compiled").sample(20, 0)
    assert_same(sampler_of(problem, "numpy").sample(20, 0), nodes)
    assert nodes.a.max() < prime
    assert nodes.b.max() < prime
    assert problem.density(nodes).min() > 1e-20


def test_kernels_take_the_largest_prime_that_the_sampler_gives_them():
    assert kernel.MAX_PRIME == module.MAX_COMPILED_PRIME == 1021
    assert sampler_of(make(1021, 2))._draw.__self__.__class__ is kernel.Compiled
    assert sampler_of(make(1031, 2))._draw.func is module.gates.draw_nodes


def test_plain_numpy_does_without_the_compiler():
    code = (
        "import sys; from classical.ridgelet import DequantizedSampler; from problems.ridgelet import RidgeletProblem;"
        "make = RidgeletProblem.from_samples;"
        "DequantizedSampler(make([[0], [1]], [1, 2], 5), compiled=False).sample(3, 0);"
        "DequantizedSampler(make([[0], [1]], [1, 2], 1031)).sample(3, 0);"
        "assert 'numba' not in sys.modules"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


# The same seed gives the same nodes.


@pytest.mark.parametrize("path", ["numpy", "compiled"])
@pytest.mark.parametrize("prime", [2, 17])
def test_threads_and_batches_do_not_matter(path, prime):
    problem, n = make(prime, 5, 15), 2100
    expected = sampler_of(problem, path).sample(n, 4)
    for threads in (1, 3):
        sampler = sampler_of(problem, path, threads)
        assert sampler.threads == threads
        assert_same(sampler.sample(n, 4), expected)
        for batch in (21, 1023, 1024, 1025, n - 1, 5 * n):
            parts = list(sampler.stream(n, batch, 4))
            assert [len(part) for part in parts] == [min(batch, n - start) for start in range(0, n, batch)]
            assert_same(Nodes.concatenate(parts), expected)


def test_nodes_may_come_one_by_one():
    sampler = DequantizedSampler(make(5, 3))
    assert_same(Nodes.concatenate(sampler.stream(1030, 1, 4)), sampler.sample(1030, 4))


@pytest.mark.parametrize("path", ["numpy", "compiled"])
def test_fewer_nodes_are_the_first_of_more(path):
    sampler = sampler_of(make(3, 6, 20), path, 2)
    expected = sampler.sample(2500, 8)
    for m in (1, 2, 3, 31, 32, 33, 1023, 1024, 1025, 2048, 2499):
        assert_same(sampler.sample(m, 8), expected[:m])


def test_pieces_do_not_matter(monkeypatch):
    sampler = DequantizedSampler(make(7, 4), 2)
    expected = sampler.sample(2100, 8)
    for work in (1, 4 * 12 * 100):
        monkeypatch.setattr(module, "WORK", work)
        assert_same(sampler.sample(2100, 8), expected)
        assert_same(Nodes.concatenate(sampler.stream(2100, 333, 8)), expected)


@given(st.integers(0, 5000), st.integers(1, 5000), st.integers(1, 1500))
def test_pieces_cover_every_node_once_and_stay_in_a_block(start, count, step):
    cut = list(pieces(start, start + count, step))
    assert [i for piece in cut for i in piece] == list(range(start, start + count))
    assert all(1 <= len(piece) <= step for piece in cut)
    assert all(piece[0] // 1024 == piece[-1] // 1024 for piece in cut)


def test_seeds_of_every_kind():
    sampler = DequantizedSampler(make(5, 3))
    expected = sampler.sample(1200, 5)
    assert_same(sampler.sample(1200, np.random.SeedSequence(5)), expected)
    assert_same(sampler.sample(1200, np.random.PCG64(5)), expected)
    rng = np.random.default_rng(5)
    assert_same(sampler.sample(1200, rng), expected)
    assert not np.array_equal(sampler.sample(1200, rng).a, expected.a)
    sequence = np.random.SeedSequence(5)
    assert_same(sampler.sample(100, sequence), sampler.sample(100, sequence))
    several = [
        sampler.sample(100, seed).a for seed in (0, 1, [0, 1], np.random.SeedSequence(0).spawn(1)[0], None, None)
    ]
    assert len(np.unique(np.array(several).reshape(len(several), -1), axis=0)) == len(several)


def test_a_generator_advances_alike_whatever_is_drawn():
    sampler, left = DequantizedSampler(make(5, 3)), []
    for n, batch in ((1, 1), (3000, 17), (3000, 3000)):
        rng = np.random.default_rng(0)
        list(sampler.stream(n, batch, rng))
        left.append(rng.random())
    assert len(set(left)) == 1


def test_streams_side_by_side_do_not_disturb_one_another():
    sampler, parts = DequantizedSampler(make(5, 3), 2), ([], [])
    for pair in zip(sampler.stream(2000, 300, 1), sampler.stream(2000, 300, 2), strict=True):
        for part, drawn in zip(parts, pair, strict=True):
            part.append(drawn)
    for seed, part in zip((1, 2), parts, strict=True):
        assert_same(Nodes.concatenate(part), sampler.sample(2000, seed))


@pytest.mark.parametrize("path", ["numpy", "compiled"])
def test_nodes_are_digits_of_64_bits(path):
    for prime in (2, 3, 17, 257):
        nodes = sampler_of(make(prime, 4, 20), path).sample(3000, 0)
        assert nodes.a.dtype == nodes.b.dtype == np.int64
        assert nodes.a.min() == nodes.b.min() == 0
        assert nodes.a.max() < prime
        assert nodes.b.max() < prime


@pytest.mark.parametrize("path", ["numpy", "compiled"])
@pytest.mark.parametrize("prime", [2, 3, 5, 17, 67])
def test_no_node_of_probability_zero_is_drawn(prime, path):
    table = np.zeros(prime)
    table[: max(1, prime // 2)] = 1
    table[: prime // 4] = -1
    x, y = [[0, 1, 0], [1, 0, 1], [1, 1, 1]], [1.0, -1.0, 1.0]
    problem = RidgeletProblem.from_samples(x, y, prime, activation=table)
    assert problem.density(sampler_of(problem, path).sample(20_000, seed=0)).min() > 1e-20


@pytest.mark.parametrize(("prime", "dimension"), [(2, 300), (17, 64), (257, 784)])
def test_dimensions_beyond_any_enumeration_are_sampled(prime, dimension):
    rng = np.random.default_rng(0)
    x = rng.integers(0, prime, (30, dimension))
    problem = RidgeletProblem.from_samples(x, rng.normal(size=30), prime)
    nodes = DequantizedSampler(problem).sample(300, seed=0)
    assert nodes.a.shape == (300, dimension)
    assert problem.density(nodes).mean() > 1.5


# Streams.


def counted(sampler, pause=0.0):
    """Count the pieces that a sampler draws."""
    draw, drawn = sampler._draw, []

    def count(randomness, a, b):
        time.sleep(pause)
        draw(randomness, a, b)
        drawn.append(len(b))

    sampler._draw = count
    return drawn


def test_nothing_is_drawn_before_it_is_asked_for():
    sampler = DequantizedSampler(make(5, 3))
    drawn = counted(sampler)
    stream = sampler.stream(10_000, 100, 0)
    assert drawn == []
    next(stream)
    assert sum(drawn) == 100
    next(stream)
    assert sum(drawn) == 200


def test_what_was_yielded_stays_when_the_consumer_stops_or_goes_on():
    sampler = DequantizedSampler(make(5, 3), 2)
    expected, stream = sampler.sample(1000, 0), sampler.stream(1000, 100, 0)
    first = next(stream)
    first.a[:], kept = 77, next(stream)
    third = next(stream)
    np.testing.assert_array_equal(first.a, 77)
    assert_same(kept, expected[100:200])
    assert_same(third, expected[200:300])
    stream.close()
    assert_same(kept, expected[100:200])
    assert list(stream) == []


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("interruption", [KeyboardInterrupt, RuntimeError])
def test_an_interruption_ends_soon_and_leaves_earlier_batches(monkeypatch, threads, interruption):
    monkeypatch.setattr(module, "WORK", 1)  # pieces of 32 nodes
    sampler = DequantizedSampler(make(5, 3), threads)
    expected = sampler.sample(3200, 0)
    drawn, told, running = counted(sampler, 0.01), [], threading.active_count()

    def interrupt(number):
        told.append(number)
        if sum(told) >= 3200 + 64:
            raise interruption

    stream = sampler.stream(10**6, 1600, 0, interrupt)
    batches = [next(stream), next(stream)]
    with pytest.raises(interruption):
        next(stream)
    # What was under way is finished; the dozens of other pieces of the batch, of 50, are not begun.
    assert sum(drawn) <= 3200 + 800
    assert threading.active_count() == running
    assert_same(Nodes.concatenate(batches), expected)
    at_the_end = len(drawn)
    time.sleep(0.02)
    assert len(drawn) == at_the_end


def test_an_error_in_a_thread_is_raised():
    sampler = DequantizedSampler(make(5, 3), 2)

    def fail(randomness, a, b):
        raise MemoryError("no room")

    sampler._draw = fail
    with pytest.raises(MemoryError, match="no room"):
        sampler.sample(5000, 0)


@pytest.mark.parametrize("threads", [1, 2])
def test_progress_is_told_of_every_node(monkeypatch, threads):
    sampler, told = DequantizedSampler(make(5, 3), threads), []
    sampler.sample(2100, 0, told.append)
    assert sum(told) == 2100
    assert all(isinstance(number, int) and number > 0 for number in told)
    monkeypatch.setattr(module, "WORK", 1)
    told.clear()
    for done, _ in enumerate(sampler.stream(2100, 500, 0, told.append), 1):
        assert sum(told) == min(500 * done, 2100)
    assert len(told) > 60


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 5), "n = 0 is too small; give at least 1"),
        ((2.5, 5), "n = 2.5 is no whole number; give one of at least 1"),
        ((5, 0), "batch = 0 is too small; give at least 1"),
        ((5, -1), "batch = -1 is too small; give at least 1"),
        ((5, 1.5), "batch = 1.5 is no whole number; give one of at least 1"),
        ((5, None), "batch = None is no whole number; give one of at least 1"),
        ((5, True), "batch = True is no whole number; give one of at least 1"),
        ((5, 5, -1), "seed = -1 cannot seed a random generator"),
        ((10**15, 10**15), "Drawing 1000000000000000 samples of dimension 3"),
    ],
)
def test_a_stream_refuses_at_the_call(arguments, message):
    sampler = DequantizedSampler(make(5, 3))
    drawn = counted(sampler)
    with pytest.raises(InputError, match=re.escape(message)):
        sampler.stream(*arguments)
    assert drawn == []


def test_a_stream_needs_room_for_a_batch_only():
    stream = DequantizedSampler(make(5, 3)).stream(10**15, 10, 0)
    assert len(next(stream)) == 10


@pytest.mark.parametrize("number", [3.0, np.int32(3)])
def test_whole_numbers_of_any_type_will_do(number):
    sampler = DequantizedSampler(make(5, 3), threads=number)
    assert sampler.threads == 3
    assert [len(part) for part in sampler.stream(7, number, 0)] == [3, 3, 1]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"threads": 0}, "threads = 0 is too small; give at least 1"),
        ({"threads": 1.5}, "threads = 1.5 is no whole number; give one of at least 1"),
        ({"threads": "2"}, "threads = '2' is no whole number; give one of at least 1"),
        ({"compiled": "yes"}, "compiled = 'yes' is neither True nor False; give one of them"),
        ({"compiled": 1}, "compiled = 1 is neither True nor False; give one of them"),
        ({"compiled": None}, "compiled = None is neither True nor False; give one of them"),
    ],
)
def test_settings_that_make_no_sense_are_refused(monkeypatch, settings, message):
    monkeypatch.setattr(module, "make_plan", lambda problem: pytest.fail("was prepared all the same"))
    with pytest.raises(InputError, match=re.escape(message)):
        DequantizedSampler(make(5, 3), **settings)


# Threads.


@pytest.mark.parametrize(
    ("wanted", "threads"),
    [(None, 5), ("", 5), ("2", 2), ("5", 5), ("64", 5), ("0", 5), ("many", 5), ("-1", 5), ("2,3", 5)],
)
def test_as_many_threads_as_cores_or_fewer_if_wanted(monkeypatch, wanted, threads):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(5)), raising=False)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    if wanted is not None:
        monkeypatch.setenv("OMP_NUM_THREADS", wanted)
    assert DequantizedSampler(make(5, 3), compiled=False).threads == threads


def test_cores_are_counted_where_affinity_is_unknown(monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    for cores, threads in ((3, 3), (None, 1)):
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        assert DequantizedSampler(make(5, 3), compiled=False).threads == threads


def test_threads_of_the_sampler_do_not_start_threads_of_blas():
    def blas():
        return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]

    sampler, seen = DequantizedSampler(make(5, 3), 2), []
    draw = sampler._draw

    def look(randomness, a, b):
        seen.append(blas())
        draw(randomness, a, b)

    sampler._draw = look
    with threadpool_limits(2, "blas"):
        before = blas()
        next(sampler.stream(10, 5, 0))
        assert blas() == before
    assert seen
    assert all(number == 1 for numbers in seen for number in numbers)
