"""The spectrum of a Hessian that is known by its products with vectors alone.

Outlying eigenvalues are computed and deflated; the density of the rest is that of stochastic Lanczos quadrature: each
random vector gives Ritz values with weights. Without deflation the quadrature misses outliers, and the error proxy with
them.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh_tridiagonal
from scipy.sparse.linalg import LinearOperator, eigsh

from problems.errors import whole_number
from problems.memory import require_memory
from problems.seeds import Seed, generator

__all__ = ["Spectrum", "spectrum"]

Product = Callable[[NDArray[np.float64]], NDArray[np.float64]]


class Spectrum(NamedTuple):
    """Eigenvalues with weights, which say how many eigenvalues each stands for: what `error_proxy` takes.

    Attributes
    ----------
    eigenvalues, weights
        Shapes (m,), in ascending order of the eigenvalues; the weights sum to the size of the matrix. Outliers are
        eigenvalues themselves, of weight 1; the others are Ritz values.
    """

    eigenvalues: NDArray[np.float64]
    weights: NDArray[np.float64]


def spectrum(
    product: Product,
    size: int,
    outliers: int = 60,
    steps: int = 64,
    vectors: int = 2,
    seed: Seed = None,
) -> Spectrum:
    """Return the spectrum of a symmetric matrix: its outliers, and the density of the rest.

    Parameters
    ----------
    product
        Multiplies a vector, shape (size,), by the matrix.
    size
        Rows of the matrix.
    outliers
        Eigenvalues of largest magnitude to compute and deflate; 0 for none. Where they and the Lanczos steps are as
        many as there are rows, the matrix is formed, and its spectrum is exact.
    steps, vectors
        Lanczos steps (at least 1), and random vectors (at least 1).
    seed
        Of the random vectors.

    Raises
    ------
    InputError
        If a number is too small, or eigsh's vectors of so many rows would not fit in memory.
    """
    size, outliers = whole_number("size", size, 1), whole_number("outliers", outliers, 0)
    steps, vectors = whole_number("steps", steps, 1), whole_number("vectors", vectors, 1)
    if size <= outliers + steps:
        return _exact(product, size)
    rng = generator(seed)
    basis = max(2 * outliers + 1, 20)
    require_memory(
        8 * size * (basis + outliers + steps + 2),
        f"A spectrum of {size:,} weights with {outliers} outliers",
        "ask for fewer outliers, keep fewer weights, or take the script for large networks (docs/howto/training.md)",
    )
    known, span = np.zeros(0), np.zeros((size, 0))
    if outliers:
        operator = LinearOperator((size, size), matvec=product, dtype=float)
        known, span = eigsh(operator, k=outliers, which="LM", v0=rng.standard_normal(size), tol=1e-6)
    nodes, shares = [known], [np.ones(outliers)]
    for _ in range(vectors):
        ritz, weight = _lanczos(product, span, rng.standard_normal(size), steps)
        nodes.append(ritz)
        shares.append(weight * (size - outliers) / vectors)
    values, weights = np.concatenate(nodes), np.concatenate(shares)
    order = np.argsort(values, kind="stable")
    return Spectrum(values[order], weights[order])


def _exact(product: Product, size: int) -> Spectrum:
    require_memory(24 * size**2, f"A Hessian of {size:,} weights", "ask for fewer Lanczos steps")
    matrix = np.column_stack([product(unit) for unit in np.eye(size)])
    values: NDArray[np.float64] = np.linalg.eigvalsh((matrix + matrix.T) / 2).astype(float)
    return Spectrum(values, np.ones(size))


def _lanczos(
    product: Product, span: NDArray[np.float64], start: NDArray[np.float64], steps: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return Ritz values and weights (summing to 1) of one vector on the complement of the span."""

    def outside(vector: NDArray[np.float64]) -> NDArray[np.float64]:
        return vector - span @ (span.T @ vector)

    vector = outside(start)
    vector /= np.linalg.norm(vector)
    basis = [vector]
    diagonal, beside = [], []
    for _ in range(steps):
        image = outside(product(basis[-1]))
        diagonal.append(float(image @ basis[-1]))
        # Twice, as once loses orthogonality in rounding, and with it shows eigenvalues several times.
        for _ in range(2):
            known = np.array(basis)
            image = outside(image - known.T @ (known @ image))
        length = float(np.linalg.norm(image))
        if length < 1e-10 * max(map(abs, diagonal)) or len(basis) == steps:
            break
        beside.append(length)
        basis.append(image / length)
    values, turned = eigh_tridiagonal(np.array(diagonal), np.array(beside[: len(diagonal) - 1]))
    return values, turned[0] ** 2
