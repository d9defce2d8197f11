"""Gate 1, the loader, compiled: what `gates.load` draws, in constant time a node however many points there are."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.dequantized.plan import Plan
from classical.ridgelet.dequantized.randomness import Randomness
from problems.compiling import compiled

__all__ = ["Loader"]


class Law(NamedTuple):
    """A distribution over 0..m-1, and where to look in it.

    Attributes
    ----------
    cumulative
        Running sum of the weights: shape (m,).
    guide
        The index of a uniform number of j/m, for j = 0..m-1.
    last
        The last index of positive weight.
    """

    cumulative: NDArray[np.float64]
    guide: NDArray[np.int32]
    last: int


def make_law(cumulative: NDArray[np.float64]) -> Law:
    """Prepare a distribution given by the running sum of its weights."""
    size, total = len(cumulative), cumulative[-1]
    last = int(np.searchsorted(cumulative, total, side="left"))
    guide = np.searchsorted(cumulative, np.arange(size) / size * total, side="right")
    return Law(cumulative, np.minimum(guide, last).astype(np.int32), last)


class Loader:
    """The loader of a plan.

    Parameters
    ----------
    plan
        A plan with tabulated inverses.
    """

    def __init__(self, plan: Plan) -> None:
        self._points, self._frequencies = make_law(plan.cumulative), make_law(plan.frequencies)
        self._count, self._inverses = len(plan.order), plan.inverses

    def load(self, randomness: Randomness) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Draw the position of m0, the output (measured and dropped), and 1/v."""
        # Always contiguous, so that the kernel is compiled once.
        point, frequency = np.ascontiguousarray(randomness.point), np.ascontiguousarray(randomness.frequency)
        drawn = np.empty((3, len(point)), dtype=np.int64)
        _load(self._points, self._frequencies, self._count, self._inverses, point, frequency, drawn)
        return drawn[0], drawn[1], drawn[2]


@compiled
def _invert(law: Any, uniform: float) -> int:
    """Turn a uniform number into an index: the first one whose running sum is above."""
    cumulative, last = law.cumulative, law.last
    target = uniform * cumulative[-1]
    index = law.guide[int(uniform * cumulative.size)]
    while index > 0 and cumulative[index - 1] > target:  # rounding, in the guide
        index -= 1
    while index < last and cumulative[index] <= target:
        index += 1
    return index


@compiled
def _load(points: Any, frequencies: Any, count: int, inverses: Any, point: Any, frequency: Any, drawn: Any) -> None:
    for i in range(point.size):
        index = _invert(points, point[i])
        output = index // count
        drawn[0, i], drawn[1, i] = index - output * count, output
        drawn[2, i] = inverses[_invert(frequencies, frequency[i])]
