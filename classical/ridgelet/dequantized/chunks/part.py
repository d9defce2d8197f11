"""A range of rows and the sums over its points: everything that the gates ask of the data.

Two ways give the same whole numbers. `TabledPart` is compiled and passes over the rows twice a batch. `SummedPart` is
plain NumPy, for every prime, and passes three times: instead of tables it keeps nothing.
"""

from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.dequantized.chunks import reference
from classical.ridgelet.dequantized.chunks.groups import Groups, Strings
from classical.ridgelet.dequantized.chunks.plan import ChunkPlan
from classical.ridgelet.dequantized.chunks.sums import carried
from problems.finite_field import scalar_products
from problems.ridgelet.chunks import ChunkedPoints

__all__ = ["Part", "SummedPart", "level_dots", "outcomes_of"]


class Part(Protocol):
    """Sums over the points of a range of rows.

    Whatever `gather` and `multiply` return is the part's own, and given back to it.
    """

    def gather(self, strings: Strings) -> Any:
        """Pass over the points of m0's groups on all levels but the first: the products of their prefixes."""
        ...

    def level(self, gathered: Any, strings: Strings, level: int, picked: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return F(y) of each string on a level that is not the first, given the finer ones: shape (n, Q, 2, 2)."""
        ...

    def multiply(self, strings: Strings, u: NDArray[np.unsignedinteger]) -> Any:
        """Pass over all points: the products of u, in which all levels but the first are drawn."""
        ...

    def spectrum(self, multiplied: Any, strings: Strings) -> NDArray[np.int64]:
        """Return F(y) of each string on the first level: shape (n, Q, 2, 2)."""
        ...

    def histogram(self, multiplied: Any, strings: Strings, picked: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the sum of h over the points of each u.x, u with the outcome of the first level: shape (n, P)."""
        ...


def outcomes_of(plan: ChunkPlan, level: int) -> int:
    """Return how many outcomes a level has; 1 where there is no level."""
    levels = plan.levels
    return int(plan.prime ** (levels[level].stop - levels[level].start)) if levels else 1


def level_dots(prime: int, functionals: int) -> NDArray[np.integer]:
    """Return k.y mod P for all outcomes k and y of a level: shape (Q, Q)."""
    digits = np.arange(prime**functionals)[:, None] // prime ** np.arange(functionals) % prime
    dots = digits @ digits.T
    dots %= prime
    return dots.astype(np.uint16 if prime < 2**16 else np.uint32)


class SummedPart:
    """Sums by plain NumPy, for every prime: the reference.

    Parameters
    ----------
    plan
        The plan of all points.
    data
        All points.
    start, stop
        The rows of the part.
    """

    def __init__(self, plan: ChunkPlan, data: ChunkedPoints, start: int, stop: int) -> None:
        low, high = np.searchsorted(data.rows, [start, stop])
        self._plan, self._data, self._rows = plan, data, (start, stop)
        self._low, self._groups = int(low), Groups(plan, plan.codes[low:high], plan.amplitudes[low:high])

    def gather(self, strings: Strings) -> list[NDArray[np.int64]]:
        """Return the products of each string with its group on the second level."""
        first, last = self._groups.of(strings.code, min(1, len(self._plan.levels)))
        kept = [np.empty(n, dtype=np.int64) for n in last - first]
        if len(self._plan.levels) < 2:
            return kept
        for places, points in self._chunks():
            for i, own in enumerate(kept):
                mine = (places >= first[i]) & (places < last[i])
                own[places[mine] - first[i]] = scalar_products(
                    strings.prefix[i : i + 1], points[mine], self._plan.prime
                )
        return kept

    def level(
        self, gathered: list[NDArray[np.int64]], strings: Strings, level: int, picked: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return the sums of a level; see `Part`."""
        plan, groups = self._plan, self._groups
        sums = np.zeros((len(strings), outcomes_of(plan, level), 2, 2), dtype=np.int64)
        begin, _ = groups.of(strings.code, 1)
        for i, (first, last) in enumerate(zip(*groups.of(strings.code, level), strict=True)):
            phase = gathered[i][first - begin[i] : last - begin[i]].copy()
            for finer in range(level + 1, len(plan.levels)):
                phase += self._dots(picked[i, finer], groups.outcomes[finer, first:last])
            h = groups.amplitudes[strings.output[i], first:last]
            outcome = groups.outcomes[level, first:last]
            sums[i] = reference.spectrum(outcome, phase % plan.prime, h, sums.shape[1], plan.prime)
        return sums

    def multiply(self, strings: Strings, u: NDArray[np.unsignedinteger]) -> NDArray[np.unsignedinteger]:
        """Return u itself: each sum reads the points again."""
        return u

    def spectrum(self, multiplied: NDArray[np.unsignedinteger], strings: Strings) -> NDArray[np.int64]:
        """Return the sums of the first level; see `Part`."""
        plan, groups = self._plan, self._groups
        sums = np.zeros((len(strings), outcomes_of(plan, 0), 2, 2), dtype=np.int64)
        for places, points in self._chunks():
            outcome = groups.outcomes[0, places] if plan.levels else np.zeros(len(places), dtype=np.int64)
            for i, phase in enumerate(scalar_products(multiplied, points, plan.prime)):
                h = groups.amplitudes[strings.output[i], places]
                sums[i] += reference.spectrum(outcome, phase, h, sums.shape[1], plan.prime)
        return carried(sums)

    def histogram(
        self, multiplied: NDArray[np.unsignedinteger], strings: Strings, picked: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return the histograms; see `Part`."""
        plan, groups = self._plan, self._groups
        found = np.zeros((len(strings), plan.prime), dtype=np.int64)
        for places, points in self._chunks():
            for i, phase in enumerate(scalar_products(multiplied, points, plan.prime)):
                if plan.levels:
                    phase = (phase + self._dots(picked[i], groups.outcomes[0, places])) % plan.prime
                found[i] += reference.histogram(phase, groups.amplitudes[strings.output[i], places], plan.prime)
        return found

    def _dots(self, k: int, outcomes: NDArray[np.unsignedinteger]) -> NDArray[np.int64]:
        """Return k.y for the outcomes y of some places; digits by digits, for no table would hold them at large P."""
        total = np.zeros(len(outcomes), dtype=np.int64)
        left = outcomes.astype(np.int64)
        for _ in range(self._plan.joint):
            total = (total + k % self._plan.prime * (left % self._plan.prime)) % self._plan.prime
            k, left = k // self._plan.prime, left // self._plan.prime
        return total

    def _chunks(self) -> Iterator[tuple[NDArray[np.int64], NDArray[np.unsignedinteger]]]:
        """Yield the places of the points of each chunk, and their residues."""
        for which, points in self._data.part(*self._rows):
            yield self._groups.place[which.start - self._low : which.stop - self._low], points
