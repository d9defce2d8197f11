"""Measuring what nodes are worth: of simulated circuits, the dequantized sampler and uniform ones, held alike."""

from typing import Any

import numpy as np

from compare.distributions import fidelity
from compare.engine import Seeds
from compare.studies.ridgelet.crossover.quality import CIRCUIT, Drawing, Worth
from compare.studies.ridgelet.drawn import drawn_problem
from compare.studies.ridgelet.methods import SAMPLERS
from problems.ridgelet import Nodes, RidgeletProblem, SparseNetwork

__all__ = ["hold_nodes"]

MOST_NETWORKS = 10
"""Disjoint networks of a size at most."""

RIDGE = 1e-4
"""Penalty of the output weights' fit."""


def hold_nodes(task: Drawing, seeds: Seeds, inputs: Any = None) -> Worth:
    """Draw nodes of one side, hold them against p*, and fit networks of them.

    The circuit is simulated exactly, as a matrix product state; its loader is ideal, so that nothing but the law of its
    nodes is in question.
    """
    problem = drawn_problem(task.prime, task.dimension, task.points, task.draw, task.seed)
    method = SAMPLERS[_method(task)]
    method.check(problem)
    nodes = method.make(problem).sample(task.samples, seeds("nodes", by=("seed", "draw", "side")))
    networks = min(MOST_NETWORKS, task.samples // max(task.sizes))
    risks = [float(np.mean([_risk(problem, nodes[start : start + size]) for start in _starts(task, networks)]))
             for size in task.sizes]  # fmt: skip
    return Worth(fidelity(problem, nodes), tuple(risks), networks)


def _method(task: Drawing) -> str:
    if task.side != CIRCUIT:
        return task.side
    return "circuit_mps" if task.encoding == "binary" else f"circuit_mps_{task.encoding}"


def _starts(task: Drawing, networks: int) -> range:
    block = max(task.sizes)
    return range(0, networks * block, block)


def _risk(problem: RidgeletProblem, nodes: Nodes) -> float:
    """Return the risk of a network on the problem's own points, over the variance of their targets."""
    targets = problem.labels
    network = SparseNetwork.fit(problem, nodes, problem.points, targets, RIDGE)
    return network.risk(problem.points, targets) / float(np.sum(np.var(targets, axis=0)))
