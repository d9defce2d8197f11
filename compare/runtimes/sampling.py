"""Seconds per sample, preparation apart."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from compare.estimates import Estimate
from problems.ridgelet import Nodes, NodeSampler
from problems.seeds import Seed

__all__ = ["BATCHES", "SamplingTime", "timed_sample"]

BATCHES = 5
"""A sample is drawn in this many timed batches."""


@dataclass(frozen=True)
class SamplingTime:
    """Wall times of a sampler.

    Attributes
    ----------
    prepare
        Seconds to make the sampler: tables, plans, compiled circuits.
    per_sample
        Seconds a sample: the median of the batches between the fastest and the slowest.
    """

    prepare: float
    per_sample: Estimate


def timed_sample(
    make: Callable[[], NodeSampler], n: int, seed: np.random.SeedSequence, progress: Callable[[], None] = lambda: None
) -> tuple[Nodes, SamplingTime]:
    """Make a sampler and draw `n` nodes in `BATCHES` timed batches with independent streams.

    Parameters
    ----------
    make
        Makes the sampler.
    n
        The number of nodes; fewer than `BATCHES` make as many batches.
    seed
        Each batch gets a child of it.
    progress
        Called after each batch.
    """
    batches = min(n, BATCHES)
    start = time.perf_counter()
    sampler = make()
    prepare = time.perf_counter() - start
    parts, seconds = [], []
    # Fresh children, whatever was spawned from the sequence before.
    streams: list[Seed] = [np.random.SeedSequence(seed.entropy, spawn_key=(*seed.spawn_key, i)) for i in range(batches)]
    for rows, stream in zip(np.array_split(np.arange(n), batches), streams, strict=True):
        start = time.perf_counter()
        parts.append(sampler.sample(len(rows), stream))
        seconds.append((time.perf_counter() - start) / len(rows))
        progress()
    per_sample = Estimate(min(seconds), float(np.median(seconds)), max(seconds), batches)
    return Nodes.concatenate(parts), SamplingTime(prepare, per_sample)
