"""The minimum residual method (Paige and Saunders 1975): about kappa multiplications by A, definite or not."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse.linalg import LinearOperator, minres

from classical.kernel_training.protocol import Iteration, Solution, check_system, residual_of
from problems.errors import InputError
from problems.seeds import Seed

__all__ = ["Minres"]

PATIENCE = 20
"""Iterations are given up after so many times n: rounding lets them be more than n."""

CAUTION = 1e-4
"""SciPy measures the residual by the norm of A times that of x, which may be kappa times y."""

GAIN = 0.5
"""The method is started again on what is left while that shrinks by so much."""


class Minres(Iteration):
    """Solves by the minimum residual method, of any symmetric A that is not singular.

    Work: "iterations". See `Iteration`.
    """

    def solve(self, matrix: ArrayLike, right_side: ArrayLike, seed: Seed = None) -> Solution:
        """Return the solution; see `Solver.solve`.

        Raises
        ------
        InputError
            If the tolerance is not reached, as of a singular A whose image y is not in.
        """
        A, y = check_system(matrix, right_side)
        count = 0

        def multiply(vector: np.ndarray) -> np.ndarray:
            nonlocal count
            count += 1
            return A @ vector

        operator = LinearOperator(A.shape, matvec=multiply, dtype=float)
        x, rest, residual, before = np.zeros_like(y), y, 1.0, np.inf
        while self.tolerance < residual < GAIN * before:
            more, _ = minres(operator, rest, rtol=CAUTION * self.tolerance / residual, maxiter=PATIENCE * len(y))
            x = x + more
            rest = y - A @ x
            residual, before = residual_of(A, x, y), residual
        if residual <= self.tolerance:
            return Solution(x, residual, {"iterations": count})
        raise InputError(
            f"The minimum residual method ends at a residual of {residual:.2g}, above the tolerance of "
            f"{self.tolerance:g}: matrix is singular or close to it; give a larger tolerance, or another matrix."
        )
