"""The engine: long tasks by one worker and by two, in pairs, so that the machine's drift cancels; and what it adds."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.measure import spread, timed_rounds
from benchmarks.sizes import sized
from compare.engine import Kind, Study
from compare.engine.running import Plan, execute

PAIRS = sized(5, 1)

REACH = 1.8
"""How many times as fast two workers are to be."""

SHORT, MOST = sized(10_000, 50), 0.003
"""Tasks of a millisecond, and seconds that the engine may add to each."""


@dataclass(frozen=True)
class Spin:
    """A task: a number of steps, which take a time of their own, and which task it is."""

    number: int
    milliseconds: float


@dataclass(frozen=True)
class Spun:
    """How long it took."""

    seconds: float


def spin(task: Spin, seeds: Any, inputs: Any) -> Spun:
    """Compute on one thread for so long."""
    start = time.perf_counter()
    while time.perf_counter() - start < task.milliseconds / 1000:
        sum(range(100))
    return Spun(time.perf_counter() - start)


SPIN = Kind("bench/spin", Spin, Spun, spin)

STUDY = Study("bench", "Spinning", "Spin.", Spin, lambda settings: [], "benchmarks.test_engine:spin", (SPIN,))


def run(tasks: list[Any], path: Path, workers: int) -> float:
    """Run tasks from an empty folder to the last line, and return the seconds."""
    start = time.perf_counter()
    done = execute(Plan(STUDY, (), tasks), path / f"{workers}-{time.monotonic_ns()}", workers)
    seconds = time.perf_counter() - start
    assert (done.now, len(done.failed)) == (len(tasks), 0)
    return seconds


@pytest.mark.benchmark(group="engine")
def test_two_workers(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """Alternate runs with one worker and with two; processor time is spun, so the tasks need two processors."""
    tasks = [SPIN(Spin(number, sized(1000.0, 5.0))) for number in range(sized(8, 2))]
    alone: list[float] = []
    together = timed_rounds(
        benchmark, lambda: run(tasks, tmp_path, 2), PAIRS, setup=lambda: alone.append(run(tasks, tmp_path, 1))
    )
    alone = alone[-PAIRS:]  # the first one belonged to the warm-up
    ratios = [one / two for one, two in zip(alone, together, strict=True)]
    benchmark.extra_info.update(
        tasks=len(tasks),
        reach=REACH,
        task_seconds=spread(seconds / len(tasks) for seconds in alone),
        one=spread(alone),
        two=spread(together),
        ratio=spread(ratios),
        ratios=ratios,
    )
    assert min(ratios) > 0


@pytest.mark.benchmark(group="engine")
def test_overhead(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """Run many tasks of a millisecond with one worker: what the engine adds to each is all that they do not take."""
    tasks = [SPIN(Spin(number, 1.0)) for number in range(SHORT)]
    rounds = timed_rounds(benchmark, lambda: run(tasks, tmp_path, 1), 1)
    added = [seconds / SHORT - 0.001 for seconds in rounds]
    benchmark.extra_info.update(tasks=SHORT, most=MOST, added=spread(added))
    assert min(added) > 0
