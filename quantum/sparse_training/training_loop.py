"""Rounds of training: steps by a circuit, weights downloaded by shots, uploaded again as the next center."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.errors import whole_number
from problems.seeds import Seed, generator
from problems.showing import Shows
from problems.sparse_training import PolynomialUpdate
from problems.sparse_training.update import as_point
from quantum.sparse_training.history_solver import HistorySolver

__all__ = ["Training", "train"]

CONSTANT_SHARE = 4
"""Runs that measure the entries, for each further one that measures the constant by itself."""


@dataclass(frozen=True, eq=False, repr=False)
class Training(Shows):
    """The results of rounds of training.

    Attributes
    ----------
    weights
        After each round, the start first, shape (rounds + 1, n).
    errors
        Standard errors of what a round added, shape (rounds, n); 0 by state vector.
    shots
        Of all rounds together, failed ones included; 0 by state vector.
    queries
        Block encodings that these took, the norms' estimation not counted.
    """

    weights: NDArray[np.float64]
    errors: NDArray[np.float64]
    shots: int
    queries: int

    def _facts(self) -> Mapping[str, object]:
        return {"rounds": len(self.weights) - 1, "weights": self.weights.shape[1], "shots": self.shots}


def train(
    update: PolynomialUpdate,
    start: ArrayLike | None = None,
    rounds: int = 2,
    steps: int = 4,
    order: int = 2,
    method: str = "kernel-reflection",
    epsilon: float = 0.01,
    scale: float | None = None,
    shots: int | None = None,
    seed: Seed = None,
) -> Training:
    """Train by circuits: in every round the update is expanded at the weights, so that the upload is |0...0>.

    Parameters
    ----------
    update
        In coordinates of the weights.
    start
        The weights before the first round, shape (n,); None is 0.
    rounds
        At least 1.
    steps, order, method, epsilon
        Of each round, as `HistorySolver` takes them.
    scale
        gamma of each round; None takes T |F_0| of the round's own update, about a bound on |u(T)|, or 1 where it stands
        still.
    shots
        Of each round, failed ones included, at least 5: a fifth measures the constant by itself, so that a round whose
        weights outgrow it can be read. None takes u(T) by state vector.
    seed
        Of the shots.

    Raises
    ------
    InputError
        If something is out of range, or a round cannot be read: see `HistorySolver.sample`.
    """
    count, rng = whole_number("rounds", rounds, 1), generator(seed)
    n = update.dimension
    weights = [np.zeros(n) if start is None else as_point("start", start, n)]
    errors, queries = [], 0
    taken = 0 if shots is None else whole_number("shots", shots, CONSTANT_SHARE + 1)
    alone = taken // (CONSTANT_SHARE + 1)
    for _ in range(count):
        here = update.recentred(weights[-1])
        gamma = steps * float(np.linalg.norm(here.coefficients[0])) if scale is None else scale
        solver = HistorySolver(here, None, steps, order, method, epsilon, gamma or 1.0)
        if shots is None:
            moved, error = solver.solve(), np.zeros(n)
        else:
            moved, error = solver.sample(taken - alone, rng, alone)
            queries += taken * solver.solver.queries
        weights.append(weights[-1] + moved)
        errors.append(error)
    return Training(np.array(weights), np.array(errors), count * taken, queries)
