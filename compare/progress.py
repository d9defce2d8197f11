"""Progress of long work: bars on a terminal and in a notebook, a line now and then in a log."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

__all__ = ["Advance", "Track", "progress_bars", "silent", "time_left"]

Advance = Callable[[str], None]
"""Called with what was just done."""

Track = Callable[[str, int], Advance]
"""Called with a title and a number of steps; returns how to advance."""

PERIOD = 30.0
"""Seconds between two lines of a log."""


def silent(title: str, steps: int) -> Advance:
    """Show nothing."""
    return lambda done: None


@contextmanager
def progress_bars(console: Console) -> Iterator[Track]:
    """Show one bar for each tracked piece of work on `console`; where nobody watches, a line every half a minute."""
    if not (console.is_terminal or console.is_jupyter):
        yield lambda title, steps: _in_log(console, title, steps)
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


def _in_log(console: Console, title: str, steps: int) -> Advance:
    begun = said = time.monotonic()
    count = 0

    def advance(done: str) -> None:
        nonlocal said, count
        count += 1
        now = time.monotonic()
        if now - said >= PERIOD:
            said = now
            left = time_left((now - begun) / count * (steps - count))
            console.print(f"{title}: {count:,} of {steps:,}, {left} left ({done})", soft_wrap=True, markup=False)

    return advance


def time_left(seconds: float) -> str:
    """Write how long something takes, to two digits or so: "40 s", "3 min", "2.5 h", "4 days"."""
    for unit, size, most in (("s", 1.0, 90.0), ("min", 60.0, 5400.0), ("h", 3600.0, 172800.0)):
        if seconds < most:
            return f"{seconds / size:.2g} {unit}" if seconds / size < 10 else f"{seconds / size:.0f} {unit}"
    return f"{seconds / 86400:.0f} days"
