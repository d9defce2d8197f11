"""A study from beginning to end: which tasks are left, who runs them, and their records, one after the other."""

import contextlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compare.durable import NotWritten
from compare.engine.ask import Ask, ask_id, write_ask
from compare.engine.cluster import Cluster
from compare.engine.durations import seconds_left, typical
from compare.engine.folder import ASKS, Ledger, Records, opened, read_records
from compare.engine.graph import Graph
from compare.engine.here import Here, importable
from compare.engine.kind import MOST_TASKS, Kind, Planned
from compare.engine.processes import Processes
from compare.engine.record import Record
from compare.engine.runs import Runs
from compare.engine.study import Attached, Study
from compare.engine.work import Job, Read, outcome_of
from compare.engine.workers import Workers
from compare.progress import Track, silent, time_left

__all__ = ["Done", "Plan", "begun", "execute", "plan"]


LONG = 60.0
"""Seconds from which on it is said beforehand what a run takes."""


@dataclass(frozen=True)
class Plan:
    """A checked request to a study, before anything is written.

    Attributes
    ----------
    study
        The study.
    attached
        Its settings, one for each part of a grid, with a user's own files.
    tasks
        The tasks of all parts, each once.
    """

    study: Study
    attached: Sequence[Attached]
    tasks: Sequence[Planned]

    @property
    def settings(self) -> list[Any]:
        """The settings of each part."""
        return [one.settings for one in self.attached]

    def check(self, folder: Path) -> None:
        """Refuse what a look at the data refuses, unless the same was asked for in the folder before."""
        ids = [planned.id for planned in self.tasks]
        if not (folder / ASKS / f"{ask_id(self.study.name, self.settings, ids)}.json").exists():
            for one in self.attached:
                self.study.checked(one)

    def ask(self, folder: Path) -> Ask:
        """Write into a folder what is asked for."""
        labels = {name: label for one in self.attached for name, label in one.labels.items()}
        tasks = [planned.id for planned in self.tasks]
        return write_ask(folder, self.study.name, self.settings, tasks, self.study.shown(self.tasks), labels)


@dataclass(frozen=True)
class Done:
    """The outcome of a run.

    Attributes
    ----------
    before
        Tasks that were finished before it began.
    now
        Tasks that it finished.
    failed
        Tasks without a result, each with its record.
    waiting
        Tasks that wait, by the kind of what they wait for, or what else in words; for a device under an empty name.
    runs
        The records of what was asked for.
    """

    before: int
    now: int
    failed: Sequence[Record]
    waiting: Mapping[str, Sequence[Planned]]
    runs: Runs


def plan(study: Study, parts: Sequence[Any], most: int = MOST_TASKS) -> Plan:
    """Return what settings ask for.

    Parameters
    ----------
    study
        The study.
    parts
        Its settings, one for each part of a grid.
    most
        So many tasks there may be.

    Raises
    ------
    InputError
        If the study refuses them, or there are more tasks.
    """
    attached = [study.attached(settings) for settings in parts]
    return Plan(study, attached, list(study.made((one.settings for one in attached), most).values()))


@contextlib.contextmanager
def begun(planned: Plan, folder: Path, tell: Callable[[str], object]) -> Iterator[tuple[Ask, Ledger, Records]]:
    """Hold a study's folder, with what is asked for and a user's own files written into it.

    Raises
    ------
    InputError
        If the folder cannot be used, or another command is at work in it.
    """
    with opened(folder):
        records = read_records([folder], planned.study.by_name)
        for sentence in (records.damage(), records.older(planned.study.by_name)):
            if sentence:
                tell(sentence)
        ask = planned.ask(folder)
        with Ledger(folder) as ledger:
            for task, result in (record for one in planned.attached for record in one.records):
                if task.id not in records.finished:
                    records.add(ledger.write(task, outcome_of(task.kind, result)))
            yield ask, ledger, records


def execute(
    planned: Plan,
    folder: Path,
    workers: int = 1,
    scheduler: str | None = None,
    track: Track = silent,
    tell: Callable[[str], object] = lambda sentence: None,
) -> Done:
    """Run the tasks that have no record in a folder yet, and write each record as soon as it is known.

    Untimed tasks come first, side by side; timed ones after them, one by one on this machine.

    Parameters
    ----------
    planned
        What is asked for.
    folder
        The study's folder.
    workers
        Tasks at the same time on this machine, if there is no scheduler.
    scheduler
        Address of a dask scheduler, whose workers run the tasks that are not timed.
    track
        Shows progress.
    tell
        Called with what the user should know and nothing else shows, a sentence each.

    Raises
    ------
    InputError
        If the study refuses the data, or the folder or the scheduler cannot be used.
    Unfinished
        If the disk is full, or nobody is left to run tasks.
    """
    try:
        return _execute(planned, folder, workers, scheduler, track, tell)
    except NotWritten as error:
        raise NotWritten(f"{error}; make room, and the same command continues.") from None


