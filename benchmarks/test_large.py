"""Points on disk: time and memory beside points in memory, two workers beside two threads, ten million points."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.measure import timed_rounds
from benchmarks.sizes import SMOKE, sized

ROOT = Path(__file__).parents[1]

GIB = 1024
"""In MiB: the most anonymous memory for a thousand nodes of a million points."""

THROUGHPUT = 0.85
"""Two workers of one thread each have at least so much of the throughput of two threads."""

TIME = 0.8
"""From a file nodes take at most so much of the time in memory before there were chunks: see `BEFORE`."""

BEFORE = {(784, 17): 6.7, (784, 257): 6.5, (3072, 257): 57.9}
"""Seconds for 1,000 nodes of 10^6 points in memory on two cores, by D and P, when there were no chunks."""

pytestmark = pytest.mark.benchmark(group="large")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder whose files are removed at the end: they have gigabytes."""
    found = tmp_path_factory.mktemp("large")
    yield found
    for file in found.iterdir():
        file.unlink()


def measured(
    how: str, folder: Path, points: int, dimension: int, prime: int, n: int, threads: int = 2
) -> dict[str, Any]:
    """Run one sampler in a process of its own."""
    file = folder / f"{points}-{dimension}-{prime}.npy"
    arguments = [how, str(file), *map(str, (points, dimension, prime, n, threads))]
    command = [sys.executable, "-m", "benchmarks.large", *arguments]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return dict(json.loads(said.splitlines()[-1]))


def noted(benchmark: BenchmarkFixture, how: str, *size: Any) -> dict[str, Any]:
    """Run it once, and record what it found."""
    runs: list[dict[str, Any]] = []
    timed_rounds(benchmark, lambda: runs.append(measured(how, *size)), 1, warmup_rounds=0)
    _, points, dimension, prime, n = size[:5]
    benchmark.extra_info.update(what="large", D=dimension, K=points, P=prime, n=n, **runs[-1])
    return runs[-1]


@pytest.mark.parametrize(("dimension", "prime"), list(BEFORE))
@pytest.mark.parametrize("how", ["chunks", "memory"])
def test_a_million_points(benchmark: BenchmarkFixture, folder: Path, how: str, dimension: int, prime: int) -> None:
    """A thousand nodes of a million points, from a file in the page cache and from memory."""
    if SMOKE and (how, dimension, prime) != ("chunks", 784, 17):
        pytest.skip("a smoke run takes the first of them")
    if how == "memory" and dimension > 784:
        pytest.skip("points in memory and the rest of a machine take more than 16 GB")
    points, n = sized(10**6, 3000), sized(1000, 10)
    found = noted(benchmark, how, folder, points, dimension, prime, n)
    if not SMOKE:
        assert found["sample"] <= TIME * BEFORE[dimension, prime]
        assert how == "memory" or found["peak_mib"] <= GIB


def test_workers_beside_threads(benchmark: BenchmarkFixture, folder: Path) -> None:
    """Two workers of one thread each against two threads: the same nodes."""
    if SMOKE:
        pytest.skip("tests of the sampler have workers")
    size = folder, 10**6, 784, 257, 1000
    # In turns, and the shorter of two times: whatever else a machine is at takes from both.
    runs = [measured("chunks", *size), noted(benchmark, "workers", *size)]
    runs += [measured(how, *size) for how in ("chunks", "workers")]
    assert len({run["nodes"] for run in runs}) == 1
    threads, workers = (min(run["sample"] for run in runs if run["how"] == how) for how in ("chunks", "workers"))
    benchmark.extra_info["throughput"] = threads / workers
    assert threads / workers >= THROUGHPUT


@pytest.mark.parametrize("how", ["chunks", "packed"])
def test_ten_million_points(benchmark: BenchmarkFixture, folder: Path, how: str) -> None:
    """A hundred nodes of ten million points over Z_3: a file of 7.8 GB, and packed less than 2 GB of it."""
    if SMOKE:
        pytest.skip("it differs by its size alone")
    found = noted(benchmark, how, folder, 10**7, 784, 3, 100)
    assert found["held_mib"] * 2**20 < (2e9 if how == "packed" else 1)
