"""A study's folder: records appended one line at a time, arrays as files beside them, and what was asked for.

runs/risk/records.jsonl   one line a task, appended and never changed; files are merged by concatenation
runs/risk/arrays/         large arrays, named by their content
runs/risk/asks/           what was asked for: study, settings, tasks; a report is of one ask
"""

import contextlib
import os
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from compare.durable import PART, alone, make_folder, write_file, writing
from compare.engine.kind import Kind, Planned
from compare.engine.plain import content_hash, npy_bytes
from compare.engine.record import SCHEMA, DamagedError, Line, Record, encode, parse, record_of, sealed
from compare.engine.work import Outcome
from problems.errors import InputError
from problems.reading import read_file

__all__ = ["ARRAYS", "ASKS", "LARGEST_ARRAYS", "RECORDS", "Ledger", "Records", "opened", "read_records"]

RECORDS, ARRAYS, ASKS, LOCK = "records.jsonl", "arrays", "asks", ".lock"
"""The parts of a folder."""

LARGEST_ARRAYS = 64 * 2**20
"""Bytes of all arrays of one task, at most."""

DIGEST = 32
"""Hexadecimal digits of an array's name."""

HARMLESS = (PART, ".yaml", ".yml", ".log")
"""Endings of files that a folder may hold before it is a study's: a grid, a log, what a killed command left."""

ELSEWHERE = "or choose another folder with --out and join both with tickets merge"

UTF_8, UTF_16 = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
"""Marks with which some programs begin text."""

BEGINNING = b'{"again":'
"""How every line begins: its keys are sorted."""

NAMED = 5
"""A message names so many lines at most."""


@dataclass
class Records:
    """The content of a folder, as it was read.

    Attributes
    ----------
    finished
        The first final record of each task, by its hash, in the order of the lines.
    failed
        The last record of each task that has no final one.
    passed
        How many lines are of other kinds, or of another version, by kind and version.
    damaged
        Lines that cannot be read, as "file, line n (why)".
    """

    finished: dict[str, Record] = field(default_factory=dict)
    failed: dict[str, Record] = field(default_factory=dict)
    passed: dict[tuple[str, int], int] = field(default_factory=dict)
    damaged: list[str] = field(default_factory=list)

    def add(self, record: Record) -> None:
        """Take one more record in."""
        task = record.planned.id
        if record.final:
            self.finished.setdefault(task, record)
            self.failed.pop(task, None)
        elif task not in self.finished:
            self.failed[task] = record

    def damage(self) -> str:
        """Say in one sentence which lines were passed over; empty if none was."""
        if not self.damaged:
            return ""
        more = f" and {len(self.damaged) - NAMED} more" if len(self.damaged) > NAMED else ""
        its = "its task counts" if len(self.damaged) == 1 else "their tasks count"
        return f"{'; '.join(self.damaged[:NAMED])}{more}: damaged, kept and skipped; {its} as not run."

    def older(self, kinds: Mapping[str, Kind]) -> str:
        """Say in one sentence how many records are of another version of these kinds; empty if none is."""
        found = {key: count for key, count in self.passed.items() if key[0] in kinds}
        if not found:
            return ""
        said = ", ".join(f"{count:,} of {name!r} version {version}" for (name, version), count in found.items())
        return f"Records of another version are passed over, and their tasks run again: {said}."


def read_records(paths: Iterable[Path], kinds: Mapping[str, Kind]) -> Records:
    """Read the lines of several folders and files as one, as if they were concatenated.

    Parameters
    ----------
    paths
        Studies' folders, and files of records with their arrays beside them. A folder in which no task is finished
        yet, or which is not made yet, has no lines.
    kinds
        What is read, by name; lines of other kinds are counted and passed over.

    Raises
    ------
    InputError
        If a file cannot be read, or a line is of another schema.
    """
    found = Records()
    for place in paths:
        path = place if place.suffix == ".jsonl" and not place.is_dir() else place / RECORDS
        if path != place and not path.exists():
            continue
        try:
            content = read_file(path)
        except OSError as error:
            raise InputError(f"{path} cannot be read ({error.strerror}); name a file of records.") from None
        if content.startswith(UTF_16):
            raise InputError(
                f"{path} is text in UTF-16, as some shells write it, and records are UTF-8: join folders with tickets "
                "merge instead."
            )
        arrays = path.parent / ARRAYS
        there = set(os.listdir(arrays)) if arrays.is_dir() else set()
        for number, text in enumerate(content.removeprefix(UTF_8).split(b"\n"), 1):
            if not text.strip():
                continue
            where = f"{path}, line {number}"
            try:
                _read_line(found, text, where, kinds, arrays, there)
            except DamagedError as error:
                found.damaged.append(f"{where} ({error})")
                # A line that was cut off takes the beginning of the next one along where files are concatenated.
                for piece in text.split(BEGINNING)[1:]:
                    with contextlib.suppress(DamagedError):
                        _read_line(found, BEGINNING + piece, where, kinds, arrays, there)
    return found


