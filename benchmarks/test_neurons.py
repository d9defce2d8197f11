"""Solvers of neuron selection at the sizes that they are to prove, compiling apart."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.measure import spread, timed_rounds
from benchmarks.sizes import SMOKE, sized
from classical.neuron_selection import BranchAndBound, Elimination, GrayCode, MeetInTheMiddle, Solver
from problems.neuron_selection import NKProblem, gadget_problem, ring, ticket_problem

ROUNDS = sized(5, 1)


class Case(NamedTuple):
    """A problem, who is to solve it, in how many seconds, and the gap that may be left."""

    name: str
    solver: Solver
    problem: Callable[[], Any]
    reach: float
    gap: float = 0.0


def landscape(neurons: int, degree: int) -> NKProblem:
    """Return an NK landscape of random tables on a ring."""
    return NKProblem(np.random.default_rng(0).random((neurons, 2**degree)), ring(neurons, degree))


CASES = [
    Case("Gray code, ticket N = 28", GrayCode(), lambda: ticket_problem(sized(28, 12), 0), 1.5),
    Case("branch and bound, ticket N = 128", BranchAndBound(), lambda: ticket_problem(sized(128, 16), 0), 1.0),
    Case("branch and bound, ticket N = 192", BranchAndBound(), lambda: ticket_problem(sized(192, 20), 0), 2.0),
    Case("branch and bound, ticket N = 256", BranchAndBound(60), lambda: ticket_problem(sized(256, 24), 0), 60.0, 2e-4),
    Case(
        "meet in the middle, gadget N = 40, r = 1",
        MeetInTheMiddle(),
        lambda: gadget_problem(sized(40, 12), 1, 0, pairs=False),
        2.0,
    ),
    Case("elimination, NK ring N = 500, K = 6", Elimination(), lambda: landscape(sized(500, 20), sized(6, 3)), 2.0),
]


@pytest.mark.benchmark(group="neurons")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_neurons(benchmark: BenchmarkFixture, case: Case) -> None:
    """Solve one problem; the warm-up round, which compiles, does not count."""
    problem, found = case.problem(), []
    seconds = timed_rounds(benchmark, lambda: found.append(case.solver.solve(problem)), ROUNDS)
    benchmark.extra_info.update(
        case=case.name,
        reach=case.reach,
        seconds=spread(seconds),
        loss=found[-1].loss,
        gap=found[-1].gap,
        proven=found[-1].proven,
        work=dict(found[-1].work),
    )
    assert found[-1].gap <= case.gap
    assert SMOKE or min(seconds) <= case.reach
