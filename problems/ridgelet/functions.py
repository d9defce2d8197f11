"""Functions on Z_P^D: data that have a prime by nature, with known ridgelet spectra."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from problems import names
from problems.datasets import REGRESSION, TWO_CLASSES
from problems.errors import InputError
from problems.memory import require_memory
from problems.names import Named
from problems.ridgelet.residues import Residues

__all__ = ["FUNCTIONS", "Make"]

RANDOM_POINTS = 64
"""Points of the data set without any pattern."""

Make = Callable[[str, int, int | None, np.random.Generator], Residues]
"""A function that makes the data: of a name, a prime, a dimension (None: its own choice) and random numbers."""


def _function(formula: Callable[[NDArray, int, np.random.Generator], NDArray], subject: str) -> Make:
    """Targets computed on all of Z_P^D: a known answer, with nothing left to hold out (test = train)."""

    def make(name: str, prime: int, features: int | None, rng: np.random.Generator) -> Residues:
        dimension = 2 if features is None else features
        require_memory(
            16 * dimension * prime**dimension,
            f"The data set {name!r} on all of Z_{prime}^{dimension}",
            "ask for less",
        )
        x = np.indices((prime,) * dimension).reshape(dimension, -1).T.astype(np.int64)
        y = formula(x, prime, rng)
        y = y - y.mean()
        if not np.any(np.abs(y) > 1e-12):
            raise InputError(f"The data set {name!r} is constant at prime = {prime}; choose a larger prime.")
        y /= y.std()
        described = f"{subject} on all of Z_{prime}^{dimension}; no point is held out."
        return Residues(name, described, prime, x, x, y, y, REGRESSION)

    make.__doc__ = subject
    return make


def _sine(x: NDArray, prime: int, rng: np.random.Generator) -> NDArray:
    phase = x.sum(axis=1) % prime
    # At P = 2 every phase is a multiple of pi: exactly constant.
    return np.zeros(len(x)) if prime == 2 else np.sin(2 * np.pi * phase / prime)


def _ridge(x: NDArray, prime: int, rng: np.random.Generator) -> NDArray:
    direction = rng.integers(1, prime, x.shape[1])
    t = x @ direction % prime
    return np.abs(np.where(t > prime / 2, t - prime, t)).astype(float)


def _gaussian(x: NDArray, prime: int, rng: np.random.Generator) -> NDArray:
    t = np.where(x > prime / 2, x - prime, x)
    return np.exp(-8 * ((t / prime) ** 2).sum(axis=1))


def _random(name: str, prime: int, features: int | None, rng: np.random.Generator) -> Residues:
    """Random signs on few random points: nothing to concentrate on, and nothing to learn about the held-out points."""
    dimension = 8 if features is None else features
    require_memory(16 * RANDOM_POINTS * dimension, f"The data set {name!r} in {dimension} dimensions", "ask for less")
    few = prime**dimension <= 2**20
    count = min(RANDOM_POINTS, prime**dimension)

    def draw() -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        if few:
            grid = np.unravel_index(rng.choice(prime**dimension, count, replace=False), (prime,) * dimension)
            points = np.stack(grid, axis=1).astype(np.int64)
        else:
            points = rng.integers(0, prime, (count, dimension))
        return points, rng.permutation(np.where(np.arange(count) % 2 == 0, 1.0, -1.0))

    (x_train, y_train), (x_test, y_test) = draw(), draw()
    mean, spread = y_train.mean(), y_train.std()
    where = f"{count} random points of Z_{prime}^{dimension}"
    described = f"Random signs, as many of either, on {where}; held out are other draws of both."
    y_train, y_test = (y_train - mean) / spread, (y_test - mean) / spread
    return Residues(name, described, prime, x_train, x_test, y_train, y_test, TWO_CLASSES, fresh=True)


FUNCTIONS: dict[str, Make] = Named(
    {
        "sine": _function(_sine, "sin(2 pi (x_1 + ... + x_D)/P)"),
        "ridge": _function(_ridge, "|a.x mod P|, centered, for one random direction a"),
        "gaussian": _function(_gaussian, "A centered Gaussian of width P/4"),
        "random": _random,
    },
    names.FUNCTIONS,
)
"""Makers of each function's data, by name: `sine` lies on a single line of nodes, and `random` has no structure that a
sampler could find."""
