"""Steps of neural states by processor time on one thread: ours by exact sums, NetKet's in the same run, and samples."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from threadpoolctl import threadpool_limits

from benchmarks.measure import spread
from benchmarks.sizes import SMOKE, sized
from classical.ground_states import ExactSums, FeedForwardState, Samples, netket_state, random_mask, sampled_bytes
from classical.ground_states.netket_states import netket_train
from problems.ground_states import CRITICAL_FIELD, IsingModel

ROUNDS, STEPS = sized(5, 1), sized(200, 2)

REACH, TIMES = 1e-3, 5.0
"""Seconds that a masked step of 100 weights may take, and how many times as fast as NetKet's it is to be."""

HOUR = 3600.0


def processor_seconds(step: Callable[[], object], steps: int) -> list[float]:
    """Return seconds of processor time a step, of each round; one step more comes first, and does not count."""
    step()
    found = []
    with threadpool_limits(1):
        for _ in range(ROUNDS):
            start = time.process_time()
            for _ in range(steps):
                step()
            found.append((time.process_time() - start) / steps)
    return found


def own_step(engine: Any, weights: np.ndarray) -> Callable[[], object]:
    """Return a function that makes one step of ours after the other."""
    held = [weights]

    def step() -> None:
        _, direction = engine.gradient(held[0])
        held[0] = engine.stepped(held[0], direction, 0.008)

    return step


@pytest.mark.benchmark(group="states")
def test_a_masked_step_beside_netkets(benchmark: BenchmarkFixture) -> None:
    """Make steps of 100 weights of alpha = 8 on 3 x 3 spins, all configurations summed up."""
    model = IsingModel(3, 3, CRITICAL_FIELD)
    whole = FeedForwardState(9, 8, seed=0)
    state = whole.masked(random_mask(whole, 100, 0))
    own = processor_seconds(own_step(ExactSums(model, state), state.weights), STEPS)
    theirs = netket_state(model, alpha=8, weights={"weights": state.weights}, masks={"weights": state.mask})
    many = sized(20, 1)
    netket_train(model, theirs, 1)
    slow = [one / many for one in processor_seconds(lambda: netket_train(model, theirs, many), 1)]
    case = "3 x 3, alpha = 8, n = 100"
    benchmark.extra_info.update(case=case, own=spread(own), netket=spread(slow), reach=REACH, times=TIMES)
    benchmark.pedantic(own_step(ExactSums(model, state), state.weights), rounds=1, iterations=1)
    assert SMOKE or (min(own) <= REACH and TIMES * min(own) <= min(slow))


@pytest.mark.benchmark(group="states")
@pytest.mark.parametrize("side", [5, 6])
def test_a_pruning_run_by_samples(benchmark: BenchmarkFixture, side: int) -> None:
    """Time steps by 1,024 samples at the numbers of weights of a pruning run, and add up its rounds."""
    from compare.studies.ground_states.plan import run_seconds

    model = IsingModel(side, side, CRITICAL_FIELD)
    samples = sized(1024, 16)
    seconds = run_seconds(model, alpha=4, samples=samples, dense_steps=200, steps=150, repeats=sized(3, 1))
    needed = sampled_bytes(side * side, 4, 4 * side**4, samples)
    told = {"run": seconds, "reach": HOUR, "bytes": needed, "samples": samples}
    benchmark.extra_info.update(case=f"{side} x {side}, alpha = 4", **told)
    state = FeedForwardState(side * side, 4, seed=0)
    benchmark.pedantic(own_step(Samples(model, state, 16, 0), state.weights), rounds=1, iterations=1)
    assert SMOKE or seconds <= HOUR
