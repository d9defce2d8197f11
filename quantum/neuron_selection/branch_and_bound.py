"""Montanaro's quantum branch and bound on paper: its queries for a tree that classical branch and bound has walked.

Montanaro 2020, "Quantum speedup of branch-and-bound algorithms" (Phys. Rev. Research 2:013056, arXiv:1906.10375): with
T nodes whose bound is not above the minimum, in a tree of depth d, the minimum is found by about sqrt(T) d^(3/2) uses
of the bounding and the branching procedure, up to logarithms of d, of the range of losses and of the error. Inside are
the detection of a good leaf by a quantum walk, O(sqrt(T d)), the finding of one, O(sqrt(T) d^(3/2) log d) (Montanaro
2018, arXiv:1509.02374, after Belovs), and the estimation of the tree's size, O~(sqrt(T d)) (Ambainis and Kokainis 2017,
arXiv:1704.06774), once for each guess of the minimum. The theorem is stated as abstracts and later papers quote it;
its own text, with its constants, was not at hand. Nothing of it runs here: it is the quantum rival of classical branch
and bound, which the paper on neuron selection (arXiv:2302.05984) does not mention.
"""

import math
from dataclasses import dataclass

from problems.errors import InputError, whole_number

__all__ = ["DETECTION_REPEATS", "DETECTION_STEPS", "QueryBound", "branch_and_bound_queries"]

DETECTION_STEPS = 32
"""Walk steps of one detection, in units of sqrt(T d), as a public program has them that counts the T gates of quantum
backtracking, in the way of Campbell, Khurana and Montanaro 2019 (arXiv:1810.05582)."""

DETECTION_REPEATS = 79
"""Detections, side by side or one by one, that it takes for one answer."""


@dataclass(frozen=True)
class QueryBound:
    """Steps of the quantum walk, each with a bounding and a branching forwards and backwards.

    Attributes
    ----------
    tree_size
        T.
    depth
        d.
    least
        sqrt(T d): one detection with a constant of 1, below what is known to be enough, so that no quantum computer is
        done an injustice.
    proof
        32 sqrt(T d) times 79: deciding whether a leaf lies below the best loss known, with stated constants. It proves
        a minimum that classical heuristics found.
    search
        sqrt(T) d^(3/2) log2(d), at least `least`: finding the minimum, with the constants and the other logarithms of
        the theorem set to 1.
    """

    tree_size: int
    depth: int
    least: float
    proof: float
    search: float

    @property
    def allowance(self) -> float:
        """How many classical nodes a step may take, at most, for `least` to be the faster: sqrt(T / d)."""
        return self.tree_size / self.least


def branch_and_bound_queries(tree_size: int, depth: int) -> QueryBound:
    """Return the queries of quantum branch and bound from a measured tree.

    Parameters
    ----------
    tree_size
        T, nodes that classical branch and bound visited until its proof. Montanaro's T counts nodes whose bound is not
        above the minimum, in the tree that has been branched in the same order without knowing it; a classical
        search that begins with the minimum from a heuristic visits those and hardly any other.
    depth
        d, the longest path: N, or the longest seen.

    Raises
    ------
    InputError
        If one is no whole number of at least 1, or the depth is above the number of nodes.

    Notes
    -----
    Assumed in the quantum computer's favor: a step costs one bound, whatever reversible arithmetic it needs (a box
    relaxation solved in superposition, to a fixed accuracy), fixed variables and branching orders that depend on the
    solution are free, T is known beforehand, and no error is corrected. Not assumed: parallel machines, on either side.

    Examples
    --------
    >>> round(branch_and_bound_queries(1000, 20).least)
    141
    """
    nodes, longest = whole_number("tree_size", tree_size, 1), whole_number("depth", depth, 1)
    if longest > nodes:
        raise InputError(
            f"depth = {longest} is above tree_size = {nodes}, and a path has a node a level; give both of one tree."
        )
    least = math.sqrt(nodes * longest)
    return QueryBound(
        nodes,
        longest,
        least,
        DETECTION_REPEATS * DETECTION_STEPS * least,
        least * max(1.0, longest * math.log2(longest)),
    )
