"""The dequantized sampler: the quantum circuit followed gate by gate with one classical string.

Bravyi, Gosset, Liu 2022 (arXiv:2112.08499), "How to simulate quantum measurement without computing marginals":
keep one string; when a gate acts on a register, redraw that register from its conditional law given all the
others. For the ridgelet circuit (`quantum.ridgelet`):

1. Loader. Draw m0 with probability h_m^2 and v != 0 with probability |r^(v)|^2: the string is (x_m0, v).
2. Fourier transform of coordinate l. Redraw it as u_l with probability proportional to
   |sum_{m in G} h_m w^(-(u_1 x_m1 + ... + u_l x_ml))|^2, where G is the group of points that agree with x_m0 in
   all coordinates still untouched: one group, never a sum over groups.
3. Multiplication: a = u/v.
4. Last Fourier transform: draw b from |sum_t H(t) r(t - b)|^2, H(t) = sum of h_m over a.x_m = t.

While G is m0 alone, u_l is uniform. So the coordinates are chosen such that a short tail of L random linear
functionals A_l separates the points (y_ml = A_l.x_m): everything before them is a uniform prefix u_0 in Z_P^D, and
u = u_0 + sum_l k_l A_l with each k_l drawn from its group. The phases that the prefix causes are one matrix
product. Exact, no rejection, O(K D) a node.
"""

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.draws import draw, draw_frequency, draw_rows, redraw_bias
from problems.finite_field import inverse, row_blocks, scalar_products
from problems.ridgelet.nodes import Nodes
from problems.ridgelet.problem import RidgeletProblem
from problems.ridgelet.sampling import check_count, check_problem
from problems.seeds import Seed, generator

__all__ = ["DequantizedSampler"]


class DequantizedSampler:
    """Draws nodes from p* exactly, at any dimension: O(K D) a node.

    Parameters
    ----------
    problem
        The problem whose nodes are drawn.

    Attributes
    ----------
    tail
        The functionals A_1, ..., A_L: shape (L, D). They depend on the points alone, not on a sample's seed.
    """

    def __init__(self, problem: RidgeletProblem) -> None:
        self.problem = check_problem(problem)
        self.tail, keys = _separating_tail(problem.points, problem.prime)
        # Sorted by the last functional first, the points of every group are neighbors.
        order = np.lexsort(keys.T) if len(self.tail) else np.arange(len(keys))
        self._points, self._keys = problem.points[order], keys[order]
        self._amplitudes = problem.amplitudes[order]
        self._groups = [_ranges(self._keys[:, level + 1 :]) for level in range(len(self.tail))]

    def sample(self, n: int, seed: Seed = None) -> Nodes:
        """Draw `n` independent nodes; see `NodeSampler.sample`."""
        n, rng = check_count(n), generator(seed)
        columns = max(len(self._points), self.problem.prime)
        return Nodes.concatenate([self._batch(rng, rows.stop - rows.start) for rows in row_blocks(n, columns)])

    def _batch(self, rng: np.random.Generator, n: int) -> Nodes:
        prime, points = self.problem.prime, self._points
        # Gate 1, the loader. The output (class) register is measured and dropped: it is drawn together with m0.
        start = draw(rng, (self._amplitudes**2).ravel(), n)
        m0, output = np.divmod(start, self._amplitudes.shape[1])
        h = np.ascontiguousarray(self._amplitudes.T)[output]
        # Gate 2, the uniform prefix: the one matrix product of the algorithm.
        u = rng.integers(0, prime, (n, self.problem.dimension))
        products = scalar_products(u, points, prime)  # u.x_m, kept up to date below
        # Gate 2, the tail.
        k = np.zeros((n, len(self.tail)), dtype=np.int64)
        for level, (first, last) in enumerate(self._groups):
            row, m = _members(first[m0], last[m0])
            phase = (products[row, m] + np.sum(k[row, :level] * self._keys[m, :level] % prime, axis=1)) % prime
            k[:, level] = self._redraw(rng, n, row, self._keys[m, level], h[row, m], phase)
        u = (u + scalar_products(k, self.tail.T, prime)) % prime
        products = (products + scalar_products(k, self._keys, prime)) % prime
        # Gate 3, multiplication by 1/v, of the string and of the products alike.
        v_inverse = inverse(draw_frequency(rng, self.problem.ridgelet, n), prime)[:, None]
        a = v_inverse * u % prime
        # Gate 4, the last Fourier transform.
        return Nodes(a, redraw_bias(rng, v_inverse * products % prime, h, self.problem.ridgelet))

    def _redraw(
        self,
        rng: np.random.Generator,
        n: int,
        row: NDArray[np.int64],
        key: NDArray[np.int64],
        h: NDArray[np.float64],
        phase: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """Draw k for each of `n` strings: |sum_{m in G} h_m w^(-(phase_m + k key_m))|^2, by an FFT over the keys."""
        prime = self.problem.prime
        root = np.exp(-2j * np.pi * np.arange(prime) / prime)
        value, cell = h * root[phase], row * prime + key
        summed = np.bincount(cell, value.real, n * prime) + 1j * np.bincount(cell, value.imag, n * prime)
        return draw_rows(rng, np.abs(np.fft.fft(summed.reshape(n, prime), axis=1)) ** 2)


def _separating_tail(points: NDArray[np.int64], prime: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw random functionals until they tell all points apart; return them (L, D) and their values (K, L).

    A functional is kept only if it splits a group that the earlier ones left together. It is then linearly
    independent of them, so they are coordinates of Z_P^D; about log_P(K^2/2) are needed.
    """
    rng = np.random.default_rng(0)
    tail = np.empty((0, points.shape[1]), dtype=np.int64)
    keys = np.empty((len(points), 0), dtype=np.int64)
    groups = 1
    while groups < len(points):
        functional = rng.integers(0, prime, (1, points.shape[1]))
        refined = np.hstack([keys, scalar_products(points, functional, prime)])
        split = len(np.unique(refined, axis=0))
        if split > groups:
            tail, keys, groups = np.vstack([tail, functional]), refined, split
    return tail, keys


def _ranges(keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return, for each of the sorted rows, where the run of rows equal to it begins and ends."""
    starts = np.flatnonzero(np.r_[True, np.any(keys[1:] != keys[:-1], axis=1)])
    run = np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(keys)]))
    return starts[run], np.r_[starts[1:], len(keys)][run]


def _members(first: NDArray[np.int64], last: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """List the ranges first..last-1, one after the other: the row of each entry, and the entry."""
    size = last - first
    row = np.repeat(np.arange(len(size)), size)
    offset = np.arange(len(row)) - np.repeat(np.cumsum(size) - size, size)
    return row, first[row] + offset
