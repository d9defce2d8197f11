"""Carleman linearization on a classical computer: one sparse matrix-vector product a step."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.errors import whole_number
from problems.sparse_training import PolynomialUpdate, carleman_matrix, carleman_state
from problems.sparse_training.carleman import Basis
from problems.sparse_training.update import as_point

__all__ = ["carleman"]


def carleman(
    update: PolynomialUpdate,
    start: ArrayLike | None = None,
    steps: int = 1,
    order: int = 2,
    basis: Basis = "monomial",
) -> NDArray[np.float64]:
    """Return the trajectory u(0), ..., u(T) of the discrete Carleman linearization, shape (T + 1, n).

    Parameters
    ----------
    update
        The polynomial update, centered where the expansion is meant.
    start
        u(0), shape (n,); left out, 0: training begins at the center.
    steps, order
        T, at least 0, and N, at least 1.
    basis
        "monomial", or "kronecker" for the larger matrix that circuits hold; both give the same numbers.

    Raises
    ------
    InputError
        If a number is too small, the start does not fit, or the matrix would not fit in memory.

    Notes
    -----
    The numbers are those of the history system, solved by forward substitution slot by slot. A linearization may
    diverge although gradient descent converges; its numbers then grow without a refusal.
    """
    n = update.dimension
    first = np.zeros(n) if start is None else as_point("start", start, n)
    steps = whole_number("steps T", steps, 0)
    matrix = carleman_matrix(update, order, basis)
    state = carleman_state(first, order, basis)
    found = np.empty((steps + 1, n))
    found[0] = first
    for t in range(1, steps + 1):
        state = matrix @ state
        found[t] = state[1 : n + 1]
    return found
