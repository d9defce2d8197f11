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
"""In chunks nodes take at most so much of the time that they took in memory before there were chunks."""

MEMORY = 784
"""Up to this dimension the time before is measured beside; it takes three times the data, beyond it 9 GB and more."""

BEFORE = 55.8
"""Seconds for 1,000 nodes of 10^6 points of dimension 3,072 over Z_257 in memory on two cores, without chunks:
``python -m benchmarks.large before FILE 1000000 3072 257 1000 2``."""

PAIRS = [(784, 17), (784, 257), (3072, 257)]
"""D and P."""

pytestmark = pytest.mark.benchmark(group="large")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder whose files are removed at the end: they have gigabytes."""
    found = tmp_path_factory.mktemp("large")
    yield found
    for file in found.iterdir():
        file.unlink()


def measured(
    how: str, folder: Path, points: int, dimension: int, prime: int, n: int, threads: int = 2, rounds: int = 5
) -> dict[str, Any]:
    """Run one sampler, or two in turns, in a process of its own."""
    file = folder / f"{points}-{dimension}-{prime}.npy"
    arguments = [how, str(file), *map(str, (points, dimension, prime, n, threads, rounds))]
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


@pytest.mark.parametrize(("dimension", "prime"), PAIRS)
def test_a_million_points_in_a_file(benchmark: BenchmarkFixture, folder: Path, dimension: int, prime: int) -> None:
    """A thousand nodes of a million points, from a file in the page cache."""
    if SMOKE and (dimension, prime) != PAIRS[0]:
        pytest.skip("a smoke run takes the first of them")
    found = noted(benchmark, "chunks", folder, sized(10**6, 3000), dimension, prime, sized(1000, 10))
    if not SMOKE:
        assert found["peak_mib"] <= GIB
        assert dimension <= MEMORY or found["sample"] <= TIME * BEFORE


@pytest.mark.parametrize("prime", [17, 257])
@pytest.mark.parametrize("how", ["chunks", "memory"])
def test_in_chunks_beside_all_at_once(benchmark: BenchmarkFixture, folder: Path, how: str, prime: int) -> None:
    """From a file or in memory, chunks take less time than all points at once took: the same nodes, in turns."""
    if SMOKE and (how, prime) != ("chunks", 17):
        pytest.skip("a smoke run takes the first of them")
    points, n = sized(10**6, 3000), sized(1000, 10)
    found = noted(benchmark, f"before/{how}", folder, points, MEMORY, prime, n, 2, sized(5, 2))
    if not SMOKE:
        assert found["throughput"]["best"] >= 1 / TIME


def test_workers_beside_threads(benchmark: BenchmarkFixture, folder: Path) -> None:
    """Two workers of one thread each against two threads: the same nodes, in turns."""
    if SMOKE:
        pytest.skip("tests of the sampler have workers")
    found = noted(benchmark, "chunks/workers", folder, 10**6, 784, 257, 1000, 2, 6)
    assert found["throughput"]["best"] >= THROUGHPUT


@pytest.mark.parametrize("how", ["chunks", "packed"])
def test_ten_million_points(benchmark: BenchmarkFixture, folder: Path, how: str) -> None:
    """A hundred nodes of ten million points over Z_3: a file of 7.8 GB, and packed less than 2 GB of it."""
    if SMOKE:
        pytest.skip("it differs by its size alone")
    found = noted(benchmark, how, folder, 10**7, 784, 3, 100)
    assert found["held_mib"] * 2**20 < (2e9 if how == "packed" else 1)
