"""Where tasks run: what processes of this machine and a cluster have in common."""

from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from compare.engine.kind import Planned
from compare.engine.work import Job, Outcome

__all__ = ["Workers"]


class Workers(AbstractContextManager["Workers"], Protocol):
    """Runs tasks; what is under way when the context ends is given up."""

    def run(self, queue: deque[Job]) -> Iterator[tuple[Planned, Outcome]]:
        """Run the jobs of a queue side by side, and yield each with its outcome as soon as it is known, in any order.

        Whoever iterates may add jobs to the queue before taking the next outcome: those that were waiting for this one.
        A task that takes its worker down again and again has an outcome with an `error`.

        Raises
        ------
        Unfinished
            If there is nothing left to run them.
        """
        ...
