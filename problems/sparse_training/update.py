"""One step of training as a polynomial: the increment of a vector of weights, as arrays of coefficients.

delta u = F_0 + F_1 u + F_2 (u x u) + ... + F_q u^(x q), with Kronecker powers in row-major order: entry i n + j of
u x u is u_i u_j. F_0 has shape (n,), F_k shape (n, n^k).
"""

from collections.abc import Sequence
from functools import reduce
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.arrays import as_numbers
from problems.errors import InputError, non_negative
from problems.memory import require_memory
from problems.showing import Shows

__all__ = ["PolynomialUpdate", "kronecker_power"]


class PolynomialUpdate(Shows):
    """The increment of one step of gradient descent, or of any other polynomial map, ``update(u)``.

    Parameters
    ----------
    coefficients
        F_0, ..., F_q: F_0 of shape (n,), F_k of shape (n, n^k). Where n = 1, plain numbers will do.

    Attributes
    ----------
    coefficients
        The arrays F_0, ..., F_q, of floats that cannot be written to.
    dimension
        n, the number of weights.
    degree
        q.

    Raises
    ------
    InputError
        If there is no F_0, an F_k has another shape than (n, n^k), or a number is not real and finite.

    Notes
    -----
    The update of Liu et al., arXiv:2303.03428, equation 4, in the coordinates u = theta - c of any center c.
    """

    def __init__(self, coefficients: Sequence[ArrayLike]) -> None:
        arrays = [as_numbers(f"F_{k}", given) for k, given in enumerate(coefficients)]
        if not arrays:
            raise InputError("A polynomial update of no coefficients is none; give [F_0, F_1, ..., F_q].")
        n = arrays[0].size if arrays[0].ndim < 2 else 0
        if not n:
            raise InputError(f"F_0 has shape {arrays[0].shape}; give (n,), one number a weight.")
        self.coefficients: tuple[NDArray[np.float64], ...] = tuple(
            _checked(k, array, n) for k, array in enumerate(arrays)
        )
        self.dimension: int = n
        self.degree: int = len(arrays) - 1

    def __repr__(self) -> str:
        return f"PolynomialUpdate(n = {self.dimension}, q = {self.degree})"

    def __call__(self, u: ArrayLike) -> NDArray[np.float64]:
        """Return the increment at u: shape (n,), or (m, n) for m points at once.

        Raises
        ------
        InputError
            If u has another shape than (n,) or (m, n), or holds what is no number.
        """
        points = as_point("u", u, self.dimension, several=True)
        power = np.ones((*points.shape[:-1], 1))
        found = np.broadcast_to(self.coefficients[0], points.shape).copy()
        for matrix in self.coefficients[1:]:
            power = (power[..., :, None] * points[..., None, :]).reshape(*points.shape[:-1], -1)
            found += power @ matrix.T
        return found

    update = __call__

    def recentred(self, at: ArrayLike) -> "PolynomialUpdate":
        """Return the same update in the coordinates v = u - at: ``recentred(at)(v) == update(v + at)``, exactly.

        Parameters
        ----------
        at
            The new origin, shape (n,), in the present coordinates.

        Raises
        ------
        InputError
            If it has another shape or is not finite.
        """
        point = as_point("at", at, self.dimension)
        found = [np.zeros((self.dimension,) * (k + 1)) for k in range(self.degree + 1)]
        for k, matrix in enumerate(self.coefficients):
            tensor = matrix.reshape((self.dimension,) * (k + 1))
            for m in range(k + 1):
                # Each factor of (v + at)^(x k) is either v or at; the places of at are contracted, last ones first.
                for fixed in combinations(range(1, k + 1), k - m):
                    found[m] += reduce(lambda part, place: np.tensordot(part, point, (place, 0)), fixed[::-1], tensor)
        return PolynomialUpdate([found[0], *(one.reshape(self.dimension, -1) for one in found[1:])])

    def rescaled(self, gamma: float) -> "PolynomialUpdate":
        """Return the same update in the coordinates v = u / gamma: F_k becomes gamma^(k-1) F_k.

        Raises
        ------
        InputError
            If gamma is no positive number.
        """
        gamma = non_negative("gamma", gamma)
        if gamma == 0:
            raise InputError("gamma = 0.0 scales every weight away; give a positive number, near the largest |u|.")
        return PolynomialUpdate([gamma ** (k - 1) * matrix for k, matrix in enumerate(self.coefficients)])

    @property
    def factors(self) -> tuple[NDArray[np.float64], ...]:
        """G_0, ..., G_q of the step u + delta u: G_0 = F_0 as one column, G_1 = 1 + F_1, G_k = F_k."""
        n = self.dimension
        one = np.eye(n) + (self.coefficients[1] if self.degree else 0.0)
        return (self.coefficients[0][:, None], one, *self.coefficients[2:])


def kronecker_power(u: NDArray[np.float64], k: int) -> NDArray[np.float64]:
    """Return u^(x k), row-major, shape (n^k,); of k = 0 the number 1."""
    found: NDArray[np.float64] = np.ones(1)
    for _ in range(k):
        found = np.multiply.outer(found, u).ravel()
    return found


def as_point(name: str, values: ArrayLike, dimension: int, several: bool = False) -> NDArray[np.float64]:
    """Return a vector of n finite numbers; with `several`, rows of them too.

    Raises
    ------
    InputError
        If it has another shape, or a number is not real and finite.
    """
    array = as_numbers(name, values)
    if array.ndim == 0 and dimension == 1:
        array = array[None]
    if array.shape[-1:] != (dimension,) or array.ndim > 1 + several:
        wanted = f"({dimension},)" + (f" or (m, {dimension})" if several else "")
        raise InputError(f"{name} has shape {array.shape}; give {wanted}, one number a weight.")
    return _finite(name, array)


def _checked(k: int, array: NDArray, n: int) -> NDArray[np.float64]:
    if array.ndim == 0 and n == 1:
        array = array.reshape((1,) if k == 0 else (1, 1))
    wanted = (n,) if k == 0 else (n, n**k)
    if array.shape != wanted:
        raise InputError(
            f"F_{k} has shape {array.shape}, but F_0 is for n = {n} weights; give {wanted}: (n, n^{k}), row-major."
        )
    # A copy, so that nobody changes an update by changing what it was made of.
    require_memory(8 * array.size, f"F_{k} of {n} weights", "keep fewer weights, or fewer powers")
    found = _finite(f"F_{k}", array).copy()
    found.setflags(write=False)
    return found


def _finite(name: str, array: NDArray) -> NDArray[np.float64]:
    if array.dtype.kind not in "biuf":
        raise InputError(f"{name} holds what is no real number ({array.dtype}); give real numbers.")
    broken = np.argwhere(~np.isfinite(array))
    if len(broken):
        where = ", ".join(map(str, broken[0]))
        raise InputError(f"{name}[{where}] = {array[tuple(broken[0])]} is not finite; give finite numbers alone.")
    return array.astype(float)
