"""Layerwise distillation exactly: every mask of the first layer, and for each the best one of each teacher neuron."""

from typing import Any

import numpy as np

from classical.neuron_selection.protocol import Selection, select
from problems.errors import InputError
from problems.neuron_selection import DistillationProblem, mask_of
from problems.seeds import Seed

__all__ = ["Layerwise"]

MOST = 16
"""Neurons of the first layer above which its masks alone take minutes."""


class Layerwise:
    """Finds the best masks of a `DistillationProblem` and proves it: the second separates by teacher neuron.

    Work: "masks" whose loss was computed, 2^F x T x 2^S.
    """

    def solve(self, problem: Any, seed: Seed = None) -> Selection:
        """Return the best mask; see `Solver.solve`.

        Raises
        ------
        InputError
            If the problem is no `DistillationProblem`, or its first layer is large.
        """
        if not isinstance(problem, DistillationProblem):
            raise InputError(f"Layerwise needs a DistillationProblem; take GrayCode for {type(problem).__name__}.")
        first, teacher, second = problem.shape
        if first > MOST:
            raise InputError(f"2^{first} masks of the first layer take minutes; give at most {MOST} neurons there.")
        best, lowest = 0, np.inf
        for index in range(2**first):
            tables = problem.second_tables(mask_of(index, first))
            loss = np.sum(np.min(tables, axis=1))
            if loss < lowest:
                lowest = loss
                best = index + sum(int(k) << first + i * second for i, k in enumerate(np.argmin(tables, axis=1)))
        return select(problem, mask_of(best, problem.neurons), True, {"masks": 2**first * teacher * 2**second})
