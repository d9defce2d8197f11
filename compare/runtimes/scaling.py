"""Seconds a sample over the size of the problem, preparation apart, as far as a method goes within a limit."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from compare.estimates import Estimate
from problems.errors import InputError
from problems.ridgelet import NodeSampler
from problems.seeds import spawn

__all__ = ["LEAST_DRAWS", "Scaling", "SizeTimes", "median_range", "time_over_sizes"]

LEAST_DRAWS = 2
"""A size is measured at least so often, however long it takes."""

REPEATS, SHORT = 5, 40
"""A draw is repeated up to so often while it has taken less than the limit over the second, and its fastest times
count: whatever else the machine does only adds to them."""

NEGLIGIBLE = 100
"""Times below the limit over this foretell nothing: they are noise and what is paid once."""

WIDE = 4
"""Sizes so many times apart are too far for the growth between the two before."""

WARM_NODES = 10
"""Nodes of a run before the others of its size, which compiles what is compiled once and is not measured."""

LONG = 10
"""After a size with draws longer than the limit over this there is no such run: it would cost more than it mends."""


@dataclass(frozen=True)
class SizeTimes:
    """Seconds at one size.

    Attributes
    ----------
    size
        What was varied.
    prepare
        To make the sampler: tables, plans, compiled circuits.
    per_sample
        To draw a node, after that.
    total
        A node's time with its share of the preparation, when `samples` nodes are drawn from one problem.
    """

    size: int
    prepare: Estimate
    per_sample: Estimate
    total: Estimate


@dataclass(frozen=True)
class Scaling:
    """Seconds over sizes.

    Attributes
    ----------
    rows
        One for each size that was measured, by size.
    stopped
        Why there are no larger sizes, in a sentence; empty if all were measured.
    """

    rows: tuple[SizeTimes, ...]
    stopped: str


def median_range(values: ArrayLike) -> Estimate:
    """Return the median of independent values between the least and the greatest.

    The range holds the median of whatever distribution with probability 1 - 2^(1 - n): 94% for 5 values.
    """
    values = np.asarray(values, dtype=float)
    return Estimate(float(values.min()), float(np.median(values)), float(values.max()), len(values))


def time_over_sizes(
    make: Callable[[int, int], Callable[[], NodeSampler]],
    sizes: Sequence[int],
    samples: int,
    draws: int,
    limit: float,
    seed: int = 0,
    branch: Sequence[int] = (),
    progress: Callable[[], None] = lambda: None,
) -> Scaling:
    """Time a method over sizes: at each, several times, on a new problem each time.

    Parameters
    ----------
    make
        From a size and the number of the draw, returns what makes the sampler of that draw's problem. Making the
        problem is not timed. It raises `InputError` if the method does not take the size, which is then left out.
    sizes
        The sizes; measured in increasing order.
    samples
        Nodes drawn at once.
    draws
        Independent measurements of each size, at least `LEAST_DRAWS`; fewer once a size has taken `limit` seconds.
    limit
        Seconds. A size is left out, and all larger ones, if the sizes before foretell that one draw of it takes longer.
    seed, branch
        The nodes' streams.
    progress
        Called after each size, measured or not.
    """
    rows: list[SizeTimes] = []
    wall: list[tuple[int, float]] = []
    refused = stopped = ""
    for size in sorted(set(sizes)):
        foretold = _foretold(wall, size, limit)
        if not stopped and foretold > limit:
            stopped = f"size {size} would take longer than {limit:g} s"
        if not stopped:
            try:
                prepared = [make(size, draw) for draw in range(draws)]
            except InputError as error:
                refused = refused or f"size {size} is refused: {error}"
            else:
                if not wall or wall[-1][1] < limit / LONG:
                    prepared[0]().sample(WARM_NODES, spawn(seed, *branch, size, draws))
                row, seconds = _time_size(prepared, size, samples, limit, [*branch, size], seed)
                rows.append(row)
                wall.append((size, seconds))
                refused = ""  # a larger size was taken: no limit of the method
        progress()
    return Scaling(tuple(rows), stopped or refused)


def _time_size(
    prepared: Sequence[Callable[[], NodeSampler]],
    size: int,
    samples: int,
    limit: float,
    branch: Sequence[int],
    seed: int,
) -> tuple[SizeTimes, float]:
    """Return the times at one size, and the seconds of the fastest draw."""
    prepare: list[float] = []
    drawing: list[float] = []
    spent = 0.0
    for draw, make in enumerate(prepared):
        if draw >= LEAST_DRAWS and spent > limit:
            break
        fastest = [np.inf, np.inf]
        taken = 0.0
        for repeat in range(REPEATS):
            start = time.perf_counter()
            sampler = make()
            middle = time.perf_counter()
            sampler.sample(samples, spawn(seed, *branch, draw, repeat))
            end = time.perf_counter()
            fastest = [min(fastest[0], middle - start), min(fastest[1], end - middle)]
            taken += end - start
            if taken > limit / SHORT:
                break
        prepare.append(fastest[0])
        drawing.append(fastest[1])
        spent += taken
    once, each = np.array(prepare), np.array(drawing) / samples
    row = SizeTimes(size, median_range(once), median_range(each), median_range(once / samples + each))
    return row, float(np.min(once + samples * each))


def _foretold(wall: Sequence[tuple[int, float]], size: int, limit: float) -> float:
    """Return the seconds of a draw that the last two sizes foretell; 0 while they say nothing.

    Up to twice the last size as an exponential would grow: too long where the time grows as a power, but not by much.
    Further on that would leave out sizes that take no time, so there it is the power law, and over wide gaps no milder
    one than the cube.
    """
    if not wall or wall[-1][1] < limit / NEGLIGIBLE:
        return 0.0
    last, seconds = wall[-1]
    if len(wall) < 2:
        return seconds
    before, earlier = wall[-2]
    rise = np.log(max(seconds / earlier, 1.0))
    near, far = rise * (size - last) / (last - before), rise * np.log(size / last) / np.log(last / before)
    if size > WIDE * last:
        far = max(far, 3 * np.log(size / last))
    return float(seconds * np.exp(min(near if size < 2 * last else far, 600.0)))
