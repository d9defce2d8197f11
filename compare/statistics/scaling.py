"""Seconds an item over the size of the problem, preparation apart, as far as a method goes within a limit."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from compare.statistics.estimates import Estimate, median_range
from compare.statistics.timing import Work
from problems.errors import InputError

__all__ = ["LEAST_DRAWS", "Scaling", "SizeTimes", "Stream", "time_over_sizes"]

Stream = Callable[[int, int, int], np.random.SeedSequence]
"""Returns the random numbers of a size, a draw and a repeat."""

LEAST_DRAWS = 2
"""A size is measured at least so often, however long it takes."""

REPEATS, SHORT = 5, 40
"""A draw is repeated up to so often while it has taken less than the limit over the second, and its fastest times
count: whatever else the machine does only adds to them."""

NEGLIGIBLE = 100
"""Times below the limit over this foretell nothing: they are noise and what is paid once."""

WIDE = 4
"""Sizes so many times apart are too far for the growth between the two before."""

WARM = 10
"""Items of a run before the others of its size, which compiles what is compiled once and is not measured."""

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
        To prepare: tables, plans, compiled circuits.
    per_sample
        To make an item, after that.
    total
        An item's time with its share of the preparation, when `samples` are made of one problem.
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


def time_over_sizes(
    make: Callable[[int, int], Callable[[], Work]],
    sizes: Sequence[int],
    samples: int,
    draws: int,
    limit: float,
    stream: Stream,
    progress: Callable[[], None] = lambda: None,
) -> Scaling:
    """Time a method over sizes: at each, several times, on a new problem each time.

    Parameters
    ----------
    make
        From a size and the number of the draw, returns what prepares that draw's problem and returns what makes items
        of it, as a sampler's `sample`. Making the problem is not timed. It raises `InputError` if the method does not
        take the size, which is then left out.
    sizes
        The sizes; measured in increasing order.
    samples
        Items made at once.
    draws
        Independent measurements of each size, at least `LEAST_DRAWS`; fewer once a size has taken `limit` seconds.
    limit
        Seconds. A size is left out, and all larger ones, if the sizes before foretell that one draw of it takes longer.
    stream
        Of the items, from size, draw and repeat.
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
                    prepared[0]()(WARM, stream(size, 0, 0))
                row, seconds = _time_size(prepared, size, samples, limit, stream)
                rows.append(row)
                wall.append((size, seconds))
                refused = ""  # a larger size was taken: no limit of the method
        progress()
    return Scaling(tuple(rows), stopped or refused)


def _time_size(
    prepared: Sequence[Callable[[], Work]], size: int, samples: int, limit: float, stream: Stream
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
            numbers = stream(size, draw, repeat)
            start = time.perf_counter()
            work = make()
            middle = time.perf_counter()
            work(samples, numbers)
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
