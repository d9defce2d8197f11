"""One sweep of long tasks by one worker and by two, in pairs: the machine's drift cancels."""

import time
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.measure import spread, timed_rounds
from benchmarks.sizes import sized
from compare.sweeps.grid import read_grids
from compare.sweeps.processes import Processes
from compare.sweeps.running import open_folder, run_tasks
from compare.sweeps.task import Task

PAIRS = sized(5, 1)

REACH = 1.8
"""How many times as fast two workers are to be."""


def long_tasks() -> list[Task]:
    """Return tasks of a second or two: rejection, which computes on one thread all the time."""
    asked = {
        "method": "rejection",
        "dimension": "64",
        "points": "200",
        "samples": str(sized(1500, 5)),
        "repeats": str(sized(8, 2)),
    }
    return [task for grid in read_grids("scale", asked) for task in grid.tasks()]


@pytest.mark.benchmark(group="sweep")
def test_two_workers(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """Alternate sweeps with one worker and with two, each from nothing to its last record."""
    tasks, alone = long_tasks(), []

    def sweep(workers: int) -> float:
        path = tmp_path / f"{workers}-{time.monotonic_ns()}"
        start = time.perf_counter()
        with Processes(workers) as crew, open_folder(path):
            swept = run_tasks(tasks, path, crew)
        seconds = time.perf_counter() - start
        assert (swept.now, swept.failed) == (len(tasks), ())
        return seconds

    together = timed_rounds(benchmark, lambda: sweep(2), PAIRS, setup=lambda: alone.append(sweep(1)))
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
