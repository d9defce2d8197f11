"""Branch and bound over a convex relaxation: the best mask of a quadratic loss, with a proof.

As m_i^2 = m_i, the loss is the same with G - lambda 1 and b + lambda for any lambda; with the least eigenvalue of G it
is still convex and its minimum over the box [0, 1]^N, a lower bound, is highest (Hammer and Rubin 1970). `relaxation`
has the bound and what it fixes. The node of the lowest bound is branched on first, so that the gap is known at any
time; its children are its most fractional neuron kept and dropped. Neurons that are in no pair with one another fall
apart into problems of their own.
"""

import heapq
import time
from itertools import count
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from classical.neuron_selection import relaxation
from classical.neuron_selection.protocol import Selection, check_quadratic, select
from problems.compiling import why_not_compiled
from problems.errors import non_negative, whole_number
from problems.neuron_selection import MaskProblem, SubsetSumProblem
from problems.neuron_selection.masks import Masks
from problems.seeds import Seed

__all__ = ["BranchAndBound"]

ROUNDING = 1e-13
"""Bounds are good to so much of the sum of all terms; a mask better by less is not looked for."""

LOST = 1e3
"""A loss of a subset sum below so many times the rounding is not proven: its bound has no digits."""

SWEEPS = 100
"""Sweeps of the descent at one node, at most."""

WALK = 200
"""Flips of the walk that finds a first mask, for each neuron."""


class Node(NamedTuple):
    """What is still to be branched on; the lowest bound comes first, of equal ones the latest."""

    bound: float
    turn: int
    state: NDArray[np.int8]
    point: NDArray[np.float32]


class Part(NamedTuple):
    """What a search of one part found: the mask, a lower bound, and the work."""

    mask: Masks
    bound: float
    finished: bool
    nodes: int
    sweeps: int


class BranchAndBound:
    """Finds the best mask of a `MaskProblem` and proves it, or ends with the gap that is left.

    Work: "nodes" whose relaxation was solved, the root included, and the "sweeps" of coordinate descent in them.

    Parameters
    ----------
    seconds
        When to give up the proof.
    nodes
        After so many nodes, too.

    Raises
    ------
    InputError
        If seconds is negative, or nodes no whole number of at least 1.
    """

    def __init__(self, seconds: float = 60.0, nodes: int = 10**8) -> None:
        self.seconds, self.nodes = non_negative("seconds", seconds), whole_number("nodes", nodes, 1)

    def solve(self, problem: Any, seed: Seed = None) -> Selection:
        """Return the best mask; ``.gap`` is 0 where it is proven; see `Solver.solve`.

        Raises
        ------
        InputError
            If the loss is not quadratic.
        """
        problem = check_quadratic(problem, "BranchAndBound")
        end = time.monotonic() + self.seconds
        mask, bound = np.zeros(problem.neurons, dtype=np.uint8), problem.constant
        finished, nodes, sweeps = True, 0, 0
        for some in _parts(problem):
            found = _search(problem.linear[some], problem.quadratic[np.ix_(some, some)], end, self.nodes - nodes)
            mask[some] = found.mask
            bound, nodes, sweeps = bound + found.bound, nodes + found.nodes, sweeps + found.sweeps
            finished = finished and found.finished
        work = {"nodes": nodes, "sweeps": sweeps}
        if isinstance(problem, SubsetSumProblem):
            # Its bound is that of c + b.m + m'Gm, which has no digits left where the residual is small.
            finished = finished and float(problem.loss(mask)) > LOST * _rounding(problem.linear, problem.quadratic)
        return select(problem, mask, finished, work, None if finished else bound)


def _parts(problem: MaskProblem) -> list[NDArray[np.int64]]:
    """Return the neurons of each connected part of the graph of pairs."""
    rows, columns = np.nonzero(problem.coefficients.pairs)
    graph = coo_array((np.ones(len(rows)), (rows, columns)), shape=(problem.neurons,) * 2)
    number, part = connected_components(graph.tocsr(), directed=False)
    return [np.flatnonzero(part == one) for one in range(number)]


def _rounding(linear: NDArray[np.float64], quadratic: NDArray[np.float64]) -> float:
    return ROUNDING * float(np.sum(np.abs(linear)) + np.sum(np.abs(quadratic)))


def _search(linear: NDArray[np.float64], quadratic: NDArray[np.float64], end: float, most: int) -> Part:
    """Return the best mask of b.m + m'Gm, searching until an end on the monotonic clock, or for so many nodes."""
    steps: Any = relaxation
    if why_not_compiled() is None:
        from classical.neuron_selection import relaxation_kernels as steps
    neurons = len(linear)
    least = np.linalg.eigvalsh(quadratic)[0] - 1e-13 * np.abs(quadratic).max()
    convex, shifted = quadratic - least * np.eye(neurons), linear + least
    single, pairs = linear + np.diag(quadratic), 2 * (quadratic - np.diag(np.diag(quadratic)))
    margin = _rounding(linear, quadratic)

    best = np.zeros(neurons)
    steps.descend(pairs, single, best)
    steps.tabu(pairs, single, best, WALK * neurons, min(20, neurons // 4))
    lowest = float(single @ best + best @ pairs @ best / 2)

    turns, sweeps, nodes = count(), 0, 0
    heap: list[Node] = []
    pending = [(np.full(neurons, relaxation.FREE, dtype=np.int8), np.full(neurons, 0.5), -np.inf)]
    while True:
        for state, x, known in pending:
            bound, swept = steps.relax(convex, shifted, 0.0, state, x, lowest - margin, SWEEPS)
            nodes, sweeps = nodes + 1, sweeps + swept
            if bound >= lowest - margin:
                continue
            rounded = np.rint(x)
            steps.descend(pairs, single, rounded)
            loss = float(single @ rounded + rounded @ pairs @ rounded / 2)
            if loss < lowest:
                best, lowest = rounded, loss
            heapq.heappush(heap, Node(max(bound, known), -next(turns), state, x.astype(np.float32)))
        while heap and heap[0].bound >= lowest - margin:
            heapq.heappop(heap)
        if not heap or nodes >= most or time.monotonic() > end:
            break
        node = heapq.heappop(heap)
        free = np.flatnonzero(node.state == relaxation.FREE)
        pending = []
        if len(free):
            x = node.point.astype(float)
            neuron = free[np.argmin(np.abs(x[free] - 0.5))]
            pending = [_child(node.state, x, neuron, value, node.bound) for value in (0, 1)]
    bound = min(heap[0].bound, lowest) if heap else lowest
    return Part(best.astype(np.uint8), bound, not heap, nodes, sweeps)


def _child(
    state: NDArray[np.int8], x: NDArray[np.float64], neuron: int, value: int, bound: float
) -> tuple[NDArray[np.int8], NDArray[np.float64], float]:
    state, x = state.copy(), x.copy()
    state[neuron] = x[neuron] = value
    return state, x, bound