def _execute(
    planned: Plan, folder: Path, workers: int, scheduler: str | None, track: Track, tell: Callable[[str], object]
) -> Done:
    study = planned.study
    planned.check(folder)
    preload = _modules(study.kinds)
    # The scheduler first: if none answers, nothing is made.
    with (
        _workers(study, workers, scheduler, preload, tell) as side_by_side,
        begun(planned, folder, tell) as (ask, ledger, records),
    ):
        graph = Graph.of(planned.tasks, records.finished)
        before, failed = len(graph.finished), dict[str, Record]()
        if sentence := _expected(graph, records, None if scheduler else workers):
            tell(sentence)
        crew = _Crew(graph, ledger, track, failed)
        untimed = [task for task in graph.ready() if not task.kind.timed]
        if untimed:
            crew.run(untimed, side_by_side, alone=False)
        timed = [task for task in graph.ready() if task.kind.timed]
        if timed:
            one_by_one = Processes(1, preload, ahead=0) if _all_importable(study) else Here()
            crew.run(timed, one_by_one, alone=True)
        now = len(graph.finished) - before
        for record in failed.values():
            records.add(record)
        records.finished.update(graph.finished)
        return Done(before, now, list(failed.values()), graph.waiting(), Runs(study, [ask], records, folder))


def _expected(graph: Graph, records: Records, workers: int | None) -> str:
    """Say what a long run takes, as far as finished tasks say; empty if it is short, or nothing is known.

    How many tasks a cluster runs at a time changes while it works, so that without a number of workers the sum is told.
    """
    left = [task for task in graph.left() if not task.kind.external]
    seconds, unknown = seconds_left(left, typical(records.finished.values()), workers or 1)
    if seconds < LONG:
        return ""
    tasks = "1 task is left, which takes" if len(left) == 1 else f"{len(left):,} tasks are left, which take"
    at_a_time = f"with {workers} at a time" if workers else "one after the other"
    more = f", and {unknown:,} of which it is not known" if unknown else ""
    return f"{tasks} about {time_left(seconds)} {at_a_time}{more}."


@dataclass
class _Crew:
    """Runs jobs and writes down what becomes of them."""

    graph: Graph
    ledger: Ledger
    track: Track
    failed: dict[str, Record]

    def run(self, tasks: Sequence[Planned], workers: Workers, alone: bool) -> None:
        queue = deque(self._job(task) for task in tasks)
        left = [task for task in self.graph.left() if task.kind.timed == alone and not task.kind.external]
        title = "Timed, one by one" if alone else "Tasks"
        before = len(self.graph.tasks) - len(self.graph.left())
        advance = self.track(f"{title} ({before:,} were finished)" if before else title, len(left))
        for task, outcome in workers.run(queue):
            needed = [other.id for others in task.needs.values() for other in others]
            record = self.ledger.write(task, outcome, needed, alone)
            advance(_words(task))
            if record.final:
                queue.extend(self._job(one) for one in self.graph.finish(record) if one.kind.timed == alone)
            else:
                self.failed[task.id] = record

    def _job(self, task: Planned) -> Job:
        def inputs() -> dict[str, list[Read]]:
            return {name: [Read.of(one) for one in found] for name, found in self.graph.inputs(task).items()}

        return Job(task, inputs)


def _words(task: Planned) -> str:
    values = [value for value in task.settings.values() if isinstance(value, str | int | float)]
    return ", ".join(str(value) for value in values)


def _modules(kinds: Sequence[Kind]) -> list[str]:
    """Return the modules in which the kinds' tasks are measured."""
    found = [
        kind.measure.partition(":")[0] if isinstance(kind.measure, str) else kind.measure.__module__
        for kind in kinds
        if kind.measure and not kind.external
    ]
    return [module for module in dict.fromkeys(found) if module != "__main__"]


def _all_importable(study: Study) -> bool:
    return all(importable(kind) for kind in study.kinds)


@contextlib.contextmanager
def _workers(
    study: Study, count: int, scheduler: str | None, preload: Sequence[str], tell: Callable[[str], object]
) -> Iterator[Workers]:
    if not _all_importable(study):
        if count > 1 or scheduler is not None:
            tell("The study is defined in a program or a notebook, so its tasks run in this process, one by one.")
        yield Here()
        return
    if scheduler is None:
        with Processes(count, preload) as processes:
            yield processes
        return
    with Cluster(scheduler) as cluster:
        if cluster.workers == 0:
            tell(f"The scheduler at {scheduler} has no workers yet; tasks wait for them.")
        yield cluster
