"""Conjugate gradients (Hestenes and Stiefel 1952): about sqrt(kappa) multiplications by A."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from classical.kernel_training.protocol import Solution, check_system, check_tolerance, residual_of
from problems.errors import InputError, yes_or_no
from problems.seeds import Seed

__all__ = ["ConjugateGradient"]

PATIENCE = 20
"""Iterations are given up after so many times n: rounding lets them be more than n."""


class ConjugateGradient:
    """Solves by conjugate gradients, of a positive definite A.

    Work: "iterations".

    Parameters
    ----------
    tolerance
        Relative residual at which it stops.
    checked
        Whether A is made sure of by a Cholesky factorization first. Without it, an indefinite A is found out only where
        a search direction meets a negative curvature, which it need not before the iteration stops.

    Raises
    ------
    InputError
        If the tolerance is not between 0 and 1.
    """

    def __init__(self, tolerance: float = 1e-10, checked: bool = True) -> None:
        self.tolerance, self.checked = check_tolerance(tolerance), yes_or_no("checked", checked)

    def solve(self, matrix: ArrayLike, right_side: ArrayLike, seed: Seed = None) -> Solution:
        """Return the solution; see `Solver.solve`.

        Raises
        ------
        InputError
            If A is found not to be positive definite, or the iteration does not converge.
        """
        A, y = check_system(matrix, right_side)
        if self.checked:
            try:
                np.linalg.cholesky(A)
            except np.linalg.LinAlgError:
                raise _indefinite() from None
        x, iterations = self._iterate(A, y)
        return Solution(x, residual_of(A, x, y), {"iterations": iterations})

    def _iterate(self, A: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.float64], int]:
        x, rest = np.zeros_like(y), y.copy()
        direction, square = rest.copy(), float(rest @ rest)
        goal = self.tolerance**2 * square
        for iteration in range(PATIENCE * len(y)):
            if square <= goal:
                return x, iteration
            image = A @ direction
            curvature = float(direction @ image)
            if curvature <= 0:
                raise _indefinite()
            step = square / curvature
            x += step * direction
            rest -= step * image
            before, square = square, float(rest @ rest)
            direction = rest + (square / before) * direction
        raise InputError(
            f"Conjugate gradients do not reach a residual of {self.tolerance:g} in {PATIENCE * len(y)} iterations; "
            "give a larger tolerance, or take Cholesky."
        )


def _indefinite() -> InputError:
    return InputError(
        "matrix is not positive definite, and conjugate gradients would find no solution; take Minres, which any "
        "symmetric matrix will do for."
    )
