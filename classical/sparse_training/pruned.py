"""Carleman linearization of a pruned perceptron to the order N = 2, without the matrix of n^2 columns.

With u(0) = 0 the state is (u, U), U in place of u x u. Around a center c, F_0 = -eta g, G_1 = 1 - eta H and
F_2 U = -(eta / 2) D^3 L : U, one step is

    w = G_1 u + F_2 U,    U <- G_1 U G_1' + F_0 w' + w F_0' + F_0 F_0',    u <- F_0 + w.

U is symmetric, so F_2 U is a sum of third derivatives along its eigenvectors, of which few matter. The update itself is
cut off at q = 2, as the paper has it; so the error has that in it too.
"""

import numpy as np
from numpy.typing import NDArray

from problems.errors import InputError, non_negative, whole_number
from problems.sparse_training import Perceptron

__all__ = ["pruned_carleman"]

NEGLIGIBLE = 1e-12
"""Eigenvalues of U below this part of the largest are left out."""

FAR = 1e6
"""Weights beyond are called diverged, and the rest of the trajectory is infinite."""


def pruned_carleman(
    network: Perceptron,
    weights: NDArray[np.float64],
    mask: NDArray[np.bool_],
    eta: float,
    steps: int,
    every: int,
    order: int = 2,
) -> NDArray[np.float64]:
    """Return the kept weights of the linearization at every step, shape (T + 1, n).

    Parameters
    ----------
    network
        The perceptron.
    weights, mask
        Where training begins, and which weights move, both of shape (size,).
    eta, steps
        Step size, and T.
    every
        Steps after which the weights are downloaded and the update is expanded around them anew.
    order
        N, 1 or 2.

    Returns
    -------
    Infinite from the step on at which a weight is beyond 10^6.

    Raises
    ------
    InputError
        If a number is not what it has to be.
    """
    steps, every = whole_number("steps T", steps, 0), whole_number("every", every, 1)
    eta = non_negative("eta", eta)
    if order not in (1, 2):
        raise InputError(f"order N = {order!r} is not held for perceptrons; take 1 or 2, or a quadratic network.")
    kept = np.flatnonzero(mask)
    found = np.full((steps + 1, len(kept)), np.inf)
    found[0] = weights[kept]
    center = np.where(mask, weights, 0.0)
    u = constant = np.zeros(len(kept))
    step = square = np.zeros((len(kept),) * 2)
    for t in range(steps):
        if t % every == 0:
            center = center.copy()
            center[kept] = found[t]
            constant = -eta * network.gradient(center)[kept]
            step = np.eye(len(kept)) - eta * network.hessian(center, mask)
            u, square = np.zeros(len(kept)), np.zeros((len(kept),) * 2)
        moved = step @ u
        if order == 2:
            moved = moved - eta / 2 * _third(network, center, kept, square)
            cross = np.outer(constant, moved)
            square = step @ square @ step.T + cross + cross.T + np.outer(constant, constant)
        u = constant + moved
        if not np.all(np.abs(u) < FAR):
            break
        found[t + 1] = center[kept] + u
    return found


def _third(
    network: Perceptron, center: NDArray[np.float64], kept: NDArray[np.intp], square: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return D^3 L : U on the kept weights, shape (n,)."""
    values, vectors = np.linalg.eigh(square)
    found = np.zeros(len(kept))
    for place in np.flatnonzero(np.abs(values) > NEGLIGIBLE * np.abs(values).max(initial=0.0)):
        direction = np.zeros(network.size)
        direction[kept] = vectors[:, place]
        found += values[place] * network.third_derivative(center, direction, direction)[kept]
    return found
