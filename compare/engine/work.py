"""One task at work, wherever that is: on one thread, and whatever goes wrong in it is part of the outcome."""

import dataclasses
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from compare.checkout import Commit
from compare.engine.kind import Planned, imported
from compare.engine.plain import plain
from compare.engine.provenance import provenance
from compare.engine.record import Record, decode
from compare.engine.seeds import Seeds
from compare.engine.shapes import check_shapes
from problems.compiling import kernels
from problems.errors import InputError, OutOfReach

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

__all__ = ["Inputs", "Job", "Outcome", "Read", "as_recorded", "failure", "outcome_of", "run_job"]


@dataclasses.dataclass(frozen=True)
class Read:
    """A needed record as a measure reads it: `task`, `result`, and single arrays by name."""

    task: Any
    result: Any
    arrays: Mapping[str, np.ndarray]

    def array(self, name: str) -> np.ndarray:
        """Return one array of the result by its field's name."""
        if name in self.arrays:
            return self.arrays[name]
        found: Any = self.result
        for part in name.split("."):
            found = found[int(part)] if isinstance(found, list | tuple) else _part(found, part)
        return np.asarray(found)

    @classmethod
    def of(cls, record: Record) -> "Read":
        """Return a record with all its arrays, to be sent to whoever runs the task that needs it."""
        return cls(record.task, record.result, {name: record.array(name) for name in record.line.arrays})


def _part(value: Any, name: str) -> Any:
    return value[name] if isinstance(value, Mapping) else getattr(value, name)


Inputs = Mapping[str, Sequence[Read]]
"""The records that a task needs, in lists by name."""


@dataclasses.dataclass(frozen=True)
class Job:
    """A task that can run: its inputs are read when it is sent to a worker, not before."""

    planned: Planned
    inputs: Callable[[], Inputs]

    def arguments(self) -> tuple[Any, ...]:
        """Return what `run_job` takes, ready to be sent."""
        return self.planned.kind, self.planned.task, self.inputs()


@dataclasses.dataclass(frozen=True)
class Outcome:
    """The outcome of a task that ran: exactly one of `result`, `refused` and `error`; see `compare.engine.record`."""

    seconds: float
    threads: int
    load: float | None
    finished: str
    versions: dict[str, str]
    machine: dict[str, Any]
    commit: Commit | None
    kernels: str | None
    result: dict[str, Any] | None = None
    arrays: Mapping[str, np.ndarray] = dataclasses.field(default_factory=dict)
    refused: str | None = None
    again: bool = False
    error: str | None = None
    traceback: str = ""


def run_job(kind: Any, task: Any, inputs: Inputs) -> Outcome:
    """Run one task.

    A refusal by the measure is an outcome, and so is any other exception, and a result that a record could not hold.
    """
    said: dict[str, Any] = {}
    start = time.perf_counter()
    try:
        measure = imported(kind.measure)  # before threads are held, as it loads the libraries that have them
        with _threads(kind.threads):
            start = time.perf_counter()
            found = measure(task, Seeds(task), inputs)
        said["result"], said["arrays"] = as_recorded(kind.result, found)
        check_shapes(kind.result, said["result"], task)
    except InputError as refusal:
        said["refused"] = " ".join(str(refusal).split())
        said["again"] = isinstance(refusal, OutOfReach)
    except Exception as error:
        said["error"] = f"{type(error).__name__}: {error}"
        said["traceback"] = traceback.format_exc()
    return _outcome(time.perf_counter() - start, kind.threads, **said)


def as_recorded(kind: type, result: Any) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Return a result as plain data, and its large arrays by name.

    Raises
    ------
    TypeError
        If it is no result of that kind: a task whose record could not be read would run for ever.
    """
    if not isinstance(result, kind):
        raise TypeError(f"the measure returned a {type(result).__name__}, and its kind says {kind.__name__}")
    arrays: dict[str, np.ndarray] = {}
    found = plain(result, arrays)
    try:
        decode(kind, found, None)
    except Exception as error:
        raise TypeError(f"{error}: a number that may be not finite is declared as float | None") from None
    return found, arrays


def outcome_of(kind: Any, result: Any) -> Outcome:
    """Return the outcome of a task that was not run here: what a device measured, what a user's file holds."""
    found, arrays = as_recorded(kind.result, result)
    return _outcome(0.0, 1, result=found, arrays=arrays)


def failure(error: str) -> Outcome:
    """Return the outcome of a task whose worker cannot say what went wrong."""
    return _outcome(0.0, 1, error=error)


def _outcome(seconds: float, threads: int, **said: Any) -> Outcome:
    known = _provenance()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    finished = datetime.now(UTC).isoformat(timespec="seconds")
    origin = known["versions"], known["machine"], known.get("commit")
    return Outcome(seconds, threads, load, finished, *origin, kernels(), **said)


@cache
def _provenance() -> dict[str, Any]:
    return provenance()


@contextmanager
def _threads(count: int) -> Iterator[None]:
    """Hold the numerical libraries and the samplers to so many threads: tasks run side by side, and are compared."""
    known = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = str(count)
    try:
        with _libraries(len(sys.modules)).limit(limits=count):
            yield
    finally:
        if known is None:
            del os.environ["OMP_NUM_THREADS"]
        else:
            os.environ["OMP_NUM_THREADS"] = known


@lru_cache(maxsize=1)
def _libraries(modules: int) -> "ThreadpoolController":
    """Find the libraries that have threads: a millisecond's work, done again only when more modules are imported."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
