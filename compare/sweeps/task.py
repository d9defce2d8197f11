"""One task of a sweep: readable settings, their content hash, and how it is run, wherever that is."""

import hashlib
import json
import os
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import Any

from threadpoolctl import threadpool_limits

from compare.records import plain, provenance
from compare.sweeps.experiments import experiment
from problems.errors import InputError, choose

__all__ = ["Outcome", "Task", "failure", "run_task", "task_id"]

DIGITS = 16
"""Hexadecimal digits of a task's hash: 64 bits tell millions of tasks apart."""

Outcome = dict[str, Any]
"""What is known of a task that ran: `result` or `error`, `seconds`, `finished`, `versions`, `machine`."""


def task_id(kind: str, settings: Mapping[str, Any]) -> str:
    """Return the content hash of a task: of its kind and its settings, as JSON with sorted keys and no spaces."""
    text = json.dumps({"kind": kind, "settings": plain(settings)}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


@dataclass(frozen=True)
class Task:
    """One point of a grid.

    Attributes
    ----------
    kind
        A name in `compare.sweeps.experiments.EXPERIMENTS`.
    settings
        Every setting of that kind, plain data.
    """

    kind: str
    settings: Mapping[str, Any]

    @classmethod
    def of(cls, kind: str, settings: Mapping[str, Any]) -> "Task":
        """Make a task, after its settings are checked; what is left out is the kind's default.

        Raises
        ------
        InputError
            If a setting is unknown or out of range, or there is no such kind.
        """
        known = experiment(kind)
        names = {field.name: field for field in fields(known.Settings)}
        for name in settings:
            choose("setting", name, names)
        complete = known.Settings(**settings)
        known.check(complete)
        return cls(kind, plain(asdict(complete)))

    @cached_property
    def id(self) -> str:
        """The content hash: the same settings have the same one on every machine and in every version."""
        return task_id(self.kind, self.settings)


def run_task(kind: str, settings: Mapping[str, Any]) -> Outcome:
    """Run one task on one thread; whatever goes wrong in it is part of the outcome.

    A refusal by the experiment is a result, ``{"refused": why}``; any other exception is an `error`.
    """
    known = experiment(kind)
    with _one_thread():
        start = time.perf_counter()
        try:
            outcome: Outcome = {"result": plain(known.measure(known.Settings(**settings)))}
        except InputError as refusal:
            outcome = {"result": {"refused": " ".join(str(refusal).split())}}
        except Exception as error:
            outcome = {"error": f"{type(error).__name__}: {error}", "traceback": traceback.format_exc()}
        return outcome | _circumstances(time.perf_counter() - start)


def failure(error: str) -> Outcome:
    """Return the outcome of a task whose worker cannot say what went wrong."""
    return {"error": error} | _circumstances(0.0)


def _circumstances(seconds: float) -> Outcome:
    return {"seconds": seconds, "finished": datetime.now(UTC).isoformat(timespec="seconds")} | _provenance()


@cache
def _provenance() -> dict[str, Any]:
    return provenance()


@contextmanager
def _one_thread() -> Iterator[None]:
    """Hold the libraries and the samplers to one thread: tasks run side by side, and their times are compared."""
    known = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = "1"
    try:
        with threadpool_limits(1):
            yield
    finally:
        if known is None:
            del os.environ["OMP_NUM_THREADS"]
        else:
            os.environ["OMP_NUM_THREADS"] = known
