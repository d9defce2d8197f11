"""The start of every test: samples of the problem's own, and p* of all nodes where these can be enumerated."""

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.enumeration import enumerate_probabilities
from problems.errors import InputError
from problems.keeping import kept
from problems.ridgelet import Nodes, RidgeletProblem
from problems.ridgelet.nodes import check_are_nodes
from problems.ridgelet.sampling import check_problem

__all__ = ["ENUMERABLE", "check_samples", "exact_probabilities", "is_enumerable", "named"]

ENUMERABLE = 10**6
"""Largest number of nodes for which statistics over all of them are offered."""


def is_enumerable(problem: RidgeletProblem) -> bool:
    """Tell whether statistics over all nodes are offered for the problem."""
    return check_problem(problem).node_count <= ENUMERABLE


def named(problem: RidgeletProblem) -> str:
    """Return a problem's identity in words: the digest of its content, P and D."""
    return f"problem {problem.digest[:12]} (P = {problem.prime}, D = {problem.dimension})"


def check_samples(
    problem: RidgeletProblem, nodes: Nodes, least: int, purpose: str, drawn_for: RidgeletProblem | str | None = None
) -> None:
    """Refuse samples that are another problem's, or too few.

    Parameters
    ----------
    problem
        The problem whose p* they are held against.
    nodes
        The samples.
    least
        How many are needed.
    purpose
        What for, in words: "a chi-square test".
    drawn_for
        The problem that the samples were drawn for, or its digest, where this is on record. Nodes are digits and do
        not say: without it, only digits and dimension are checked.

    Raises
    ------
    InputError
        If the samples are another problem's or fewer than `least`.
    """
    check_problem(problem)
    check_are_nodes(nodes)
    if drawn_for is not None:
        digest = drawn_for if isinstance(drawn_for, str) else drawn_for.digest
        if digest != problem.digest:
            other = f"problem {digest[:12]}" if isinstance(drawn_for, str) else named(drawn_for)
            raise InputError(
                f"The samples were drawn for {other}, not for {named(problem)}; hold them against their own problem."
            )
    try:
        problem.check_nodes(nodes)
    except InputError:
        largest = int(max(np.max(nodes.a, initial=0), np.max(nodes.b, initial=0)))
        if nodes.dimension == problem.dimension and largest < problem.prime:
            raise
        raise InputError(
            f"The samples are none of {named(problem)}: the nodes have dimension {nodes.dimension} and digits up to "
            f"{largest}; were they drawn for another problem? Hold them against their own."
        ) from None
    if len(nodes) < least:
        raise InputError(
            f"{len(nodes)} samples are too few for {purpose}; at least {least} are needed, so draw "
            f"{least - len(nodes)} more."
        )


def exact_probabilities(problem: RidgeletProblem, purpose: str) -> NDArray[np.float64]:
    """Return p* of every node, in the order of `Nodes.index`: shape (P^(D+1),), not to be written to.

    Raises
    ------
    InputError
        If the problem is not enumerable; `purpose` says what asked for it.
    """
    if not is_enumerable(problem):
        raise InputError(
            f"{purpose} needs the probability of all {problem.prime}^{problem.dimension + 1} nodes, more than "
            f"{ENUMERABLE}; use goodness_of_fit, fidelity or two_sample_test, which need not enumerate."
        )
    return _probabilities(problem)


@kept
def _probabilities(problem: RidgeletProblem) -> NDArray[np.float64]:
    """Return p* of every node: a table of many tests enumerates once."""
    found = enumerate_probabilities(problem)
    found.setflags(write=False)
    return found
