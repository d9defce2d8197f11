"""The graph of neurons that share a term of the loss, and the masks that the paper's mixer reaches in it."""

import numpy as np
from numpy.typing import NDArray

from problems.errors import InputError
from problems.neuron_selection import MaskProblem, NKProblem
from quantum.neuron_selection.subspace import MOST_NEURONS

__all__ = ["check_terms", "independent_sets", "mixer_reach", "neighbors", "reaches"]


def neighbors(problem: MaskProblem | NKProblem) -> NDArray[np.bool_]:
    """Return which neurons are adjacent, shape (N, N): those that some term of the loss contains both of.

    Parameters
    ----------
    problem
        A `NKProblem`: a, b are adjacent if some f_i contains both; or a `MaskProblem`: if G_ab is not zero.

    Raises
    ------
    InputError
        If it is neither.
    """
    check_terms(problem)
    adjacent = np.zeros((problem.neurons,) * 2, dtype=bool)
    if isinstance(problem, NKProblem):
        for group in problem.neighbours:
            adjacent[np.ix_(group, group)] = True
    else:
        adjacent |= problem.quadratic != 0
    np.fill_diagonal(adjacent, False)
    return adjacent


def reaches(problem: MaskProblem | NKProblem, mask: NDArray[np.integer]) -> bool:
    """Tell whether the neighborhood mixer reaches a mask, shape (N,), from |0...0>: no two kept neurons adjacent."""
    kept = np.flatnonzero(mask)
    return not np.any(neighbors(problem)[np.ix_(kept, kept)])


def mixer_reach(problem: MaskProblem | NKProblem) -> int:
    """Return how many masks the neighborhood mixer reaches from |0...0>, which is one of them.

    Whitaker's mixer (arXiv:2302.05984) flips a neuron only where all its neighbors are off. From |0...0> it
    reaches the independent sets of the graph and nothing else, which the paper does not say: on a ring of 10 neurons
    whose terms contain 3 neighbors, 46 of 1,024 masks.

    Raises
    ------
    InputError
        If the problem has more than 28 neurons.
    """
    return len(independent_sets(neighbors(problem)))


def check_terms(problem: object) -> None:
    """Refuse a loss that is no sum of terms of a few neurons each.

    Raises
    ------
    InputError
        If it is neither a `MaskProblem` nor a `NKProblem`.
    """
    if not isinstance(problem, MaskProblem | NKProblem):
        raise InputError(
            f"A loss of type {type(problem).__name__} has no terms of a few neurons; give a MaskProblem or a NKProblem."
        )


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
            f"Independent sets of {len(adjacent)} neurons are not listed, only up to {MOST_NEURONS}; take fewer."
        )
    around = adjacent @ (1 << np.arange(len(adjacent), dtype=np.int64))
    sets = np.zeros(1, dtype=np.int64)
    for vertex, others in enumerate(around):
        sets = np.concatenate([sets, sets[sets & others == 0] | 1 << vertex])
    return sets