def _read_line(
    found: Records, text: bytes, where: str, kinds: Mapping[str, Kind], arrays: Path, there: Container[str]
) -> None:
    """Take one line in; raises DamagedError if it is none, or a file of its arrays is not there."""
    line = parse(text, where)
    kind = kinds.get(line.kind)
    if kind is None or kind.version != line.version:
        key = (line.kind, line.version)
        found.passed[key] = found.passed.get(key, 0) + 1
    elif all(f"{digest}.npy" in there for digest in line.arrays.values()):
        found.add(record_of(kind, line, arrays))
    else:
        raise DamagedError("a file of its arrays is missing")


@contextlib.contextmanager
def opened(path: Path, otherwise: str = ELSEWHERE) -> Iterator[None]:
    """Make a study's folder, or open an earlier one, and be the only command that writes there.

    Parameters
    ----------
    path
        The folder.
    otherwise
        What else than waiting helps, if another command is at work in it.

    Raises
    ------
    InputError
        If the folder cannot be used, holds something else, or another command is at work in it.
    """
    make_folder(path)
    if (path / "run.json").exists() or (path / "sweep.json").exists():
        raise InputError(
            f"{path} holds a run of an earlier version; none has been released, so it is not read: remove it, or "
            "choose another folder with --out."
        )
    ours = any((path / name).exists() for name in (RECORDS, ASKS, LOCK))
    if not ours and any(file.suffix not in HARMLESS for file in path.iterdir()):
        raise InputError(f"{path} is not empty and holds no records; choose another folder with --out.")
    busy = InputError(f"Another command writes in {path} now; wait until it ends, {otherwise}.")
    with alone(path / LOCK, busy):
        yield


class Ledger:
    """The file of records that one command appends to.

    Parameters
    ----------
    folder
        The study's folder.

    Raises
    ------
    InputError
        If it cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.path, self._arrays = folder / RECORDS, folder / ARRAYS
        with writing(self.path):
            binary = getattr(os, "O_BINARY", 0)  # for systems whose text has line ends of its own
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | binary, 0o644)
            if os.fstat(self._file).st_size:
                os.lseek(self._file, -1, os.SEEK_END)
                if os.read(self._file, 1) != b"\n":
                    self._append(b"\n")  # a line that was cut off stands for itself

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(self, *exception: object) -> None:
        os.close(self._file)

    def write(self, planned: Planned, outcome: Outcome, inputs: Iterable[str] = (), alone: bool = False) -> Record:
        """Append one line, on disk with its arrays when this returns, and return it as it will be read.

        Parameters
        ----------
        planned
            The task.
        outcome
            What is known of it.
        inputs
            The tasks and arrays that it read.
        alone
            Whether it ran with nothing of this command beside it.

        Raises
        ------
        NotWritten
            If the disk is full or fails.
        """
        size = sum(array.nbytes for array in outcome.arrays.values())
        if size > LARGEST_ARRAYS:
            reason = f"its arrays have {size:,} bytes, and {LARGEST_ARRAYS:,} are the most; split the task."
            outcome = replace(outcome, result=None, arrays={}, error=reason)
        digests = {name: self._store(array) for name, array in outcome.arrays.items()}
        said = {name: value for name, value in vars(outcome).items() if name != "arrays"}
        line = Line(
            SCHEMA, planned.kind.name, planned.kind.version, planned.id, planned.settings,
            alone=alone, inputs=list(inputs), arrays=digests, digest="", **said,
        )  # fmt: skip
        line = replace(line, digest=sealed(vars(line)))
        with writing(self.path):
            self._append(encode(line) + b"\n")
        return record_of(planned.kind, line, self._arrays)

    def _store(self, array: np.ndarray[Any, Any]) -> str:
        """Write an array's file, unless one of the same content is there."""
        content = npy_bytes(array)
        digest = content_hash(content, DIGEST)
        path = self._arrays / f"{digest}.npy"
        with writing(path):
            self._arrays.mkdir(exist_ok=True)
        if not path.exists():
            write_file(path, content)
        return digest

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
