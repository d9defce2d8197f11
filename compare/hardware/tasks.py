"""A study's tasks for a device: submitted as a run in the study's folder, and fetched as records of the study.

An external kind's measure says what a device is to run for a task, as an `Ordered`. The run remembers the task that
each job answers. A result's fields are filled by name, from the arrays and numbers that the payload's kind decodes.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from compare.durable import NotWritten
from compare.engine.folder import ASKS, RECORDS, Ledger, opened, read_records
from compare.engine.graph import Graph
from compare.engine.kind import Planned, imported
from compare.engine.record import Record
from compare.engine.running import Plan, begun
from compare.engine.seeds import Seeds
from compare.engine.study import Study
from compare.engine.work import Outcome, Read, outcome_of
from compare.hardware.bill import Bill
from compare.hardware.create import create
from compare.hardware.listing import open_runs, state_of
from compare.hardware.pace import Say
from compare.hardware.payload import Ordered
from compare.hardware.plan import Plan as RunPlan
from compare.hardware.record import Answer, Job
from compare.hardware.run import HardwareRun
from problems.errors import InputError
from problems.showing import so_many

__all__ = ["Orders", "create_for", "find_orders", "keep"]


@dataclass(frozen=True, eq=False)
class Orders:
    """Tasks of a study that are to be submitted.

    Attributes
    ----------
    asked
        The study's settings and tasks.
    tasks, ordered
        The tasks that can be submitted now, and what a device is to run for each.
    told
        In a sentence, why others are not among them; empty if there are none.
    """

    asked: Plan
    tasks: Sequence[Planned]
    ordered: Sequence[Ordered]
    told: str


def find_orders(asked: Plan, folder: Path) -> Orders:
    """Return what a device is to run of what is asked for; nothing is written.

    Parameters
    ----------
    asked
        The study's settings and tasks, from `compare.engine.running.plan`.
    folder
        The study's folder: what is finished there, or submitted and not failed, is left out.

    Raises
    ------
    InputError
        If there is nothing to submit, or the study refuses a task.
    """
    asked.check(folder)
    records = read_records([folder], asked.study.by_name)
    graph = Graph.of(asked.tasks, records.finished)
    known: dict[str, Read | Record] = {
        task.id: Read(task.task, result, {}) for one in asked.attached for task, result in one.records
    }
    known |= {name: one for name, one in graph.finished.items() if one.line.result is not None}
    external = [task for task in graph.tasks.values() if task.kind.external is True]
    left = [task for task in external if task.id not in graph.finished]
    runs = _under_way(folder)
    free = [task for task in left if task.id not in runs]
    ready = [task for task in free if all(one.id in known for needed in task.needs.values() for one in needed)]
    said = [f"{len(external) - len(left):,} finished"] if len(left) < len(external) else []
    said += [
        f"{count:,} submitted ({command})"
        for command, count in Counter(_onward(runs[task.id]) for task in left if task.id in runs).items()
    ]
    if len(ready) < len(free):
        said.append(f"{len(free) - len(ready):,} waiting for others (tickets {asked.study.name} runs them)")
    told = f"Of {so_many(len(external), 'task')} for a device: {', '.join(said)}"
    if not external:
        raise InputError(_none(asked.study))
    if not ready:
        raise InputError(f"{told}; nothing is left to submit.")
    return Orders(asked, ready, [_ordered(task, known) for task in ready], f"{told}." if said else "")


def _onward(run: HardwareRun) -> str:
    """Return the command that goes on with a run: rounds that are not submitted yet come first."""
    missing = run.jobs[-1].round > 0 and any(state_of(run, job) == "missing" for job in run.jobs)
    return run.command("submit --resume" if missing else "fetch")


def _none(study: Study) -> str:
    """Say that nothing is for a device, and how something may be."""
    if any(kind.external is True for kind in study.kinds):
        flags = f"tickets submit --study {study.name} --help says which flag asks for some"
    else:
        flags = "run it as it is (the ridgelet's circuits go by tickets submit without --study)"
    return f"With these settings tickets {study.name} has no tasks for a device; {flags}."


def create_for(
    orders: Orders, plan: RunPlan, folder: Path, say: Say = lambda line: None, bill: Bill | None = None
) -> HardwareRun:
    """Write a run for a study's tasks into its folder, whole, and return it; nothing is submitted.

    Raises
    ------
    NotWritten, InputError
        If it cannot be written, or another command is at work there or has submitted one of the tasks.
    """
    with begun(orders.asked, folder, say):
        runs = _under_way(folder)
        taken = next((runs[task.id].name for task in orders.tasks if task.id in runs), None)
        if taken is not None:
            raise InputError(f"{taken} has tasks of these by now; the same command submits the others.")
        return create(plan, folder, orders.asked.study.name, orders.tasks, bill)


def keep(run: HardwareRun, study: Study) -> int:
    """Append the results that a study's run has on disk as records, and return how many were not there yet.

    Raises
    ------
    NotWritten, InputError
        If they cannot be written, another command is at work in the study's folder, or a result is none of its task.
    """
    folder = run.path.parent
    if not any((folder / name).exists() for name in (RECORDS, ASKS)):
        raise InputError(
            f"{folder} is no folder of tickets {study.name}, and the results of {run.name} belong into one: they are "
            "kept; move the run there, and fetch it again."
        )
    with opened(folder, "and fetch again: what came is kept"):
        finished = read_records([folder], study.by_name).finished
        before = len(finished)
        try:
            with Ledger(folder) as ledger:
                for job in run.jobs:
                    if job.answers is not None and job.answers.task not in finished and run.has_result(job):
                        task = _task(run, job.answers, study)
                        needed = [one.id for others in task.needs.values() for one in others]
                        finished[task.id] = ledger.write(task, _outcome(run, job, task), needed)
        except NotWritten as error:
            raise NotWritten(f"{error}; make room, and fetch again: what came is kept.") from None
    return len(finished) - before


def _under_way(folder: Path) -> dict[str, HardwareRun]:
    """Return a folder's runs by the tasks that they answer, but for jobs that have failed."""
    found: dict[str, HardwareRun] = {}
    for run in (open_runs(folder) if folder.is_dir() else {}).values():
        if isinstance(run, InputError):
            raise run
        for job in run.jobs if run.path.parent == folder else ():
            if job.answers is not None and state_of(run, job) != "failed":
                found[job.answers.task] = run
    return found


