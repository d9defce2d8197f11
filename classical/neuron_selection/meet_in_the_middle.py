"""Meet in the middle (Horowitz and Sahni 1974): the sums of one half of the neurons against those of the other.

min |w - A m|^2 over m = (m1, m2) is a search, for each of the 2^(N/2) sums of the first half, of the nearest sum of the
second half to w minus it: by bisection in a sorted list for r = 1, in a k-d tree above. Grover's exponent, 2^(N/2),
without a quantum computer, at the price of as much memory.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from classical.neuron_selection.protocol import Selection, select
from problems.errors import InputError
from problems.memory import require_memory
from problems.neuron_selection import SubsetSumProblem, mask_of
from problems.seeds import Seed

__all__ = ["MeetInTheMiddle", "subset_sums"]

BLOCK = 1 << 18
"""Sums that look for their nearest one at once."""


class MeetInTheMiddle:
    """Finds the best mask of a `SubsetSumProblem` and proves it, up to rounding of the sums.

    Work: "entries" of the two tables of sums, 2^ceil(N/2) + 2^floor(N/2).
    """

    def solve(self, problem: Any, seed: Seed = None) -> Selection:
        """Return the best mask; see `Solver.solve`.

        Raises
        ------
        InputError
            If the problem is no `SubsetSumProblem`, or its tables do not fit in memory.
        """
        if not isinstance(problem, SubsetSumProblem):
            raise InputError(
                f"MeetInTheMiddle needs the vectors A and w of a SubsetSumProblem, which {type(problem).__name__} has "
                "not; make it by subset_sum_problem, or take BranchAndBound."
            )
        low = problem.neurons // 2
        high = problem.neurons - low
        require_memory(
            (problem.rank + 2) * 16 << high,
            f"Meeting in the middle, with sums of {high} neurons,",
            "take fewer neurons, or BranchAndBound, which needs no table",
        )
        near, far = subset_sums(problem.A[:, :low]), subset_sums(problem.A[:, low:])
        nearest = _in_order if problem.rank == 1 else _in_tree
        first, second = nearest(near, problem.w, far)
        mask = mask_of(first | second << low, problem.neurons)
        return select(problem, mask, True, {"entries": len(near) + len(far)})


def subset_sums(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sums of all subsets of the columns of vectors, shape (r, n): shape (2^n, r); bit j is column j."""
    sums = np.zeros((1 << vectors.shape[1], len(vectors)))
    for column, vector in enumerate(vectors.T):
        half = 1 << column
        np.add(sums[:half], vector, out=sums[half : 2 * half])
    return sums


def _in_order(near: NDArray[np.float64], target: NDArray[np.float64], far: NDArray[np.float64]) -> tuple[int, int]:
    """Return the places of the two sums that add up closest to the target, for numbers."""
    order = np.argsort(far[:, 0], kind="stable")
    ordered = far[order, 0]
    # Wanted in ascending order, so that bisections next to each other read the same part of the list.
    turn = np.argsort(-near[:, 0], kind="stable")
    best, found = np.inf, (0, 0)
    for start in range(0, len(near), BLOCK):
        some = turn[start : start + BLOCK]
        wanted = target[0] - near[some, 0]
        right = np.searchsorted(ordered, wanted)
        for place in (np.minimum(right, len(ordered) - 1), np.maximum(right - 1, 0)):
            distance = np.abs(ordered[place] - wanted)
            at = int(np.argmin(distance))
            if distance[at] < best:
                best, found = float(distance[at]), (int(some[at]), int(order[place[at]]))
    return found


def _in_tree(near: NDArray[np.float64], target: NDArray[np.float64], far: NDArray[np.float64]) -> tuple[int, int]:
    """Return the same for vectors."""
    from scipy.spatial import cKDTree

    tree = cKDTree(far)
    best, found = np.inf, (0, 0)
    for start in range(0, len(near), BLOCK):
        # What is farther than the best so far need not be looked for; its distance comes back infinite.
        distance, place = tree.query(target - near[start : start + BLOCK], distance_upper_bound=best)
        at = int(np.argmin(distance))
        if distance[at] < best:
            best, found = float(distance[at]), (start + at, int(place[at]))
    return found
