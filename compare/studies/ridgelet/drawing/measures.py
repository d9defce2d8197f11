"""One part of the nodes: drawn by a sampler that each process makes once."""

import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any

import numpy as np

from compare.engine import Inputs, Planned, Seeds
from compare.engine.lent import lent
from compare.progress import time_left
from compare.studies.data import given, of_task
from compare.studies.ridgelet.drawing.study import NODES, Drawn, Part, Settings
from compare.studies.ridgelet.methods import SAMPLERS
from compare.studies.ridgelet.sources import Source, loaded
from compare.studies.ridgelet.spread import sampler_of
from compare.studies.rows import Files, files_among, files_of
from problems.memory import readable_bytes
from problems.ridgelet import NodeSampler, RidgeletProblem
from problems.ridgelet.large import large_problem
from problems.ridgelet.sampling import check_room, room

__all__ = ["LongRun", "draw", "prepare"]

FORECAST = 1_000_000
"""From so many nodes on it is said beforehand what they take."""

TIMED = 1000
"""Nodes that are drawn for that."""

LINE, WRITING = 1000, 0.003
"""Bytes of a part's line, and seconds that writing it takes, about."""

STREAM = ("seed", "dataset", "prime", "features", "method", "part")
"""Fields that the nodes of a part depend on, however many they are."""


class LongRun(UserWarning):
    """The forecast of a run of very many nodes."""


def prepare(settings: Settings, records: Sequence[tuple[Planned, Any]] = ()) -> None:
    """Make the problem and hold it against the sampler, before any heavy work; say what very many nodes take.

    Raises
    ------
    InputError
        If the data set has no such features, the sampler does not take the problem, or the nodes would not fit in
        memory.
    """
    files = files_among(settings.dataset, records)
    source = files or given(settings, records)
    if source is not None:
        _, problem = _problem(settings, source)
        SAMPLERS[settings.sampler].check(problem)
        check_room(settings.samples, problem.dimension)
        if settings.samples >= FORECAST:
            warnings.warn(_forecast(settings, source), LongRun, stacklevel=2)


def _forecast(settings: Settings, source: Any) -> str:
    """Say what the nodes take: the time of a few, drawn once before that everything is compiled."""
    made = _made(_Asked.of(settings, source), settings.sampler, None)
    for _ in range(2):
        start = time.process_time()
        made.problem.density(made.sampler.sample(TIMED, 0))
        seconds = (time.process_time() - start) / TIMED
    n, numbers = settings.samples, made.problem.dimension + 1
    parts = -(-n // NODES)
    disk = n * (numbers * np.min_scalar_type(settings.prime - 1).itemsize + 8) + parts * LINE
    takes = time_left(n * seconds + parts * WRITING)
    return (
        f"{n:,} nodes take about {takes} of one core, {readable_bytes(room(n, numbers - 1))} of memory and "
        f"{readable_bytes(2 * disk)} of disk; each of {parts:,} parts is kept, should you stop, and goes on later."
    )


def draw(task: Part, seeds: Seeds, inputs: Inputs) -> Drawn:
    """Draw the nodes of one part.

    Raises
    ------
    InputError
        As `prepare` does.
    """
    made = _made(_Asked.of(task, files_of(task, inputs) or of_task(task, inputs)), task.method, lent())
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
class _Asked:
    """All that a problem is made of: data by name, as a table or as files, and settings."""

    dataset: str
    prime: int
    features: int | None
    regularization: float
    activation: str | tuple[float, ...]
    seed: int
    data: Any = field(compare=False)

    @classmethod
    def of(cls, task: Any, data: Any) -> "_Asked":
        """Return that of a task, or of settings, by its fields."""
        own: dict[str, Any] = {one.name: getattr(task, one.name) for one in fields(cls) if one.name != "data"}
        return cls(**own, data=data)


@dataclass(frozen=True)
class _Made:
    description: str
    problem: RidgeletProblem
    sampler: NodeSampler
    seconds: float


@lru_cache(maxsize=1)
def _made(asked: _Asked, method: str, client: Any) -> _Made:
    """Make a sampler once a process, and once for each client of a scheduler that is lent."""
    description, problem = _problem(asked, asked.data)
    SAMPLERS[method].check(problem)
    start = time.perf_counter()
    sampler = sampler_of(method, problem)
    return _Made(description, problem, sampler, time.perf_counter() - start)


def _problem(settings: Any, data: Any) -> tuple[str, RidgeletProblem]:
    """Return the data in words, and the problem: of files that are passed over in chunks, or of data in memory."""
    if not isinstance(data, Files):
        residues, problem = loaded(Source.of(settings, data))
        return residues.description, problem
    own = settings.prime, settings.regularization, settings.activation
    return _large(data, *own)


@lru_cache(maxsize=1)
def _large(
    files: Files, prime: int, regularization: float, activation: str | tuple[float, ...]
) -> tuple[str, RidgeletProblem]:
    problem, description = large_problem(files.points, files.labels, prime, regularization, activation, files.memory)
    return description, problem
