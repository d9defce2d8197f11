"""A range of rows and the sums over its points: everything that the gates ask of the data.

Two ways give the same whole numbers. `TabledPart` is compiled and passes over the rows twice a batch. `SummedPart` is
plain NumPy, for every prime, and passes three times: instead of tables it keeps nothing.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.dequantized.chunks import reference
from classical.ridgelet.dequantized.chunks.groups import Groups, Strings
from classical.ridgelet.dequantized.chunks.plan import ChunkPlan, TailPlan
from classical.ridgelet.dequantized.chunks.sums import carried
from problems.finite_field import scalar_products
from problems.ridgelet.chunks import ChunkedPoints

__all__ = ["Part", "Share", "SummedPart", "level_dots", "shares"]


@dataclass(frozen=True)
class Share:
    """All that a part is made of; K' of K points.

    Attributes
    ----------
    plan
        The tail of the problem.
    points
        The points of the part, and their codes.
    amplitudes
        Their whole amplitudes, (K', C).
    """

    plan: TailPlan
    points: ChunkedPoints
    amplitudes: NDArray[np.int64]


def shares(plan: ChunkPlan, data: ChunkedPoints, count: int) -> list[Share]:
    """Cut points into `count` ranges of rows, as equal as they can be; none is empty, so there may be fewer."""
    edges = np.unique(np.linspace(0, len(data), count + 1).astype(int)).tolist()
    return [
        Share(plan.bare, replace(data, rows=data.rows[low:high], codes=plan.codes[low:high]), plan.amplitudes[low:high])
        for low, high in itertools.pairwise(edges)
    ]


class Part(Protocol):
    """Sums over the points of a range of rows.

    Whatever `gather` and `multiply` return is the part's own, and given back to it.
    """

    def gather(self, strings: Strings) -> Any:
        """Pass over the points of m0's groups on all levels but the first: the products of their prefixes."""
        ...

    def level(
        self, gathered: Any, strings: Strings, level: int, nodes: NDArray[np.int64], picked: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return F(y) of some strings on a level that is not the first, given the outcomes of the finer ones.

        Parameters
        ----------
        gathered, strings
            The batch.
        level
            The level.
        nodes
            Which strings of the batch: shape (m,).
        picked
            Their outcomes of each level, those of the finer ones being known: shape (m, L).

        Returns
        -------
        NDArray[np.int64]
            Shape (m, Q, 2, 2).
        """
        ...

    def multiply(self, strings: Strings, picked: NDArray[np.int64]) -> Any:
        """Pass over all points: the products of u, with the outcomes of all levels but the first, (n, L)."""
        ...

    def spectrum(self, multiplied: Any, strings: Strings) -> NDArray[np.int64]:
        """Return F(y) of each string on the first level: shape (n, Q, 2, 2)."""
        ...

    def histogram(self, multiplied: Any, strings: Strings, picked: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the sum of h over the points of each u.x, u with the outcome of the first level: shape (n, P)."""
        ...


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
    share
        The part.
    """

    def __init__(self, share: Share) -> None:
        self._plan, self._points = share.plan, share.points
        self._groups = Groups(share.plan, share.points.codes, share.amplitudes)

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
        self,
        gathered: list[NDArray[np.int64]],
        strings: Strings,
        level: int,
        nodes: NDArray[np.int64],
        picked: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """Return the sums of a level; see `Part`."""
        plan, groups = self._plan, self._groups
        sums = np.zeros((len(nodes), plan.outcomes(level), 2, 2), dtype=np.int64)
        code, output = strings.code[nodes], strings.output[nodes]
        begin, _ = groups.of(code, 1)
        for i, (first, last) in enumerate(zip(*groups.of(code, level), strict=True)):
            phase = gathered[nodes[i]][first - begin[i] : last - begin[i]].copy()
            for finer in range(level + 1, len(plan.levels)):
                phase += self._dots(picked[i, finer], groups.outcomes[finer, first:last])
            h = groups.amplitudes[output[i], first:last]
            outcome = groups.outcomes[level, first:last]
            sums[i] = reference.spectrum(outcome, phase % plan.prime, h, sums.shape[1], plan.prime)
        return sums

    def multiply(self, strings: Strings, picked: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return u itself: each sum reads the points again."""
        return self._plan.strings(strings.prefix, picked)

    def spectrum(self, multiplied: NDArray[np.int64], strings: Strings) -> NDArray[np.int64]:
        """Return the sums of the first level; see `Part`."""
        plan, groups = self._plan, self._groups
        sums = np.zeros((len(strings), plan.outcomes(0), 2, 2), dtype=np.int64)
        for places, points in self._chunks():
            outcome = groups.outcomes[0, places] if plan.levels else np.zeros(len(places), dtype=np.int64)
            for i, phase in enumerate(scalar_products(multiplied, points, plan.prime)):
                h = groups.amplitudes[strings.output[i], places]
                sums[i] += reference.spectrum(outcome, phase, h, sums.shape[1], plan.prime)
        return carried(sums)

    def histogram(
        self, multiplied: NDArray[np.int64], strings: Strings, picked: NDArray[np.int64]
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
        for which, points in self._points.chunks():
            yield self._groups.place[which], points
