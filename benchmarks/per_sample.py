"""The dequantized algorithm for one node at a time, in plain Python: the circuit followed gate by gate.

Bravyi, Gosset, Liu 2022 (arXiv:2112.08499): keep one string; when a gate acts on a register, redraw that register
from its conditional law given all the others. See `classical.ridgelet.dequantized`. O(K D) a node, as there.
"""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate, takewhile

import numpy as np

from problems.finite_field import inverse
from problems.ridgelet import Nodes, RidgeletProblem
from problems.seeds import Seed, generator

__all__ = ["PerSampleSampler"]


class PerSampleSampler:
    """Draws nodes one after the other, coordinate by coordinate."""

    def __init__(self, problem: RidgeletProblem) -> None:
        self.problem = problem
        prime = problem.prime
        self._points = problem.points.tolist()
        self._columns = problem.points.T.tolist()
        self._amplitudes = problem.amplitudes.T.tolist()  # one list for each output
        self._loaded = list(accumulate((problem.amplitudes**2).ravel().tolist()))
        spectrum = np.abs(np.fft.fft(problem.ridgelet)) ** 2
        spectrum[0] = 0.0  # zero mean; what is left there is rounding
        self._spectrum = list(accumulate(spectrum.tolist()))
        self._inverse = [0, *inverse(np.arange(1, prime), prime).tolist()]
        self._ridgelet_spectrum = np.conj(np.fft.fft(problem.ridgelet))
        self._root = np.exp(-2j * np.pi * np.arange(prime) / prime).tolist()

    def sample(self, n: int, seed: Seed = None) -> Nodes:
        """Draw `n` independent nodes; see `NodeSampler.sample`."""
        rng = generator(seed)
        nodes = [self._node(rng) for _ in range(n)]
        return Nodes(np.array([a for a, _ in nodes]), np.array([b for _, b in nodes]))

    def _node(self, rng: np.random.Generator) -> tuple[list[int], int]:
        prime, dimension = self.problem.prime, self.problem.dimension
        # Gate 1, the loader: the string is (x_m0, v). The output register is measured and dropped.
        m0, output = divmod(_draw(rng, self._loaded), len(self._amplitudes))
        h, v = self._amplitudes[output], _draw(rng, self._spectrum)
        # Gate 2, the Fourier transform of one coordinate after the other.
        agreeing = [_common_end(point, self._points[m0]) for point in self._points]
        phase = [0] * len(self._points)  # u_1 x_m1 + ... + u_l x_ml
        u = []
        for coordinate, column in enumerate(self._columns):
            untouched = dimension - 1 - coordinate
            summed = [0j] * prime
            for m, end in enumerate(agreeing):
                if end >= untouched:
                    summed[column[m]] += h[m] * self._root[phase[m]]
            u.append(_draw(rng, list(accumulate((np.abs(np.fft.fft(summed)) ** 2).tolist()))))
            phase = [(old + u[-1] * x) % prime for old, x in zip(phase, column, strict=True)]
        # Gate 3, multiplication by 1/v, of the string and of the products alike.
        factor = self._inverse[v]
        a = [factor * digit % prime for digit in u]
        # Gate 4, the last Fourier transform: b from |sum_t H(t) r(t - b)|^2.
        histogram = [0.0] * prime
        for old, amplitude in zip(phase, h, strict=True):
            histogram[factor * old % prime] += amplitude
        law = np.fft.ifft(np.fft.fft(histogram) * self._ridgelet_spectrum).real ** 2
        return a, _draw(rng, list(accumulate(law.tolist())))


def _draw(rng: np.random.Generator, cumulative: list[float]) -> int:
    """Draw an index by its weight, given the weights' running sums."""
    index = bisect_right(cumulative, rng.random() * cumulative[-1])
    # The product can round up to the total: take the last index of positive weight then.
    return index if index < len(cumulative) else cumulative.index(cumulative[-1])


def _common_end(one: list[int], other: list[int]) -> int:
    """Return in how many coordinates, from the last one on, two points agree."""
    pairs: Iterable[tuple[int, int]] = zip(reversed(one), reversed(other), strict=True)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
