"""Seconds an item, preparation apart: whatever is prepared once and then makes many of them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from compare.statistics.estimates import Estimate, median_range

__all__ = ["BATCHES", "Timing", "Work", "timed_batches"]

T = TypeVar("T")

Work = Callable[[int, np.random.SeedSequence], T]
"""Makes so many items with a stream of random numbers, as a sampler's `sample` does."""

BATCHES = 5
"""Items are made in this many timed batches."""


@dataclass(frozen=True)
class Timing:
    """Wall times.

    Attributes
    ----------
    prepare
        Seconds to prepare: tables, plans, compiled circuits.
    per_sample
        Seconds an item: the median of the batches between the fastest and the slowest.
    """

    prepare: float
    per_sample: Estimate


def timed_batches(
    prepare: Callable[[], Work[T]], n: int, seed: np.random.SeedSequence, progress: Callable[[], None] = lambda: None
) -> tuple[list[T], Timing]:
    """Prepare, and make `n` items in `BATCHES` timed batches with independent streams.

    Parameters
    ----------
    prepare
        Returns what makes items.
    n
        The number of items; fewer than `BATCHES` make as many batches.
    seed
        Each batch gets a child of it.
    progress
        Called after each batch.

    Returns
    -------
    What each batch made, in order, and the times.
    """
    batches = min(n, BATCHES)
    start = time.perf_counter()
    work = prepare()
    prepared = time.perf_counter() - start
    made, seconds = [], []
    for batch, rows in enumerate(np.array_split(np.arange(n), batches)):
        # A fresh child, whatever was spawned from the sequence before.
        stream = np.random.SeedSequence(seed.entropy, spawn_key=(*seed.spawn_key, batch))
        start = time.perf_counter()
        made.append(work(len(rows), stream))
        seconds.append((time.perf_counter() - start) / len(rows))
        progress()
    return made, Timing(prepared, median_range(seconds))
