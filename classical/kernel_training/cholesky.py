"""The Cholesky factorization, in place of any iteration: n^3 / 3 steps once, for all test images."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import cho_factor, cho_solve

from classical.kernel_training.protocol import Solution, check_system, residual_of
from problems.errors import InputError
from problems.seeds import Seed

__all__ = ["Cholesky"]


class Cholesky:
    """Solves by A = L L', of a positive definite A."""

    def solve(self, matrix: ArrayLike, right_side: ArrayLike, seed: Seed = None) -> Solution:
        """Return the solution; see `Solver.solve`.

        Raises
        ------
        InputError
            If A is not positive definite.
        """
        A, y = check_system(matrix, right_side)
        try:
            x = cho_solve(cho_factor(A), y)
        except np.linalg.LinAlgError:
            raise InputError(
                "matrix is not positive definite, so that it has no Cholesky factor; take Minres, which any symmetric "
                "matrix will do for."
            ) from None
        return Solution(x, residual_of(A, x, y))
