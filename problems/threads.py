"""Threads that share pieces of compiled work, and how many a process may use."""

import os
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from functools import cache
from typing import TypeVar

from threadpoolctl import ThreadpoolController

from problems.finite_field import row_blocks

__all__ = ["WORK", "available_threads", "fill", "pieces", "shared_out"]

WORK, LEAST_WORK = 2**36, 2**26
"""A thread is given so many multiplications at once, at most: a second or so, after which it can be stopped. At least,
if they are more rows than one: a millisecond or so, because a thread that sleeps takes as long to wake up."""

Part = TypeVar("Part")
Result = TypeVar("Result")


def available_threads() -> int:
    """Return how many cores the process may use, or fewer if OMP_NUM_THREADS says so."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    return min(cores, int(wanted)) if wanted.isdecimal() and int(wanted) > 0 else cores


def shared_out(work: Callable[[Part], Result], parts: Sequence[Part], threads: int) -> Generator[Result, None, None]:
    """Do the work of each part, on threads if there are several; yield the results in their order.

    Closed early, it ends when the parts under way have.
    """
    # Each thread multiplies alone: threads inside threads would fight for the cores.
    with _blas().limit(limits=1, user_api="blas"):
        if len(parts) == 1:
            yield work(parts[0])
            return
        futures = [_pool(threads, os.getpid()).submit(work, part) for part in parts]
        try:
            for future in futures:
                yield future.result()
        finally:
            for future in futures:
                future.cancel()
            wait(futures)


def pieces(n: int, cost: int, most: int = 1024) -> Iterator[slice]:
    """Cut n rows into pieces for threads, but not by their number, so that no rounding depends on it.

    Parameters
    ----------
    n
        How many rows.
    cost
        The multiplications that a row takes.
    most
        The most rows of a piece.
    """
    return row_blocks(n, 1, min(most, max(32, WORK // cost), max(256, LEAST_WORK // cost, -(-n // 8))))


def fill(work: Callable[[slice], None], parts: Iterator[slice]) -> None:
    """Do the work of each part on all the threads that the process may use."""
    with closing(shared_out(work, list(parts), available_threads())) as done:
        for _ in done:
            pass


@cache
def _pool(threads: int, process: int) -> ThreadPoolExecutor:
    """Return the process's threads: made once, because new ones take about a millisecond to get going."""
    return ThreadPoolExecutor(threads, thread_name_prefix="pieces")


@cache
def _blas() -> ThreadpoolController:
    """Return the controller of the BLAS libraries, NumPy's and SciPy's, which the compiled kernels call."""
    import scipy.linalg.cython_blas  # noqa: F401  (loaded, so that it is controlled)

    return ThreadpoolController()
