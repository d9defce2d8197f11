"""Tasks in processes of this machine."""

import contextlib
import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import forkserver, resource_tracker
from multiprocessing.connection import Connection
from types import FrameType, ModuleType
from typing import Any, Self

from compare.engine.kind import Planned
from compare.engine.work import Job, Outcome, failure, run_job
from compare.unfinished import Unfinished

__all__ = ["Processes"]

PATIENCE = 3
"""Pools that break one after the other before they take a task."""

ENDED = (
    "Processes of this machine end before they take a task (out of memory?); finished tasks are kept, and the same "
    "command goes on."
)

DIED = "the process that ran it died, twice (out of memory?); take a smaller task, or fewer workers."


class Processes:
    """A pool of processes; see `compare.engine.workers.Workers`.

    A process that dies takes the pool with it. What was sent is run again at the end, each task in a process of its
    own, so that the one that kills its process is found and the others go on.

    Parameters
    ----------
    count
        How many tasks run at the same time, >= 1.
    preload
        Modules that every process begins with.
    ahead
        Tasks that wait for each process, already sent, so that it never waits for this one. 0 where tasks are timed:
        nothing is sent or written down beside one.
    """

    def __init__(self, count: int, preload: Sequence[str] = (), ahead: int = 1) -> None:
        self.count, self._preload, self._sent = count, tuple(preload), count * (1 + ahead)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        """There is nothing to end: `run` ends its processes itself."""

    def run(self, queue: deque[Job]) -> Iterator[tuple[Planned, Outcome]]:
        """Run jobs side by side; see `compare.engine.workers.Workers.run`."""
        suspects = deque[Job]()
        idle = 0
        while queue or suspects:
            before = len(queue)
            if queue:
                yield from self._run_in_pool(queue, self.count, suspects)
                idle = idle + 1 if len(queue) == before else 0
                if idle == PATIENCE:
                    raise Unfinished(ENDED)
            elif suspects:
                job, again = suspects.popleft(), deque[Job]()
                yield from self._run_in_pool(deque([job]), 1, again)
                if again:
                    yield job.planned, failure(DIED)

    def _run_in_pool(self, queue: deque[Job], count: int, suspects: deque[Job]) -> Iterator[tuple[Planned, Outcome]]:
        """Run jobs until all are done, or the pool breaks: then what was sent is among the suspects."""
        with _pool(count, self._preload) as pool:
            active: dict[Future[Outcome], Job] = {}
            broken = False
            while (queue or active) and not broken:
                while queue and len(active) < self._sent:
                    job = queue.popleft()
                    try:
                        with _undisturbed(), _without_main():
                            active[pool.submit(run_job, *job.arguments())] = job
                    except BrokenProcessPool:
                        queue.appendleft(job)
                        broken = True
                        break
                done, _ = wait(active, return_when=FIRST_COMPLETED) if active else ((), ())
                finished = []
                for future in done:
                    job = active.pop(future)
                    try:
                        finished.append((job.planned, future.result()))
                    except BrokenProcessPool:
                        broken = True
                        suspects.append(job)
                yield from finished
            suspects.extend(active.values())


@contextlib.contextmanager
def _pool(count: int, preload: Sequence[str]) -> Iterator[ProcessPoolExecutor]:
    """Return a pool that ends at once, whatever its processes are at, and also if this process is killed."""
    context = _context(preload)
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


def _context(preload: Sequence[str]) -> Any:
    """Return how processes are started."""
    if os.name != "posix":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    # Imported once, and each process begins as a copy.
    context.set_forkserver_preload(["compare.engine.work", *preload])
    resource_tracker.ensure_running()  # by itself it would let interrupts through again
    with _undisturbed():
        forkserver.ensure_running()
    return context


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold interrupts back until the end, and from processes that begin here for good: their parent ends them."""
    if threading.current_thread() is not threading.main_thread():  # interrupts come to the main thread alone
        yield
        return
    arrived: list[tuple[int, FrameType | None]] = []
    handler = signal.signal(signal.SIGINT, lambda number, frame: arrived.append((number, frame)))
    # Who begins here inherits the mask. It is not enough for this process, whose other threads take the signal.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if os.name == "posix" else None
    try:
        yield
    finally:
        if mask is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, handler)
        if arrived and callable(handler):
            handler(*arrived[0])


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    """Hide the program from processes that begin here: they would run it again to find what it defines."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _begin(lifeline: Connection) -> None:
    """Begin a process of the pool: interrupts are its parent's, and it ends when its parent lets go of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Some million objects of imported modules live until the end. Whoever looks through them for garbage again and
    # again takes a quarter of a second each time, which a timed task would have in its seconds.
    gc.freeze()

    def watch() -> None:
        with contextlib.suppress(EOFError, OSError):
            lifeline.recv()
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="lifeline").start()
