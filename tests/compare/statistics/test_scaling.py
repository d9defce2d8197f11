"""Times over sizes: what is timed, how often, and where it stops."""

from functools import partial
from types import SimpleNamespace

import pytest

from compare.statistics import time_over_sizes
from compare.statistics.clocks import LONG_ENOUGH, ROUNDS
from compare.statistics.scaling import LEAST_DRAWS, LEAST_ROUNDS, WARM
from problems.errors import InputError
from problems.seeds import spawn

STREAM = partial(spawn, 0, 7, 1)


class Clock:
    """A clock by hand, and work that takes a stated time on it; the wall's clock goes some times as fast."""

    def __init__(self, monkeypatch, prepare, per_sample, busy=1.0):
        self.now, self.prepare, self.per_sample, self.made, self.drawn = 0.0, prepare, per_sample, [], []
        clocks = SimpleNamespace(process_time=lambda: self.now, perf_counter=lambda: busy * self.now)
        monkeypatch.setattr("compare.statistics.clocks.time", clocks)

    def make(self, size, draw):
        def prepare():
            self.made.append((size, draw))
            self.now += self.prepare(size)

            def work(n, stream):
                self.drawn.append((size, draw, n, tuple(stream.spawn_key)))
                self.now += n * self.per_sample(size)

            return work

        return prepare


def test_preparation_and_samples_are_timed_apart(monkeypatch):
    clock = Clock(monkeypatch, lambda size: 0.01 * size, lambda size: 0.001)
    scaling = time_over_sizes(clock.make, [2, 1], samples=10, draws=3, limit=5.0, stream=STREAM)
    assert [row.size for row in scaling.rows] == [1, 2]
    for row in scaling.rows:
        assert row.prepare.best == pytest.approx(0.01 * row.size)
        assert row.per_sample.low == pytest.approx(row.per_sample.high) == pytest.approx(0.001)
        assert row.total.best == pytest.approx(0.001 * row.size + 0.001)
        assert row.prepare.samples == row.per_sample.samples == row.total.samples == 3
        assert row.spread == pytest.approx(1.0)
    assert scaling.stopped == ""


def test_processor_seconds_count_and_the_wall_stands_beside_them(monkeypatch):
    clock = Clock(monkeypatch, lambda size: 0.01, lambda size: 0.001, busy=3.0)
    (row,) = time_over_sizes(clock.make, [2], samples=10, draws=3, limit=0.5, stream=STREAM).rows
    assert row.total.best == pytest.approx(0.002)
    assert row.wall.best == pytest.approx(0.006)


def test_rounds_go_through_all_sizes_one_after_the_other(monkeypatch):
    """A machine that gets slower for good is the same for all sizes in the rounds that count."""
    clock = Clock(monkeypatch, lambda size: 0.0, lambda size: 0.001)
    time_over_sizes(clock.make, [1, 2], samples=20, draws=2, limit=5.0, stream=STREAM)
    timed = [size for size, _, n, _ in clock.drawn if n != WARM]
    assert timed == [1, 1, 2, 2] * ROUNDS


def test_what_is_short_is_repeated_until_the_clock_can_be_trusted(monkeypatch):
    clock = Clock(monkeypatch, lambda size: 0.0, lambda size: LONG_ENOUGH / 80)
    time_over_sizes(clock.make, [1], samples=20, draws=2, limit=5.0, stream=STREAM)
    assert sum(n != WARM for _, _, n, _ in clock.drawn) == pytest.approx(2 * 4 * ROUNDS, abs=2 * ROUNDS)


def test_the_first_run_of_a_size_compiles_and_is_not_timed(monkeypatch):
    clock = Clock(monkeypatch, lambda size: 0.0, lambda size: 0.001)
    time_over_sizes(clock.make, [3, 5], samples=10, draws=2, limit=5.0, stream=STREAM)
    again = [10] * 4 * (ROUNDS - 1)
    assert [n for _, _, n, _ in clock.drawn] == [WARM, 10, 10, WARM, 10, 10, *again]
    rounds = [(3, 0), (3, 1), (5, 0), (5, 1)] * (ROUNDS - 1)
    assert clock.made == [(3, 0), (3, 0), (3, 1), (5, 0), (5, 0), (5, 1), *rounds]


def test_long_draws_are_not_preceded_by_a_run_that_is_not_timed(monkeypatch):
    clock = Clock(monkeypatch, lambda size: 0.0, lambda size: 0.1)
    time_over_sizes(clock.make, [3, 5], samples=10, draws=2, limit=5.0, stream=STREAM)
    assert [n for _, _, n, _ in clock.drawn][:5] == [WARM, 10, 10, 10, 10]


