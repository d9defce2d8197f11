"""Marching through time on a quantum computer, counted classically: one block encoding of B after the other.

Each step multiplies the state by B / max(1, |B|); all T of them succeed with probability
(|y(T)| / (max(1, |B|)^T |y(0)|))^2. Nothing is inverted, and no condition number enters, but the probability falls
exponentially wherever B is not unitary.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from problems.errors import whole_number
from problems.sparse_training import PolynomialUpdate, carleman_matrix, carleman_state
from problems.sparse_training.history import largest_singular_value
from problems.sparse_training.update import as_point

__all__ = ["Marched", "marching"]


@dataclass(frozen=True)
class Marched:
    """The cost of marching.

    Attributes
    ----------
    norm
        max(1, |B|_2), by which each step divides.
    success
        Probability that all steps succeed.
    queries
        Block encodings of B that one good state takes, repetitions included: T / success.
    """

    norm: float
    success: float
    queries: float


def marching(update: PolynomialUpdate, start: ArrayLike | None = None, steps: int = 1, order: int = 2) -> Marched:
    """Count what marching takes; parameters as of `carleman`.

    Raises
    ------
    InputError
        As `carleman` does.
    """
    first = np.zeros(update.dimension) if start is None else as_point("start", start, update.dimension)
    steps = whole_number("steps T", steps, 1)
    matrix, state = carleman_matrix(update, order), carleman_state(first, order)
    norm, length = max(1.0, largest_singular_value(matrix)), float(np.linalg.norm(state))
    for _ in range(steps):
        state = matrix @ state / norm
    success = float(np.linalg.norm(state) / length) ** 2
    return Marched(norm, success, steps / success)
