"""How the runs of studies below a folder stand: what was asked for, and how much of it is finished."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from compare.engine.ask import Ask, newest
from compare.engine.folder import ARRAYS, ASKS, RECORDS
from problems.errors import InputError
from problems.reading import read_file

__all__ = ["standing", "study_folders"]


class _Line(msgspec.Struct):
    """As much of a record as says whether its task is finished; reports read all of it."""

    task: str
    error: str | None = None
    again: bool = False


def study_folders(out: Path) -> list[Path]:
    """Return the folders of studies: `out`, and those one and two below it.

    Raises
    ------
    InputError
        If a folder cannot be read.
    """
    try:
        return [path for path in (out, *_below(out)) if (path / ASKS).is_dir()]
    except OSError as error:
        raise InputError(f"{out} cannot be read ({error.strerror}); name the folder of your runs with --out.") from None


def _below(out: Path) -> Iterator[Path]:
    for path in sorted(out.iterdir()) if out.is_dir() else ():
        if path.is_dir() and not path.name.startswith("."):
            yield path
            yield from sorted(inner for inner in path.iterdir() if inner.is_dir() and inner.name not in (ASKS, ARRAYS))


def standing(folder: Path) -> dict[str, Any]:
    """Return how a study's folder stands, as plain data.

    Returns
    -------
    dict
        `study`, `status` ("begun", "partly done", "done", "failed" where tasks are left and some have failed, or
        "unreadable" with a `reason`), `tasks` asked for last, `done` and `failed` of them, and when that was `started`.
    """
    try:
        ask = newest(folder)
        finished, failed = _tasks(folder)
    except InputError as error:
        nothing = dict.fromkeys(("study", "tasks", "done", "failed", "started"))
        return {"status": "unreadable", "reason": str(error), **nothing}
    done, wrong = len(finished & set(ask.tasks)), len(failed & set(ask.tasks))
    return {
        "study": ask.study,
        "status": _status(ask, done, wrong),
        "tasks": len(ask.tasks),
        "done": done,
        "failed": wrong,
        "started": ask.started,
    }


def _tasks(folder: Path) -> tuple[set[str], set[str]]:
    """Return the tasks that are finished, and those that failed and were not finished since."""
    path = folder / RECORDS
    if not path.exists():
        return set(), set()
    try:
        text = read_file(path)
    except OSError as error:
        raise InputError(
            f"{path} cannot be read ({error.strerror}); name the folder of your runs with --out."
        ) from None
    read = msgspec.json.Decoder(_Line).decode
    finished, failed = set[str](), set[str]()
    for line in text.splitlines():
        try:
            known = read(line)
        except (msgspec.MsgspecError, ValueError):  # a line that was cut short: reports say which
            continue
        (failed if known.error is not None or known.again else finished).add(known.task)
    return finished, failed - finished


def _status(ask: Ask, done: int, failed: int) -> str:
    if done == len(ask.tasks):
        return "done"
    if failed:
        return "failed"
    return "partly done" if done else "begun"
