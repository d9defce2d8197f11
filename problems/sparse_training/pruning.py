"""Pruning by magnitude, and gradient descent on the weights that are kept."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from problems.errors import InputError, whole_number

__all__ = ["Network", "descend", "magnitude_mask"]

Vector = NDArray[np.float64]


class Network(Protocol):
    """Anything that can be trained: a loss of a vector of weights, with its gradient."""

    @property
    def size(self) -> int:
        """The number of weights."""
        ...

    def loss(self, weights: Vector) -> float:
        """Return the training loss."""
        ...

    def gradient(self, weights: Vector, rows: NDArray[np.intp] | None = None) -> Vector:
        """Return its gradient, shape (size,); of some training rows alone, if these are given."""
        ...

    def accuracy(self, weights: Vector, held_out: bool = True) -> float:
        """Return the share of rows that are classified as they should be."""
        ...


def magnitude_mask(weights: Vector, keep: int) -> NDArray[np.bool_]:
    """Return which weights are kept, shape (size,): those of largest magnitude, of equal ones the first.

    Raises
    ------
    InputError
        If fewer than one or more than all are to be kept.
    """
    keep = whole_number("keep", keep, 1)
    if keep > len(weights):
        raise InputError(f"keep = {keep} weights of {len(weights)}; give at most as many as there are.")
    mask = np.zeros(len(weights), dtype=bool)
    mask[np.argsort(-np.abs(weights), kind="stable")[:keep]] = True
    return mask


def descend(
    network: Network, weights: Vector, steps: int, eta: float, mask: NDArray[np.bool_] | None = None
) -> NDArray[np.float64]:
    """Return the weights of full-batch gradient descent at every step, shape (T + 1, size).

    Parameters
    ----------
    network
        What is trained.
    weights
        Where it begins.
    steps, eta
        T, and the step size.
    mask
        Weights that move; left out, all of them.

    Raises
    ------
    InputError
        If a weight or the loss is no longer finite; the message names the step.
    """
    moving = 1.0 if mask is None else mask.astype(float)
    found = np.empty((whole_number("steps T", steps, 0) + 1, len(weights)))
    found[0] = weights
    with np.errstate(over="ignore", invalid="ignore"):
        for t in range(1, len(found)):
            found[t] = found[t - 1] - eta * moving * network.gradient(found[t - 1])
            if not np.all(np.isfinite(found[t])):
                raise InputError(
                    f"Gradient descent diverges at step {t} of {steps} with eta = {eta:g}; give a smaller step size."
                )
    return found
