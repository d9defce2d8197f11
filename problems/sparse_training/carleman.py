"""The discrete Carleman matrix: one polynomial step as a linear step on all products of at most N weights.

The state is y = (1, u, u x u, ..., u^(x N)). As u(t+1)^(x j) = (G_0 + G_1 u + ... + G_q u^(x q))^(x j), block (j, m) of
the matrix is the sum of G_k1 x ... x G_kj over k1 + ... + kj = m; blocks beyond N are cut off. Nothing else is left
out: F_0^(x j) stands in every block j, and products of several increments stand beside those of one.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations_with_replacement
from math import comb
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from problems.errors import InputError, whole_number
from problems.memory import require_memory
from problems.sparse_training.update import PolynomialUpdate, as_point, kronecker_power

__all__ = ["Basis", "block_starts", "carleman_matrix", "carleman_size", "carleman_state", "monomials"]

Basis = Literal["kronecker", "monomial"]
"""All products u_i u_j ..., one for each tuple of places, or one for each monomial."""


def carleman_size(dimension: int, order: int, basis: Basis = "kronecker") -> int:
    """Return the size of the state: (n^(N+1) - 1) / (n - 1), or C(n + N, N) as monomials.

    Parameters
    ----------
    dimension, order
        n and N, at least 1.
    basis
        "kronecker" or "monomial".

    Raises
    ------
    InputError
        If a number is no whole number of at least 1, or the basis is unknown.
    """
    n, order = whole_number("dimension n", dimension, 1), whole_number("order N", order, 1)
    if _basis(basis) == "monomial":
        return comb(n + order, order)
    return sum(n**j for j in range(order + 1))


def block_starts(dimension: int, order: int, basis: Basis = "kronecker") -> NDArray[np.int64]:
    """Return where the blocks of the state begin, of 1, u, u x u, ... and at last its size: shape (N + 2,)."""
    sizes = [comb(dimension + j - 1, j) if basis == "monomial" else dimension**j for j in range(order + 1)]
    return np.cumsum([0, *sizes])


def monomials(dimension: int, order: int) -> list[tuple[int, ...]]:
    """Return the monomials of at most N factors by the places of their factors, in the order of the state.

    Examples
    --------
    >>> monomials(2, 2)
    [(), (0,), (1,), (0, 0), (0, 1), (1, 1)]
    """
    return [one for j in range(order + 1) for one in combinations_with_replacement(range(dimension), j)]


def carleman_state(u: ArrayLike, order: int, basis: Basis = "kronecker") -> NDArray[np.float64]:
    """Return y = (1, u, u x u, ..., u^(x N)), or the monomials of at most N factors.

    Raises
    ------
    InputError
        If u is no vector of finite numbers, or the order no whole number of at least 1.
    """
    point = as_point("u", u, np.size(u))
    order = whole_number("order N", order, 1)
    if _basis(basis) == "monomial":
        return np.array([np.prod(point[list(one)]) for one in monomials(len(point), order)])
    return np.concatenate([kronecker_power(point, j) for j in range(order + 1)])


def carleman_matrix(update: PolynomialUpdate, order: int, basis: Basis = "kronecker") -> sparse.csr_array:
    """Return B, the matrix of one step on the state, cut off beyond N factors.

    Parameters
    ----------
    update
        The polynomial update.
    order
        N, at least 1. N = 1 is the linear part alone.
    basis
        "kronecker" (row-major Kronecker powers) or "monomial" (each product once).

    Returns
    -------
    A square sparse matrix of `carleman_size` rows; its first row is (1, 0, ..., 0).

    Raises
    ------
    InputError
        If the order is no whole number of at least 1, the basis is unknown, or the matrix would not fit in memory.
    """
    n, order = update.dimension, whole_number("order N", order, 1)
    size = carleman_size(n, order, basis)
    # Twelve bytes an entry, three times while blocks are joined; monomials are multiplied in one dense matrix.
    require_memory(
        20 * size**2 if basis == "monomial" else 36 * _most_entries(update, order),
        f"The Carleman matrix of {n} weights to the order N = {order}, {size:,} rows,",
        "take a lower order, keep fewer weights, or take the monomial basis",
    )
    return _monomial(update, order) if basis == "monomial" else _kronecker(update, order)


def _most_entries(update: PolynomialUpdate, order: int) -> int:
    """Return how many entries the matrix has at most: block (j, m) is full unless all that add to it are missing."""
    degrees = [k for k, matrix in enumerate(update.factors) if np.any(matrix)]
    reach, total = {0}, 1
    for j in range(1, order + 1):
        reach = {m + k for m in reach for k in degrees if m + k <= order}
        total += sum(update.dimension ** (j + m) for m in reach)
    return total


def _kronecker(update: PolynomialUpdate, order: int) -> sparse.csr_array:
    n = update.dimension
    factors = [sparse.csr_array(matrix) for matrix in update.factors]
    # Row j of blocks is row j - 1 times one factor more: B_(j,m) = sum_k G_k x B_(j-1,m-k).
    above = {0: sparse.csr_array(np.ones((1, 1)))}
    rows: list[list[sparse.csr_array]] = []
    for j in range(order + 1):
        rows.append([above.get(m, sparse.csr_array((n**j, n**m))) for m in range(order + 1)])
        below: dict[int, sparse.csr_array] = {}
        for k, factor in enumerate(factors):
            for m, block in above.items():
                if m + k <= order and j < order:
                    added = sparse.csr_array(sparse.kron(factor, block, format="csr"))
                    below[m + k] = below[m + k] + added if m + k in below else added
        above = below
    return sparse.csr_array(sparse.block_array(rows, format="csr"))


def _monomial(update: PolynomialUpdate, order: int) -> sparse.csr_array:
    known = monomials(update.dimension, order)
    place = {one: row for row, one in enumerate(known)}
    times = [_multiplication(_terms(update, i, order), known, place, order) for i in range(update.dimension)]
    found = np.zeros((len(known),) * 2)
    found[0, 0] = 1.0
    for one in known[1:]:
        # A monomial's step is that of the monomial without its last factor, times that factor's own.
        found[place[one]] = times[one[-1]] @ found[place[one[:-1]]]
    return sparse.csr_array(found)


def _multiplication(
    terms: dict[tuple[int, ...], float],
    known: list[tuple[int, ...]],
    place: dict[tuple[int, ...], int],
    order: int,
) -> sparse.csr_array:
    """Return the matrix that multiplies a polynomial, by its coefficients, by another, cut off beyond N factors."""
    entries = [
        (place[tuple(sorted(left + right))], place[left], value)
        for left in known
        for right, value in terms.items()
        if len(left) + len(right) <= order
    ]
    rows, columns, values = zip(*entries, strict=True) if entries else ((), (), ())
    return sparse.csr_array((values, (rows, columns)), shape=(len(known),) * 2)


def _terms(update: PolynomialUpdate, weight: int, order: int) -> dict[tuple[int, ...], float]:
    """Return one weight after a step, as a polynomial in monomials of at most N factors."""
    found: dict[tuple[int, ...], float] = defaultdict(float)
    for k, matrix in enumerate(update.factors[: order + 1]):
        for column in np.flatnonzero(matrix[weight]):
            places: Sequence[np.intp] = np.unravel_index(column, (update.dimension,) * k) if k else ()
            found[tuple(sorted(map(int, places)))] += float(matrix[weight, column])
    return found


def _basis(basis: str) -> str:
    if basis not in ("kronecker", "monomial"):
        raise InputError(f"There is no basis {basis!r}; take 'kronecker' or 'monomial'.")
    return basis
