"""Problems described, solved, timed, and walked by branch and bound."""

import math
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compare.engine import Inputs, Planned, Seeds
from compare.statistics import RecordedEstimate, clock, mean_seconds, over_rounds
from compare.statistics.clocks import PROCESSOR
from compare.studies.neuron_selection.families import FAMILIES, SOLVERS
from compare.studies.neuron_selection.records import Described, Instance, Solve, Solved, Timed, Tree
from compare.studies.neuron_selection.study import Settings
from problems.errors import InputError, choose
from problems.neuron_selection import TicketProblem, ticket_problem
from quantum.names import snapshot_names

__all__ = ["describe", "made", "prepare", "solve", "time_solver", "walk"]

REPEATS = 4
"""Timed rounds of a solver; the first one warms up, and is never the slowest."""

NODES = 100_000
"""Nodes after which branch and bound gives up a gadget."""

DRAWN = ("seed", "problem", "neurons", "method")
"""Fields that a solver's own random numbers depend on."""


def made(task: Instance) -> Any:
    """Return the problem of an instance."""
    return FAMILIES[task.problem].make(task)


def prepare(settings: Settings, records: Sequence[tuple[Planned, Any]] = ()) -> None:
    """Refuse solvers whose extra is not installed, and devices of which there is no snapshot.

    Raises
    ------
    InputError
        If there is one.
    """
    if "ticket" in settings.problems:
        choose("device", settings.device, dict.fromkeys(snapshot_names()))
    for name in settings.methods:
        if not SOLVERS[name].installed:
            raise InputError(
                f"method = {name!r} needs dwave-samplers, which is not installed; install it by pip install "
                "'quantum-tickets[annealing]', or leave it out."
            )


def solve(task: Solve, seeds: Seeds, inputs: Inputs) -> Solved:
    """Choose a mask by one solver.

    Raises
    ------
    InputError
        If the solver does not take the problem.
    """
    problem = made(task)
    solver = SOLVERS[task.method].make()
    _warm(task.method)
    start = time.perf_counter()
    found = solver.solve(problem, seeds("solver", by=(*DRAWN, "draw")))
    seconds = time.perf_counter() - start
    return Solved(
        tuple(found.mask.tolist()),
        found.loss,
        found.gap if math.isfinite(found.gap) else None,
        found.proven,
        int(found.mask.sum()),
        {name: int(count) for name, count in found.work.items()},
        problem.accuracy(found.mask),
        seconds,
    )


def describe(task: Instance, seeds: Seeds, inputs: Inputs) -> Described:
    """Say what a problem's masks are worth, and what trained networks of its size are."""
    from classical.neuron_selection.peers import PEERS

    problem = made(task)
    best = np.array(inputs["best"][0].result.mask, dtype=np.uint8)
    nothing, everything = (np.full(problem.neurons, value, dtype=np.uint8) for value in (0, 1))
    none, whole, lowest = problem.loss(np.stack([nothing, everything, best])).tolist()
    trained = pruned = squares = None
    if isinstance(problem, TicketProblem) and best.any():
        trained, pruned, squares = (PEERS[name](problem, best).accuracy for name in ("trained", "pruned", "refitted"))
    return Described(
        problem.neurons,
        none,
        whole,
        lowest,
        int(best.sum()),
        problem.accuracy(everything),
        problem.accuracy(best),
        trained,
        pruned,
        squares,
    )


def time_solver(task: Solve, seeds: Seeds, inputs: Inputs) -> Timed:
    """Time one solver on one problem, compiling apart."""
    problem = made(task)
    solver = SOLVERS[task.method].make()
    _warm(task.method)

    def once() -> NDArray[np.float64]:
        start = clock()
        solver.solve(problem, seeds("solver", by=DRAWN))
        return clock() - start

    rounds = np.array([[mean_seconds(once)[PROCESSOR]] for _ in range(REPEATS)])
    return Timed(RecordedEstimate.of(over_rounds(rounds)))


def walk(task: Instance, seeds: Seeds, inputs: Inputs) -> Tree:
    """Walk the tree of branch and bound, and say what a quantum walk of it would take."""
    from classical.neuron_selection import BranchAndBound
    from quantum.neuron_selection import branch_and_bound_queries

    problem = made(task)
    _warm("branch-and-bound")
    start = time.perf_counter()
    found = BranchAndBound(nodes=NODES).solve(problem)
    seconds = time.perf_counter() - start
    nodes = found.work["nodes"]
    queries = branch_and_bound_queries(nodes, min(nodes, problem.neurons))
    return Tree(nodes, found.proven, queries.least, queries.proof, queries.search, seconds)


def _warm(method: str) -> None:
    """Compile what a solver compiles, on the smallest problem there is."""
    if method in ("branch-and-bound", "gray-code"):
        SOLVERS[method].make().solve(ticket_problem(2, 0))
