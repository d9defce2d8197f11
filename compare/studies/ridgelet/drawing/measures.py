"""One part of the nodes: drawn by a sampler that each process makes once."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from compare.engine import Inputs, Planned, Seeds
from compare.studies.data import given, of_task
from compare.studies.ridgelet.drawing.study import Drawn, Part, Settings
from compare.studies.ridgelet.methods import SAMPLERS
from compare.studies.ridgelet.sources import Source, loaded
from problems.ridgelet import NodeSampler, RidgeletProblem
from problems.ridgelet.data import Residues
from problems.ridgelet.sampling import check_room

__all__ = ["draw", "prepare"]

STREAM = ("seed", "dataset", "prime", "features", "method", "part")
"""Fields that the nodes of a part depend on, however many they are."""


def prepare(settings: Settings, records: Sequence[tuple[Planned, Any]] = ()) -> None:
    """Make the problem and hold it against the sampler, before any heavy work.

    Raises
    ------
    InputError
        If the data set has no such features, the sampler does not take the problem, or the nodes would not fit in
        memory.
    """
    source = given(settings, records)
    if source is not None:
        _, problem = loaded(Source.of(settings, source))
        SAMPLERS[settings.sampler].check(problem)
        check_room(settings.samples, problem.dimension)


def draw(task: Part, seeds: Seeds, inputs: Inputs) -> Drawn:
    """Draw the nodes of one part.

    Raises
    ------
    InputError
        As `prepare` does.
    """
    made = _made(Source.of(task, of_task(task, inputs)), task.method)
    start = time.perf_counter()
    nodes = made.sampler.sample(task.nodes, seeds("nodes", by=STREAM))
    seconds = (time.perf_counter() - start) / task.nodes
    smallest = np.min_scalar_type(task.prime - 1)
    return Drawn(
        nodes.a.astype(smallest),
        nodes.b.astype(smallest),
        made.problem.density(nodes),
        made.seconds,
        seconds,
        made.data.description,
        len(made.problem.data),
        made.problem.coverage,
    )


@dataclass(frozen=True)
class _Made:
    data: Residues
    problem: RidgeletProblem
    sampler: NodeSampler
    seconds: float


@lru_cache(maxsize=1)
def _made(source: Source, method: str) -> _Made:
    data, problem = loaded(source)
    SAMPLERS[method].check(problem)
    start = time.perf_counter()
    sampler = SAMPLERS[method].make(problem)
    return _Made(data, problem, sampler, time.perf_counter() - start)
