"""Proofs at sizes that no table has, what is left when time is up, and compiled code against its reference."""

import numpy as np
import pytest

import problems.compiling
from classical.neuron_selection import BranchAndBound, MeetInTheMiddle, branch_and_bound, relaxation
from problems.neuron_selection import gadget_problem, subset_sum_problem, ticket_problem
from tests.classical.neuron_selection import quadratic_problems
from tests.problems.neuron_selection import random_problem


@pytest.mark.parametrize(
    ("neurons", "loss", "kept"), [(128, 0.23739399, 47), (192, 0.19863544, None), (256, 0.16369818, None)]
)
def test_tickets_are_proven(neurons: int, loss: float, kept: int | None) -> None:
    found = BranchAndBound(seconds=20).solve(ticket_problem(neurons, 0))
    assert found.proven
    assert found.loss == pytest.approx(loss, abs=5e-9)
    assert kept is None or found.mask.sum() == kept
    assert found.work["nodes"] < neurons**2


def test_a_search_that_is_cut_off_names_its_gap() -> None:
    problem = ticket_problem(128, 0)
    best = BranchAndBound().solve(problem).loss
    for nodes in (1, 50):
        found = BranchAndBound(nodes=nodes).solve(problem)
        assert not found.proven
        assert found.bound <= best <= found.loss
        assert 0 < found.gap < 0.02
    # Part after part: what was not looked at has a bound as well.
    found = BranchAndBound(seconds=0).solve(ticket_problem(40, 0, dataset="digits-classes"))
    assert -np.inf < found.bound <= BranchAndBound().solve(ticket_problem(40, 0, dataset="digits-classes")).loss


def test_small_residuals_are_proven_by_bounds_of_their_own() -> None:
    problem = gadget_problem(16, 1, 2, pairs=False)
    found = BranchAndBound().solve(problem)
    assert found.proven
    assert found.index == MeetInTheMiddle().solve(problem).index
    # Of full rank it is bounded as any loss, and what is below its rounding is not proven.
    rows = np.random.default_rng(0).standard_normal((8, 8))
    full = BranchAndBound().solve(subset_sum_problem(rows, rows[:, :3].sum(axis=1)))
    assert (full.index, full.proven) == (0b111, False)


@pytest.mark.parametrize("seed", range(20))
def test_compiled_code_takes_the_steps_of_its_reference(seed: int) -> None:
    from classical.neuron_selection import relaxation_kernels as compiled

    problem = random_problem(14, seed)
    rng = np.random.default_rng(seed)
    pairs = 2 * (problem.quadratic - np.diag(np.diag(problem.quadratic)))
    single = problem.linear + np.diag(problem.quadratic)
    upper = float(np.min(problem.table())) - problem.constant + 0.05
    results = []
    for steps in (relaxation, compiled):
        state = np.full(14, relaxation.FREE, dtype=np.int8)
        state[:3] = 0, 1, 1
        x = np.full(14, 0.5)
        x[:3] = 0, 1, 1
        bound, sweeps = steps.relax(problem.quadratic.copy(), problem.linear.copy(), 0.0, state, x, upper, 50)
        mask = rng.integers(0, 2, 14).astype(float) if not results else results[0][4].copy()
        start = mask.copy()
        gained = steps.descend(pairs, single, mask)
        walked = start.copy()
        steps.tabu(pairs, single, walked, 100, 3)
        results.append((bound, sweeps, state, x, start, mask, gained, walked))
    for one, other in zip(*results, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)


@pytest.mark.parametrize("rank", [1, 3])
def test_the_residual_is_relaxed_as_its_reference_does(rank: int) -> None:
    from classical.neuron_selection import relaxation_kernels as compiled

    problem = gadget_problem(12, rank, 0)
    losses, masks = problem.table(), (np.arange(1 << 12)[:, None] >> np.arange(12)) & 1
    vectors = np.array(problem.A.T, order="C")
    for upper in (losses.min() * (1 + 1e-9), losses.min() + 0.1, np.median(losses)):
        results = []
        for steps in (relaxation, compiled):
            state, x = np.full(12, relaxation.FREE, dtype=np.int8), np.full(12, 0.5)
            state[0] = x[0] = 1
            results.append((*steps.relax_residual(vectors, problem.w, state, x, upper, 40), state, x))
        for one, other in zip(*results, strict=True):
            np.testing.assert_allclose(one, other, atol=1e-10)
        bound, _, state, _ = results[0]
        kept = masks[:, 0] == 1
        assert min(bound, upper) <= losses[kept].min() + 1e-14
        agree = np.all((state == relaxation.FREE) | (masks == state), axis=1)
        assert np.all(losses[kept & ~agree] >= upper - 1e-12)


def test_the_relaxation_bounds_and_fixes_rightly() -> None:
    for seed in range(6):
        problem = random_problem(10, seed)
        losses = problem.table() - problem.constant
        masks = (np.arange(1 << 10)[:, None] >> np.arange(10)) & 1
        for upper in (losses.min() + 1e-9, losses.min() + 0.3):
            state, x = np.full(10, relaxation.FREE, dtype=np.int8), np.full(10, 0.5)
            bound, _ = relaxation.relax(problem.quadratic, problem.linear, 0.0, state, x, upper, 30)
            assert min(bound, upper) <= losses.min() + 1e-12
            agree = np.all((state == relaxation.FREE) | (masks == state), axis=1)
            assert np.all(losses[~agree] >= upper - 1e-12)


def test_without_a_compiler_the_same_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = [BranchAndBound().solve(problem) for problem in quadratic_problems(0)]
    monkeypatch.setattr(branch_and_bound, "why_not_compiled", lambda: "for the test")
    for problem, one in zip(quadratic_problems(0), compiled, strict=True):
        other = BranchAndBound().solve(problem)
        assert other.loss == pytest.approx(one.loss, rel=1e-9, abs=1e-12)
        assert other.proven == one.proven
    assert problems.compiling.why_not_compiled() is None
