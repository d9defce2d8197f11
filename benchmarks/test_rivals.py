"""Each problem by every exact sampler: two forms of the dequantized one, plain Python, baselines, circuits."""

from collections.abc import Callable
from functools import partial

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.cases import digits, random_problem
from benchmarks.measure import timed_sampling
from benchmarks.per_sample import PerSampleSampler
from benchmarks.sizes import sized
from classical.ridgelet import DequantizedSampler, EnumerationSampler, RejectionSampler
from problems.ridgelet import NodeSampler, RidgeletProblem
from quantum.ridgelet import CircuitSampler

Maker = Callable[[RidgeletProblem], NodeSampler]

RIVALS: dict[str, Maker] = {
    "dequantized, compiled": DequantizedSampler,
    "dequantized, NumPy": partial(DequantizedSampler, compiled=False),
    "dequantized, plain Python": PerSampleSampler,
    "rejection": RejectionSampler,
    "enumeration": EnumerationSampler,
    "Aer statevector": partial(CircuitSampler, backend="aer_statevector"),
    "Aer MPS": partial(CircuitSampler, backend="aer_mps"),
}

PROBLEMS: dict[str, Callable[[], RidgeletProblem]] = {
    "random, D=4, K=30, P=5": lambda: random_problem(sized(4, 2), sized(30, 8), sized(5, 3)),
    "random, D=64, K=16, P=3": lambda: random_problem(sized(64, 8), sized(16, 4), 3),
    "digits, D=64, K=1797, P=17": lambda: digits(sized(1797, 100)),
}

CLASSICAL = [name for name in RIVALS if name.startswith("dequantized")] + ["rejection"]

TAKING_PART = {
    "random, D=4, K=30, P=5": [*CLASSICAL, "enumeration", "Aer statevector"],
    "random, D=64, K=16, P=3": [*CLASSICAL, "Aer MPS"],
    "digits, D=64, K=1797, P=17": CLASSICAL,
}
"""Samplers by problem: enumeration and a statevector where all nodes fit in memory, MPS with little entanglement."""


@pytest.mark.benchmark(group="rivals")
@pytest.mark.parametrize(
    ("problem_name", "rival"), [(problem, rival) for problem, rivals in TAKING_PART.items() for rival in rivals]
)
def test_rival(benchmark: BenchmarkFixture, problem_name: str, rival: str) -> None:
    """Seconds a sample, preparation apart."""
    problem = PROBLEMS[problem_name]()
    # A simulator prepares its state anew at every call: enough shots share that.
    least = sized(1000, 10) if rival.startswith("Aer") else sized(5, 2)
    timed = timed_sampling(benchmark, RIVALS[rival](problem), rounds=sized(5, 2), least=least)
    benchmark.extra_info.update(
        problem=problem_name, rival=rival, D=problem.dimension, K=len(problem.counts), P=problem.prime, **timed
    )
    assert timed["per_sample"]["low"] > 0
