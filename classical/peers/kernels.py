"""The common parts of peers made of scikit-learn's kernel approximations: widths to choose from, and the fit."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from classical.peers.protocol import checked_samples, scaled
from classical.peers.readout import Features, Readout, best_option, fit_readout
from problems.ridgelet import RidgeletProblem
from problems.seeds import Seed, integer_seed

__all__ = ["WIDTHS", "fit_kernel_features", "gaussian_widths"]

WIDTHS = tuple(2.0**k for k in range(-6, 4))
"""Multiples of 1/(D var x), scikit-learn's "scale", that gamma of a Gaussian kernel is chosen from."""

SEARCH_NODES = 256
"""Widths are compared with at most so many nodes: the best width hardly depends on their number."""


def gaussian_widths(x: ArrayLike, prime: int) -> tuple[float, ...]:
    """Return the values of gamma to choose from on training points (n, D), digits 0..P-1."""
    points = scaled(x, prime)
    scale = 1 / (points.shape[1] * max(float(points.var()), 1e-3))
    return tuple(scale * width for width in WIDTHS)


def fit_kernel_features(
    problem: RidgeletProblem,
    make: Callable[[float, int, int], object],
    options: Callable[[ArrayLike, int], Sequence[float]],
    x: ArrayLike,
    y: ArrayLike,
    nodes: int,
    seed: Seed,
) -> Readout:
    """Choose a kernel's width and the penalty by leaving one sample out, then fit `nodes` features.

    Parameters
    ----------
    problem
        Gives P.
    make
        Makes scikit-learn's transformer from a width, a number of features and an integer seed.
    options
        Returns the widths to choose from, given training points and P.
    x, y, nodes, seed
        As for `Peer.fit`.
    """
    points, _, nodes = checked_samples(problem, x, y, nodes)
    state = integer_seed(seed)

    def features(width: float, count: int) -> Features:
        transformer = make(width, count, state).fit(scaled(points, problem.prime))  # type: ignore[attr-defined]
        return lambda z: np.asarray(transformer.transform(scaled(z, problem.prime)), dtype=float)

    few = min(nodes, SEARCH_NODES)
    width = best_option(lambda option: features(option, few), options(points, problem.prime), points, y)
    return fit_readout(features(width, nodes), points, y)