def _ordered(task: Planned, known: dict[str, Read | Record]) -> Ordered:
    if not task.kind.measure:
        raise InputError(f"{task.kind.name!r} has no measure that says what a device is to run; give it one.")
    read = {name: [known[one.id] for one in needed] for name, needed in task.needs.items()}
    inputs = {name: [Read.of(one) if isinstance(one, Record) else one for one in some] for name, some in read.items()}
    found = imported(task.kind.measure)(task.task, Seeds(task.task), inputs)
    if not isinstance(found, Ordered):
        raise InputError(f"The measure of {task.kind.name!r} gave a {type(found).__name__}; return an Ordered.")
    return found


def _task(run: HardwareRun, answer: Answer, study: Study) -> Planned:
    kind = study.by_name.get(answer.kind)
    if kind is None or kind.version != answer.version:
        raise InputError(
            f"{run.path} answers {answer.kind!r} version {answer.version}, which tickets {study.name} does not have "
            "now; fetch it with the version of quantum-tickets that submitted it."
        )
    task = kind.of(answer.settings)
    if task.id != answer.task:
        raise InputError(f"{run.path / 'run.json'} was changed: a task has another hash; copy the folder whole again.")
    return task


def _outcome(run: HardwareRun, job: Job, task: Planned) -> Outcome:
    """Return a result as its task's outcome; its machine is also the device."""
    decoded = run.result(job)
    said: dict[str, Any] = {**decoded.arrays, **decoded.numbers}
    kind = task.kind.result
    try:
        result = kind(**{field.name: said[field.name] for field in fields(kind) if field.name in said})
        outcome = outcome_of(task.kind, result)
    except TypeError as error:
        raise InputError(
            f"The results of {job.payload!r} are no {kind.__name__} of {task.kind.name!r} ({error}); name its fields "
            "as the payload's kind names arrays and numbers."
        ) from None
    device = {"backend": run.record.backend, "calibrated": run.record.calibrated, "run": run.tag}
    return replace(outcome, machine=outcome.machine | {"device": device})
