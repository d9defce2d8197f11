"""One part of the nodes: drawn by a sampler that each process makes once."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any

import numpy as np

from compare.engine import Inputs, Planned, Seeds
from compare.studies.data import given, of_task
from compare.studies.ridgelet.drawing.study import Drawing, Drawn, Part, Settings
from compare.studies.ridgelet.methods import SAMPLERS
from problems.datasets import Dataset
from problems.ridgelet import NodeSampler, RidgeletProblem
from problems.ridgelet.data import load_residues
from problems.ridgelet.sampling import check_room

__all__ = ["draw", "prepare"]

STREAM = ("seed", "dataset", "prime", "features", "method", "part")
"""What the nodes of a part depend on, however many they are."""


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
        problem, _ = _problem(settings, source)
        SAMPLERS[settings.sampler].check(problem)
        check_room(settings.samples, problem.dimension)


def draw(task: Part, seeds: Seeds, inputs: Inputs) -> Drawn:
    """Draw the nodes of one part.

    Raises
    ------
    InputError
        As `prepare` does.
    """
    drawing = Drawing(**{one.name: getattr(task, one.name) for one in fields(Drawing)})
    made = _made(_Source(drawing, of_task(task, inputs)))
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
        made.description,
        len(made.problem.data),
        made.problem.coverage,
    )


@dataclass(frozen=True)
class _Source:
    """A drawing with its data, which are the same wherever the drawing is."""

    drawing: Drawing
    data: str | Dataset = field(compare=False)


@dataclass(frozen=True)
class _Made:
    problem: RidgeletProblem
    sampler: NodeSampler
    seconds: float
    description: str


@lru_cache(maxsize=1)
def _made(source: _Source) -> _Made:
    problem, description = _problem(source.drawing, source.data)
    method = SAMPLERS[source.drawing.method]
    method.check(problem)
    start = time.perf_counter()
    sampler = method.make(problem)
    return _Made(problem, sampler, time.perf_counter() - start, description)


def _problem(of: Settings | Drawing, source: str | Dataset) -> tuple[RidgeletProblem, str]:
    """Return the problem of the training part, and the data in words."""
    data = load_residues(source, of.prime, of.features, of.seed)
    problem = RidgeletProblem.from_samples(data.x_train, data.y_train, of.prime, of.regularization, of.activation)
    return problem, data.description
