"""How long tasks take, from finished ones of the same kind and method."""

from collections.abc import Iterable, Mapping
from statistics import median

from compare.engine.kind import Planned
from compare.engine.record import Record

__all__ = ["Group", "group_of", "seconds_left", "typical"]

Group = tuple[str, str]
"""A kind and a method; an empty method where tasks of the kind name none."""


def group_of(planned: Planned) -> Group:
    """Return a task's kind and method."""
    return planned.kind.name, str(planned.settings.get("method", ""))


def typical(records: Iterable[Record]) -> Mapping[Group, float]:
    """Return the median of the seconds that tasks of each kind and method took."""
    found: dict[Group, list[float]] = {}
    for record in records:
        found.setdefault(group_of(record.planned), []).append(record.line.seconds)
    return {group: median(seconds) for group, seconds in found.items()}


def seconds_left(tasks: Iterable[Planned], known: Mapping[Group, float], workers: int) -> tuple[float, int]:
    """Return the seconds that tasks take, timed ones one by one, and of how many it is not known."""
    seconds, unknown = 0.0, 0
    for task in tasks:
        each = known.get(group_of(task))
        if each is None:
            unknown += 1
        else:
            seconds += each / (1 if task.kind.timed else workers)
    return seconds, unknown
