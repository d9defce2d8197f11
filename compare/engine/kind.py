"""Kinds of tasks: what is measured, of which settings, and what that gives."""

import contextlib
import dataclasses
import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from functools import cached_property
from importlib import import_module
from operator import attrgetter
from typing import Any

from compare.engine.fields import declared, typed
from compare.engine.plain import canonical, content_hash, plain
from problems.errors import InputError

__all__ = ["MOST_TASKS", "Kind", "Planned", "at_most", "imported", "spreads"]

MOST_TASKS = 1_000_000
"""Asked for at once."""

_left: ContextVar[list[int] | None] = ContextVar("_left", default=None)
"""How many more tasks may be made here."""


@contextlib.contextmanager
def at_most(tasks: int) -> Iterator[None]:
    """Make so many tasks at most, whatever settings ask for.

    Raises
    ------
    InputError
        As soon as there would be more.
    """
    token = _left.set([tasks])
    try:
        yield
    finally:
        _left.reset(token)


def _take(count: int, kind: str) -> None:
    """Refuse so many more tasks if there is no room for them."""
    left = _left.get() or [MOST_TASKS]
    if count > left[0]:
        raise InputError(f"{kind} would have {count:,} tasks, and {left[0]:,} more are the most; ask for fewer.")


@dataclasses.dataclass(frozen=True)
class Kind:
    """A kind of task.

    Attributes
    ----------
    name
        As records bear it, "risk/cell": written, never taken from a module.
    task
        A frozen dataclass of plain fields: all that the numbers depend on.
    result
        A frozen dataclass. A number that may be not finite is ``float | None``; arrays are `Array`.
    measure
        Called with a task, its `Seeds` and its `Inputs`; returns a result, or raises InputError to refuse. A function
        of a module, or ``"module:function"``, which is imported when a task runs: a report needs none. Of a kind that a
        device measures it returns a `compare.hardware.payload.Ordered` when tasks are submitted.
    version
        Rises when numbers or the result's fields change: records of other versions are passed over.
    needs
        From a task, the tasks whose records it reads, in lists by name; None if there are none.
    timed
        Measures time: runs alone on this machine, after everything else, on `threads` threads.
    external
        Is not run here: its records come from somewhere else. True stands for a device, to which `tickets submit`
        brings its tasks and from which `tickets fetch` brings its records; a text says what else is waited for, and
        what to do.
    threads
        Threads of the numerical libraries while it runs.
    spreads
        From a task, whether it can share its own work out to the workers of a scheduler: it then runs here, with a
        client (`compare.engine.lent`), one such task after the other. None if no task can.
    """

    name: str
    task: type
    result: type
    measure: Callable[..., Any] | str = ""
    version: int = 1
    needs: Callable[[Any], Mapping[str, Sequence["Planned"]]] | str | None = None
    timed: bool = False
    external: bool | str = False
    threads: int = 1
    spreads: Callable[[Any], bool] | str | None = None

    def __call__(self, task: Any) -> "Planned":
        """Return a task of this kind, its settings converted to their types."""
        _take(1, self.name)
        if (left := _left.get()) is not None:
            left[0] -= 1
        return Planned(self, typed(self.task, plain(task)))

    def of(self, settings: Mapping[str, Any]) -> "Planned":
        """Return the task of recorded settings.

        Raises
        ------
        InputError
            If they are none of this kind's.
        """
        return Planned(self, typed(self.task, settings))

    def product(self, settings: Any, **axes: Any) -> list["Planned"]:
        """Return a task for each combination of values.

        Parameters
        ----------
        settings
            A study's settings: a field with `Each` is an axis, and the others are the same for all tasks.
        axes
            Further fields of the task: a sequence is an axis, and varies slower than those of the settings; anything
            else is one value for all.
        """
        fields = {field.name: field for field in dataclasses.fields(self.task)}
        known = {setting.axis: setting for setting in declared(type(settings)).values()}
        values: dict[str, Sequence[Any]] = {}
        for name, given in axes.items():
            one = isinstance(given, str) or not isinstance(given, Sequence | range)
            values[name] = [given] if one else given
        for axis, setting in known.items():
            if axis in fields and axis not in values:
                found = getattr(settings, setting.name)
                values[axis] = found if setting.several else [found]
        for name, field in fields.items():
            if name not in values and field.default is dataclasses.MISSING:
                raise InputError(f"{self.name}: nothing says what {name} is; give it as an axis.")
        _take(math.prod(map(len, values.values())), self.name)
        made = itertools.product(*values.values())
        return [self(self.task(**dict(zip(values, combination, strict=True)))) for combination in made]


@dataclasses.dataclass(frozen=True)
class Planned:
    """A task with its kind."""

    kind: Kind
    task: Any

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The task's fields as plain data."""
        settings: dict[str, Any] = plain(self.task)
        return settings

    @cached_property
    def id(self) -> str:
        """The content hash of kind, version and settings: the same on every machine, readable behind the hash."""
        identity = {"kind": self.kind.name, "version": self.kind.version, "settings": self.settings}
        return content_hash(canonical(identity))

    @cached_property
    def needs(self) -> Mapping[str, Sequence["Planned"]]:
        """The tasks whose records this one reads, in lists by name."""
        return {} if self.kind.needs is None else imported(self.kind.needs)(self.task)


def spreads(planned: Planned) -> bool:
    """Tell whether a task can share its own work out to the workers of a scheduler."""
    return planned.kind.spreads is not None and bool(imported(planned.kind.spreads)(planned.task))


def imported(function: Callable[..., Any] | str) -> Callable[..., Any]:
    """Return a function or class that may be named as ``"module:name"``; dots lead to attributes of attributes."""
    if not isinstance(function, str):
        return function
    module, _, names = function.partition(":")
    found: Callable[..., Any] = attrgetter(names)(import_module(module))
    return found
