"""Circuits for fault-tolerant machines: T gates of rotations in four ways, and what an estimator makes of the whole."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.sizes import SMOKE, sized
from problems.errors import OutOfReach
from quantum.names import ROTATION_WAYS
from quantum.resources import (
    fastest_within,
    frontier,
    group_rotations,
    grouped_counts,
    logical_counts,
    random_problem,
    require_estimator,
    rotation_cost,
)
from quantum.ridgelet import ridgelet_circuit, ridgelet_transform

ERROR, BUDGET, MODEL = 1e-3, 1e-3, "gate_ns_e3"
"""Errors of all rotations together, the probability that a run fails, and the qubits."""

MOST_QUBITS = 10**6
"""Physical qubits within which the fastest machine is named."""

MOST_T = 40_000
"""T gates of the transform at P = 17, D = 64 at most, equal rotations together."""

POINTS = sized(16, 2)

SIZES = sized([(3, 8), (17, 64)], [(3, 1)])


def processor_seconds(run: Callable[[], Any]) -> tuple[float, Any]:
    """Return seconds of processor time, and what was made."""
    start = time.process_time()
    made = run()
    return time.process_time() - start, made


@pytest.mark.benchmark(group="rotations")
@pytest.mark.parametrize(("prime", "dimension"), SIZES)
def test_rotations(benchmark: BenchmarkFixture, prime: int, dimension: int) -> None:
    """Make the rotations of a transform in each way, within the same error."""
    transform = ridgelet_transform(prime, dimension, encoding="rader")
    ways = []
    for way in ROTATION_WAYS:
        seconds, (cost, _) = processor_seconds(lambda way=way: rotation_cost(transform, ERROR, way))
        ways.append(vars(cost) | {"seconds": seconds})
        assert cost.error <= ERROR
    benchmark.pedantic(lambda: group_rotations(transform), rounds=1)
    benchmark.extra_info.update(P=prime, D=dimension, of=ERROR, ways=ways, most=MOST_T)
    together = next(one["t"] for one in ways if one["way"] == "together")
    assert SMOKE or together <= MOST_T


@pytest.mark.benchmark(group="estimates")
@pytest.mark.parametrize(("prime", "dimension"), SIZES)
def test_estimates(benchmark: BenchmarkFixture, prime: int, dimension: int) -> None:
    """Count a whole circuit, loader included, in two forms, and estimate each."""
    try:
        require_estimator()
    except OutOfReach:
        pytest.skip("qdk is not installed")
    circuit = ridgelet_circuit(random_problem(prime, dimension, POINTS), "rader", "sparse")
    forms = []
    for form, counted in (
        ("rotations, side by side", lambda: logical_counts(circuit)),
        ("equal rotations together", lambda: grouped_counts(group_rotations(circuit, measured=True))),
    ):
        to_count, counts = processor_seconds(counted)
        to_estimate, points = processor_seconds(lambda counts=counts: frontier(counts, MODEL, BUDGET))
        held = fastest_within(points, MOST_QUBITS)
        forms.append(
            {
                "form": form,
                "count": to_count,
                "estimate": to_estimate,
                "rotations": counts.rotations,
                "depth": counts.rotation_depth,
                "fastest": [points[0].qubits, points[0].seconds],
                "held": None if held is None else [held.qubits, held.seconds],
            }
        )
    benchmark.pedantic(lambda: frontier(counts, MODEL, BUDGET), rounds=1)
    benchmark.extra_info.update(
        P=prime, D=dimension, K=POINTS, qubits=circuit.num_qubits, model=MODEL, budget=BUDGET, most=MOST_QUBITS,
        forms=forms,
    )  # fmt: skip
