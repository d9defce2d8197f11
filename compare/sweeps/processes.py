"""Tasks in processes of this machine."""

import contextlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from typing import Any, Self

from compare.sweeps.experiments import EXPERIMENTS
from compare.sweeps.task import Outcome, Task, failure, run_task

__all__ = ["Processes"]

DIED = "the process that ran it died, twice (out of memory?); take a smaller task, or fewer workers."


class Processes:
    """A pool of processes; see `compare.sweeps.workers.Workers`.

    A process that dies takes the pool with it. What was under way is run again at the end, each task in a process of
    its own, so that the one that kills its process is found and the others go on.

    Parameters
    ----------
    count
        How many tasks run at the same time, >= 1.
    """

    def __init__(self, count: int) -> None:
        self.count = count

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        """There is nothing to end: `run` ends its processes itself."""

    def run(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Outcome]]:
        """Run tasks side by side; see `compare.sweeps.workers.Workers.run`."""
        left, suspects = deque(tasks), deque[Task]()
        while left:
            yield from self._run_in_pool(left, self.count, suspects)
        while suspects:
            (alone, *rest), again = suspects, deque[Task]()
            yield from self._run_in_pool(deque([alone]), 1, again)
            if again:
                yield alone, failure(DIED)
            suspects = deque(rest)

    def _run_in_pool(self, left: deque[Task], count: int, suspects: deque[Task]) -> Iterator[tuple[Task, Outcome]]:
        """Run tasks until all are done, or the pool breaks: then what was under way is among the suspects."""
        with _pool(min(count, len(left))) as pool:
            active: dict[Future[Outcome], Task] = {}
            broken = False
            while (left or active) and not broken:
                # No more than there are processes: all that are active are under way.
                while left and len(active) < count:
                    task = left.popleft()
                    try:
                        active[pool.submit(run_task, task.kind, task.settings)] = task
                    except BrokenProcessPool:
                        left.appendleft(task)
                        break
                done, _ = wait(active, return_when=FIRST_COMPLETED)
                finished = []
                for future in done:
                    task = active.pop(future)
                    try:
                        finished.append((task, future.result()))
                    except BrokenProcessPool:
                        broken = True
                        suspects.append(task)
                yield from finished
            suspects.extend(active.values())


@contextlib.contextmanager
def _pool(count: int) -> Iterator[ProcessPoolExecutor]:
    """Return a pool that ends at once, whatever its processes are at, and also if this process is killed."""
    context = _context()
    lifeline, end = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(count, context, _begin, (lifeline,))
    try:
        yield pool
    finally:
        # As `kill_workers` does, from Python 3.14 on. They only compute, so nothing is left half done.
        for process in list((pool._processes or {}).values()):
            process.kill()
        pool.shutdown(wait=True, cancel_futures=True)
        end.close()
        lifeline.close()


def _context() -> Any:
    """Return how processes are started."""
    if os.name != "posix":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    # Imported once, and each process begins as a copy.
    context.set_forkserver_preload([f"{package}.task" for package in EXPERIMENTS.values()])
    return context


def _begin(lifeline: Connection) -> None:
    """Begin a process of the pool: interrupts are its parent's, and it ends when its parent lets go of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        with contextlib.suppress(EOFError, OSError):
            lifeline.recv()
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="lifeline").start()
