"""From the sums of the parts to nodes: what `gates` does with all points at once."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.dequantized.chunks.groups import Strings
from classical.ridgelet.dequantized.chunks.part import Part
from classical.ridgelet.dequantized.chunks.plan import ChunkPlan
from classical.ridgelet.dequantized.chunks.sums import carried, to_complex
from classical.ridgelet.dequantized.randomness import Randomness, prefix_of
from classical.ridgelet.draws import invert, pick_rows
from problems.finite_field import inverse

__all__ = ["LocalParts", "Parts", "draw_batch", "strings_of"]


class Parts(Protocol):
    """The sums of all parts; each method is that of `Part`, added up."""

    def start(self, strings: Strings) -> None:
        """Begin a batch: gather what all levels but the first take."""
        ...

    def level(self, level: int, nodes: NDArray[np.int64], picked: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the sums of some nodes (m,) of the batch on a level that is not the first."""
        ...

    def first_level(self, picked: NDArray[np.int64]) -> NDArray[np.int64]:
        """Multiply the strings, but for the first level, with all points, and return the sums of that level."""
        ...

    def histogram(self, picked: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the histograms, and end the batch."""
        ...


class LocalParts:
    """Parts in this process, one after the other.

    Parameters
    ----------
    parts
        Which together have every point once.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = list(parts)

    def start(self, strings: Strings) -> None:
        """Begin a batch."""
        self._strings = strings
        self._gathered = [part.gather(strings) for part in self._parts]

    def level(self, level: int, nodes: NDArray[np.int64], picked: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the sums of a level; see `Parts`."""
        return carried(
            self._sum(lambda part, gathered: part.level(gathered, self._strings, level, nodes, picked), self._gathered)
        )

    def first_level(self, picked: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the sums of the first level; see `Parts`."""
        del self._gathered
        self._multiplied = [part.multiply(self._strings, picked) for part in self._parts]
        return carried(self._sum(lambda part, own: part.spectrum(own, self._strings), self._multiplied))

    def histogram(self, picked: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the histograms; see `Parts`."""
        found = self._sum(lambda part, own: part.histogram(own, self._strings, picked), self._multiplied)
        del self._multiplied, self._strings
        return found

    def _sum(self, ask: Callable[[Part, Any], NDArray[np.int64]], own: Sequence[Any]) -> NDArray[np.int64]:
        return np.sum([ask(part, its) for part, its in zip(self._parts, own, strict=True)], axis=0)


def strings_of(plan: ChunkPlan, randomness: Randomness) -> tuple[Strings, NDArray[np.int64]]:
    """Apply gate 1, the loader: the strings, and 1/v of each."""
    output, m0 = np.divmod(invert(plan.cumulative, randomness.point), len(plan.ordered))
    v = invert(plan.frequencies, randomness.frequency)
    prefix = prefix_of(randomness.words, plan.prime, plan.dimension)
    return Strings(prefix, randomness.origin, plan.ordered[m0], output), inverse(v, plan.prime)


def draw_batch(
    plan: ChunkPlan, parts: Parts, randomness: Randomness, a: NDArray[np.int64], b: NDArray[np.int64]
) -> None:
    """Draw the nodes of `randomness` into a (n, D) and b (n,): those that `gates.draw_nodes` draws in memory."""
    prime, levels, n = plan.prime, plan.levels, len(b)
    strings, v_inverse = strings_of(plan, randomness)
    picked = np.zeros((n, max(1, len(levels))), dtype=np.int64)
    parts.start(strings)
    for level in range(len(levels) - 1, 0, -1):
        # Where the group is m0 alone, u is uniform already.
        drawn = np.flatnonzero(_group_size(plan, strings.code, level) > 1)
        if len(drawn):
            weights = _weights(parts.level(level, drawn, picked[drawn]), prime)
            picked[drawn, level] = pick_rows(weights, randomness.levels[drawn, level])
    sums = parts.first_level(picked)
    if levels:
        picked[:, 0] = pick_rows(_weights(sums, prime), randomness.levels[:, 0])
    histogram = parts.histogram(picked[:, 0])
    # Gate 3, multiplication by 1/v, of the string and of the products alike.
    scale = v_inverse[:, None]
    a[:] = scale * plan.strings(strings.prefix, picked) % prime
    scaled = np.empty((n, prime))
    np.put_along_axis(scaled, np.arange(prime) * scale % prime, histogram.astype(float), axis=1)
    # Gate 4, the last Fourier transform: a correlation over Z_P, by the convolution theorem.
    spectrum = np.fft.rfft(scaled, axis=1) * np.conj(np.fft.rfft(plan.ridgelet))
    b[:] = pick_rows(np.fft.irfft(spectrum, n=prime, axis=1) ** 2, randomness.bias)


def _group_size(plan: ChunkPlan, code: NDArray[np.uint64], level: int) -> NDArray[np.int64]:
    """Return how many points agree with codes (n,) on the first `level` levels."""
    below = np.uint64(plan.below(level))
    least = code // below * below
    last = np.searchsorted(plan.ordered, least + (below - np.uint64(1)), side="right")
    return last - np.searchsorted(plan.ordered, least)


def _weights(sums: NDArray[np.int64], prime: int) -> NDArray[np.float64]:
    """Return |sum_y F(y) w^(k.y)|^2 for every outcome k of a level, up to a factor: shape (n, Q)."""
    values = to_complex(sums)
    n, outcomes = values.shape
    functionals = 1
    while prime**functionals < outcomes:
        functionals += 1
    spectra = np.fft.ifftn(values.reshape(n, *[prime] * functionals), axes=range(1, functionals + 1))
    return np.abs(spectra.reshape(n, outcomes)) ** 2
