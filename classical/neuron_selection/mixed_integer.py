"""Mixed-integer programming by SciPy's milp (HiGHS), as a check of the other solvers: linear over products of entries.

Each product m_i m_j with a coefficient q becomes a variable y in [0, 1], held by y >= m_i + m_j - 1 where q > 0 and by
y <= m_i, y <= m_j where q < 0 (Glover and Woolsey 1974). A function of an NK landscape is a choice of one of its 2^K
rows, whose bits are the entries of the mask. Slow beyond some 25 neurons: the bound of the products is weak.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from classical.neuron_selection.protocol import Selection, select
from problems.errors import InputError, non_negative
from problems.neuron_selection import MaskProblem, NKProblem, SubsetSumProblem
from problems.seeds import Seed

__all__ = ["MixedInteger"]


class Program(NamedTuple):
    """Minimize costs.z with low <= rows z <= high; the first N entries of z are the mask, all lie in [0, 1]."""

    costs: NDArray[np.float64]
    rows: coo_array
    low: NDArray[np.float64]
    high: NDArray[np.float64]


class MixedInteger:
    """Finds the best mask of a `MaskProblem` or an `NKProblem`.

    It is proven if HiGHS ends in time, which is up to that solver's tolerance of 1e-6 of the largest coefficient. Of a
    `SubsetSumProblem` nothing is proven: its optimum lies below.

    Work: "nodes" of HiGHS's branch and bound.

    Parameters
    ----------
    seconds
        Time limit.
    """

    def __init__(self, seconds: float = 60.0) -> None:
        self.seconds = non_negative("seconds", seconds)

    def solve(self, problem: Any, seed: Seed = None) -> Selection:
        """Return the best mask; see `Solver.solve`.

        Raises
        ------
        InputError
            If the loss is neither quadratic nor an NK landscape.
        """
        program = _program(problem)
        scale = np.max(np.abs(program.costs)) or 1.0
        integral = np.zeros(len(program.costs))
        integral[: problem.neurons] = 1
        found = milp(
            program.costs / scale,
            integrality=integral,
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(program.rows.tocsr(), program.low, program.high) if len(program.low) else None,
            options={"time_limit": self.seconds, "mip_rel_gap": 0.0},
        )
        # Without a solution in time, the empty mask stands.
        mask = np.zeros(problem.neurons) if found.x is None else np.rint(found.x[: problem.neurons])
        proven = found.status == 0 and not isinstance(problem, SubsetSumProblem)
        return select(problem, mask, proven, {"nodes": int(found.mip_node_count or 0)})


def _program(problem: Any) -> Program:
    if isinstance(problem, NKProblem):
        return _of_landscape(problem)
    if isinstance(problem, MaskProblem):
        return _of_quadratic(problem)
    raise InputError(
        f"MixedInteger needs a quadratic loss or an NKProblem, not a {type(problem).__name__}; take GrayCode."
    )


def _of_quadratic(problem: MaskProblem) -> Program:
    _, linear, pairs = problem.coefficients
    i, j = np.nonzero(pairs)
    costs = pairs[i, j]
    product = len(linear) + np.arange(len(costs))
    up, down = costs > 0, costs < 0
    above = _rows([(product[up], 1), (i[up], -1), (j[up], -1)])  # y - m_i - m_j >= -1
    below = [_rows([(product[down], -1), (end[down], 1)]) for end in (i, j)]  # m_i - y >= 0
    rows, low = _stacked([(above, -1.0), *((block, 0.0) for block in below)], len(linear) + len(costs))
    return Program(np.concatenate([linear, costs]), rows, low, np.full(len(low), np.inf))


def _of_landscape(problem: NKProblem) -> Program:
    functions, size = problem.tables.shape
    neurons, degree = problem.neurons, problem.degree
    choice = neurons + np.arange(functions * size).reshape(functions, size)
    blocks = [(_rows([(column, 1) for column in choice.T]), 1.0)]  # one row of each function is chosen
    for k in range(degree):
        with_bit = np.flatnonzero(np.arange(size) >> k & 1)
        blocks.append((_rows([*((choice[:, s], 1) for s in with_bit), (problem.neighbours[:, k], -1)]), 0.0))
    rows, low = _stacked(blocks, neurons + functions * size)
    return Program(np.concatenate([np.zeros(neurons), problem.tables.ravel() / functions]), rows, low, low)


Block = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], int]
"""Rows of a matrix: the number of each entry's row, its column, its value, and how many rows there are."""


def _rows(terms: list[tuple[NDArray[np.int64], float]]) -> Block:
    """Return rows of which each has one entry of every term: at its column, with its value."""
    count = len(terms[0][0])
    row = np.tile(np.arange(count), len(terms))
    return row, np.concatenate([c for c, _ in terms]), np.repeat([float(v) for _, v in terms], count), count


def _stacked(blocks: list[tuple[Block, float]], columns: int) -> tuple[coo_array, NDArray[np.float64]]:
    """Return blocks below one another as one matrix, and the right side of its rows."""
    starts = np.cumsum([0, *(block[3] for block, _ in blocks)])
    rows = np.concatenate([block[0] + start for (block, _), start in zip(blocks, starts[:-1], strict=True)])
    cols, values = (np.concatenate([block[part] for block, _ in blocks]) for part in (1, 2))
    right = np.concatenate([np.full(block[3], value) for block, value in blocks])
    return coo_array((values, (rows, cols)), shape=(int(starts[-1]), columns)), right
