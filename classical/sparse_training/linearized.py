"""The Hessian's exponent: gradient descent on the quadratic part of the loss, in closed form. It is Carleman's N = 1.

u(T) = G^T u(0) + (1 + G + ... + G^(T-1)) F_0, G = 1 + F_1: a power of one matrix of n + 1 rows, about log2(T)
products of such matrices, with no quantum computer. Whatever a circuit of higher order buys, it has to buy over this.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.errors import whole_number
from problems.sparse_training import PolynomialUpdate
from problems.sparse_training.update import as_point

__all__ = ["hessian_exponent"]


def hessian_exponent(update: PolynomialUpdate, start: ArrayLike | None = None, steps: int = 1) -> NDArray[np.float64]:
    """Return u(T) of the linear part of an update, shape (n,).

    Raises
    ------
    InputError
        If the start does not fit, or T is no whole number of at least 0.
    """
    n = update.dimension
    first = np.zeros(n) if start is None else as_point("start", start, n)
    step = np.eye(n + 1)
    step[1:, 0] = update.coefficients[0]
    if update.degree:
        step[1:, 1:] += update.coefficients[1]
    power: NDArray[np.float64] = np.linalg.matrix_power(step, whole_number("steps T", steps, 0))
    return power[1:] @ np.concatenate([[1.0], first])
