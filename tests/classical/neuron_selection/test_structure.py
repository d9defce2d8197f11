"""Solvers that use structure: halves of a sum, and neurons that see few others."""

import numpy as np
import pytest

from classical.neuron_selection import Elimination, MeetInTheMiddle
from classical.neuron_selection.elimination import elimination_order
from classical.neuron_selection.meet_in_the_middle import subset_sums
from problems.neuron_selection import MaskProblem, NKProblem, ring, subset_sum_problem


@pytest.mark.parametrize(
    ("neurons", "distance", "mask", "digits"), [(20, 1.228629e-6, 184187, 1e-12), (32, 1.36885e-10, 4184849572, 1e-15)]
)
def test_numbers_meet_in_the_middle(neurons: int, distance: float, mask: int, digits: float) -> None:
    vectors = np.random.default_rng(0).uniform(-1, 1, (1, neurons))
    found = MeetInTheMiddle().solve(subset_sum_problem(vectors, np.ones(1)))
    assert found.index == mask
    assert np.sqrt(found.loss) == pytest.approx(distance, abs=digits)
    assert found.work == {"entries": 2 << neurons // 2}


@pytest.mark.parametrize("rank", [1, 2, 3, 5])
@pytest.mark.parametrize("neurons", [1, 2, 7, 14])
def test_halves_find_the_best_sum(neurons: int, rank: int) -> None:
    rng = np.random.default_rng([neurons, rank])
    problem = subset_sum_problem(rng.standard_normal((rank, neurons)), rng.standard_normal(rank))
    assert MeetInTheMiddle().solve(problem).index == int(np.argmin(problem.table()))


def test_sums_stand_by_their_masks() -> None:
    np.testing.assert_allclose(subset_sums(np.array([[1.0, 10.0, 100.0]]))[:, 0], [0, 1, 10, 11, 100, 101, 110, 111])


def test_a_long_ring_is_eliminated_exactly() -> None:
    problem = NKProblem(np.random.default_rng(1).random((300, 16)), ring(300, 4))
    found = Elimination().solve(problem)
    assert (found.proven, found.work["width"]) == (True, 6)
    # On a ring the same minimum comes from a transfer matrix over K - 1 neighbors.
    best = np.inf
    for first in range(8):
        cost = np.where(np.arange(8) == first, 0.0, np.inf)
        for table in problem.tables:
            after = np.full(8, np.inf)
            for seen in range(16):  # the three that are known, and the next one
                after[seen >> 1] = min(after[seen >> 1], cost[seen & 7] + table[seen])
            cost = after
        best = min(best, cost[first])
    assert found.loss == pytest.approx(best / 300, rel=1e-12)


def test_a_sparse_quadratic_loss_is_eliminated() -> None:
    rng = np.random.default_rng(2)
    path = np.diag(rng.standard_normal(60)) + np.diag(rng.standard_normal(59), 1)
    found = Elimination().solve(MaskProblem(0.0, np.zeros(60), (path + path.T) / 2))
    assert (found.proven, found.work["width"]) == (True, 1)


def test_the_order_takes_few_neighbors_first() -> None:
    order, widths = elimination_order(5, [(0, 1), (0, 2), (0, 3), (0, 4)])
    assert (order[:3], widths) == ([1, 2, 3], [1, 1, 1, 1, 0])
