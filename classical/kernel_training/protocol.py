"""The one protocol of solvers, ``Solver().solve(matrix, right_side, seed=None)``, and of classifiers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.arrays import real_array
from problems.errors import InputError
from problems.kernel_training import KernelTask
from problems.seeds import Seed
from problems.showing import Shows, small

__all__ = ["Classifier", "Iteration", "Solution", "Solver", "check_system", "check_tolerance", "residual_of"]

ASYMMETRY = 1e-9
"""Entries may differ from their mirror image by so much of the largest."""


@dataclass(frozen=True, eq=False, repr=False)
class Solution(Shows):
    """The outcome of a solver.

    Attributes
    ----------
    vector
        x of A x = y, or what the solver takes for it, shape (n,).
    residual
        |A x - y| / |y|.
    work
        What it took, by the name of what is counted ("iterations", "landmarks"); empty where nothing is.
    """

    vector: NDArray[np.float64]
    residual: float
    work: Mapping[str, int] = field(default_factory=dict)

    def _facts(self) -> Mapping[str, object]:
        return {"n": len(self.vector), "residual": small(self.residual), **self.work}


class Solver(Protocol):
    """A way to solve A x = y."""

    def solve(self, matrix: ArrayLike, right_side: ArrayLike, seed: Seed = None) -> Solution:
        """Return the solution.

        Parameters
        ----------
        matrix
            A, symmetric, shape (n, n).
        right_side
            y, not zero, shape (n,).
        seed
            For solvers that draw; the others ignore it.

        Raises
        ------
        InputError
            If A is no symmetric matrix of finite numbers, y does not fit or is zero, or the solver cannot take A; in
            words, with another one that can.
        """


class Iteration:
    """A solver that stops at a residual.

    Parameters
    ----------
    tolerance
        Relative residual at which it stops.

    Raises
    ------
    InputError
        If the tolerance is not between 0 and 1.
    """

    def __init__(self, tolerance: float = 1e-10) -> None:
        self.tolerance = check_tolerance(tolerance)


class Classifier(Protocol):
    """A way to answer test images."""

    def outputs(self, task: KernelTask, seed: Seed = None) -> NDArray[np.float64]:
        """Return a number for each test image, shape (t,): above 0 speaks for +1."""


def check_system(matrix: ArrayLike, right_side: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return A and y as arrays of finite numbers.

    Raises
    ------
    InputError
        If A is no symmetric matrix, y does not fit, or y is zero.
    """
    A, y = real_array("matrix", matrix), real_array("right_side", right_side)
    if A.ndim != 2 or A.shape[0] != A.shape[1] or not A.size:
        raise InputError(f"matrix has shape {A.shape}; give a symmetric one, shape (n, n).")
    if y.shape != A.shape[:1]:
        raise InputError(f"right_side has shape {y.shape}, and the matrix {len(A)} rows; give ({len(A)},).")
    gap = np.abs(A - A.T)
    if gap.max() > ASYMMETRY * np.abs(A).max():
        i, j = np.unravel_index(int(np.argmax(gap)), gap.shape)
        raise InputError(
            f"matrix is not symmetric: [{i}, {j}] = {A[i, j]:.6g}, [{j}, {i}] = {A[j, i]:.6g}; give a symmetric one."
        )
    if not np.any(y):
        raise InputError("right_side is zero, and so is the solution; give one that is not.")
    return A, y


def check_tolerance(tolerance: object) -> float:
    """Return a relative residual at which an iteration may stop.

    Raises
    ------
    InputError
        If it is no number between 0 and 1.
    """
    if isinstance(tolerance, bool) or not isinstance(tolerance, int | float) or not 0 < tolerance < 1:
        raise InputError(f"tolerance = {tolerance!r} is no relative residual; give a number between 0 and 1.")
    return float(tolerance)


def residual_of(A: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Return |A x - y| / |y|."""
    return float(np.linalg.norm(A @ x - y) / math.sqrt(y @ y))
