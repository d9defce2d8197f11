"""Seconds an item, preparation apart: whatever is prepared once and then makes many of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from compare.statistics.clocks import PROCESSOR, ROUNDS, WALL, clock, mean_seconds, over_rounds
from compare.statistics.estimates import Estimate

__all__ = ["BATCHES", "Timing", "Work", "timed_batches"]

T = TypeVar("T")

Work = Callable[[int, np.random.SeedSequence], T]
"""Makes so many items with a stream of random numbers, as a sampler's `sample` does."""

BATCHES = 5
"""Items are made in this many timed batches."""

ENOUGH = 2.0
"""Processor seconds after which there are no further rounds."""


@dataclass(frozen=True)
class Timing:
    """Times: processor seconds of all threads, the fastest of several rounds, and wall seconds beside them.

    Attributes
    ----------
    prepare
        Seconds to prepare: tables, plans, compiled circuits.
    per_sample
        Seconds an item: the median of the batches, from the fastest batch to the slowest in its slowest round.
    wall_prepare, wall_per_sample
        The same on the wall's clock: more where the machine does something else.
    """

    prepare: float
    per_sample: Estimate
    wall_prepare: float
    wall_per_sample: float


def timed_batches(
    prepare: Callable[[], Work[T]], n: int, seed: np.random.SeedSequence, progress: Callable[[], None] = lambda: None
) -> tuple[list[T], Timing]:
    """Prepare, and make `n` items in `BATCHES` timed batches with independent streams.

    All of it is done again in further rounds, up to `ROUNDS` while it is short; each round makes the same.

    Parameters
    ----------
    prepare
        Returns what makes items.
    n
        The number of items; fewer than `BATCHES` make as many batches.
    seed
        Each batch gets a child of it.
    progress
        Called after each batch of the first round.

    Returns
    -------
    What each batch made, in order, and the times.
    """
    sizes = [len(part) for part in np.array_split(np.arange(n), min(n, BATCHES))]
    made: list[T] = []
    prepared: list[NDArray[np.float64]] = []
    drawn: list[NDArray[np.float64]] = []
    start = clock()
    while not drawn or (len(drawn) < ROUNDS and (clock() - start)[PROCESSOR] < ENOUGH):
        before = clock()
        work = prepare()
        prepared.append(clock() - before)
        seconds = []
        for batch, size in enumerate(sizes):
            kept: list[Any] = []
            seconds.append(mean_seconds(partial(_batch, work, size, seed, batch, kept)) / size)
            if not drawn:
                made.append(kept[0])
                progress()
        drawn.append(np.array(seconds))
    once, each = np.min(prepared, axis=0), np.array(drawn)
    timing = Timing(
        float(once[PROCESSOR]),
        over_rounds(each[..., PROCESSOR]),
        float(once[WALL]),
        float(np.median(each[..., WALL].min(axis=0))),
    )
    return made, timing


def _batch(work: Work[T], size: int, seed: np.random.SeedSequence, batch: int, kept: list[T]) -> NDArray[np.float64]:
    """Make one batch, and keep the first one that is made; return its seconds."""
    # A fresh child, whatever was spawned from the sequence before.
    stream = np.random.SeedSequence(seed.entropy, spawn_key=(*seed.spawn_key, batch))
    start = clock()
    found = work(size, stream)
    seconds = clock() - start
    if not kept:
        kept.append(found)
    return seconds
