"""Gradient descent itself: the update applied step by step, and on random batches of data, on the kept weights alone.

Stochastic gradient descent on a pruned network is the rival that matters: a step costs one pass over a batch, and
nothing is uploaded, linearized or downloaded.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.errors import InputError, non_negative, whole_number
from problems.seeds import Seed, generator
from problems.sparse_training import Network, PolynomialUpdate
from problems.sparse_training.update import as_point

__all__ = ["gradient_descent", "sparse_sgd"]


def gradient_descent(update: PolynomialUpdate, start: ArrayLike | None = None, steps: int = 1) -> NDArray[np.float64]:
    """Return u(0), ..., u(T) of the update itself, shape (T + 1, n).

    Raises
    ------
    InputError
        If the start does not fit, T is no whole number, or a weight is no longer finite; the message names the step.
    """
    n = update.dimension
    found = np.empty((whole_number("steps T", steps, 0) + 1, n))
    found[0] = 0 if start is None else as_point("start", start, n)
    with np.errstate(over="ignore", invalid="ignore"):
        for t in range(1, len(found)):
            u = found[t - 1]
            power, found[t] = np.ones(1), u + update.coefficients[0]
            for matrix in update.coefficients[1:]:
                power = np.multiply.outer(power, u).ravel()
                found[t] += matrix @ power
            if not np.all(np.isfinite(found[t])):
                raise InputError(
                    f"Gradient descent diverges at step {t} of {steps}: a weight is not finite; rescale the update's "
                    "step size, F_k by one factor for all k."
                )
    return found


def sparse_sgd(
    network: Network,
    weights: NDArray[np.float64],
    mask: NDArray[np.bool_],
    rows: int,
    steps: int,
    eta: float,
    batch: int = 64,
    seed: Seed = None,
) -> NDArray[np.float64]:
    """Return the weights after stochastic gradient descent on the kept ones, shape (size,).

    Parameters
    ----------
    network
        What is trained.
    weights, mask
        Where it begins, and which weights move, both of shape (size,).
    rows
        Training rows that batches are drawn from, without repetition within a pass.
    steps, eta, batch
        Steps, step size, and rows of a batch.
    seed
        Of the order of the rows.

    Raises
    ------
    InputError
        If a number is too small, or a weight is no longer finite; the message names the step.
    """
    rng, steps = generator(seed), whole_number("steps", steps, 0)
    batch, eta = whole_number("batch", batch, 1), non_negative("eta", eta)
    found = np.where(mask, weights, 0.0)
    order = np.empty(0, dtype=np.intp)
    with np.errstate(over="ignore", invalid="ignore"):
        for t in range(1, steps + 1):
            if not len(order):
                order = rng.permutation(rows)
            some, order = order[:batch], order[batch:]
            found -= eta * np.where(mask, network.gradient(found, some), 0.0)
            if not np.all(np.isfinite(found)):
                raise InputError(
                    f"Stochastic gradient descent diverges at step {t} of {steps} with eta = {eta:g}; give a smaller "
                    "step size."
                )
    return found
