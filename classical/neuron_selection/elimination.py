"""Variable elimination (Bertele and Brioschi 1972): exact where neurons interact with few others.

The loss is a sum of functions of a few neurons each. A neuron is eliminated by adding up the functions that see it and
minimizing over its two values: a function of its neighbors in the interaction graph is left, of 2^w entries with w of
them. The order takes the neuron of the fewest neighbors first (Whitley, Tinos, Chicano, arXiv:1505.01887, use the same
structure). On a ring of K neighbors w is at most 2 (K - 1), however large N is.
"""

from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classical.neuron_selection.protocol import Selection, select
from problems.errors import InputError
from problems.memory import require_memory
from problems.neuron_selection import MaskProblem, NKProblem
from problems.seeds import Seed

__all__ = ["Elimination", "elimination_order"]

Function = tuple[tuple[int, ...], NDArray[np.float64]]
"""Neurons in ascending order, and values with one axis of length 2 for each of them."""

WIDEST = 62
"""NumPy has no array of more axes than 64."""


class Elimination:
    """Finds the best mask of an `NKProblem`, or of a `MaskProblem` with few pairs, and proves it.

    Work: "entries" of all tables that were minimized over, and the "width" w of the widest.
    """

    def solve(self, problem: Any, seed: Seed = None) -> Selection:
        """Return the best mask; see `Solver.solve`.

        Raises
        ------
        InputError
            If the loss is no sum of functions of a few neurons, or a table would not fit in memory.
        """
        functions = _functions(problem)
        order, widths = elimination_order(problem.neurons, [scope for scope, _ in functions])
        width = max(widths)
        require_memory(
            24 << width,
            f"Eliminating a neuron that interacts with {width} others",
            "take fewer neighbors, or another solver, as BranchAndBound for a quadratic loss",
        )
        if width > WIDEST:
            raise InputError(f"A neuron interacts with {width} others, more than {WIDEST}; take another solver.")
        seeing: list[list[Function]] = [[] for _ in range(problem.neurons)]
        turn = np.argsort(order)
        for function in functions:
            seeing[min(function[0], key=turn.__getitem__)].append(function)
        steps = []
        for neuron in order:
            scope, keep, left = _eliminate(neuron, seeing[neuron])
            steps.append((neuron, scope, keep))
            if scope:
                seeing[min(scope, key=turn.__getitem__)].append((scope, left))
        mask = np.zeros(problem.neurons, dtype=np.uint8)
        for neuron, scope, keep in reversed(steps):
            mask[neuron] = keep[tuple(mask[list(scope)])]
        return select(problem, mask, True, {"entries": sum(2 << width for width in widths), "width": width})


def elimination_order(neurons: int, scopes: list[tuple[int, ...]]) -> tuple[list[int], list[int]]:
    """Return an order of the neurons, and with how many others each interacts when its turn comes.

    The neuron of the fewest neighbors goes first, of several the first one; those neighbors then interact.
    """
    graph: list[set[int]] = [set() for _ in range(neurons)]
    for scope in scopes:
        for i, j in combinations(scope, 2):
            graph[i].add(j)
            graph[j].add(i)
    order, widths, left = [], [], set(range(neurons))
    while left:
        neuron = min(left, key=lambda one: (len(graph[one]), one))
        around = graph[neuron]
        for other in around:
            graph[other] |= around
            graph[other] -= {other, neuron}
        order.append(neuron)
        widths.append(len(around))
        left.remove(neuron)
    return order, widths


def _eliminate(
    neuron: int, functions: list[Function]
) -> tuple[tuple[int, ...], NDArray[np.bool_], NDArray[np.float64]]:
    """Return the neurons that are left, whether to keep this one at each of their values, and the least sum."""
    scope = tuple(sorted({one for seen, _ in functions for one in seen} - {neuron}))
    both = np.zeros((2,) * (len(scope) + 1))  # the neuron itself comes last
    for seen, values in functions:
        shape = tuple(2 if one in seen else 1 for one in scope)
        both += np.moveaxis(values, seen.index(neuron), -1).reshape(*shape, 2)
    keep = both[..., 1] < both[..., 0]
    return scope, keep, np.min(both, axis=-1)


def _functions(problem: Any) -> list[Function]:
    if isinstance(problem, NKProblem):
        functions = []
        for table, seen in zip(problem.tables, problem.neighbours, strict=True):
            # Bit k of the table is neighbor k: as an array, it is axis K - 1 - k.
            order = np.argsort(seen)
            cube = np.transpose(table.reshape((2,) * problem.degree), problem.degree - 1 - order)
            functions.append((tuple(seen[order].tolist()), cube / len(problem.tables)))
        return functions
    if isinstance(problem, MaskProblem):
        _, linear, pairs = problem.coefficients
        alone = [((i,), np.array([0.0, value])) for i, value in enumerate(linear.tolist())]
        joint = [((int(i), int(j)), np.array([[0.0, 0.0], [0.0, pairs[i, j]]])) for i, j in np.argwhere(pairs)]
        return [*alone, *joint]
    raise InputError(
        f"Elimination needs a sum of functions of a few neurons, which {type(problem).__name__} is not; take GrayCode."
    )
