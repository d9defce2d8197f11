"""Processor and wall seconds of the same work, in rounds.

What else runs on the machine adds to wall seconds without end, and to processor seconds by what it takes of shared
caches and memory. So processor seconds are what counts, the fastest of several rounds is the best value, and the
interval reaches up to the slowest.
"""

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from compare.statistics.estimates import Estimate, median_range

__all__ = ["LONG_ENOUGH", "PROCESSOR", "ROUNDS", "WALL", "clock", "mean_seconds", "over_rounds", "spread_of_rounds"]

Numbers = NDArray[np.float64]

PROCESSOR, WALL = 0, 1
"""Places of the two clocks along the last axis of seconds."""

ROUNDS = 5
"""Times that the same is measured, at different moments."""

LONG_ENOUGH, MOST_REPEATS = 5e-3, 100
"""Processor seconds until which a measurement is repeated, and how often at most: clocks have a resolution."""


def clock() -> Numbers:
    """Return the processor seconds of all threads of this process, and wall seconds: differences of both count."""
    return np.array([time.process_time(), time.perf_counter()])


def mean_seconds(once: Callable[[], Numbers]) -> Numbers:
    """Return the mean of what a short measurement returns, repeated until its clock can be trusted.

    Parameters
    ----------
    once
        Does the work once, and returns the seconds of its parts: the last axis are the two clocks.
    """
    taken, repeats = once(), 1
    while np.sum(taken[..., PROCESSOR]) < LONG_ENOUGH and repeats < MOST_REPEATS:
        taken, repeats = taken + once(), repeats + 1
    return taken / repeats


def over_rounds(seconds: Numbers) -> Estimate:
    """Return the median over pieces of work of their fastest rounds, between the fastest and the slowest of all.

    Parameters
    ----------
    seconds
        By round and piece. The first round warms up: it may be the fastest, and never is the slowest.
    """
    found = median_range(seconds.min(axis=0))
    slowest = float(seconds[1:].max(initial=found.high))
    return Estimate(found.low, found.best, slowest, found.samples)


def spread_of_rounds(seconds: Numbers) -> float:
    """Return how many times as long the slowest round took as the fastest, >= 1; median over pieces of work."""
    fastest = seconds.min(axis=0)
    if len(seconds) < 2 or not np.all(fastest > 0):
        return 1.0
    return float(np.median(np.maximum(seconds[1:].max(axis=0) / fastest, 1.0)))