def test_the_fastest_round_counts_and_the_slowest_is_in_the_interval(monkeypatch):
    """Caches that something else uses in all but one round; the first round warms up."""
    clock = Clock(monkeypatch, lambda size: 0.0, lambda size: 0.0)
    slow = iter([0.5, *[0.9] * 3, *[0.003] * 3, *[0.001] * 3, *[0.002] * 3, *[0.005] * 3])

    def make(size, draw):
        def prepare():
            clock.now += 0.01
            wait = next(slow)
            return lambda n, stream: setattr(clock, "now", clock.now + wait)

        return prepare

    (row,) = time_over_sizes(make, [1], samples=10, draws=3, limit=40.0, stream=STREAM).rows
    assert (row.per_sample.low, row.per_sample.best) == pytest.approx((1e-4, 1e-4))
    assert row.per_sample.high == pytest.approx(5e-4)
    assert row.spread == pytest.approx(0.015 / 0.011)
    assert row.prepare.best == pytest.approx(0.01)
    assert row.per_sample.samples == 3


def test_every_draw_has_its_own_stream_below_the_branch_the_same_in_all_rounds(monkeypatch):
    clock = Clock(monkeypatch, lambda size: 0.0, lambda size: 0.001)
    time_over_sizes(clock.make, [3, 5], samples=20, draws=2, limit=5.0, stream=STREAM)
    keys = [key for _, _, _, key in clock.drawn]
    timed = [key for _, _, n, key in clock.drawn if n != WARM]
    assert len(set(timed)) == 2 * 2
    assert len(timed) == 2 * 2 * ROUNDS
    assert all(key[:2] == (7, 1) for key in keys)


def test_a_slow_size_is_drawn_less_often_and_the_next_not_at_all(monkeypatch):
    clock = Clock(monkeypatch, lambda size: 0.0, lambda size: 0.001 * 4**size)
    scaling = time_over_sizes(clock.make, [1, 2, 3, 4, 5, 6], samples=10, draws=8, limit=3.0, stream=STREAM)
    # 40 ms, 160 ms, .6 s and 2.6 s a draw; the fifth would take 10 s.
    assert [row.prepare.samples for row in scaling.rows] == [8, 8, 5, LEAST_DRAWS]
    assert scaling.stopped == "size 5 would take longer than 3 s"
    warm = [1, 1, 1, 0]
    often = [sum(made == (size, 0) for made in clock.made) - before for size, before in enumerate(warm, 1)]
    assert often == [ROUNDS, LEAST_ROUNDS, LEAST_ROUNDS, LEAST_ROUNDS]


@pytest.mark.parametrize(
    ("law", "sizes", "measured"),
    [
        (lambda size: 1e-4 * size, [1, 2, 4, 8, 16, 32, 64], 7),  # a line is followed to the end
        (lambda size: 1e-2 * size**0.5, [10, 15, 1000], 2),  # a wide gap is crossed as if it were the cube
        (lambda size: 1e-5 * 3**size, [8, 9, 10, 11, 12], 3),  # an exponential is not let past the limit
        (lambda size: 1e-7 if size > 1 else 1e-9, [1, 2, 3], 3),  # what is next to nothing foretells nothing
    ],
)
def test_sizes_are_left_out_when_the_last_ones_foretell_too_much(monkeypatch, law, sizes, measured):
    clock = Clock(monkeypatch, lambda size: 0.0, law)
    scaling = time_over_sizes(clock.make, sizes, samples=10, draws=2, limit=8.0, stream=STREAM)
    assert [row.size for row in scaling.rows] == sizes[:measured]
    assert bool(scaling.stopped) == (measured < len(sizes))
    assert max(10 * law(size) for size in sizes[:measured]) < 8.0


def test_sizes_that_a_method_does_not_take_are_left_out(monkeypatch):
    clock = Clock(monkeypatch, lambda size: 0.0, lambda size: 0.001)

    def picky(size, draw):
        if size % 2:
            raise InputError(f"{size} is odd.")
        return clock.make(size, draw)

    done = []
    scaling = time_over_sizes(picky, [1, 2, 3, 4], 10, 2, 5.0, STREAM, progress=lambda: done.append(1))
    assert [row.size for row in scaling.rows] == [2, 4]
    assert scaling.stopped == ""
    assert len(done) == 4
    assert time_over_sizes(picky, [2, 3], 10, 2, 5.0, STREAM).stopped == "size 3 is refused: 3 is odd."
    assert time_over_sizes(picky, [1], 10, 2, 5.0, STREAM).rows == ()
