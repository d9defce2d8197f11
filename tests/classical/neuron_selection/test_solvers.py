"""Every solver against all masks, on small problems of every kind."""

from typing import Any

import numpy as np
import pytest

from classical.neuron_selection import (
    SOLVERS,
    Annealing,
    BranchAndBound,
    EdgePopup,
    Elimination,
    GrayCode,
    Greedy,
    Layerwise,
    MeetInTheMiddle,
    MixedInteger,
    Solver,
    Tabu,
)
from problems.errors import InputError, OutOfReach
from problems.neuron_selection import (
    MaskProblem,
    NKProblem,
    SubsetSumProblem,
    distillation_problem,
    gadget_problem,
    ring,
    ticket_problem,
)
from tests.classical.neuron_selection import counts, landscapes, quadratic_problems


def takes(solver: Solver, problem: Any) -> bool:
    if isinstance(solver, MeetInTheMiddle):
        return isinstance(problem, SubsetSumProblem)
    if isinstance(solver, BranchAndBound | Annealing | Tabu):
        return isinstance(problem, MaskProblem)
    if isinstance(solver, Elimination | MixedInteger):
        return isinstance(problem, MaskProblem | NKProblem)
    return True


def quick(name: str) -> Solver:
    """A solver by its name, where it may be cut short with less to do than by default."""
    short: dict[str, Solver] = {"annealing": Annealing(5, 100), "tabu": Tabu(2, 5), "edge-popup": EdgePopup(sweeps=20)}
    return short.get(name) or SOLVERS[name]()


@pytest.mark.parametrize(("name", "seed"), [(name, place % 2) for place, name in enumerate(SOLVERS)])
def test_solvers_agree_with_all_masks(name: str, seed: int) -> None:
    solver = quick(name)
    for problem in (*quadratic_problems(seed), *landscapes(seed), *counts(seed)):
        if not takes(solver, problem):
            with pytest.raises(InputError, match=r"needs|take") as refused:
                solver.solve(problem)
            assert "\n" not in str(refused.value)
            continue
        table = problem.table()
        found = solver.solve(problem, seed=seed)
        scale = np.ptp(table) or 1.0
        assert found.mask.shape == (problem.neurons,)
        assert found.mask.dtype == np.uint8
        assert found.loss == pytest.approx(float(problem.loss(found.mask)), abs=1e-15)
        assert table[found.index] == pytest.approx(found.loss, abs=1e-12 * scale)
        assert found.bound <= table.min() + 1e-10 * scale
        assert found.loss >= table.min() - 1e-12 * scale
        assert all(isinstance(count, int) for count in found.work.values())
        if found.proven:
            assert found.loss <= table.min() + 1e-10 * scale, problem
            assert found.gap == 0
        elif name not in ("greedy", "edge-popup", "annealing", "tabu"):
            assert isinstance(problem, SubsetSumProblem)


@pytest.mark.parametrize("name", [name for name in SOLVERS if name not in ("elimination", "meet-in-the-middle")])
def test_equal_seeds_choose_equal_masks(name: str) -> None:
    problem = ticket_problem(14, 3)
    first, second = (quick(name).solve(problem, seed=5) for _ in range(2))
    assert first.index == second.index
    assert first.work == second.work


def test_heuristics_find_what_is_easy() -> None:
    problem = ticket_problem(32, 0)
    best = BranchAndBound().solve(problem).loss
    for solver in (Annealing(), Tabu(), Greedy()):
        assert solver.solve(problem, seed=0).loss == pytest.approx(best, rel=1e-2)
    assert EdgePopup().solve(problem, seed=0).loss < 1.1 * best


@pytest.mark.parametrize("start", ["empty", "all", "both"])
def test_greedy_ends_where_no_flip_helps(start: str) -> None:
    problem = ticket_problem(20, 1)
    mask = Greedy(start).solve(problem).mask
    flipped = mask ^ np.eye(20, dtype=np.uint8)
    assert np.all(problem.loss(flipped) >= problem.loss(mask) - 1e-12)


def test_layers_are_solved_exactly() -> None:
    problem = distillation_problem(1, first=4, teacher=2, second=3)
    found, table = Layerwise().solve(problem), problem.table()
    assert found.loss == pytest.approx(table.min(), rel=1e-12)
    assert table[found.index] == pytest.approx(table.min(), rel=1e-12)
    assert (found.proven, found.work) == (True, {"masks": 2**4 * 2 * 2**3})


def test_many_classes_fall_apart() -> None:
    problem = ticket_problem(12, 0, dataset="digits-classes")
    found = BranchAndBound().solve(problem)
    alone = [BranchAndBound().solve(part) for part in problem.classes]
    assert found.proven
    np.testing.assert_array_equal(found.mask, np.concatenate([part.mask for part in alone]))
    assert found.loss == pytest.approx(np.mean([part.loss for part in alone]))


@pytest.mark.parametrize(
    ("solver", "problem", "said"),
    [
        (GrayCode(), ticket_problem(60, 0), r"2\^60 masks take .* years .* BranchAndBound"),
        (GrayCode(), NKProblem(np.zeros((50, 2)), ring(50, 1)), r"table of 2\^50 masks needs"),
        (Elimination(), ticket_problem(60, 0), "Eliminating a neuron that interacts with 59 others"),
        (MeetInTheMiddle(), gadget_problem(90, 1, 0), "Meeting in the middle, with sums of 45 neurons"),
        (Layerwise(), ticket_problem(4, 0), "Layerwise needs a DistillationProblem"),
        (Layerwise(), distillation_problem(0, 17, 1, 1), "2\\^17 masks of the first layer"),
        (BranchAndBound(), "ticket", "quadratic loss, which str has not"),
    ],
)
def test_what_a_solver_cannot_do_is_refused(solver: Solver, problem: Any, said: str) -> None:
    with pytest.raises(InputError, match=said) as refused:
        solver.solve(problem)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Greedy("middle"), "There is no start 'middle'"),
        (lambda: EdgePopup(shares=(1.5,)), "no shares"),
        (lambda: EdgePopup(sweeps=0), "sweeps = 0"),
        (lambda: BranchAndBound(-1), "seconds = -1"),
        (lambda: BranchAndBound(nodes=0), "nodes = 0"),
        (lambda: Annealing(0), "reads = 0"),
        (lambda: Tabu(1, 0), "restarts = 0"),
        (lambda: MixedInteger("long"), "seconds = 'long'"),
    ],
)
def test_settings_that_make_no_sense_are_refused(make: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        make()


@pytest.mark.parametrize("solver", [Annealing(), Tabu()])
def test_a_missing_extra_is_named(solver: Solver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "dwave.samplers", None)
    with pytest.raises(OutOfReach, match=r"quantum-tickets\[annealing\]"):
        solver.solve(ticket_problem(4, 0))
