"""Plain records of a run: one folder, JSON and npz without pickles, written first and read again.

A run folder holds `run.json` (settings, versions, machine) and, for each finished step, `<key>.json` (the step's
settings, its result and its wall time) and `<key>.npz` (its arrays). A step is written whole or not at all, so an
interrupted run continues with the first step that has no record.
"""

import dataclasses
import hashlib
import json
import math
import os
import platform
import shlex
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar
from zipfile import BadZipFile

import numpy as np
import psutil
from numpy.typing import NDArray

from compare.checkout import commit
from compare.durable import PART, Content, NotWritten, write_file
from problems.errors import InputError

__all__ = ["RunFolder", "Step", "make_folder", "plain", "provenance", "read_run", "settings_id"]

T = TypeVar("T")

SCHEMA = 1
"""Version of the record's layout; a folder of another version is refused, never half read."""

PACKAGES = ("quantum-tickets", "qiskit", "qiskit-aer", "numpy", "numba", "scipy", "scikit-learn", "matplotlib")


@dataclasses.dataclass(frozen=True)
class Step:
    """A finished step: its result as plain data, and its arrays."""

    result: dict[str, Any]
    arrays: dict[str, NDArray]


def provenance() -> dict[str, Any]:
    """Return versions and machine, and the commit where this runs from a checkout, as plain data."""
    known = commit()
    return {
        "versions": _versions(),
        "machine": {
            "system": platform.platform(),
            "processor": platform.processor() or platform.machine(),
            "cores": os.cpu_count(),
            "memory_bytes": psutil.virtual_memory().total,
            "threads": {name: os.environ[name] for name in ("OMP_NUM_THREADS",) if name in os.environ},
        },
    } | ({} if known is None else {"commit": known})


