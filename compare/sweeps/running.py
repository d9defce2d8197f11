"""A sweep from beginning to end: which tasks are left, who runs them, and their records, one after the other."""

import contextlib
import json
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from compare.durable import alone, write_file
from compare.progress import Track, silent
from compare.records import make_folder
from compare.sweeps.ledger import RECORDS, SCHEMA, Ledger, read_records
from compare.sweeps.record import Record
from compare.sweeps.task import Task
from compare.sweeps.workers import Workers
from problems.errors import InputError

__all__ = ["SWEEP", "Swept", "open_folder", "run_tasks"]

SWEEP, LOCK = "sweep.json", ".lock"
"""What was asked for last, and the file that the sweep at work holds."""


@dataclass(frozen=True)
class Swept:
    """What a sweep came to.

    Attributes
    ----------
    before
        Tasks of this sweep that were finished before it began.
    now
        Tasks that it finished.
    failed
        Tasks that have no result, with the reason of each.
    """

    before: int
    now: int
    failed: tuple[Record, ...]


@contextlib.contextmanager
def open_folder(path: Path) -> Iterator[None]:
    """Make a sweep's folder, or open an earlier one, and be the only sweep that writes there.

    Raises
    ------
    InputError
        If the folder cannot be used, holds a run of another command, or another sweep is at work in it.
    """
    make_folder(path)
    if (path / "run.json").exists():
        raise InputError(f"{path} holds a run of another command; choose another folder.")
    busy = InputError(
        f"Another sweep writes in {path} now; wait until it ends, or choose another folder and join the records of "
        "both with cat."
    )
    with alone(path / LOCK, busy):
        yield


def run_tasks(
    tasks: Sequence[Task],
    path: Path,
    workers: Workers,
    track: Track = silent,
    tell: Callable[[str], object] = lambda sentence: None,
) -> Swept:
    """Run the tasks that have no result in a folder yet, and write the record of each as soon as it is known.

    Parameters
    ----------
    tasks
        At least one, all of one kind.
    path
        The folder, opened by `open_folder`.
    workers
        Who runs them.
    track
        Shows progress.
    tell
        Called with what the user should know and nothing else shows, a sentence each.

    Raises
    ------
    InputError
        If the folder holds a sweep of another kind, or records of a version that is not read.
    Unfinished
        If the disk is full, or nobody is left to run tasks.
    """
    records = path / RECORDS
    known = read_records([records] if records.exists() else [])
    kind = tasks[0].kind
    others = {record.kind for record in (*known.finished.values(), *known.failed.values())} - {kind}
    if others:
        raise InputError(f"{path} holds a sweep of the kind {min(others)!r}, not {kind!r}; choose another folder.")
    if known.damaged:
        tell(known.damage())
    asked = {task.id: task for task in tasks}
    left = [task for task in asked.values() if task.id not in known.finished]
    before, failed = len(asked) - len(left), []
    _describe(path, kind, list(asked))
    with contextlib.closing(Ledger(records)) as ledger:
        advance = track(f"Tasks ({before:,} of {len(asked):,} were finished)" if before else "Tasks", len(left))
        for task, outcome in workers.run(left) if left else ():
            record = ledger.write(task, outcome)
            if record.result is None:
                failed.append(record)
            advance(", ".join(str(value) for value in task.settings.values()))
    return Swept(before, len(left) - len(failed), tuple(failed))


def _started(path: Path) -> str | None:
    """Return when an earlier sweep in the folder began; None if there was none."""
    try:
        started = json.loads((path / SWEEP).read_text(encoding="utf-8"))["started"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None
    return started if isinstance(started, str) else None


def _describe(path: Path, kind: str, asked: Sequence[str]) -> None:
    """Write what was asked for, so that a report can say what is missing."""
    content = {
        "schema": SCHEMA,
        "kind": kind,
        "command": shlex.join(["tickets", *sys.argv[1:]]),
        "started": _started(path) or datetime.now(UTC).isoformat(timespec="seconds"),
        "tasks": asked,
    }
    write_file(path / SWEEP, (json.dumps(content, indent=1) + "\n").encode())
