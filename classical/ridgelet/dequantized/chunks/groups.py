"""The points of a range of rows sorted by their codes, and the groups that strings belong to."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.dequantized.chunks.plan import TailPlan
from classical.ridgelet.dequantized.randomness import Origin
from problems.finite_field import residue_type

__all__ = ["Groups", "Strings"]


@dataclass(frozen=True)
class Strings:
    """The strings of a batch of nodes, before any level is drawn.

    Pickled, they are a seed and what goes with it: the prefix is made anew where they are unpickled.

    Attributes
    ----------
    prefix
        The uniform prefix u_0, residues, shape (n, D).
    origin
        Where the prefix comes from, if a stream has drawn it.
    code
        The code of m0, shape (n,).
    output
        The output, drawn with m0 and dropped at the end, shape (n,).
    """

    prefix: NDArray[np.unsignedinteger]
    origin: Origin | None
    code: NDArray[np.uint64]
    output: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.code)

    def __reduce__(self) -> Any:
        """Travel without the prefix."""
        return _anew, (self.origin, self.code, self.output)


def _anew(origin: Origin | None, code: NDArray[np.uint64], output: NDArray[np.int64]) -> Strings:
    assert origin is not None, "strings of a stream alone travel"
    return Strings(origin.prefix(), origin, code, output)


class Groups:
    """Some points of a plan, k of them, sorted by their codes: places 0..k-1.

    Parameters
    ----------
    plan
        The plan of all points.
    codes, amplitudes
        Those of the points, in the order of the file: shapes (k,) and (k, C).

    Attributes
    ----------
    place
        Where each point of the file stands: shape (k,).
    outcomes
        The number of each place's outcome on each level, the first functional counting least: shape (L, k).
    amplitudes
        Whole amplitudes of each output at each place: shape (C, k).
    coarsest
        Which group of the first level each point of the file is in, as a number: shape (k,).
    """

    def __init__(self, plan: TailPlan, codes: NDArray[np.uint64], amplitudes: NDArray[np.int64]) -> None:
        order = np.argsort(codes, kind="stable")
        self._ordered, self._below = codes[order], [plan.below(level) for level in range(len(plan.levels) + 1)]
        self.place = np.empty(len(codes), dtype=np.int64)
        self.place[order] = np.arange(len(codes))
        self.outcomes = np.zeros((len(plan.levels), len(codes)), dtype=residue_type(plan.prime**plan.joint))
        # Digit by digit from the last functional on: all digits at once would take a byte more each for every point.
        left = self._ordered
        for level, those in reversed(list(enumerate(plan.levels))):
            for power in reversed(range(those.stop - those.start)):
                left, digit = np.divmod(left, np.uint64(plan.prime))
                self.outcomes[level] += (digit * np.uint64(plan.prime**power)).astype(self.outcomes.dtype)
        self.amplitudes = np.ascontiguousarray(amplitudes[order].T)
        shift = self._below[min(1, len(plan.levels))]
        kind: type[np.unsignedinteger] = np.uint16 if plan.prime**plan.joint < 2**16 else np.uint64
        self.coarsest: NDArray[np.unsignedinteger] = (codes // np.uint64(shift)).astype(kind)

    def __len__(self) -> int:
        return len(self._ordered)

    def of(self, code: NDArray[np.uint64], level: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the places first..last-1 that agree with codes (n,) on the first `level` levels."""
        below = np.uint64(self._below[level])
        least = code // below * below
        first = np.searchsorted(self._ordered, least)
        # The last code of a group, not the first one behind it, which may be 2^63 and more.
        last = np.searchsorted(self._ordered, least + (below - np.uint64(1)), side="right")
        return first, last
