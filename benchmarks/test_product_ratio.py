"""Sampling time over the time of one float32 product of the same shape, in pairs: the machine's drift cancels."""

import time
from itertools import count

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.cases import CASES, Case
from benchmarks.measure import calibrated, spread, timed_rounds, whole_blocks
from benchmarks.product import FloatProduct
from benchmarks.sizes import sized
from classical.ridgelet import DequantizedSampler

PAIRS = sized(15, 2)

PAUSE = sized(0.3, 0.01)
"""Seconds between product and sampler: BLAS threads spin for a while after a product, and would be timed as well."""


@pytest.mark.benchmark(group="ratio")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_product_ratio(benchmark: BenchmarkFixture, case: Case) -> None:
    """Alternate product and sampler, n nodes each."""
    problem, seeds = case.problem(), count(1)
    sampler = DequantizedSampler(problem)
    n = calibrated(lambda n: sampler.sample(n, next(seeds)), multiple=whole_blocks(sampler))
    product = FloatProduct(n, problem.dimension, len(problem.counts), sampler.threads)
    products = []

    def multiply() -> None:
        with product.limit():
            start = time.perf_counter()
            product.run()
            products.append(time.perf_counter() - start)
        time.sleep(PAUSE)

    samplings = timed_rounds(benchmark, lambda: sampler.sample(n, next(seeds)), PAIRS, setup=multiply)
    products = products[-PAIRS:]  # the first one belonged to the warm-up
    ratios = [sampling / floor for sampling, floor in zip(samplings, products, strict=True)]
    benchmark.extra_info.update(
        case=case.name,
        D=problem.dimension,
        K=len(problem.counts),
        P=problem.prime,
        n=n,
        threads=sampler.threads,
        reach=case.reach,
        ratio=spread(ratios),
        per_sample=spread(s / n for s in samplings),
        product_per_sample=spread(s / n for s in products),
        ratios=ratios,
    )
    assert min(ratios) > 0
