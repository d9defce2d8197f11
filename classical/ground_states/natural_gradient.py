"""Natural gradients from a table of derivatives: the readable reference, and what samples are trained with.

S = cov(O) and g = 2 cov(O, E_loc) under the probabilities of the rows; the step is along (S + shift)^-1 g. With more
weights than rows the same vector follows from a matrix with a side for each row instead of each weight.
"""

import numpy as np
from numpy.typing import NDArray

from problems.errors import InputError

__all__ = ["SHIFT", "Diverged", "natural_gradient", "solve"]

SHIFT = 1e-3
"""The shift that is added to the diagonal of S."""


class Diverged(InputError):
    """Numbers of a training that are not finite any more."""


def natural_gradient(
    derivatives: NDArray[np.float64],
    probabilities: NDArray[np.float64],
    energies: NDArray[np.float64],
    shift: float = SHIFT,
) -> NDArray[np.float64]:
    """Return (S + shift)^-1 g, shape (n,).

    Parameters
    ----------
    derivatives
        O, shape (m, n): a row for each configuration, a column for each weight.
    probabilities
        Of the rows, shape (m,), with sum 1.
    energies
        Local energies (H psi)(s) / psi(s), shape (m,).
    shift
        Above 0.

    Raises
    ------
    Diverged
        If S has entries that are not finite.
    """
    root = np.sqrt(probabilities)
    centered = root[:, None] * (derivatives - probabilities @ derivatives)
    residual = 2.0 * root * (energies - probabilities @ energies)
    rows, weights = centered.shape
    if weights <= rows:
        return solve(centered.T @ centered, centered.T @ residual, shift)
    return centered.T @ solve(centered @ centered.T, residual, shift)


def solve(matrix: NDArray[np.float64], vector: NDArray[np.float64], shift: float) -> NDArray[np.float64]:
    """Return (matrix + shift)^-1 vector by Cholesky; the lower triangle of the matrix is read, and overwritten.

    Raises
    ------
    Diverged
        If entries are not finite.
    """
    from scipy.linalg import lapack

    matrix[np.diag_indices_from(matrix)] += shift
    _, found, failed = lapack.dposv(matrix, vector, lower=1, overwrite_a=1)
    if failed or not np.isfinite(found).all():
        raise Diverged("The metric of the weights is not finite any more; take a smaller rate.")
    return found
