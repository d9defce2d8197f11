"""Slow, readable references, and the examples of arXiv:2303.03428's discrete form that other tests hold on to."""

from functools import reduce
from itertools import product

import numpy as np
from numpy.typing import NDArray

from problems.sparse_training import PolynomialUpdate

SCALAR = PolynomialUpdate([0, -0.2, 0.1])
"""One weight: u' = u - .2 u + .1 u^2."""

PAIR = PolynomialUpdate(
    [[-0.01, 0.02], [[-0.1, 0.02], [0.02, -0.2]], [[0.03, -0.01, -0.01, 0.02], [-0.01, 0.02, 0.02, -0.04]]]
)
"""Two weights, q = 2, all coefficients there."""


def dissipative(least: float) -> PolynomialUpdate:
    """Return the example whose conditions are fitted: F_1 = -.1 diag(least, 2)."""
    quadratic = np.zeros((2, 4))
    quadratic[0, 0] = quadratic[1, 3] = -0.05
    return PolynomialUpdate([[-0.05, -0.05], -0.1 * np.diag([least, 2.0]), quadratic])


def random_update(dimension: int, degree: int, seed: int = 0, scale: float = 0.1) -> PolynomialUpdate:
    """Return an update without any symmetry."""
    rng = np.random.default_rng(seed)
    shapes = [(dimension,), *((dimension, dimension**k) for k in range(1, degree + 1))]
    return PolynomialUpdate([scale * rng.standard_normal(shape) for shape in shapes])


def increment(update: PolynomialUpdate, u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return delta u, entry by entry and index by index."""
    found = []
    for row in range(update.dimension):
        value = update.coefficients[0][row]
        for k, matrix in enumerate(update.coefficients[1:], 1):
            for column, places in enumerate(product(range(update.dimension), repeat=k)):
                value += matrix[row, column] * np.prod(u[list(places)])
        found.append(value)
    return np.array(found)


def compositions(update: PolynomialUpdate, order: int) -> NDArray[np.float64]:
    """Return B as it is defined: block (j, m) is the sum of G_k1 x ... x G_kj over k1 + ... + kj = m."""
    n, q = update.dimension, update.degree
    one = np.eye(n) + (update.coefficients[1] if q else 0)
    factors = [update.coefficients[0][:, None], one, *update.coefficients[2:]]
    starts = np.cumsum([0, *(n**j for j in range(order + 1))])
    found = np.zeros((starts[-1], starts[-1]))
    for j in range(order + 1):
        for chosen in product(range(len(factors)), repeat=j):
            m = sum(chosen)
            if m <= order:
                block = reduce(np.kron, (factors[k] for k in chosen), np.ones((1, 1)))
                found[starts[j] : starts[j + 1], starts[m] : starts[m + 1]] += block
    return found


def trajectory(update: PolynomialUpdate, start: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
    """Return u(0), ..., u(T) of the update itself."""
    found = [np.asarray(start, dtype=float)]
    for _ in range(steps):
        found.append(found[-1] + increment(update, found[-1]))
    return np.array(found)
