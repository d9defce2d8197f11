"""Tests and fits of 300 nodes on many points: processor seconds, and what of them is the product of the features."""

import time
from collections.abc import Callable

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.measure import timed_rounds
from benchmarks.product import FloatProduct
from benchmarks.sizes import SMOKE, sized
from classical.ridgelet import DequantizedSampler
from compare.distributions import fidelity, goodness_of_fit
from problems.ridgelet import RidgeletProblem, SparseNetwork
from problems.threads import available_threads

DIMENSION, PRIME, NODES = sized(784, 20), 257, sized(300, 60)

JUDGED, FITTED = sized(100_000, 300), sized(1_000_000, 300)
"""Points on which nodes are judged, and on which weights are fitted."""

REACH = {"fidelity": 10.0, "goodness of fit": 3.0, "ridge fit": 1.5}
"""At most so much was asked for: wall seconds on two cores, and for the fit processor seconds over the product's."""

pytestmark = pytest.mark.benchmark(group="fits")


def _problem(points: int) -> RidgeletProblem:
    rng = np.random.default_rng(0)
    x = rng.integers(0, PRIME - 1, (points, DIMENSION), dtype=np.uint8)
    return RidgeletProblem.from_samples(x, rng.choice([-1.0, 1.0], points), PRIME)


def _timed(benchmark: BenchmarkFixture, run: Callable[[], object]) -> dict[str, float]:
    """Run once, and return processor and wall seconds."""
    start = time.process_time()
    (wall,) = timed_rounds(benchmark, run, 1, warmup_rounds=0)
    return {"seconds": time.process_time() - start, "wall": wall}


@pytest.mark.parametrize("what", ["fidelity", "goodness of fit"])
def test_judging(benchmark: BenchmarkFixture, what: str) -> None:
    """Judge 300 nodes of a fresh problem: nothing that is kept for a problem is there yet."""
    problem = _problem(JUDGED)
    nodes = DequantizedSampler(problem).sample(NODES, seed=1)
    problem.density(nodes[:2])
    problem.line_density(nodes.a[:2])  # compiled
    judge = fidelity if what == "fidelity" else goodness_of_fit
    found = _timed(benchmark, lambda: judge(problem, nodes))
    size = {"K": JUDGED, "D": DIMENSION, "P": PRIME, "N": NODES, "threads": available_threads()}
    benchmark.extra_info.update(what=what, reach=REACH[what], **size, **found)
    assert SMOKE or found["wall"] <= REACH[what]


def test_ridge_fit(benchmark: BenchmarkFixture) -> None:
    """Fit 300 weights, and multiply the nodes with all points in single precision: at least so much is to be done."""
    problem = _problem(FITTED)
    nodes = DequantizedSampler(problem).sample(NODES, seed=1)
    SparseNetwork.fit_problem(problem, nodes[:2])  # compiled
    found = _timed(benchmark, lambda: SparseNetwork.fit_problem(problem, nodes))
    alone, blocks = FloatProduct(NODES, DIMENSION, min(FITTED, 20_000), threads=1), -(-FITTED // 20_000)
    with alone.limit():
        alone.run()
        start = time.process_time()
        alone.run()
        product = (time.process_time() - start) * blocks
    size = {"K": FITTED, "D": DIMENSION, "P": PRIME, "N": NODES, "threads": available_threads()}
    ratio = found["seconds"] / product
    benchmark.extra_info.update(
        what="ridge fit", reach=REACH["ridge fit"], product=product, ratio=ratio, **size, **found
    )
    assert SMOKE or ratio <= REACH["ridge fit"]
