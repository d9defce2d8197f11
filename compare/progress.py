"""Progress of long work: bars on a terminal and in a notebook, a line now and then in a log."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

__all__ = ["Advance", "Track", "progress_bars", "silent", "time_left"]

Advance = Callable[[str], None]
"""Called with what was just done."""

Track = Callable[[str, int], Advance]
"""Called with a title and a number of steps; returns how to advance."""

PERIOD = 30.0
"""Seconds between two lines of a log at least: short work says nothing, and long steps a line each."""

SILENCE = 60.0
"""Seconds after which a log says that work goes on, though no step has ended."""


def silent(title: str, steps: int) -> Advance:
    """Show nothing."""
    return lambda done: None


@contextmanager
def progress_bars(console: Console) -> Iterator[Track]:
    """Show one bar for each tracked piece of work on `console`; where nobody watches, a line a step or a minute."""
    if not (console.is_terminal or console.is_jupyter):
        with _Log(lambda line: console.print(line, soft_wrap=True, markup=False, highlight=False)) as log:
            yield log.track
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    left = (TextColumn("left:"), TimeRemainingColumn())
    done_last = TextColumn("[dim]{task.fields[done]}")
    # The time left is foretold from the last hour: steps may take many minutes each.
    with Progress(*columns, *left, done_last, console=console, speed_estimate_period=3600.0) as bars:

        def track(title: str, steps: int) -> Advance:
            task = bars.add_task(title, total=steps, done="")
            return lambda done: bars.update(task, advance=1, done=done)

        yield track


class _Log:
    """Writes lines about one piece of work after the other, from a thread of its own while a step goes on."""

    def __init__(self, say: Callable[[str], object], period: float = PERIOD, silence: float = SILENCE) -> None:
        self._say, self._period, self._silence = say, period, silence
        self._title, self._steps, self._count = "Preparing", 1, 0
        self._begun = self._said = time.monotonic()
        self._lock, self._ended = threading.Lock(), threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True, name="progress")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._ended.set()
        self._thread.join()

    def track(self, title: str, steps: int) -> Advance:
        """Begin with a piece of work; the one before has ended."""
        with self._lock:
            self._title, self._steps, self._count = title, steps, 0
            self._begun = self._said = time.monotonic()
        return self._advance

    def _advance(self, done: str) -> None:
        with self._lock:
            self._count += 1
            if time.monotonic() - self._said >= self._period:
                self._line(f" ({done})")

    def _watch(self) -> None:
        first = True
        while not self._ended.wait(min(self._period, self._silence / 4)):
            with self._lock:
                # Once soon, so that it is seen to live; then after each silence.
                soon = first and self._title != "Preparing"
                waited = time.monotonic() - self._said
                if self._count < self._steps and waited >= (self._period if soon else self._silence):
                    with contextlib.suppress(OSError, ValueError):  # nobody reads any more: the work says so itself
                        self._line("")
                    first = False

    def _line(self, done: str) -> None:
        self._said = time.monotonic()
        passed = self._said - self._begun
        left = f"{time_left(passed / self._count * (self._steps - self._count))} left" if self._count else "at work"
        so_far = "" if done else f", {time_left(passed)} so far"
        self._say(f"{self._title}: {self._count:,} of {self._steps:,}, {left}{so_far}{done}")


def time_left(seconds: float) -> str:
    """Write how long something takes, to two digits or so: "40 s", "3 min", "2.5 h", "4 days"."""
    for unit, size, most in (("s", 1.0, 90.0), ("min", 60.0, 5400.0), ("h", 3600.0, 172800.0)):
        if seconds < most:
            return f"{seconds / size:.2g} {unit}" if seconds / size < 10 else f"{seconds / size:.0f} {unit}"
    return f"{seconds / 86400:.0f} days"
