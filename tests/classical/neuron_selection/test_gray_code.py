"""All masks: compiled code against its reference, over several sizes of its table."""

import numpy as np
import pytest

from classical.neuron_selection import GrayCode, MeetInTheMiddle, gray_code
from problems.neuron_selection import MaskProblem, SubsetSumProblem, gadget_problem
from tests.classical.neuron_selection import indefinite, quadratic_problems
from tests.problems.neuron_selection import random_problem


@pytest.mark.parametrize("low", [1, 3, 8, 12])
def test_compiled_code_finds_what_its_reference_finds(low: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gray_code, "LOW", low)
    # Small tables are looked up for every second mask, or eighth, in Python by the reference: 9 neurons are enough.
    larger = 13 if low > 3 else 9
    few = [problem for problem in quadratic_problems(4) if problem.neurons <= larger]
    for problem in (*few, indefinite(larger, 1), random_problem(larger, 2), gadget_problem(larger, 2, 0)):
        index = gray_code._compiled(problem)
        assert problem.table()[index] <= problem.table().min() + 1e-13
        assert problem.table()[gray_code.by_tables(problem, low)] <= problem.table().min() + 1e-13


def test_without_a_compiler_the_same_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gray_code, "why_not_compiled", lambda: "for the test")
    monkeypatch.setattr(gray_code, "TABLED", 9)
    for problem in (random_problem(12, 0), gadget_problem(12, 2, 0)):
        assert GrayCode().solve(problem).index == int(np.argmin(problem.table()))


def test_rounding_stays_small_over_many_steps() -> None:
    problem = random_problem(22, 5)
    found = GrayCode().solve(problem)
    assert found.loss <= problem.table().min() + 1e-14
    assert found.work == {"masks": 2**22}


@pytest.mark.parametrize("rank", [1, 2])
def test_a_small_residual_keeps_its_digits(rank: int) -> None:
    problem = gadget_problem(22, rank, 3, pairs=False)
    assert GrayCode().solve(problem).index == MeetInTheMiddle().solve(problem).index


def test_a_subset_sum_is_a_quadratic_loss() -> None:
    problem = gadget_problem(10, 4, 0)
    same = MaskProblem(problem.constant, problem.linear, problem.quadratic)
    assert isinstance(problem, SubsetSumProblem)
    np.testing.assert_allclose(same.table(), problem.table(), atol=1e-13)
