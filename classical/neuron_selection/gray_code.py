"""All masks, in the order of a Gray code over the high neurons, a table of the low ones at each step.

Stepping from one mask of the high neurons to the next flips one of them, which changes the constant and the linear
terms of the low neurons by one row of the matrix. The 2^L masks of the low neurons are then a table in the cache, made
by doubling: two additions and a comparison for a mask, whatever N is. Nothing else is known that is faster for a loss
without structure, so it is what a quantum search of all masks has to beat.
"""

from typing import Any

import numpy as np

from classical.neuron_selection.protocol import Selection, select
from problems.compiling import why_not_compiled
from problems.errors import InputError
from problems.neuron_selection import MaskProblem, SubsetSumProblem, mask_of
from problems.seeds import Seed

__all__ = ["GrayCode", "by_tables"]

LOW = 10
"""Low neurons: their tables of 2^10 numbers stay in the first cache."""

TABLED = 20
"""Low neurons where nothing is compiled."""

MOST = 40
"""Neurons above which all masks take more than half an hour, at a nanosecond each."""


class GrayCode:
    """Looks at every mask and so proves the best one, up to rounding.

    Quadratic losses are compiled, subset sums from their residuals; of any other problem its table is searched.

    Work: "masks", 2^N.
    """

    def solve(self, problem: Any, seed: Seed = None) -> Selection:
        """Return the best mask; see `Solver.solve`.

        Raises
        ------
        InputError
            If there are more than 40 neurons, or the table of another problem does not fit in memory.
        """
        neurons = problem.neurons
        if not isinstance(problem, MaskProblem):
            index = int(np.argmin(problem.table()))
        elif neurons > MOST:
            raise InputError(
                f"2^{neurons} masks take {2.0**neurons * 1e-9 / 3.2e7:.2g} years at a nanosecond each; give at most "
                f"{MOST} neurons, or take BranchAndBound."
            )
        elif why_not_compiled() is not None:
            index = by_tables(problem, TABLED)
        else:
            index = _compiled(problem)
        return select(problem, mask_of(index, neurons), True, {"masks": 2**neurons})


def _compiled(problem: MaskProblem) -> int:
    from classical.neuron_selection.gray_code_kernels import lowest_quadratic, lowest_residual

    low = min(LOW, problem.neurons)
    if isinstance(problem, SubsetSumProblem):
        # Copied, as of rank 1 they would be read-only else, and the code for them compiled for itself.
        return int(lowest_residual(np.array(problem.A.T, order="C"), problem.w, low))
    _, linear, pairs = problem.coefficients
    return int(lowest_quadratic(linear, pairs + pairs.T, low))


def by_tables(problem: MaskProblem, low: int) -> int:
    """Return the index of the best mask: the reference of the compiled code, and its stand-in, one table at a time."""
    low = min(low, problem.neurons)
    best, found = np.inf, 0
    for high in range(1 << (problem.neurons - low)):
        table = _low_table(problem, low, high)
        at = int(np.argmin(table))
        if table[at] < best:
            best, found = float(table[at]), high << low | at
    return found


def _low_table(problem: MaskProblem, low: int, high: int) -> np.ndarray:
    """Return the losses of all masks of the low neurons, less c, the high ones being as an index says."""
    kept = mask_of(high, problem.neurons - low).astype(float) if problem.neurons > low else np.zeros(0)
    if isinstance(problem, SubsetSumProblem):
        vectors, left = problem.A[:, :low], problem.w - problem.A[:, low:] @ kept
        rest = SubsetSumProblem(0.0, problem.linear[:low], problem.quadratic[:low, :low], vectors, left)
        return rest.table()
    constant = problem.linear[low:] @ kept + kept @ problem.quadratic[low:, low:] @ kept
    linear = problem.linear[:low] + 2 * problem.quadratic[:low, low:] @ kept
    return MaskProblem(float(constant), linear, problem.quadratic[:low, :low]).table()
