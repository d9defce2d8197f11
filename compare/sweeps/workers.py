"""Where tasks run: what processes of this machine and a cluster have in common."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from compare.sweeps.task import Outcome, Task

__all__ = ["Workers"]


class Workers(AbstractContextManager["Workers"], Protocol):
    """Runs tasks; what is under way when the context ends is given up."""

    def run(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Outcome]]:
        """Run tasks side by side, and yield each with its outcome as soon as it is known, in any order.

        A task that takes its worker down again and again has an outcome with an `error`.

        Raises
        ------
        Unfinished
            If there is nothing left to run them.
        """
        ...
