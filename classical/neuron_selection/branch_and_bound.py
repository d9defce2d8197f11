"""Branch and bound over a convex relaxation: the best mask of a quadratic loss, with a proof.

As m_i^2 = m_i, the loss is the same with G - lambda 1 and b + lambda for any lambda; with the least eigenvalue of G it
is still convex and its minimum over the box [0, 1]^N, a lower bound, is highest (Hammer and Rubin 1970). `relaxation`
has the bound and what it fixes. The node of the lowest bound is branched on first, so that the gap is known at any
time; its children are one neuron kept and dropped, that of the largest curvature times distance to 0 or 1. Neurons
that are in no pair with one another fall apart into problems of their own.

A subset sum of fewer rows than neurons has a least eigenvalue of zero, and its optimum is where c + b.m + m'Gm has lost
its digits: it is bounded by its residual instead.
"""

import heapq
import time
from collections.abc import Callable
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

ROUNDING = 1e-15
"""Bounds are good to so much of the sum of all terms; a mask better by less is not looked for."""

RESIDUAL = 1e-12
"""Bounds of a residual are good to so much of the lowest loss."""

LOST = 1e3
"""A loss of a subset sum below so many times the rounding is not proven by bounds that are not of its residual."""

SWEEPS = 100
"""Sweeps of the descent at one node, at most."""

DECIDED = 1e-9
"""Added to the distance to 0 or 1, so that among neurons that are there the largest curvature counts."""

HELD, OBJECT = 2**31, 400
"""Bytes of nodes that may wait at once before the search gives up, and those of one beside its 5 N."""

WALK = 200
"""Flips of the walk that finds a first mask, for each neuron."""


class Node(NamedTuple):
    """A node still to be branched on; the lowest bound comes first, of equal ones the latest."""

    bound: float
    turn: int
    state: NDArray[np.int8]
    point: NDArray[np.float32]


class Form(NamedTuple):
    """A loss to be searched: its relaxation, with the loss of one mask in the same units, and what it is made of.

    Attributes
    ----------
    relax
        As `relaxation.relax` from the state on.
    loss
        Of a mask of floats.
    curvature
        The diagonal of the relaxation's matrix, shape (N,): how much it costs to move a neuron.
    pairs, single
        q, symmetric with a diagonal of zeros, and l, for the steps that look for good masks.
    absolute, relative
        Bounds are good to the first plus the second times the lowest loss.
    """

    relax: Callable[[Any, Any, float, int], tuple[float, int]]
    loss: Callable[[Any], float]
    curvature: NDArray[np.float64]
    pairs: NDArray[np.float64]
    single: NDArray[np.float64]
    absolute: float
    relative: float


class Part(NamedTuple):
    """The outcome of a search: the mask, a lower bound, whether the search ended, and the work."""

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
        When to give up the proof; so many nodes that they fill 2 GiB end it, too.
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
        if isinstance(problem, SubsetSumProblem) and problem.rank < problem.neurons:
            found = _search(_of_residual(problem), end, self.nodes)
            work = {"nodes": found.nodes, "sweeps": found.sweeps}
            return select(problem, found.mask, found.finished, work, None if found.finished else found.bound)
        mask, bound = np.zeros(problem.neurons, dtype=np.uint8), problem.constant
        finished, nodes, sweeps, rounding = True, 0, 0, 0.0
        for some in _parts(problem):
            form = _of_quadratic(problem.linear[some], problem.quadratic[np.ix_(some, some)])
            found = _search(form, end, self.nodes - nodes)
            mask[some] = found.mask
            bound, nodes, sweeps = bound + found.bound, nodes + found.nodes, sweeps + found.sweeps
            finished, rounding = finished and found.finished, rounding + form.absolute
        if isinstance(problem, SubsetSumProblem):
            finished = finished and float(problem.loss(mask)) > LOST * rounding
        return select(problem, mask, finished, {"nodes": nodes, "sweeps": sweeps}, None if finished else bound)


def _parts(problem: MaskProblem) -> list[NDArray[np.int64]]:
    """Return the neurons of each connected part of the graph of pairs."""
    rows, columns = np.nonzero(problem.coefficients.pairs)
    graph = coo_array((np.ones(len(rows)), (rows, columns)), shape=(problem.neurons,) * 2)
    number, part = connected_components(graph.tocsr(), directed=False)
    return [np.flatnonzero(part == one) for one in range(number)]


