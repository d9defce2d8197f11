"""A prediction k.(A^-1 y) by random walks: what a classical computer reads from the same access that a quantum one has.

With A's diagonal scaled to 1 and B = 1 - A, the inverse is 1 + B + B^2 + ..., and one entry of it a sum over walks (von
Neumann and Ulam; Forsythe and Leibler 1950). A walk starts at image i with probability k_i^2 / |k|^2, as measuring
|k*> does, steps from i to j with probability |B_ij|, and ends with what is left. It adds up y at every image it visits
(the collision estimator), with the sign of all its steps, times |k|^2 / k_i of its start. That is unbiased where every
row has sum_j |B_ij| < 1; R is the largest of these sums.

Its variance is known without a walk: with u = A^-1 y, the mean square of the sum from each start solves
(1 - |B|) v = y^2 + 2 y (B u).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from classical.kernel_training.protocol import check_system
from problems.arrays import real_array
from problems.errors import InputError, whole_number
from problems.seeds import Seed, generator
from problems.showing import Shows

__all__ = ["WalkEstimate", "WalkEstimator", "row_radius"]

AT_ONCE = 2**18
"""Walks that are followed side by side."""


@dataclass(frozen=True, repr=False)
class WalkEstimate(Shows):
    """An estimate of k.(A^-1 y) from walks.

    Attributes
    ----------
    mean, error
        The mean, and its standard error.
    samples, steps
        Walks, and steps of all of them.
    """

    mean: float
    error: float
    samples: int
    steps: int

    def _facts(self) -> Mapping[str, object]:
        return {
            "mean": float(self.mean),
            "standard error": float(self.error),
            "walks": self.samples,
            "steps": self.steps,
        }


def row_radius(matrix: ArrayLike) -> float:
    """Return R, the largest sum over a row beside the diagonal of |A_ij| / sqrt(A_ii A_jj).

    Raises
    ------
    InputError
        If A is no symmetric matrix of finite numbers with a positive diagonal.
    """
    A = check_system(matrix, np.ones(len(np.atleast_1d(np.asarray(matrix)))))[0]
    return float(np.abs(_beside(A)[0]).sum(axis=1).max())


class WalkEstimator:
    """Estimates k.(A^-1 y) for any k by walks on the training images.

    Parameters
    ----------
    matrix
        A, symmetric, of positive diagonal, R < 1: shape (n, n).
    right_side
        y, not zero, shape (n,).

    Attributes
    ----------
    radius
        R. A walk has at most 1 / (1 - R) steps on average.

    Raises
    ------
    InputError
        If A or y are not what they have to be, or R >= 1.
    """

    def __init__(self, matrix: ArrayLike, right_side: ArrayLike) -> None:
        A, y = check_system(matrix, right_side)
        self._steps, self._root = _beside(A)
        self._y = y / self._root
        self.radius = float(np.abs(self._steps).sum(axis=1).max())
        if self.radius >= 1:
            raise InputError(
                f"R = {self.radius:.4g}, the largest sum of a row beside the diagonal, is not below 1, so that walks "
                "would not end; take Minres, a deeper network, or a sparser pattern."
            )

    def estimate(self, k: ArrayLike, samples: int, seed: Seed = None) -> WalkEstimate:
        """Return the estimate of k.(A^-1 y) from so many walks.

        Parameters
        ----------
        k
            Kernel values of a test image, not all zero, shape (n,).
        samples
            Walks, at least 2.
        seed
            Of the walks.

        Raises
        ------
        InputError
            If k does not fit, is not finite or is zero, or there are too few samples.
        """
        values, samples, rng = self._start(k), whole_number("samples", samples, 2), generator(seed)
        sums = []
        steps = 0
        for start in range(0, samples, AT_ONCE):
            some, taken = self._walk(values, min(AT_ONCE, samples - start), rng)
            sums.append(some)
            steps += taken
        found = np.concatenate(sums)
        return WalkEstimate(float(found.mean()), float(found.std(ddof=1) / math.sqrt(samples)), samples, steps)

    def expected(self, k: ArrayLike) -> float:
        """Return k.(A^-1 y), what estimates are of."""
        return float(self._start(k) @ self._solution)

    def variance(self, k: ArrayLike) -> float:
        """Return the variance of a single walk's estimate, in closed form."""
        values = self._start(k)
        starts = values != 0
        return float((values @ values) * self._squares[starts].sum() - (values @ self._solution) ** 2)

    def samples_needed(self, k: ArrayLike) -> float:
        """Return the walks whose standard error is as large as k.(A^-1 y) itself; infinite where that is 0."""
        square = self.expected(k) ** 2
        return self.variance(k) / square if square else math.inf

    @cached_property
    def walk_length(self) -> float:
        """Images that a walk visits on average, from a start drawn uniformly."""
        size = len(self._y)
        return float(np.mean(np.linalg.solve(np.eye(size) - np.abs(self._steps), np.ones(size))))

    @cached_property
    def _solution(self) -> NDArray[np.float64]:
        return np.asarray(np.linalg.solve(np.eye(len(self._y)) - self._steps, self._y), dtype=float)

    @cached_property
    def _squares(self) -> NDArray[np.float64]:
        """The mean square of the sum of a walk, by its start."""
        right = self._y**2 + 2 * self._y * (self._steps @ self._solution)
        return np.asarray(np.linalg.solve(np.eye(len(self._y)) - np.abs(self._steps), right), dtype=float)

    @cached_property
    def _table(self) -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.float64]]:
        """Row number plus running sum of |B| at the entries that are not zero, their columns, and their signs."""
        rows, columns = np.nonzero(self._steps)
        entries = self._steps[rows, columns]
        sums = np.cumsum(np.abs(self._steps), axis=1)[rows, columns]
        return rows + sums, columns, np.sign(entries)

    def _start(self, k: ArrayLike) -> NDArray[np.float64]:
        values = real_array("k", k)
        if values.shape != self._y.shape:
            raise InputError(f"k has shape {values.shape}; give {self._y.shape}, one a training image.")
        if not np.any(values):
            raise InputError("k is zero for every training image, so that no walk starts; leave that image out.")
        return values / self._root

    def _walk(
        self, values: NDArray[np.float64], samples: int, rng: np.random.Generator
    ) -> tuple[NDArray[np.float64], int]:
        """Return what each walk says, shape (samples,), and the steps of all."""
        sums, columns, signs = self._table
        squares = values**2
        at = rng.choice(len(values), samples, p=squares / squares.sum())
        weight = squares.sum() / values[at]
        found = weight * self._y[at]
        walking, steps = np.arange(samples), 0
        while walking.size and sums.size:
            place = np.searchsorted(sums, at + rng.random(walking.size), side="right")
            # Beyond the last entry of its own row a walk ends.
            goes = (place < sums.size) & (np.floor(sums[np.minimum(place, sums.size - 1)]) == at)
            walking, place = walking[goes], place[goes]
            at = columns[place]
            weight = weight[goes] * signs[place]
            found[walking] += weight * self._y[at]
            steps += walking.size
        return found, steps


def _beside(A: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return B = 1 - A with A's diagonal scaled to 1, and the root of that diagonal."""
    diagonal = np.diag(A)
    if not np.all(diagonal > 0):
        raise InputError(
            "matrix has an entry on its diagonal that is not positive, and walks need 1 there; take Minres."
        )
    root = np.sqrt(diagonal)
    steps = -A / root[:, None] / root
    np.fill_diagonal(steps, 0)
    return steps, root
