"""The cost of the sampler besides the time of a sample: memory, imports, preparation."""

import json
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.cases import CASES, Case
from benchmarks.measure import spread, timed_rounds
from benchmarks.sizes import sized
from classical.ridgelet import DequantizedSampler

ROOT = Path(__file__).parents[1]

SAMPLES = sized(10_000, 100)
"""Preparation is compared with drawing so many nodes."""

IMPORT = "import time; start = time.perf_counter(); import {}; print(time.perf_counter() - start)"

pytestmark = pytest.mark.benchmark(group="footprint")


def _printed(*arguments: str) -> str:
    """Return what a fresh Python prints."""
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def test_peak_memory(benchmark: BenchmarkFixture) -> None:
    """Peak memory at a million points, the making of the problem included."""
    points, dimension, prime, n = sized(1_000_000, 2000), 64, 17, sized(2048, 10)
    runs = []

    def run() -> None:
        runs.append(json.loads(_printed("-m", "benchmarks.peak", *map(str, (points, dimension, prime, n)))))

    timed_rounds(benchmark, run, 1, warmup_rounds=0)
    benchmark.extra_info.update(what="memory", D=dimension, K=points, P=prime, n=n, **runs[-1])
    assert runs[-1]["peak_mib"] >= runs[-1]["data_mib"]


@pytest.mark.parametrize("module", ["classical.ridgelet", "compare.cli"])
def test_import(benchmark: BenchmarkFixture, module: str) -> None:
    """Seconds of an import in a fresh process, the interpreter's own start not included."""
    rounds, seconds = sized(5, 1), []

    def run() -> None:
        seconds.append(float(_printed("-c", IMPORT.format(module))))

    timed_rounds(benchmark, run, rounds, warmup_rounds=sized(1, 0))
    benchmark.extra_info.update(what="import", module=module, seconds=spread(seconds[-rounds:]))
    assert min(seconds) > 0


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_preparation(benchmark: BenchmarkFixture, case: Case) -> None:
    """Seconds to make the sampler, beside those to draw 10,000 nodes."""
    problem, seeds, drawings = case.problem(), count(1), []
    sampler = DequantizedSampler(problem)
    sampler.sample(10, next(seeds))  # compiles
    for _ in range(sized(3, 1)):
        start = time.perf_counter()
        sampler.sample(SAMPLES, next(seeds))
        drawings.append(time.perf_counter() - start)
    preparations = timed_rounds(benchmark, lambda: DequantizedSampler(problem), sized(5, 1))
    prepare, draw = spread(preparations), spread(drawings)
    benchmark.extra_info.update(
        what="preparation",
        case=case.name,
        D=problem.dimension,
        K=len(problem.counts),
        P=problem.prime,
        n=SAMPLES,
        threads=sampler.threads,
        prepare=prepare,
        draw=draw,
        share={
            "low": prepare["low"] / draw["high"],
            "best": prepare["best"] / draw["best"],
            "high": prepare["high"] / draw["low"],
            "samples": prepare["samples"],
        },
    )
    assert prepare["low"] > 0
