"""Jacobi's iteration, the Neumann series of a kernel with unit diagonal: x = y + B y + B^2 y + ..., B = 1 - A."""

import numpy as np
from numpy.typing import ArrayLike

from classical.kernel_training.protocol import Iteration, Solution, check_system, residual_of
from problems.errors import InputError
from problems.seeds import Seed

__all__ = ["Jacobi"]

MOST = 100_000
"""Iterations, whatever the spectral radius."""


class Jacobi(Iteration):
    """Solves by x <- x + D^-1 (y - A x), D the diagonal of A.

    Converges where the spectral radius of 1 - D^-1 A is below 1, which is computed first, and then by that factor an
    iteration. Work: "iterations". See `Iteration`.
    """

    def solve(self, matrix: ArrayLike, right_side: ArrayLike, seed: Seed = None) -> Solution:
        """Return the solution; see `Solver.solve`.

        Raises
        ------
        InputError
            If the diagonal is not positive, or the iteration does not converge.
        """
        A, y = check_system(matrix, right_side)
        diagonal = np.diag(A)
        if not np.all(diagonal > 0):
            raise InputError("matrix has an entry on its diagonal that is not positive; take Minres.")
        root = np.sqrt(diagonal)
        radius = float(np.max(np.abs(1 - np.linalg.eigvalsh(A / root[:, None] / root))))
        if radius >= 1:
            raise InputError(
                f"Jacobi's iteration has the spectral radius {radius:.4g}, and converges below 1 alone; take Cholesky, "
                "or Minres where the matrix is indefinite."
            )
        x, rest = y / diagonal, y - A @ (y / diagonal)
        iterations, norm = 1, np.linalg.norm(y)
        while np.linalg.norm(rest) > self.tolerance * norm:
            if iterations == MOST:
                raise InputError(
                    f"Jacobi's iteration, of spectral radius {radius:.8g}, takes more than {MOST:,} steps to a "
                    f"residual of {self.tolerance:g}; take Cholesky."
                )
            x = x + rest / diagonal
            rest = y - A @ x
            iterations += 1
        return Solution(x, residual_of(A, x, y), {"iterations": iterations})
