"""Where the sampler's time goes: its stages over the product, on one thread, in turn with the product."""

import time

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.cases import CASES, Case
from benchmarks.measure import spread, timed_rounds
from benchmarks.product import FloatProduct
from benchmarks.sizes import sized
from benchmarks.stages import timed_stages
from classical.ridgelet.dequantized.randomness import BLOCK


@pytest.mark.benchmark(group="stages")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_stages(benchmark: BenchmarkFixture, case: Case) -> None:
    """One block of nodes, stage by stage, and its product."""
    problem, rounds = case.problem(), sized(15, 2)
    product, run = FloatProduct(BLOCK, problem.dimension, len(problem.counts), 1), timed_stages(problem)
    products, stages = [], []

    def multiply() -> None:
        start = time.perf_counter()
        product.run()
        products.append((time.perf_counter() - start) / BLOCK)

    with product.limit():
        timed_rounds(benchmark, lambda: stages.append(run()), rounds, setup=multiply)
    ratios = [
        {name: seconds / floor for name, seconds in found.items()}
        for found, floor in zip(stages[-rounds:], products[-rounds:], strict=True)
    ]
    benchmark.extra_info.update(
        case=case.name, n=BLOCK, shares={name: spread(ratio[name] for ratio in ratios) for name in ratios[0]}
    )
    assert all(share["low"] > 0 for share in benchmark.extra_info["shares"].values())
