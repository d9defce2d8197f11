from types import SimpleNamespace

import numpy as np
import pytest

from classical.ridgelet import DequantizedSampler, UniformSampler
from compare.runtimes import BATCHES, timed_sample
from problems.ridgelet import Nodes, RidgeletProblem
from problems.seeds import spawn

PROBLEM = RidgeletProblem.from_samples([[0, 1], [2, 2], [4, 3]], [1.0, -1.0, 0.5], prime=5)


class Recorded:
    """A sampler that remembers what it was asked, and numbers its nodes."""

    problem = PROBLEM

    def __init__(self):
        self.asked = []

    def sample(self, n, seed=None):
        self.asked.append((n, seed))
        return Nodes(np.full((n, 2), len(self.asked)), np.arange(n))


@pytest.mark.parametrize("n", [5, 12, 700])
def test_nodes_are_drawn_in_batches_of_equal_size(n):
    sampler = Recorded()
    nodes, seconds = timed_sample(lambda: sampler, n, spawn(0, 1))
    sizes = [size for size, _ in sampler.asked]
    assert len(sizes) == BATCHES == seconds.per_sample.samples
    assert sum(sizes) == n == len(nodes)
    assert max(sizes) - min(sizes) <= 1
    # Every batch once, in order.
    assert nodes.a[:, 0].tolist() == [batch + 1 for batch, size in enumerate(sizes) for _ in range(size)]


@pytest.mark.parametrize("n", [1, 4])
def test_fewer_nodes_than_batches_are_drawn_one_by_one(n):
    sampler, done = Recorded(), []
    nodes, seconds = timed_sample(lambda: sampler, n, spawn(0, 1), lambda: done.append(1))
    assert [size for size, _ in sampler.asked] == [1] * n
    assert len(nodes) == seconds.per_sample.samples == len(done) == n


def test_batches_have_independent_streams_below_the_seed():
    sampler = Recorded()
    timed_sample(lambda: sampler, 10, spawn(3, 1, 4))
    seeds = [seed for _, seed in sampler.asked]
    assert {seed.entropy for seed in seeds} == {3}
    assert [seed.spawn_key for seed in seeds] == [(1, 4, i) for i in range(BATCHES)]


def test_the_same_seed_gives_the_same_nodes_and_another_seed_others():
    seeds = [spawn(0, 1), spawn(0, 1), spawn(0, 2), spawn(1, 1)]
    seeds[1].spawn(3)  # what was spawned before does not matter
    draws = [timed_sample(lambda: UniformSampler(PROBLEM), 200, seed)[0] for seed in seeds]
    np.testing.assert_array_equal(draws[0].a, draws[1].a)
    np.testing.assert_array_equal(draws[0].b, draws[1].b)
    assert all(np.any(draws[0].a != other.a) for other in draws[2:])


def test_no_batch_repeats_another():
    nodes, _ = timed_sample(lambda: UniformSampler(PROBLEM), 500, spawn(0, 1))
    batches = nodes.a.reshape(BATCHES, -1)
    assert len({batch.tobytes() for batch in batches}) == BATCHES


def test_progress_is_called_after_each_batch():
    sampler, done = Recorded(), []
    timed_sample(lambda: sampler, 10, spawn(0), lambda: done.append(len(sampler.asked)))
    assert done == [1, 2, 3, 4, 5]


def test_times_are_apart_and_ordered(monkeypatch):
    """A clock by hand: 3 s to prepare, then batches of 1, 2, 3, 4, 10 s with 2 nodes each."""
    ticks = iter(np.cumsum([100, 3, 0, 1, 0, 2, 0, 3, 0, 4, 0, 10]).astype(float))
    monkeypatch.setattr("compare.runtimes.sampling.time", SimpleNamespace(perf_counter=lambda: next(ticks)))
    _, seconds = timed_sample(Recorded, 10, spawn(0))
    assert seconds.prepare == 3
    assert (seconds.per_sample.low, seconds.per_sample.best, seconds.per_sample.high) == (0.5, 1.5, 5.0)


def test_a_real_sampler_takes_time():
    _, seconds = timed_sample(lambda: DequantizedSampler(PROBLEM), 50, spawn(0))
    assert seconds.prepare > 0
    assert 0 < seconds.per_sample.low <= seconds.per_sample.best <= seconds.per_sample.high
