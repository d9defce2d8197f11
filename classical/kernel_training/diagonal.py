"""No inversion at all: every training image votes with its kernel value."""

import numpy as np
from numpy.typing import ArrayLike

from classical.kernel_training.protocol import Solution, check_system, residual_of
from problems.errors import InputError
from problems.seeds import Seed

__all__ = ["Diagonal"]


class Diagonal:
    """Takes x = y / diag(A), what the inverse becomes where the network is deep enough."""

    def solve(self, matrix: ArrayLike, right_side: ArrayLike, seed: Seed = None) -> Solution:
        """Return y over the diagonal; see `Solver.solve`.

        Raises
        ------
        InputError
            If the diagonal has a zero.
        """
        A, y = check_system(matrix, right_side)
        if not np.all(np.diag(A)):
            raise InputError("matrix has a zero on its diagonal, by which y is to be divided; take Minres.")
        x = y / np.diag(A)
        return Solution(x, residual_of(A, x, y))
