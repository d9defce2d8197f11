"""Tasks in this process, one after the other: of kinds that another process could not import."""

import sys
from collections import deque
from collections.abc import Iterator
from typing import Any, Self

from compare.engine.kind import Kind, Planned
from compare.engine.work import Job, Outcome, run_job

__all__ = ["Here", "importable"]


class Here:
    """One worker, which is this process; see `compare.engine.workers.Workers`."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        """There is nothing to end."""

    def run(self, queue: deque[Job]) -> Iterator[tuple[Planned, Outcome]]:
        """Run jobs one after the other."""
        while queue:
            job = queue.popleft()
            yield job.planned, run_job(*job.arguments())


def importable(kind: Kind) -> bool:
    """Tell whether another process can import what a kind is made of: not what a notebook or a program defines."""
    parts: list[Any] = [kind.task, kind.result, kind.measure]
    return all(isinstance(part, str) or _found(part) for part in parts if part)


def _found(part: Any) -> bool:
    module = sys.modules.get(part.__module__)
    return module is not None and part.__module__ != "__main__" and getattr(module, part.__qualname__, None) is part
