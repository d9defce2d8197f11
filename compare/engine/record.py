"""Records: one JSON line a task, with all there is to know of it; read by types, never by membership.

    {"schema": 2, "kind": "risk/cell", "version": 1, "task": "<hash>", "settings": {...}, "result": {...}, ...}

A line has exactly one of ``result``, ``refused`` and ``error``. Errors run again, and so do refusals of this machine as
it was (``again``: too little memory, a missing extra); the rest is final.
"""

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec
import numpy as np

from compare.checkout import Commit
from compare.engine.kind import Kind, Planned
from compare.engine.plain import Array, Moment, canonical, content_hash, from_inline, from_npy, read_json
from compare.engine.shapes import check_numbers, check_shapes
from problems.errors import InputError
from problems.reading import read_file

__all__ = ["SCHEMA", "DamagedError", "Line", "Record", "decode", "encode", "load_array", "parse", "record_of", "sealed"]

SCHEMA = 2
"""Version of a line's layout; others are refused."""


class DamagedError(Exception):
    """A line that is no record, and why."""


@dataclasses.dataclass(frozen=True)
class Line:
    """A record as it stands on its line; see `Record` for what the parts mean."""

    schema: int
    kind: str
    version: int
    task: str
    settings: dict[str, Any]
    seconds: Annotated[float, msgspec.Meta(ge=0)]
    alone: bool
    threads: Annotated[int, msgspec.Meta(ge=0)]
    load: Annotated[float, msgspec.Meta(ge=0)] | None
    finished: Moment
    versions: dict[str, str]
    machine: dict[str, str | int | dict[str, str | None] | None]
    digest: str
    result: dict[str, Any] | None = None
    refused: str | None = None
    error: str | None = None
    again: bool = False
    traceback: str = ""
    commit: Commit | None = None
    kernels: str | None = None
    inputs: list[str] = dataclasses.field(default_factory=list)
    arrays: dict[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Record:
    """The record of one task that ran.

    Attributes
    ----------
    planned
        Its kind and settings.
    line
        All that its line says.
    folder
        Where its arrays are files, ``<digest>.npy``.
    checked
        The result with empty arrays in place of those that are files; see `result`.
    """

    planned: Planned
    line: Line
    folder: Path
    checked: Any = dataclasses.field(default=None, repr=False, compare=False)

    @property
    def task(self) -> Any:
        """The task."""
        return self.planned.task

    @property
    def result(self) -> Any:
        """The measured result, its arrays loaded; None if there is no result."""
        if self.line.result is None or not self.line.arrays:
            return self.checked
        return decode(self.planned.kind.result, self.line.result, lambda described: self.array(described["file"]))

    def array(self, name: str) -> np.ndarray:
        """Return one array of the result by its field's name, "a" or "risks.uniform".

        Raises
        ------
        InputError
            If its file was changed or is gone.
        """
        described: Any = self.line.result
        for part in name.split("."):
            described = described[int(part) if isinstance(described, list) else part]
        if name in self.line.arrays:
            array = load_array(self.folder, self.line.arrays[name], described)
            try:
                check_numbers(self.planned.kind.result, name, array, self.task)
            except ValueError as error:
                digest = self.line.arrays[name]
                raise InputError(
                    f"{self.folder / digest}.npy is not what its task measured ({error}); remove its task's line."
                ) from None
            return array
        return from_inline(described)

    @property
    def final(self) -> bool:
        """Whether the task is finished: its result stands, or it was refused for good."""
        return self.line.error is None and not self.line.again


def load_array(folder: Path, digest: str, described: Mapping[str, Any]) -> np.ndarray:
    """Read an array's file, and hold it against its digest and what its record says of it.

    Raises
    ------
    InputError
        If it cannot be read, or holds something else.
    """
    path = folder / f"{digest}.npy"
    try:
        content = read_file(path)
    except OSError as error:
        raise InputError(
            f"{path} cannot be read ({error.strerror}); remove its task's line, and it runs again."
        ) from None
    if content_hash(content, len(digest)) != digest:
        raise InputError(f"{path} was changed or damaged: remove it, and its task runs again.")
    try:
        return from_npy(content, described)
    except ValueError as error:
        raise InputError(f"{path} is not the array that its task measured ({error}); remove its task's line.") from None


def encode(line: Line) -> bytes:
    """Return a record as the bytes of its line, without a line end."""
    return canonical(vars(line)).encode()


def sealed(content: Mapping[str, Any]) -> str:
    """Return the digest of a line: the hash of everything in it but the digest itself."""
    return content_hash(canonical({name: value for name, value in content.items() if name != "digest"}))


def parse(text: bytes, where: str) -> Line:
    """Read one line.

    Raises
    ------
    DamagedError
        If it is no record, or was changed.
    InputError
        If it is of another schema.
    """
    try:
        content = read_json(text)
    except ValueError as error:
        raise DamagedError(str(error)) from None
    if not isinstance(content, dict) or type(content.get("schema")) is not int:
        raise DamagedError("no record: it names no schema")
    if content["schema"] != SCHEMA:
        raise InputError(
            f"{where} is of schema {content['schema']}, and this version reads {SCHEMA}; no version has been released, "
            "so there is no migration: remove the file, or run into another folder with --out."
        )
    if content.get("digest") != sealed(content):
        raise DamagedError("it was changed: its digest is another")
    try:
        line = msgspec.convert(content, Line)
    except (msgspec.ValidationError, RecursionError) as error:
        raise DamagedError(f"no record: {error}") from None
    if sum(part is not None for part in (line.result, line.refused, line.error)) != 1:
        raise DamagedError("no record: it has not exactly one of result, refused and error")
    return line


def record_of(kind: Kind, line: Line, folder: Path) -> Record:
    """Return a line as a record of its kind, its settings and result checked against their types.

    Raises
    ------
    DamagedError
        If they are none of this kind's.
    """
    try:
        planned = kind.of(line.settings)
    except InputError as error:
        raise DamagedError(f"no record: {error}") from None
    if planned.id != line.task:
        raise DamagedError("its settings are not those that its task's hash stands for")
    if line.result is None:
        return Record(planned, line, folder)
    found = decode(kind.result, line.result, None)
    try:
        check_shapes(kind.result, line.result, planned.task)
        _check_files(line)
        for name, value in vars(found).items():
            if isinstance(value, np.ndarray):  # of files there is nothing yet
                check_numbers(kind.result, name, value, planned.task)
    except (ValueError, LookupError, TypeError) as error:
        raise DamagedError(f"no record: {error}") from None
    return Record(planned, line, folder, found)


def _check_files(line: Line) -> None:
    """Refuse arrays' files that no field of the result stands for, and fields whose file is not named."""
    named = set[str]()

    def look(value: Any) -> None:
        if isinstance(value, dict) and isinstance(value.get("file"), str) and "shape" in value:
            named.add(value["file"])
        for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            look(part)

    look(line.result)
    if named != set(line.arrays):
        raise ValueError("its arrays are not those that its result names")


def decode(kind: type, result: Mapping[str, Any], load: Callable[[Mapping[str, Any]], np.ndarray] | None) -> Any:
    """Return a result of its type; arrays of files are empty where nothing loads them."""

    def hook(wanted: type, value: Any) -> Any:
        if wanted is not Array:
            raise NotImplementedError(wanted)
        if not isinstance(value, dict):
            raise ValueError(f"{value!r:.80} is no array")
        if "file" in value:
            return np.empty(0) if load is None else load(value)
        return from_inline(value)

    try:
        return msgspec.convert(result, kind, dec_hook=hook)
    except (msgspec.ValidationError, ValueError, TypeError, LookupError, OverflowError, RecursionError) as error:
        raise DamagedError(f"no record: the result is none of {kind.__name__} ({error})") from None
