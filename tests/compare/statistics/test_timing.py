"""Batches: who is asked for how much, with which stream, and how it is timed."""

from types import SimpleNamespace

import numpy as np
import pytest

from compare.statistics import BATCHES, timed_batches
from compare.statistics.clocks import ROUNDS
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
    asked = {stream.spawn_key[-1]: size for size, stream in work.asked}
    sizes = [asked[batch] for batch in range(BATCHES)]
    assert seconds.per_sample.samples == BATCHES
    assert sum(sizes) == n
    assert max(sizes) - min(sizes) <= 1
    # Every batch as it was first made, in order.
    first = [
        next(i for i, (_, one) in enumerate(work.asked, 1) if one.spawn_key[-1] == batch) for batch in range(BATCHES)
    ]
    assert [part.tolist() for part in made] == [[asked] * size for asked, size in zip(first, sizes, strict=True)]


@pytest.mark.parametrize("n", [1, 4])
def test_fewer_items_than_batches_are_made_one_by_one(n):
    work, done = Recorded(), []
    made, seconds = timed_batches(lambda: work, n, spawn(0, 1), lambda: done.append(1))
    assert {size for size, _ in work.asked} == {1}
    assert len(made) == seconds.per_sample.samples == len(done) == n


def test_batches_have_independent_streams_below_the_seed():
    work = Recorded()
    timed_batches(lambda: work, 10, spawn(3, 1, 4))
    seeds = [seed for _, seed in work.asked]
    assert {seed.entropy for seed in seeds} == {3}
    assert list(dict.fromkeys(seed.spawn_key for seed in seeds)) == [(1, 4, i) for i in range(BATCHES)]


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
    timed_batches(lambda: work, 10, spawn(0), lambda: done.append(len({one.spawn_key for _, one in work.asked})))
    assert done == [1, 2, 3, 4, 5]


def test_times_are_apart_and_ordered(monkeypatch):
    """A clock by hand: 3 s to prepare, then batches of 1, 2, 3, 4, 10 s an item."""
    now = [0.0]

    def prepare():
        now[0] += 3
        steps = iter([1, 2, 3, 4, 10])

        def work(n, stream):
            now[0] += n * next(steps)

        return work

    clocks = SimpleNamespace(process_time=lambda: now[0], perf_counter=lambda: 2 * now[0])
    monkeypatch.setattr("compare.statistics.clocks.time", clocks)
    _, seconds = timed_batches(prepare, 10, spawn(0))
    assert (seconds.prepare, seconds.wall_prepare) == (3, 6)
    assert (seconds.per_sample.low, seconds.per_sample.best, seconds.per_sample.high) == (1, 3, 10)
    assert seconds.wall_per_sample == 6


def test_the_fastest_of_several_rounds_counts_and_all_of_them_make_the_same(monkeypatch):
    now, begun, streams = [0.0], [], []

    def prepare():
        begun.append(1)
        now[0] += 0.01

        def work(n, stream):
            streams.append(stream.spawn_key)
            now[0] += 0.01 * n * (2 if len(begun) == 3 else 1)

        return work

    clocks = SimpleNamespace(process_time=lambda: now[0], perf_counter=lambda: now[0])
    monkeypatch.setattr("compare.statistics.clocks.time", clocks)
    _, seconds = timed_batches(prepare, 5, spawn(0))
    assert len(begun) == ROUNDS
    assert len(set(streams)) == BATCHES
    assert (seconds.per_sample.best, seconds.per_sample.high) == pytest.approx((0.01, 0.02))
