"""Sampling by marginals, coordinate by coordinate: the slow exact peer of the dequantized sampler.

Schwarz and Van den Nest 2013 (arXiv:1310.6749): by Parseval, after drawing u_1, ..., u_(j-1) of the Fourier
transformed data, Pr(u_j | earlier) is proportional to the sum, over **all** groups G of points that agree in the
coordinates after j, of |sum_{m in G} c_m w^(-u_j x_mj)|^2, with c_m = h_m w^(-(u_1 x_m1 + ... + u_(j-1) x_m,j-1)).
"""

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.draws import draw, draw_frequency, draw_rows, redraw_bias
from problems.finite_field import inverse, row_blocks, scalar_products
from problems.ridgelet.nodes import Nodes
from problems.ridgelet.problem import RidgeletProblem
from problems.ridgelet.sampling import ShownSampler, check_count, check_problem
from problems.seeds import Seed, generator

__all__ = ["MarginalSampler"]


class MarginalSampler(ShownSampler):
    """Draws u by marginals, then a = u/v and b given a: O(K P D) a node, for any D."""

    def __init__(self, problem: RidgeletProblem) -> None:
        self.problem = check_problem(problem)
        self._points = problem.points
        # The groups of each coordinate: points that agree in all later ones.
        self._groups = [
            np.unique(self._points[:, j + 1 :], axis=0, return_inverse=True)[1].reshape(-1)
            for j in range(problem.dimension)
        ]

    def sample(self, n: int, seed: Seed = None) -> Nodes:
        """Draw `n` independent nodes; see `NodeSampler.sample`."""
        n, rng, prime = check_count(n), generator(seed), self.problem.prime
        parts = []
        for rows in row_blocks(n, len(self._points) * prime):
            count = rows.stop - rows.start
            output = draw(rng, np.sum(self.problem.amplitudes**2, axis=0), count)
            h = self.problem.amplitudes.T[output]
            u = self._draw_transformed(rng, h)
            v = draw_frequency(rng, self.problem.ridgelet, count)
            a = inverse(v, prime)[:, None] * u % prime
            t = scalar_products(a, self._points, prime)
            parts.append(Nodes(a, redraw_bias(rng, t, h, self.problem.ridgelet)))
        return Nodes.concatenate(parts)

    def _draw_transformed(self, rng: np.random.Generator, h: NDArray[np.float64]) -> NDArray[np.int64]:
        prime, points = self.problem.prime, self._points
        count, u = len(h), np.empty((len(h), self.problem.dimension), dtype=np.int64)
        root = np.exp(-2j * np.pi * np.arange(prime) / prime)
        c = h.astype(complex)
        for j, group in enumerate(self._groups):
            table = np.zeros((count, int(group.max()) + 1, prime), dtype=complex)
            for m in range(len(points)):
                table[:, group[m], points[m, j]] += c[:, m]
            u[:, j] = draw_rows(rng, np.sum(np.abs(np.fft.fft(table, axis=2)) ** 2, axis=1))
            c *= root[u[:, j, None] * points[:, j] % prime]
        return u
