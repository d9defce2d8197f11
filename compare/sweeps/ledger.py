"""The records of a sweep: one JSON line a task, appended and never changed, merged by concatenation.

    {"schema": 1, "task": "<hash>", "kind": "scale", "settings": {...}, "result": {...}, "seconds": ..., ...}

A line holds all there is to know of its task. One that cannot be read stays where it is and is passed over.
"""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from compare.checkout import is_commit
from compare.durable import NotWritten, writing
from compare.records import plain
from compare.settings import as_settings, fits
from compare.sweeps.experiments import experiment
from compare.sweeps.record import Record
from compare.sweeps.task import Outcome, Task, task_id
from problems.errors import InputError

__all__ = ["MIGRATIONS", "RECORDS", "SCHEMA", "Ledger", "Records", "read_records"]

RECORDS = "records.jsonl"
"""The file of a sweep's folder."""

SCHEMA = 1
"""Version of a line; older ones are migrated as they are read, or refused, and newer ones refused."""

MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""By version: what makes a line of that version one of the next."""

FIELDS: Mapping[str, type] = {
    "task": str,
    "kind": str,
    "settings": dict,
    "seconds": float,
    "finished": str,
    "versions": dict,
    "machine": dict,
}
"""What a line must have at least."""

NAMED = 5
"""A message names so many lines at most."""


@dataclass
class Records:
    """What was read.

    Attributes
    ----------
    finished
        The first result of each task, by its hash, in the order of the lines.
    failed
        The last failure of each task that has no result.
    damaged
        Lines that cannot be read, as "file, line n (why)".
    """

    finished: dict[str, Record] = field(default_factory=dict)
    failed: dict[str, Record] = field(default_factory=dict)
    damaged: list[str] = field(default_factory=list)

    def damage(self) -> str:
        """Say in one sentence which lines were passed over; empty if none was."""
        if not self.damaged:
            return ""
        more = f" and {len(self.damaged) - NAMED} more" if len(self.damaged) > NAMED else ""
        one = len(self.damaged) == 1
        return (
            f"{'; '.join(self.damaged[:NAMED])}{more}: damaged, kept and skipped; "
            f"{'its task counts' if one else 'their tasks count'} as not run."
        )


def read_records(paths: Iterable[Path]) -> Records:
    """Read the lines of several files as one, as if they were concatenated.

    Raises
    ------
    InputError
        If a file cannot be read, or a line is of a version that is not read.
    """
    found = Records()
    for path in paths:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise InputError(f"{path} cannot be read ({error.strerror}); name a file of records.") from None
        for number, line in enumerate(content.split(b"\n"), 1):
            if not line.strip():
                continue
            where = f"{path}, line {number}"
            try:
                record = _read_line(line, where)
            except _DamagedError as error:
                found.damaged.append(f"{where} ({error})")
                continue
            if record.result is None:
                found.failed[record.task] = record
            else:
                found.finished.setdefault(record.task, record)
    found.failed = {task: record for task, record in found.failed.items() if task not in found.finished}
    return found


class Ledger:
    """The file that one sweep appends to.

    Parameters
    ----------
    path
        The file; made if it does not exist.

    Raises
    ------
    InputError
        If it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with writing(path):
            binary = getattr(os, "O_BINARY", 0)  # for systems whose text has line ends of its own
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | binary, 0o644)
            if os.fstat(self._file).st_size:
                os.lseek(self._file, -1, os.SEEK_END)
                if os.read(self._file, 1) != b"\n":
                    self._append(b"\n")  # a line that was cut off stands for itself

    def write(self, task: Task, outcome: Outcome) -> Record:
        """Append one line, on disk when this returns, and return it as it will be read.

        Raises
        ------
        NotWritten
            If the disk is full or fails.
        """
        record = {"schema": SCHEMA, "task": task.id, "kind": task.kind, "settings": dict(task.settings)} | outcome
        line = json.dumps(record, allow_nan=False) + "\n"
        try:
            with writing(self.path):
                self._append(line.encode())
        except NotWritten as error:
            raise NotWritten(f"{error}; make room, and the same command continues.") from None
        return _record(record)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def _append(self, content: bytes) -> None:
        """Append whole or, if the disk is full, not at all."""
        size = os.fstat(self._file).st_size
        try:
            left = memoryview(content)
            while left:
                left = left[os.write(self._file, left) :]
            os.fsync(self._file)
        except OSError:
            os.ftruncate(self._file, size)
            raise


class _DamagedError(Exception):
    """A line that is no record, and why."""


def _read_line(line: bytes, where: str) -> Record:
    try:
        content = json.loads(line, parse_constant=_refuse_constant)
    except _DamagedError:
        raise
    except RecursionError:
        raise _DamagedError("no record: nested too deeply") from None
    except json.JSONDecodeError as error:
        raise _DamagedError(f"no JSON: {error.msg} at column {error.colno}") from None
    except ValueError:
        raise _DamagedError("no JSON: bytes that are no text") from None
    if not isinstance(content, dict) or type(content.get("schema")) is not int:
        raise _DamagedError("no record: it names no schema")
    while content["schema"] in MIGRATIONS:
        content = MIGRATIONS[content["schema"]](content)
    if content["schema"] != SCHEMA:
        raise InputError(
            f"{where} is of schema {content['schema']}, and this version reads {SCHEMA}; read it with the version of "
            "quantum-tickets that wrote it, or sweep into another folder."
        )
    for name, kind in FIELDS.items():
        if not fits(content.get(name), kind):
            raise _DamagedError(f"no record: {name} is {'missing' if name not in content else 'none'}")
    if not is_commit(content.get("commit")):
        raise _DamagedError("no record: commit is none")
    result, failed = content.get("result"), content.get("error")
    if not (isinstance(result, dict) or (result is None and isinstance(failed, str))):
        raise _DamagedError("no record: it has neither result nor error")
    if content["task"] != task_id(content["kind"], content["settings"]):
        raise _DamagedError("its settings are not those that its task's hash stands for")
    try:
        known = experiment(content["kind"])
        settings: Any = as_settings(known.Settings, content["settings"])
        known.check(settings)
    except InputError as error:
        raise _DamagedError(f"no record: {error}") from None
    if result is not None and "refused" not in result:
        for name, hint in known.RESULT.items():
            if not fits(result.get(name), hint):
                raise _DamagedError(f"no record: the result's {name} is missing or none")
    # In the order of this version, whoever wrote or sorted the line.
    return _record(content | {"settings": plain(asdict(settings))})


def _refuse_constant(name: str) -> None:
    raise _DamagedError(f"no record: it holds {name}")


def _record(content: Mapping[str, Any]) -> Record:
    more = {"result": content.get("result"), "error": content.get("error", ""), "commit": content.get("commit")}
    return Record(**more, **{name: content[name] for name in FIELDS})
