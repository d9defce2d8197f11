"""Batches: who is asked for how much, with which stream, and how it is timed."""

from types import SimpleNamespace

import numpy as np
import pytest

from compare.statistics import BATCHES, timed_batches
from problems.seeds import spawn


class Recorded:
    """Work that remembers what it was asked."""

    def __init__(self):
        self.asked = []

    def __call__(self, n, stream):
        self.asked.append((n, stream))
        return np.full(n, len(self.asked))


def drawn(n, stream):
    return np.random.default_rng(stream).random(n)


@pytest.mark.parametrize("n", [5, 12, 700])
def test_items_are_made_in_batches_of_equal_size(n):
    work = Recorded()
    made, seconds = timed_batches(lambda: work, n, spawn(0, 1))
    sizes = [size for size, _ in work.asked]
    assert len(sizes) == BATCHES == seconds.per_sample.samples
    assert sum(sizes) == n
    assert max(sizes) - min(sizes) <= 1
    # Every batch once, in order.
    assert [part.tolist() for part in made] == [[batch + 1] * size for batch, size in enumerate(sizes)]


@pytest.mark.parametrize("n", [1, 4])
def test_fewer_items_than_batches_are_made_one_by_one(n):
    work, done = Recorded(), []
    made, seconds = timed_batches(lambda: work, n, spawn(0, 1), lambda: done.append(1))
    assert [size for size, _ in work.asked] == [1] * n
    assert len(made) == seconds.per_sample.samples == len(done) == n


def test_batches_have_independent_streams_below_the_seed():
    work = Recorded()
    timed_batches(lambda: work, 10, spawn(3, 1, 4))
    seeds = [seed for _, seed in work.asked]
    assert {seed.entropy for seed in seeds} == {3}
    assert [seed.spawn_key for seed in seeds] == [(1, 4, i) for i in range(BATCHES)]


def test_the_same_seed_makes_the_same_and_another_seed_others():
    seeds = [spawn(0, 1), spawn(0, 1), spawn(0, 2), spawn(1, 1)]
    seeds[1].spawn(3)  # what was spawned before does not matter
    made = [np.concatenate(timed_batches(lambda: drawn, 200, seed)[0]) for seed in seeds]
    np.testing.assert_array_equal(made[0], made[1])
    assert all(np.any(made[0] != other) for other in made[2:])


def test_no_batch_repeats_another():
    made, _ = timed_batches(lambda: drawn, 500, spawn(0, 1))
    assert len({batch.tobytes() for batch in made}) == BATCHES


def test_progress_is_called_after_each_batch():
    work, done = Recorded(), []
    timed_batches(lambda: work, 10, spawn(0), lambda: done.append(len(work.asked)))
    assert done == [1, 2, 3, 4, 5]


def test_times_are_apart_and_ordered(monkeypatch):
    """A clock by hand: 3 s to prepare, then batches of 1, 2, 3, 4, 10 s with 2 items each."""
    ticks = iter(np.cumsum([100, 3, 0, 1, 0, 2, 0, 3, 0, 4, 0, 10]).astype(float))
    monkeypatch.setattr("compare.statistics.timing.time", SimpleNamespace(perf_counter=lambda: next(ticks)))
    _, seconds = timed_batches(Recorded, 10, spawn(0))
    assert seconds.prepare == 3
    assert (seconds.per_sample.low, seconds.per_sample.best, seconds.per_sample.high) == (0.5, 1.5, 5.0)
