import os
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classical.ridgelet import DequantizedSampler, MarginalSampler
from classical.ridgelet.dequantized.chunks import memory
from problems.errors import InputError
from problems.quantizers import LevelQuantizer
from problems.ridgelet import Nodes, NodeSampler, RidgeletProblem
from tests import reference
from tests.classical.ridgelet.dequantized.cases import assert_same, equal_but_for, memory_map


def samplers(x, y, prime, chunk=7, threads=1, compiled=True, **more):
    chunked = RidgeletProblem.from_chunks(x, y, prime, chunk=chunk, **more)
    memory = RidgeletProblem.from_samples(np.asarray(x), y, prime)
    return (DequantizedSampler(problem, threads, compiled) for problem in (chunked, memory))


@settings(max_examples=12)
@given(
    st.sampled_from([(2, 12), (2, 70), (3, 8), (5, 4), (17, 3), (61, 2), (257, 2)]),
    st.integers(1, 70),
    st.integers(1, 30),
    st.integers(1, 3),
    st.integers(0, 2**32),
)
def test_the_nodes_are_those_of_the_same_points_in_memory(size, n, chunk, outputs, seed):
    prime, dimension = size
    x, y = reference.random_samples(np.random.default_rng(seed), prime, dimension, n, outputs)
    chunked, memory = samplers(x, y, prime, chunk)
    np.testing.assert_array_equal(chunked.tail, memory.tail)
    assert_same(chunked.sample(30, seed), memory.sample(30, seed))


@pytest.mark.parametrize(("prime", "dimension"), [(2, 9), (5, 4), (257, 2), (1021, 1), (65537, 2)])
@pytest.mark.parametrize("compiled", [False, True])
def test_either_way_draws_them(prime, dimension, compiled):
    x, y = reference.random_samples(np.random.default_rng(0), prime, dimension, 40, 2)
    chunked, memory = samplers(x, y, prime, compiled=compiled)
    assert not chunked.fell_back
    assert isinstance(chunked, NodeSampler)
    n = 5 if prime > 2000 else 50
    assert_same(chunked.sample(n, 8), memory.sample(n, 8))


def test_batches_threads_memory_and_pickles_do_not_change_the_nodes(tmp_path):
    x, y = reference.random_samples(np.random.default_rng(0), 61, 3, 60)
    x = memory_map(tmp_path, x, "<i4")
    chunked, memory = samplers(x, y, 61)
    expected = memory.sample(1100, 5)
    assert_same(chunked.sample(1100, 5), expected)
    assert_same(Nodes.concatenate(chunked.stream(1100, 190, 5)), expected)
    assert_same(pickle.loads(pickle.dumps(chunked)).sample(1100, 5), expected)
    few, _ = samplers(x, y, 61, threads=2, memory="49MiB")
    assert few._batches.most < 600
    counted = []
    assert_same(few.sample(1100, 5, counted.append), expected)
    assert sum(counted) == 1100
    assert len(counted) > 2


@pytest.mark.parametrize("coordinate", [0, 3, 8])
def test_points_that_differ_in_one_coordinate_alone(coordinate):
    x = equal_but_for(coordinate, 5, 9)
    chunked, memory = samplers(x, np.arange(1.0, len(x) + 1), 5)
    assert_same(chunked.sample(100, 0), memory.sample(100, 0))


def test_memory_for_less_than_a_node_is_refused_with_the_least_that_works():
    x, y = reference.random_samples(np.random.default_rng(0), 1021, 2, 60)
    problem = RidgeletProblem.from_chunks(x, y, 1021, memory="50MiB")
    with pytest.raises(InputError, match=r"memory = 50 MiB is too little.*give memory = (\d+)MiB or more") as caught:
        DequantizedSampler(problem, 3)
    least = str(caught.value).split("memory = ")[-1].split(" ")[0]
    sampler = DequantizedSampler(RidgeletProblem.from_chunks(x, y, 1021, memory=least), 3)
    assert sampler._batches.most == 1
    assert len(sampler.sample(2, 0)) == 2


def test_a_file_that_changes_between_passes_is_one_line(tmp_path):
    x, y = reference.random_samples(np.random.default_rng(0), 5, 3, 60)
    np.save(tmp_path / "x.npy", x)
    sampler = DequantizedSampler(RidgeletProblem.from_chunks(tmp_path / "x.npy", y, 5, chunk=7), 2)
    first = sampler.sample(5, 0)
    os.truncate(tmp_path / "x.npy", 200)
    with pytest.raises(InputError, match="was cut since it was opened") as caught:
        sampler.sample(5, 0)
    assert "\n" not in str(caught.value)
    np.save(tmp_path / "x.npy", x)
    os.utime(tmp_path / "x.npy", ns=(1, 1))
    with pytest.raises(InputError, match="has changed"):
        sampler.sample(5, 0)
    assert_same(DequantizedSampler(RidgeletProblem.from_chunks(tmp_path / "x.npy", y, 5)).sample(5, 0), first)


def test_quantized_features_and_rows_that_appear_again():
    rng = np.random.default_rng(0)
    features = rng.integers(0, 40, (30, 3)).astype(float)[rng.integers(0, 30, 90)]
    y, quantizer = rng.normal(size=90), LevelQuantizer(5).fit(features)
    chunked = RidgeletProblem.from_chunks(features, y, 5, chunk=7, quantizer=quantizer)
    memory = RidgeletProblem.from_samples(quantizer.transform(features), y, 5)
    assert len(chunked.data) < 31
    assert_same(DequantizedSampler(chunked).sample(50, 1), DequantizedSampler(memory).sample(50, 1))


def test_other_samplers_take_points_on_disk_too():
    x, y = reference.random_samples(np.random.default_rng(0), 3, 3, 30)
    chunked = RidgeletProblem.from_chunks(x, y, 3, chunk=7)
    assert len(MarginalSampler(chunked).sample(20, 0)) == 20


@pytest.mark.parametrize(("prime", "dtype"), [(5, "u1"), (257, "<i8"), (17, "u1")])
def test_many_points_in_memory_are_passed_over_in_chunks_and_draw_the_same(monkeypatch, tmp_path, prime, dtype):
    x, y = reference.random_samples(np.random.default_rng(0), prime, 4, 80, 2)
    problem = RidgeletProblem.from_samples(memory_map(tmp_path, x, dtype) if dtype == "<i8" else x, y, prime)
    few = DequantizedSampler(problem, 1)
    assert few._batches is None
    monkeypatch.setattr(memory, "MANY", 2)
    many = DequantizedSampler(problem, 2)
    assert many._batches is not None
    np.testing.assert_array_equal(many.tail, few.tail)
    assert_same(many.sample(60, 3), few.sample(60, 3))
    assert DequantizedSampler(problem, 1, compiled=False)._batches is None
