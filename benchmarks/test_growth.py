"""How the time grows: with dimension, points and prime, and for rejection and enumeration beside it."""

from itertools import count

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.cases import random_problem
from benchmarks.measure import spread, timed_rounds, timed_sampling
from benchmarks.sizes import sized
from classical.ridgelet import DequantizedSampler, EnumerationSampler, RejectionSampler

DIMENSIONS = sized([562, 1778, 5623, 17_783, 56_234], [20, 40, 80])
POINTS = sized([3162, 10_000, 31_623, 100_000, 316_228], [50, 100, 200])
PRIMES = sized([2, 3, 5, 17, 61, 257, 521, 1021], [2, 3, 17])
REJECTION_POINTS = sized([30, 100, 300, 1000], [5, 10, 20])
ENUMERATED_DIMENSIONS = sized([3, 4, 5, 6, 7, 8, 9], [2, 3, 4])
ENUMERATED_SAMPLES = 1000

pytestmark = pytest.mark.benchmark(group="growth")


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_dimension(benchmark: BenchmarkFixture, dimension: int) -> None:
    """The dequantized sampler over D."""
    _dequantized(benchmark, "dimension", dimension, sized(500, 50), 17)


@pytest.mark.parametrize("points", POINTS)
def test_points(benchmark: BenchmarkFixture, points: int) -> None:
    """The dequantized sampler over K."""
    _dequantized(benchmark, "points", 64, points, 17)


@pytest.mark.parametrize("prime", PRIMES)
def test_prime(benchmark: BenchmarkFixture, prime: int) -> None:
    """The dequantized sampler over P."""
    _dequantized(benchmark, "prime", 64, sized(1000, 50), prime)


def _dequantized(benchmark: BenchmarkFixture, series: str, dimension: int, points: int, prime: int) -> None:
    timed = timed_sampling(benchmark, DequantizedSampler(random_problem(dimension, points, prime)))
    benchmark.extra_info.update(series=series, D=dimension, K=points, P=prime, **timed)
    assert timed["per_sample"]["low"] > 0


@pytest.mark.parametrize("points", REJECTION_POINTS)
def test_rejection(benchmark: BenchmarkFixture, points: int) -> None:
    """Rejection over K; with random signs as targets, K trials of K points each are expected a node."""
    # At least so many nodes a round that the chance number of trials averages out.
    timed = timed_sampling(benchmark, RejectionSampler(random_problem(16, points, 17)), least=sized(25, 2))
    benchmark.extra_info.update(series="rejection", D=16, K=points, P=17, **timed)
    assert timed["per_sample"]["low"] > 0


@pytest.mark.parametrize("dimension", ENUMERATED_DIMENSIONS)
def test_enumeration(benchmark: BenchmarkFixture, dimension: int) -> None:
    """Enumeration over D: the table and 1,000 nodes from it."""
    prime, points, seeds = 5, 50, count(1)
    problem = random_problem(dimension, points, prime)
    seconds = timed_rounds(
        benchmark, lambda: EnumerationSampler(problem).sample(ENUMERATED_SAMPLES, next(seeds)), sized(5, 2)
    )
    benchmark.extra_info.update(
        series="enumeration",
        D=dimension,
        K=len(problem.counts),
        P=prime,
        n=ENUMERATED_SAMPLES,
        threads=None,
        nodes=problem.node_count,
        total=spread(seconds),
    )
    assert min(seconds) > 0