def _steps() -> Any:
    """Return the module of the relaxation's steps, compiled if anything can be."""
    if why_not_compiled() is not None:
        return relaxation
    from classical.neuron_selection import relaxation_kernels

    return relaxation_kernels


def _of_quadratic(linear: NDArray[np.float64], quadratic: NDArray[np.float64]) -> Form:
    """Return the form of b.m + m'Gm."""
    neurons, relax = len(linear), _steps().relax
    least = np.linalg.eigvalsh(quadratic)[0] - 1e-13 * np.abs(quadratic).max()
    convex, shifted = quadratic - least * np.eye(neurons), linear + least
    single, pairs = linear + np.diag(quadratic), 2 * (quadratic - np.diag(np.diag(quadratic)))
    return Form(
        lambda state, x, upper, sweeps: relax(convex, shifted, 0.0, state, x, upper, sweeps),
        lambda mask: float(single @ mask + mask @ pairs @ mask / 2),
        np.diag(convex),
        pairs,
        single,
        ROUNDING * float(np.sum(np.abs(linear)) + np.sum(np.abs(quadratic))),
        0.0,
    )


def _of_residual(problem: SubsetSumProblem) -> Form:
    """Return the form of |w - A m|^2."""
    # Copied, as of rank 1 they would be read-only else, and of two types of arrays all would be compiled twice.
    relax, vectors, target = _steps().relax_residual, np.array(problem.A.T, order="C"), problem.w

    def loss(mask: NDArray[np.float64]) -> float:
        rest = target - mask @ vectors
        return float(rest @ rest)

    _, single, pairs = problem.coefficients
    return Form(
        lambda state, x, upper, sweeps: relax(vectors, target, state, x, upper, sweeps),
        loss,
        np.sum(vectors**2, axis=1),
        pairs + pairs.T,
        single.copy(),
        0.0,
        RESIDUAL,
    )


def _search(form: Form, end: float, most: int) -> Part:
    """Return the best mask, searching until an end on the monotonic clock, or for so many nodes."""
    steps, neurons = _steps(), len(form.single)
    best = np.zeros(neurons)
    steps.descend(form.pairs, form.single, best)
    steps.tabu(form.pairs, form.single, best, WALK * neurons, min(20, neurons // 4))
    lowest = form.loss(best)

    turns, sweeps, nodes = count(), 0, 0
    heap: list[Node] = []
    pending = [(np.full(neurons, relaxation.FREE, dtype=np.int8), np.full(neurons, 0.5), -np.inf)]
    while True:
        for state, x, known in pending:
            upper = lowest - form.absolute - form.relative * abs(lowest)
            bound, swept = form.relax(state, x, upper, SWEEPS)
            nodes, sweeps = nodes + 1, sweeps + swept
            if bound >= upper:
                continue
            rounded = np.rint(x)
            steps.descend(form.pairs, form.single, rounded)
            loss = form.loss(rounded)
            if loss < lowest:
                best, lowest = rounded, loss
            heapq.heappush(heap, Node(max(bound, known), -next(turns), state, x.astype(np.float32)))
        while heap and heap[0].bound >= lowest - form.absolute - form.relative * abs(lowest):
            heapq.heappop(heap)
        if not heap or nodes >= most or time.monotonic() > end or len(heap) > HELD // (5 * neurons + OBJECT):
            break
        node = heapq.heappop(heap)
        free = np.flatnonzero(node.state == relaxation.FREE)
        pending = []
        if len(free):
            x = node.point.astype(float)
            undecided = np.minimum(x[free], 1 - x[free]) + DECIDED
            neuron = free[np.argmax(form.curvature[free] * undecided)]
            pending = [_child(node.state, x, neuron, value, node.bound) for value in (0, 1)]
    bound = min(heap[0].bound, lowest) if heap else lowest
    return Part(best.astype(np.uint8), bound, not heap, nodes, sweeps)


def _child(
    state: NDArray[np.int8], x: NDArray[np.float64], neuron: int, value: int, bound: float
) -> tuple[NDArray[np.int8], NDArray[np.float64], float]:
    state, x = state.copy(), x.copy()
    state[neuron] = x[neuron] = value
    return state, x, bound
