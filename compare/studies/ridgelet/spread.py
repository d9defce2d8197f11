"""Samplers that draw on the workers of a scheduler, where one is there and points lie in files."""

from typing import Any

from compare.engine.lent import lent
from compare.studies.ridgelet.methods import METHODS, OPTIMIZED
from problems.ridgelet import NodeSampler, RidgeletProblem
from problems.ridgelet.chunks import ChunkedPoints

__all__ = ["sampler_of", "spreads"]


def spreads(task: Any) -> bool:
    """Tell whether a task's nodes can be drawn on the workers of a scheduler."""
    from problems.names import is_rows_identity

    return is_rows_identity(task.dataset) and task.method == OPTIMIZED


def sampler_of(name: str, problem: RidgeletProblem) -> NodeSampler:
    """Make a sampler by the name of its method, on the workers of a scheduler where it can be; nodes are the same.

    Raises
    ------
    InputError
        If the workers cannot sum, or do not see the files.
    """
    client = lent()
    if client is None or name != OPTIMIZED or not isinstance(problem.data, ChunkedPoints):
        made: NodeSampler = METHODS[name].make(problem)
        return made
    from classical.ridgelet import ClusterSampler

    return ClusterSampler(problem, client)
