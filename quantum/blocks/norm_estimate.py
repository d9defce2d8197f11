"""The norm of a solution from how often kernel reflections with guesses of it succeed."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from problems.errors import InputError, whole_number
from problems.seeds import Seed, generator

__all__ = ["NormEstimate", "estimate_norm", "guesses_to", "reflection_success"]

GRID = 4001
"""Norms among which the likeliest is taken, evenly in the logarithm: .2% apart from 1 to 3000."""


@dataclass(frozen=True, eq=False)
class NormEstimate:
    """An estimate of |x|, and what it took.

    Attributes
    ----------
    norm
        The likeliest |x|.
    guesses
        The guesses t, shape (g,).
    shots
        Runs at each.
    succeeded
        How many of them succeeded, shape (g,).
    queries
        Block encodings over all runs.
    """

    norm: float
    guesses: NDArray[np.float64]
    shots: int
    succeeded: NDArray[np.int64]
    queries: int


def reflection_success(ratio: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Return sin^2(2 arctan r), how often an exact reflection succeeds at r = |x|/t (Dalzell, arXiv:2406.12086)."""
    square = np.square(np.asarray(ratio, dtype=float))
    return np.asarray(4 * square / (1 + square) ** 2)


def guesses_to(largest: float) -> NDArray[np.float64]:
    """Return 1, 2, 4, ... up to the first that is not below `largest`."""
    return np.asarray(2.0 ** np.arange(int(np.ceil(np.log2(max(largest, 1)))) + 1), dtype=np.float64)


def estimate_norm(
    run: Callable[[float], tuple[float, int]], largest: float, shots: int, seed: Seed = None
) -> NormEstimate:
    """Estimate |x| between 1 and `largest`, by guesses that double.

    Parameters
    ----------
    run
        Says of a guess t how probable success is, and how many block encodings a run takes.
    largest
        kappa_eff: no |x| is above it, and none is below 1.
    shots
        Runs at each guess, at least 1.
    seed
        Of the runs.

    Raises
    ------
    InputError
        If the shots are no whole number of at least 1, or none of the runs succeeds.

    Notes
    -----
    The likelihood of all runs together, so that the flanks tell the norm where the peak, flat to second order, does
    not. About log2(kappa) guesses, once for a system, however many good shots are taken then.
    """
    count, rng = whole_number("shots", shots, 1), generator(seed)
    guesses = guesses_to(largest)
    found = [run(float(guess)) for guess in guesses]
    succeeded = rng.binomial(count, [min(probability, 1.0) for probability, _ in found])
    if not succeeded.any():
        raise InputError(f"None of {count} runs at each of {len(guesses)} guesses succeeded; take more shots.")
    norms = np.exp(np.linspace(0, np.log(max(largest, 1 + 1e-9)), GRID))
    expected = np.clip(reflection_success(norms[:, None] / guesses), 1e-12, 1 - 1e-3)
    likelihood = succeeded * np.log(expected) + (count - succeeded) * np.log1p(-expected)
    best = float(norms[np.argmax(likelihood.sum(axis=1))])
    return NormEstimate(best, guesses, count, succeeded, count * sum(queries for _, queries in found))
