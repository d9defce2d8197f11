"""A study run from the command line or from Python: planned, run with progress, reported."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compare.engine.grid import settings_of
from compare.engine.kind import imported
from compare.engine.study import Study
from compare.unfinished import Unfinished
from problems.errors import InputError, whole_number
from problems.showing import so_many

if TYPE_CHECKING:
    from compare.engine.running import Done, Plan
    from compare.engine.runs import Runs

__all__ = ["folder_of", "run_command", "run_planned", "run_study"]

RUNS = Path("runs")
"""Where folders are, below the current one."""

MOST_WORKERS = 1024
"""Processes of one command."""


def folder_of(study: Study, out: Path | None) -> Path:
    """Return a study's folder: `out`, or its own below runs/."""
    return RUNS / study.name if out is None else Path(out)


def run_study(
    study: Study,
    settings: Mapping[str, Any],
    out: Path | None = None,
    workers: int = 1,
    scheduler: str | None = None,
    progress: bool = True,
    preset: str | None = None,
) -> "Runs":
    """Run a study from Python; see `compare.run`."""
    made = settings_of(study, settings, preset=preset)
    from rich.console import Console

    from compare.engine.running import execute, plan
    from compare.progress import progress_bars, silent

    planned = plan(study, made)
    folder, count = folder_of(study, out), _workers(workers)
    if not progress:
        done = execute(planned, folder, count, scheduler, silent, _tell)
    else:
        with progress_bars(Console(file=sys.stderr)) as track:
            done = execute(planned, folder, count, scheduler, track, _tell)
    for sentence in shortfalls(done, study):
        _tell(sentence)
    if study.after is not None and not done.runs.missing:
        imported(study.after)(done.runs, lambda sentence: None)
    return done.runs


def run_command(
    study: Study,
    given: Mapping[str, Any],
    grid: Path | None,
    workers: int,
    scheduler: str | None,
    dry_run: bool,
    as_json: bool,
    out: Path | None,
    preset: str | None = None,
) -> None:
    """Run a study as a command, print its report and write the page; or only say what would run.

    Raises
    ------
    InputError
        If a flag, the data, the folder or the scheduler is refused.
    Unfinished
        If tasks failed or wait.
    """
    if as_json and not dry_run:
        raise InputError("--json goes with --dry-run; of a finished run tickets report RUN --json prints the tables.")
    _workers(workers)
    settings = settings_of(study, given, grid, preset)  # refuses before it is imported what runs
    from compare.engine.running import plan

    planned = plan(study, settings)
    folder = folder_of(study, out)
    if dry_run:
        if folder.exists() and not folder.is_dir():
            raise InputError(f"--out {folder} is a file; name a folder.")
        (_print_forecast if as_json else _say_forecast)(planned, folder, 1 if scheduler else workers)
    else:
        run_planned(planned, folder, workers, scheduler)


def run_planned(planned: "Plan", folder: Path, workers: int = 1, scheduler: str | None = None) -> None:
    """Run what is planned in a folder, print the report and write its page; see `run_command`."""
    from compare.engine.running import execute
    from compare.progress import progress_bars
    from compare.terminal import console, show

    study = planned.study
    with progress_bars(console) as track:
        done = execute(planned, folder, workers, scheduler, track, _tell)
    earlier = f", {done.before:,} were finished before" if done.before else ""
    tasks = "task" if done.now == 1 else "tasks"
    console.print(f"{done.now:,} {tasks} run{earlier}: {folder / 'records.jsonl'}", soft_wrap=True, markup=False)
    if study.after is not None and not done.runs.missing:
        imported(study.after)(
            done.runs, lambda line: console.print(line, soft_wrap=True, markup=False, highlight=False)
        )
    if refused := done.runs.all_refused:
        every = (
            f"All {len(refused):,} tasks were refused, the first" if len(refused) > 1 else "The only task was refused"
        )
        raise InputError(f"{every} because: {refused[0].line.refused}")
    if any(record.line.result is not None for record in done.runs.records.finished.values()):
        show(done.runs.made(), folder)
    short = shortfalls(done, study)
    if short:
        raise Unfinished(" ".join(short))


def shortfalls(done: "Done", study: Study) -> list[str]:
    """Say which tasks have no result: those that failed, and those that wait."""
    said = []
    if done.failed:
        first = done.failed[0]
        reason = first.line.error or first.line.refused
        said.append(
            f"{len(done.failed):,} of {so_many(done.runs.asked, 'task')} failed, the first ({first.planned.id}) "
            f"because: "
            f"{reason} The same command tries them again."
        )
    for cause, tasks in done.waiting.items():
        names = ", ".join(dict.fromkeys(task.kind.name for task in tasks))
        many, wait = so_many(len(tasks), "task"), "waits" if len(tasks) == 1 else "wait"
        if not tasks[0].kind.external:
            said.append(f"{many} ({names}) {wait} for {cause!r}, which has no result.")
        elif cause:
            said.append(f"{many} ({names}) {wait} for {cause}.")
        else:
            said.append(
                f"{many} ({names}) {wait} for a device: tickets submit --study {study.name} with the same "
                "flags, then tickets fetch."
            )
    return said


def _print_forecast(planned: "Plan", folder: Path, workers: int) -> None:
    from compare.engine.forecast import forecast

    found = forecast(planned, folder)
    known = [one.seconds / (1 if one.timed else workers) for one in found if one.seconds is not None]
    said = {
        "study": planned.study.name,
        "folder": str(folder),
        "left": sum(one.left for one in found),
        "finished": sum(one.finished for one in found),
        "seconds": sum(known),
        "not_known": sum(one.left for one in found if one.seconds is None),
        "kinds": [vars(one) for one in found],
    }
    print(json.dumps(said, indent=1))


def _say_forecast(planned: "Plan", folder: Path, workers: int) -> None:
    from compare.engine.forecast import forecast
    from compare.progress import time_left
    from compare.report import Table
    from compare.report.terminal import for_terminal
    from compare.terminal import console

    found = forecast(planned, folder)
    rows, known, unknown = [], 0.0, 0
    for one in found:
        how = "on a device" if one.external else "one by one" if one.timed else "side by side"
        seconds = "not known" if one.seconds is None else time_left(one.seconds)
        if one.seconds is None:
            unknown += one.left
        else:
            known += one.seconds / (1 if one.timed else workers)
        rows.append([f"{one.kind} {one.method}".strip(), f"{one.left:,}", f"{one.finished:,}", how, seconds])
    note = "Seconds are those of finished tasks of the same kind and method in this folder, one after the other."
    columns = ["kind and method", "left", "finished", "runs", "takes"]
    console.print(for_terminal(Table(f"What tickets {planned.study.name} would run in {folder}", columns, rows, note)))
    left = sum(one.left for one in found)
    takes = [f"{time_left(known)} with {workers} at a time"] if known or not unknown else []
    takes += [f"how long {unknown:,} take is not known"] if unknown else []
    are = f"{so_many(left, 'task')} {'is' if left == 1 else 'are'} left"
    console.print(f"{are}; {', and '.join(takes)}. Nothing was run.", soft_wrap=True, markup=False)


def _workers(workers: int) -> int:
    """Return how many tasks run at a time, or refuse it."""
    if whole_number("workers", workers, 1) > MOST_WORKERS:
        raise InputError(f"workers = {workers:,} are more than one machine has; give at most {MOST_WORKERS:,}.")
    return int(workers)


def _tell(sentence: str) -> None:
    print(f"tickets: {sentence}", file=sys.stderr)
