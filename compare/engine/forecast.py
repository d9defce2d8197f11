"""A forecast of a command: the tasks that are left, and their time, from records of the same kind and method."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from compare.engine.folder import Records, read_records
from compare.engine.graph import Graph
from compare.engine.kind import Planned
from compare.engine.running import Plan

__all__ = ["Forecast", "forecast"]


@dataclass(frozen=True)
class Forecast:
    """The tasks of one kind and method.

    Attributes
    ----------
    kind, method
        Which; an empty method where tasks of the kind name none.
    left, finished
        How many are to be run, and how many are finished.
    seconds
        How long those left take one after the other, from finished ones of the same kind and method; None if there
        are none, or if they are not run here.
    timed, external
        Whether the kind runs alone, and whether it is not run here.
    """

    kind: str
    method: str
    left: int
    finished: int
    seconds: float | None
    timed: bool
    external: bool


def forecast(planned: Plan, folder: Path) -> list[Forecast]:
    """Return what running would do, by kind and method; nothing is written.

    Raises
    ------
    InputError
        If the folder's records cannot be read.
    """
    records = read_records([folder], planned.study.by_name)
    attached = {task.id for one in planned.attached for task, _ in one.records}
    graph = Graph.of(planned.tasks, records.finished)
    every = {task: one for task, one in graph.tasks.items() if task not in attached}
    left = Counter(_group(one) for task, one in every.items() if task not in graph.finished)
    finished = Counter(_group(one) for task, one in every.items() if task in graph.finished)
    groups = dict.fromkeys(_group(one) for one in every.values())
    kinds = planned.study.by_name
    return [
        Forecast(
            *group,
            left[group],
            finished[group],
            None if kinds[group[0]].external else _seconds(group, left[group], records),
            kinds[group[0]].timed,
            bool(kinds[group[0]].external),
        )
        for group in groups
    ]


def _group(planned: Planned) -> tuple[str, str]:
    return planned.kind.name, str(planned.settings.get("method", ""))


def _seconds(group: tuple[str, str], left: int, records: Records) -> float | None:
    known: Sequence[float] = [
        record.line.seconds for record in records.finished.values() if _group(record.planned) == group
    ]
    if not left:
        return 0.0
    return left * median(known) if known else None