def make_folder(path: Path) -> None:
    """Make a folder, if it is not there.

    Raises
    ------
    InputError
        If it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"The folder {path} cannot be made ({error.strerror}); choose another.") from None


def settings_id(settings: Mapping[str, Any]) -> str:
    """Return a short hash of readable settings: the same settings give the same identity."""
    return hashlib.sha256(_dump(settings).encode()).hexdigest()[:8]


class RunFolder:
    """The folder of one run.

    Parameters
    ----------
    path
        The folder; made if it does not exist.
    kind
        What was run: a study's name, or "sample".
    settings
        The run's settings, plain data. A folder continues only with the settings it was begun with.
    read_only
        Refuse to compute: every step must have its record.

    Raises
    ------
    InputError
        If the path is a file, cannot be written, holds something else, or holds a run with other settings.
    """

    def __init__(self, path: Path, kind: str, settings: Mapping[str, Any], read_only: bool = False) -> None:
        self.path, self.read_only = Path(path), read_only
        self.run = {"schema": SCHEMA, "kind": kind, "settings": plain(settings)}
        make_folder(self.path)
        if (self.path / "run.json").exists():
            known = read_run(self.path)
            if {key: known[key] for key in self.run} != self.run:
                raise InputError(f"{self.path} holds a run with other settings; choose another folder, or remove it.")
            self.run = known
        elif any(not (file.name.startswith(".") and file.suffix == PART) for file in self.path.iterdir()):
            raise InputError(f"{self.path} is not empty and holds no run; choose another folder.")
        else:
            started = {"started": _now(), "command": shlex.join(["tickets", *sys.argv[1:]])}
            self._write("run.json", _dump(self.run | started | provenance()).encode())
            self.run = read_run(self.path)

    @classmethod
    def open(cls, path: Path) -> "RunFolder":
        """Open the folder of an earlier run for reading.

        Raises
        ------
        InputError
            If there is no run.
        """
        run = read_run(Path(path))
        return cls(path, run["kind"], run["settings"], read_only=True)

    def settings_as(self, kind: type[T]) -> T:
        """Return the run's settings as a study's own.

        Raises
        ------
        InputError
            If they are none of this version's.
        """
        try:
            return kind(**self.run["settings"])
        except TypeError:
            raise InputError(
                f"The settings in {self.path / 'run.json'} are none of this version's; run the study again."
            ) from None

    def finished(self, key: str) -> bool:
        """Tell whether a step has its record."""
        return (self.path / f"{key}.json").exists()

    def once(self, key: str, settings: Mapping[str, Any], compute: Callable[[], Step]) -> Step:
        """Return a step's record, computing and writing it only if it is not there yet.

        Parameters
        ----------
        key
            The step's name, a file name without its ending.
        settings
            What the step depends on, plain data.
        compute
            Computes the result and the arrays.

        Raises
        ------
        InputError
            If the record on disk was made with other settings, or there is none and the folder is only read.
        NotWritten
            If the disk is full; what was written before is kept, and the same command goes on.
        """
        if self.finished(key):
            return self._read(key, settings)
        if self.read_only:
            # Right wherever the folder is now, which the command that began it need not be.
            again = shlex.join(["tickets", "again", str(self.path), "--out", str(self.path)])
            raise InputError(
                f"The run in {self.path} is not finished: the step {key!r} has no record. Continue it with: {again}"
            )
        start = time.perf_counter()
        step = compute()
        record = {
            "key": key,
            "settings": settings,
            "result": step.result,
            "seconds": time.perf_counter() - start,
            "finished": _now(),
            "versions": _versions(),
        }
        # The arrays first: the JSON record is the mark that the step is whole.
        self._write_arrays(f"{key}.npz", step.arrays)
        self._write(f"{key}.json", _dump(record).encode())
        # Plain, as a resumed run reads it, so that both see the same data.
        return Step(plain(step.result), step.arrays)

    def remove(self, key: str) -> None:
        """Remove a step's record, if there is one: the mark that it is whole first."""
        if not self.read_only:
            for ending in ("json", "npz"):
                (self.path / f"{key}.{ending}").unlink(missing_ok=True)

    def _read(self, key: str, settings: Mapping[str, Any]) -> Step:
        try:
            record = json.loads((self.path / f"{key}.json").read_text(encoding="utf-8"))
            known, result = record["settings"], record["result"]
            with (self.path / f"{key}.npz").open("rb") as file:
                arrays = dict(np.load(file, allow_pickle=False))
        except (OSError, ValueError, LookupError, TypeError, EOFError, BadZipFile) as error:
            raise InputError(
                f"The record of the step {key!r} in {self.path} is damaged ({error}); remove {key}.json, and the step "
                "is computed again."
            ) from None
        if known != plain(settings):
            raise InputError(f"{self.path / key}.json was made with other settings; choose another folder.")
        return Step(result, arrays)

    def _write_arrays(self, name: str, arrays: Mapping[str, NDArray]) -> None:
        self._write(name, lambda file: np.savez_compressed(file, allow_pickle=False, **arrays))

    def _write(self, name: str, content: Content) -> None:
        try:
            write_file(self.path / name, content)
        except NotWritten as error:
            raise NotWritten(f"{error}; make room, and the same command continues.") from None


def read_run(path: Path) -> dict[str, Any]:
    """Read a folder's `run.json`.

    Raises
    ------
    InputError
        If there is none, it is damaged, or it has another schema version.
    """
    try:
        run = json.loads((path / "run.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(
            f"{path} holds no run (there is no run.json in it); name a folder that `tickets` wrote."
        ) from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path / 'run.json'} cannot be read ({error}); choose another folder.") from None
    if not (isinstance(run, dict) and {"schema", "kind", "settings", "command"} <= run.keys()):
        raise InputError(f"{path / 'run.json'} is no record of a run; choose another folder.")
    if run["schema"] != SCHEMA:
        raise InputError(
            f"{path} has records of schema {run.get('schema')}, this version reads {SCHEMA}; run it again."
        )
    return run


def _versions() -> dict[str, str]:
    return {"python": platform.python_version()} | {name: metadata.version(name) for name in PACKAGES}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _dump(value: Any) -> str:
    return json.dumps(plain(value), indent=1, sort_keys=True, allow_nan=False) + "\n"


def plain(value: Any) -> Any:
    """Turn dataclasses, NumPy values and paths into what JSON has; infinities become None."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return plain({field.name: getattr(value, field.name) for field in dataclasses.fields(value)})
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return str(value) if isinstance(value, Path) else value
