"""The graph of neurons that share a term of the loss, and the masks that the paper's mixer reaches in it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from problems.errors import InputError
from quantum.neuron_selection.subspace import MOST_NEURONS

__all__ = ["independent_sets", "mixer_reach", "neighbors", "reaches"]


def neighbors(problem: Any) -> NDArray[np.bool_]:
    """Return which neurons are adjacent, shape (N, N): those that some term of the loss contains both of.

    Parameters
    ----------
    problem
        A `NKProblem`: a, b are adjacent if some f_i contains both; or a `MaskProblem`: if G_ab is not zero.
    """
    adjacent = np.zeros((problem.neurons,) * 2, dtype=bool)
    if hasattr(problem, "neighbours"):
        for group in problem.neighbours:
            adjacent[np.ix_(group, group)] = True
    else:
        adjacent |= problem.quadratic != 0
    np.fill_diagonal(adjacent, False)
    return adjacent


def reaches(problem: Any, mask: NDArray[np.integer]) -> bool:
    """Tell whether the neighborhood mixer reaches a mask, shape (N,), from |0...0>: no two kept neurons adjacent."""
    kept = np.flatnonzero(mask)
    return not np.any(neighbors(problem)[np.ix_(kept, kept)])


def mixer_reach(problem: Any) -> int:
    """Return how many masks the neighborhood mixer reaches from |0...0>, which is one of them.

    Whitaker's mixer (arXiv:2302.05984, section 2) flips a neuron only where all its neighbors are off. From |0...0> it
    reaches the independent sets of the graph and nothing else, which the paper does not say: on a ring of 10 neurons
    whose terms contain 3 neighbors, 46 of 1,024 masks.

    Raises
    ------
    InputError
        If the problem has more than 28 neurons.
    """
    return len(independent_sets(neighbors(problem)))


def independent_sets(adjacent: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the independent sets of a graph, shape (n,), ascending: bit a is vertex a.

    Parameters
    ----------
    adjacent
        Symmetric, shape (N, N), N at most 28.

    Raises
    ------
    InputError
        If there are more vertices.
    """
    if len(adjacent) > MOST_NEURONS:
        raise InputError(
            f"The independent sets of {len(adjacent)} neurons are listed up to {MOST_NEURONS} alone; take fewer neurons."
        )
    around = adjacent @ (1 << np.arange(len(adjacent), dtype=np.int64))
    sets = np.zeros(1, dtype=np.int64)
    for vertex, others in enumerate(around):
        sets = np.concatenate([sets, sets[sets & others == 0] | 1 << vertex])
    return sets
