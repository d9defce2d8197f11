"""Where quantum seconds a sample fall below classical ones."""

from dataclasses import dataclass

import numpy as np

from compare.machines.lines import Line

__all__ = ["Crossing", "find_crossing"]

GRID = 800
"""Sizes at which two lines are compared, from the first to the last; all whole numbers while there are so few."""


@dataclass(frozen=True)
class Crossing:
    """Where the quantum machine is faster.

    Attributes
    ----------
    smallest, largest
        The sizes that were compared.
    measured
        Up to this size both sides were measured; beyond, at least one is extrapolated.
    start, end
        The first size at which it is faster, None if there is none, and the last one of that stretch.
    low, high
        The first size at which the intervals leave it possible, and the first of that stretch at which they leave no
        doubt; None if there is none.
    """

    smallest: int
    largest: int
    measured: int
    start: int | None
    end: int | None
    low: int | None
    high: int | None

    @property
    def to_the_end(self) -> bool:
        """Tell whether the quantum machine stays faster up to the largest size."""
        return self.end == self.largest


def find_crossing(classical: Line, quantum: Line, largest: int) -> Crossing:
    """Compare two lines from the first size that both know up to the largest.

    Parameters
    ----------
    classical, quantum
        The lines.
    largest
        The last size; less if a line cannot be continued so far.
    """
    smallest = max(classical.smallest, quantum.smallest)
    measured = min(classical.largest, quantum.largest)
    for line in (classical, quantum):
        if line.beyond is None:
            largest = min(largest, line.largest)
    largest = max(largest, smallest)
    whole = np.arange(smallest, min(smallest + GRID, largest) + 1)
    sizes = np.unique(np.concatenate([whole, np.round(np.geomspace(smallest, largest, GRID)).astype(np.int64)]))
    slow, fast = classical.log_range(sizes), quantum.log_range(sizes)
    wins = fast[1] < slow[1]
    start = end = low = high = None
    possible = fast[0] < slow[2]
    if np.any(wins):
        first = int(np.argmax(wins))
        lost = np.flatnonzero(~wins[first:])
        last = len(sizes) - 1 if len(lost) == 0 else first + int(lost[0]) - 1
        start, end = int(sizes[first]), int(sizes[last])
        sure = np.flatnonzero((fast[2] < slow[0])[first : last + 1])
        high = None if len(sure) == 0 else int(sizes[first + int(sure[0])])
    if np.any(possible):
        low = int(sizes[int(np.argmax(possible))])
    return Crossing(int(smallest), int(largest), int(measured), start, end, low, high)
