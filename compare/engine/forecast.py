"""A forecast of a command: the tasks that are left, and their time, from records of the same kind and method."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from compare.engine.durations import group_of, typical
from compare.engine.folder import read_records
from compare.engine.graph import Graph
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
    left = Counter(group_of(one) for task, one in every.items() if task not in graph.finished)
    finished = Counter(group_of(one) for task, one in every.items() if task in graph.finished)
    groups = dict.fromkeys(group_of(one) for one in every.values())
    kinds, known = planned.study.by_name, typical(records.finished.values())
    return [
        Forecast(
            *group,
            left[group],
            finished[group],
            None if kinds[group[0]].external else 0.0 if not left[group] else _times(left[group], known.get(group)),
            kinds[group[0]].timed,
            bool(kinds[group[0]].external),
        )
        for group in groups
    ]


def _times(count: int, seconds: float | None) -> float | None:
    return None if seconds is None else count * seconds
