"""Seconds an item over the size of the problem, preparation apart, as far as a method goes within a limit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count

import numpy as np
from numpy.typing import NDArray

from compare.statistics.clocks import PROCESSOR, ROUNDS, WALL, clock, mean_seconds, over_rounds, spread_of_rounds
from compare.statistics.estimates import Estimate
from compare.statistics.timing import Work
from problems.errors import InputError

__all__ = ["LEAST_DRAWS", "Scaling", "SizeTimes", "Stream", "time_over_sizes"]

Stream = Callable[[int, int, int], np.random.SeedSequence]
"""Returns the random numbers of a size, a draw and a repeat."""

LEAST_DRAWS = 2
"""A size is measured at least so often, however long it takes."""

LEAST_ROUNDS = 3
"""All sizes are measured so often, and up to `ROUNDS` times while that takes no longer than the limit."""

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
    """Processor seconds at one size: the fastest rounds, and up to the slowest.

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
    wall
        The same on the wall's clock, the fastest rounds alone: more where the machine does something else.
    spread
        How many times as long as the fastest round the slowest took, in total.
    """

    size: int
    prepare: Estimate
    per_sample: Estimate
    total: Estimate
    wall: Estimate
    spread: float


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
    """Time a method over sizes: at each several new problems, and each of them in several rounds.

    The first round goes up the sizes as far as the limit lets it. Each further one goes through all of them again, so
    that whatever else the machine does meets all sizes alike.

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
        Random problems of each size, at least `LEAST_DRAWS`; fewer once a size has taken `limit` seconds.
    limit
        Processor seconds. A size is left out, and all larger ones, if the sizes before foretell that one draw of it
        takes longer.
    stream
        Of the items, from size, draw and repeat.
    progress
        Called after each size, measured or not.
    """
    measured: list[_Size] = []
    spent: list[tuple[int, float]] = []
    refused = stopped = ""
    for size in sorted(set(sizes)):
        foretold = _foretold(spent, size, limit)
        if not stopped and foretold > limit:
            stopped = f"size {size} would take longer than {limit:g} s"
        if not stopped:
            try:
                prepared = [make(size, draw) for draw in range(draws)]
            except InputError as error:
                refused = refused or f"size {size} is refused: {error}"
            else:
                if not spent or spent[-1][1] < limit / LONG:
                    prepared[0]()(WARM, stream(size, 0, 0))
                one = _Size(size, samples, prepared, stream)
                one.first_round(limit)
                measured.append(one)
                spent.append((size, one.fastest))
                refused = ""  # a larger size was taken: no limit of the method
        progress()
    for before in range(1, ROUNDS):
        for one in measured:
            if before < LEAST_ROUNDS or one.spent <= limit:
                one.further_round()
    return Scaling(tuple(one.times() for one in measured), stopped or refused)


@dataclass
class _Size:
    """One size at work: its problems, and seconds by round, draw, part (preparation, items) and clock."""

    size: int
    samples: int
    prepared: list[Callable[[], Work]]
    stream: Stream
    rounds: list[list[NDArray[np.float64]]] = field(default_factory=list)
    spent: float = 0.0

    @property
    def fastest(self) -> float:
        """Processor seconds of the fastest draw."""
        return min(float(np.sum(found[:, PROCESSOR])) for one in self.rounds for found in one)

    def first_round(self, limit: float) -> None:
        """Measure the draws, fewer where they take long."""
        self.rounds.append([])
        for draw in range(len(self.prepared)):
            if draw >= LEAST_DRAWS and self.spent > limit:
                self.prepared = self.prepared[:draw]
                break
            self.rounds[0].append(self._measure(draw))

    def further_round(self) -> None:
        """Measure the same draws again."""
        self.rounds.append([self._measure(draw) for draw in range(len(self.prepared))])

    def times(self) -> SizeTimes:
        """Return the times."""
        found = np.array(self.rounds)
        once, each = found[:, :, 0], found[:, :, 1] / self.samples
        total = once / self.samples + each
        return SizeTimes(
            self.size,
            over_rounds(once[..., PROCESSOR]),
            over_rounds(each[..., PROCESSOR]),
            over_rounds(total[..., PROCESSOR]),
            over_rounds(total[..., WALL].min(axis=0, keepdims=True)),
            spread_of_rounds(total[..., PROCESSOR]),
        )

    def _measure(self, draw: int) -> NDArray[np.float64]:
        """Measure a draw once more, with the random numbers of all its rounds: only the machine is another."""
        repeats = count()
        start = clock()
        found = mean_seconds(lambda: self._once(draw, next(repeats)))
        self.spent += float((clock() - start)[PROCESSOR])
        return found

    def _once(self, draw: int, repeat: int) -> NDArray[np.float64]:
        numbers = self.stream(self.size, draw, repeat)
        start = clock()
        work = self.prepared[draw]()
        middle = clock()
        work(self.samples, numbers)
        return np.array([middle - start, clock() - middle])


def _foretold(spent: Sequence[tuple[int, float]], size: int, limit: float) -> float:
    """Return the seconds of a draw that the last two sizes foretell; 0 while they say nothing.

    Up to twice the last size as an exponential would grow: too long where the time grows as a power, but not by much.
    Further on that would leave out sizes that take no time, so there it is the power law, and over wide gaps no milder
    one than the cube.
    """
    if not spent or spent[-1][1] < limit / NEGLIGIBLE:
        return 0.0
    last, seconds = spent[-1]
    if len(spent) < 2:
        return seconds
    before, earlier = spent[-2]
    rise = np.log(max(seconds / earlier, 1.0))
    near, far = rise * (size - last) / (last - before), rise * np.log(size / last) / np.log(last / before)
    if size > WIDE * last:
        far = max(far, 3 * np.log(size / last))
    return float(seconds * np.exp(min(near if size < 2 * last else far, 600.0)))
