"""Progress of long work: bars on a terminal, nothing where nobody watches."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

__all__ = ["Advance", "Track", "progress_bars", "silent"]

Advance = Callable[[str], None]
"""Called with what was just done."""

Track = Callable[[str, int], Advance]
"""Called with a title and a number of steps; returns how to advance."""


def silent(title: str, steps: int) -> Advance:
    """Show nothing."""
    return lambda done: None


@contextmanager
def progress_bars(console: Console) -> Iterator[Track]:
    """Show one bar for each tracked piece of work, on `console`."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    left = (TextColumn("left:"), TimeRemainingColumn())
    done_last = TextColumn("[dim]{task.fields[done]}")
    # The time left is foretold from the last hour: steps may take many minutes each.
    hour = 3600.0
    disabled = not console.is_terminal
    with Progress(*columns, *left, done_last, console=console, disable=disabled, speed_estimate_period=hour) as bars:

        def track(title: str, steps: int) -> Advance:
            task = bars.add_task(title, total=steps, done="")
            return lambda done: bars.update(task, advance=1, done=done)

        yield track
