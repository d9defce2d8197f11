"""How times are taken: so many nodes that a round lasts, several rounds, and the spread over them."""

import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from itertools import count
from typing import Any

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.sizes import sized
from compare.statistics import Estimate
from problems.ridgelet import NodeSampler

__all__ = ["BLOCK_ROWS", "ROUND_SECONDS", "calibrated", "spread", "timed_rounds", "timed_sampling", "whole_blocks"]

ROUND_SECONDS = sized(0.25, 0.01)
"""A round is made about as long as this."""

BLOCK_ROWS = 1024
"""A thread of the dequantized sampler takes so many nodes at once."""


def spread(values: Iterable[float]) -> dict[str, Any]:
    """Return median, lowest, highest and number of the values, as plain data."""
    values = [float(value) for value in values]
    return asdict(Estimate(min(values), float(np.median(values)), max(values), len(values)))


def calibrated(draw: Callable[[int], object], least: int = 1, multiple: int = 1) -> int:
    """Return how many nodes take about `ROUND_SECONDS`.

    Parameters
    ----------
    draw
        Draws so many nodes.
    least, multiple
        At least so many, and a multiple of it.
    """

    def seconds(n: int) -> float:
        start = time.perf_counter()
        draw(n)
        return time.perf_counter() - start

    n = smallest = -(-least // multiple) * multiple
    # The shorter of two times: the other one may have compiled something.
    while (shorter := min(seconds(n), seconds(n))) < ROUND_SECONDS / 5:
        n *= 4
    return max(smallest, round(n * ROUND_SECONDS / shorter / multiple) * multiple)


def whole_blocks(sampler: NodeSampler) -> int:
    """Return the fewest nodes that keep every thread of a sampler busy; rounds draw multiples of it."""
    threads = getattr(sampler, "threads", None)
    return 1 if threads is None else BLOCK_ROWS * threads


def timed_rounds(
    benchmark: BenchmarkFixture,
    run: Callable[[], object],
    rounds: int,
    setup: Callable[[], None] | None = None,
    warmup_rounds: int = 1,
) -> list[float]:
    """Return the seconds of each round of `run`; skip the test where pytest-benchmark is off."""
    if benchmark.disabled:
        pytest.skip("pytest-benchmark is disabled, so nothing is timed")
    benchmark.pedantic(run, setup=setup, rounds=rounds, warmup_rounds=warmup_rounds)
    return list(benchmark.stats.stats.data)


def timed_sampling(
    benchmark: BenchmarkFixture, sampler: NodeSampler, rounds: int = sized(7, 2), least: int = 1
) -> dict[str, Any]:
    """Time a sampler over rounds with a fresh seed each; return what is recorded."""
    seeds = count(1)
    n = calibrated(lambda n: sampler.sample(n, next(seeds)), least, whole_blocks(sampler))
    seconds = timed_rounds(benchmark, lambda: sampler.sample(n, next(seeds)), rounds)
    return {
        "n": n,
        "threads": getattr(sampler, "threads", None),
        "per_sample": spread(s / n for s in seconds),
    }
