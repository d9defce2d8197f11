"""The graph of tasks: all there are once their needs are counted, those that can run, and those that wait."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from compare.engine.kind import Planned
from compare.engine.record import Record

__all__ = ["Graph"]


@dataclass
class Graph:
    """Tasks and what they need, all by hash.

    Attributes
    ----------
    tasks
        Every task, those that others need first.
    finished
        The record of each that is finished.
    """

    tasks: dict[str, Planned]
    finished: dict[str, Record]
    _blocking: dict[str, set[str]] = field(default_factory=dict)
    _waiting: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, asked: Iterable[Planned], finished: Mapping[str, Record]) -> "Graph":
        """Return the tasks asked for and all that they need.

        Raises
        ------
        ValueError
            If tasks need one another in a circle, or one that is not timed needs one that is: timed tasks run last.
        """
        tasks: dict[str, Planned] = {}
        path: set[str] = set()

        def visit(planned: Planned) -> None:
            if planned.id in tasks:
                return
            if planned.id in path:
                raise ValueError(f"tasks of {planned.kind.name!r} need one another in a circle")
            path.add(planned.id)
            for needed in _needed(planned):
                if needed.kind.timed and not planned.kind.timed:
                    raise ValueError(f"{planned.kind.name!r} needs {needed.kind.name!r}, which is timed and runs last")
                visit(needed)
            path.remove(planned.id)
            tasks[planned.id] = planned

        for planned in asked:
            visit(planned)
        graph = cls(tasks, {task: record for task, record in finished.items() if task in tasks})
        for planned in graph.left():
            blocking = {needed.id for needed in _needed(planned)} - graph.finished.keys()
            graph._blocking[planned.id] = blocking
            for task in blocking:
                graph._waiting.setdefault(task, []).append(planned.id)
        return graph

    def left(self) -> list[Planned]:
        """Return the tasks that are not finished."""
        return [planned for planned in self.tasks.values() if planned.id not in self.finished]

    def ready(self) -> list[Planned]:
        """Return the tasks that are not finished and can run: all they need is there, and they are run here."""
        return [planned for planned in self.left() if self._runs(planned)]

    def finish(self, record: Record) -> list[Planned]:
        """Take a final record in, and return the tasks that can run because of it."""
        task = record.planned.id
        self.finished[task] = record
        freed = []
        for waiting in self._waiting.pop(task, []):
            self._blocking[waiting].discard(task)
            if self._runs(self.tasks[waiting]):
                freed.append(self.tasks[waiting])
        return freed

    def inputs(self, planned: Planned) -> dict[str, list[Record]]:
        """Return the records that a task needs, in lists by name."""
        return {name: [self.finished[needed.id] for needed in tasks] for name, tasks in planned.needs.items()}

    def waiting(self) -> dict[str, list[Planned]]:
        """Return the tasks that cannot run, by what they wait for; see `compare.engine.running.Done`."""
        found: dict[str, list[Planned]] = {}
        for planned in self.left():
            if planned.kind.external:
                external = planned.kind.external
                found.setdefault(external if isinstance(external, str) else "", []).append(planned)
            elif not self._runs(planned):
                missing = [needed for needed in _needed(planned) if not self._has_result(needed)]
                found.setdefault(missing[0].kind.name, []).append(planned)
        return found

    def _runs(self, planned: Planned) -> bool:
        return (
            not planned.kind.external
            and not self._blocking[planned.id]
            and all(self._has_result(needed) for needed in _needed(planned))
        )

    def _has_result(self, planned: Planned) -> bool:
        record = self.finished.get(planned.id)
        return record is not None and record.line.result is not None


def _needed(planned: Planned) -> Sequence[Planned]:
    return [needed for tasks in planned.needs.values() for needed in tasks]
