"""A problem seen through a few of its coordinates, many such subspaces at once.

Projected on d coordinates, points that coincide are merged with their frequencies and mean labels, exactly as
`RidgeletProblem.from_samples` on ``x[:, chosen]`` does. Nodes of the projected problem are nodes of the whole one, with
zeros in the other coordinates of a.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from classical.ridgelet.columns import columns_of
from classical.ridgelet.draws import bias_weights, draw, draw_frequency, draw_rows
from problems.errors import InputError, non_negative, whole_number
from problems.finite_field import inverse
from problems.memory import require_memory
from problems.ridgelet.nodes import Nodes
from problems.ridgelet.problem import RidgeletProblem

__all__ = ["Projections", "check_coordinates"]

VANISHING = 1e-13
"""A share of the largest label: a cell's mean label below it is what rounding left of labels that cancel."""


class Projections:
    """Draws subspaces of a problem's coordinates, and nodes on them.

    Attributes
    ----------
    problem
        The problem; K distinct points, C outputs.
    regularization
        The ridge parameter lambda of projected problems; left out, the problem's own.
    varying
        The coordinates that are not constant on the data, or all where none varies.
    """

    def __init__(self, problem: RidgeletProblem, regularization: float | None = None) -> None:
        self.problem = problem
        given = problem.regularization if regularization is None else regularization
        self.regularization = non_negative("regularization", given)
        self._columns = columns_of(problem.data)
        low, high = self._columns.ends()
        varying = np.flatnonzero(low != high)
        self.varying = varying if len(varying) else np.arange(problem.dimension)

    def entries(self, coordinates: int) -> int:
        """Return how many numbers a subspace of d coordinates takes at once: cells of its grid, or points."""
        problem = self.problem
        return max(problem.prime**coordinates, len(problem.data)) * problem.outputs

    def draw(self, count: int, coordinates: int, rng: np.random.Generator) -> NDArray[np.int64]:
        """Draw subspaces uniformly among those of varying coordinates: shape (count, d), ascending in each row.

        Where fewer than d coordinates vary, all of them are taken, and d is their number.
        """
        size = min(coordinates, len(self.varying))
        rows = [rng.choice(len(self.varying), size, replace=False) for _ in range(count)]
        drawn: NDArray[np.int64] = self.varying[np.sort(np.array(rows), axis=1)]
        self._columns.expect(drawn)
        return drawn

    def nodes(
        self,
        subspaces: NDArray[np.int64],
        of_node: NDArray[np.int64],
        labels: NDArray[np.float64],
        base: str,
        rng: np.random.Generator,
    ) -> Nodes:
        """Draw one node on a subspace for each entry of `of_node`.

        Parameters
        ----------
        subspaces
            Coordinates of each subspace, shape (S, d).
        of_node
            The subspace of each node, shape (n,), entries 0..S-1.
        labels
            Mean targets at the distinct points, shape (K, C): the problem's own, or what is left of them.
        base
            "optimized": p* of the projected problem; "leverage": its ridge-leverage distribution; "uniform". Where all
            mean labels of a projection vanish, p* is not defined, and a node is drawn uniformly.
        rng
            The random generator.
        """
        prime, size, n = self.problem.prime, subspaces.shape[1], len(of_node)
        small = rng.integers(0, prime, (n, size))
        b = rng.integers(0, prime, n)
        if base != "uniform":
            x = self._coordinates(subspaces)
            cell = np.zeros(x.shape[:2], dtype=np.int64)
            for j in range(size):
                cell = cell * prime + x[:, :, j]
            if base == "leverage":
                b = self._leverage_bias(x, cell, of_node, small, rng)
            else:
                self._redraw(small, b, x, cell, of_node, labels, rng)
        a = np.zeros((n, self.problem.dimension), dtype=np.int64)
        np.put_along_axis(a, subspaces[of_node], small, axis=1)
        return Nodes(a, b)

    def _coordinates(self, subspaces: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the points seen through each subspace: shape (S, K, d)."""
        columns = self._columns.take(subspaces.reshape(-1))
        shape = (len(columns), *subspaces.shape)
        return columns.astype(np.int64).reshape(shape).transpose(1, 0, 2)

    def _by_cell(self, cell: NDArray[np.int64], values: NDArray[np.float64], size: int) -> NDArray[np.float64]:
        """Sum values (K,) over the points in each cell of each grid: shape (S, P^d)."""
        count, cells = len(cell), self.problem.prime**size
        where = cell + cells * np.arange(count)[:, None]
        weights = np.broadcast_to(values, cell.shape).reshape(-1)
        sums = np.bincount(where.reshape(-1), weights=weights, minlength=count * cells)
        return sums.astype(float, copy=False).reshape(count, cells)

    def _leverage_bias(
        self,
        x: NDArray[np.int64],
        cell: NDArray[np.int64],
        of_node: NDArray[np.int64],
        small: NDArray[np.int64],
        rng: np.random.Generator,
    ) -> NDArray[np.int64]:
        """Draw b of ridge-leverage nodes: a point by the leverage of its cell, t by r(t)^2, b = a.x - t."""
        problem = self.problem
        mass = self._by_cell(cell, problem.frequencies, x.shape[2])
        # A cell's leverage p/(p + lambda), shared out among its points by their frequencies.
        shares = problem.frequencies / (np.take_along_axis(mass, cell, axis=1) + self.regularization)
        point = draw_rows(rng, shares[of_node])
        t = draw(rng, problem.ridgelet**2, len(of_node))
        seen = x[of_node, point]
        return (np.sum(small * seen % problem.prime, axis=1) - t) % problem.prime

    def _redraw(
        self,
        small: NDArray[np.int64],
        b: NDArray[np.int64],
        x: NDArray[np.int64],
        cell: NDArray[np.int64],
        of_node: NDArray[np.int64],
        labels: NDArray[np.float64],
        rng: np.random.Generator,
    ) -> None:
        """Redraw a and b, in place, from p* of each node's projected problem."""
        problem, prime = self.problem, self.problem.prime
        count, size = len(x), x.shape[2]
        grid = (prime,) * size
        mass = self._by_cell(cell, problem.frequencies, size)
        # (p + lambda)/(1 + lambda), because a factor of h does not matter and large ones underflow when squared.
        filtered = (mass + self.regularization) / (1 + self.regularization)
        filtered[mass == 0] = 1.0
        h = np.stack([self._by_cell(cell, problem.frequencies * column, size) for column in labels.T])
        h[np.abs(h) <= VANISHING * mass * np.max(np.abs(labels))] = 0.0
        h /= filtered
        axes = tuple(range(2, 2 + size))
        spectrum = np.abs(fft.fftn(h.reshape(-1, count, *grid), axes=axes)) ** 2
        # Over outputs and frequencies at once: by Parseval an output has its share ||h_c||^2 of the weight.
        weights = spectrum.reshape(len(h), count, -1).transpose(1, 0, 2).reshape(count, -1)
        drawn = draw_rows(rng, weights[of_node])
        output, u = drawn // prime**size, np.stack(np.unravel_index(drawn % prime**size, grid), axis=1)
        v = draw_frequency(rng, problem.ridgelet, len(of_node))
        known = np.any(h, axis=(0, 2))[of_node]
        small[known] = (inverse(v, prime)[:, None] * u % prime)[known]
        # A cell's amplitude, shared out among its points as they contribute to it.
        share = problem.frequencies * labels.T[output] / np.take_along_axis(filtered, cell, axis=1)[of_node]
        t = np.sum(small[:, None, :] * x[of_node] % prime, axis=2) % prime
        b[known] = draw_rows(rng, bias_weights(t, share, problem.ridgelet))[known]


def check_coordinates(problem: RidgeletProblem, coordinates: object) -> int:
    """Return the number of coordinates of a subspace, or refuse it.

    Raises
    ------
    InputError
        If it is no whole number 1..D, or the grid Z_P^d does not fit in memory.
    """
    size = whole_number("coordinates", coordinates, 1)
    if size > problem.dimension:
        raise InputError(f"coordinates = {size}, but the data has {problem.dimension}; give at most that.")
    require_memory(
        64 * problem.prime**size * problem.outputs,
        f"The grid of {problem.prime}^{size} points of a subspace",
        "take fewer coordinates or a smaller prime",
    )
    return size
