"""The continuous Carleman linearization, the form that the paper's existence theorems are about, as a peer.

du/dt = delta u(u) gives dy/dt = A y with A_(j,m) the sum over the places of a factor of 1 x ... x F_(m-j+1) x ... x 1.
It knows no products of increments. By Euler steps of length one, (1 + A)^t, it approximates gradient descent; by the
exponential, the gradient flow, which is another trajectory.
"""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse.linalg import expm_multiply

from problems.errors import InputError, whole_number
from problems.memory import require_memory
from problems.sparse_training import PolynomialUpdate, block_starts, carleman_state
from problems.sparse_training.update import as_point

__all__ = ["continuous_carleman", "continuous_matrix"]


def continuous_matrix(update: PolynomialUpdate, order: int) -> sparse.csr_array:
    """Return A on (1, u, ..., u^(x N)), Kronecker basis, cut off beyond N factors.

    Raises
    ------
    InputError
        If the order is no whole number of at least 1, or the matrix would not fit in memory.
    """
    n, order = update.dimension, whole_number("order N", order, 1)
    factors = [update.coefficients[0][:, None], *update.coefficients[1:]]
    needed = sum(n ** (j + k) * j for j in range(1, order + 1) for k in range(len(factors)) if j + k - 1 <= order)
    require_memory(36 * needed, f"The continuous Carleman matrix of {n} weights", "take a lower order or fewer weights")
    starts = block_starts(n, order)
    found = sparse.csr_array((starts[-1],) * 2)
    for j in range(1, order + 1):
        for k, factor in enumerate(factors):
            m = j + k - 1
            if m > order:
                continue
            for place in range(j):
                before, after = sparse.eye_array(n**place), sparse.eye_array(n ** (j - 1 - place))
                block = sparse.coo_array(sparse.kron(sparse.kron(before, sparse.csr_array(factor)), after))
                rows, columns = block.coords
                where = (rows + starts[j], columns + starts[m])
                found = found + sparse.coo_array((block.data, where), shape=found.shape).tocsr()
    return found


def continuous_carleman(
    update: PolynomialUpdate,
    start: ArrayLike | None = None,
    steps: int = 1,
    order: int = 2,
    method: Literal["euler", "exponential"] = "euler",
) -> NDArray[np.float64]:
    """Return u at the times 0, ..., T, shape (T + 1, n).

    Parameters
    ----------
    update, start, steps, order
        As of `carleman`.
    method
        "euler" for steps of length one, or "exponential" for the flow itself.

    Raises
    ------
    InputError
        As `carleman` does, or if the method is unknown.
    """
    n = update.dimension
    first = np.zeros(n) if start is None else as_point("start", start, n)
    steps = whole_number("steps T", steps, 0)
    if method not in ("euler", "exponential"):
        raise InputError(f"There is no method {method!r}; take 'euler' or 'exponential'.")
    matrix = continuous_matrix(update, order)
    state = carleman_state(first, order)
    found = np.empty((steps + 1, n))
    found[0] = first
    for t in range(1, steps + 1):
        state = state + matrix @ state if method == "euler" else expm_multiply(matrix, state)
        found[t] = state[1 : n + 1]
    return found
