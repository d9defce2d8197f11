"""The density of nodes, their fidelity and their goodness of fit over the time of drawing them, in one run."""

import time
from collections.abc import Callable
from itertools import count

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.cases import random_problem
from benchmarks.measure import spread, timed_rounds
from benchmarks.sizes import sized
from classical.ridgelet import DequantizedSampler
from compare.distributions import fidelity, goodness_of_fit
from problems.ridgelet import Nodes, RidgeletProblem
from problems.ridgelet.data import load_residues

NODES, ROUNDS = sized(50_000, 300), sized(7, 2)

REACH = 1.5, 3.0
"""At most so much was asked for: for the density, and for fidelity and goodness of fit."""


def _digits(prime: int) -> RidgeletProblem:
    data = load_residues("digits", prime)
    return RidgeletProblem.from_samples(data.x_train, data.y_train, prime)


PROBLEMS: dict[str, Callable[[], RidgeletProblem]] = {
    "digits, D=64, K=1347, P=17": lambda: _digits(17),
    "digits, D=64, K=1347, P=5": lambda: _digits(5),
    "random, D=784, K=2000, P=257": lambda: random_problem(sized(784, 80), sized(2000, 100), 257),
    "random, D=784, K=2000, P=3": lambda: random_problem(sized(784, 80), sized(2000, 100), 3),
    "random, D=64, K=1000, P=3": lambda: random_problem(64, sized(1000, 100), 3),
}


@pytest.mark.benchmark(group="density")
@pytest.mark.parametrize("name", PROBLEMS)
def test_density_ratio(benchmark: BenchmarkFixture, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Draw, compute p*, fidelity and goodness of fit in turn, after one round that finds the problem's constants.

    In processor seconds of one thread: what else runs on the machine adds to others.
    """
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    problem, seeds = PROBLEMS[name](), count(1)
    sampler = DequantizedSampler(problem, threads=1)
    measures: dict[str, Callable[[Nodes], object]] = {
        "density": problem.density,
        "fidelity": lambda nodes: fidelity(problem, nodes),
        "goodness_of_fit": lambda nodes: goodness_of_fit(problem, nodes),
    }
    rounds: list[dict[str, float]] = []

    def run() -> None:
        seconds, start = {}, time.process_time()
        nodes = sampler.sample(NODES, next(seeds))
        seconds["drawing"] = time.process_time() - start
        for what, measure in measures.items():
            start = time.process_time()
            measure(nodes)
            seconds[what] = time.process_time() - start
        rounds.append(seconds)

    timed_rounds(benchmark, run, ROUNDS)
    kept = rounds[-ROUNDS:]  # the first one belonged to the warm-up
    benchmark.extra_info.update(
        problem=name,
        n=NODES,
        threads=sampler.threads,
        reach=REACH,
        per_sample=spread(one["drawing"] / NODES for one in kept),
        **{what: spread(one[what] / one["drawing"] for one in kept) for what in measures},
    )
    assert all(benchmark.extra_info[what]["low"] > 0 for what in measures)
