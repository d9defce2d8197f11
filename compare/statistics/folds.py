"""Intervals over folds that overlap, and differences: of pairs on the same folds, and of independent samples."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from compare.statistics.estimates import Estimate, mean_difference, student, welch

__all__ = ["SHARED_SAMPLES", "Compared", "compared", "compared_apart", "over_folds"]


SHARED_SAMPLES = (
    "they share samples, so the variance of a mean over J of them is s^2 (1/J + n_test/n_train), not s^2/J (corrected "
    "resampled t: Nadeau and Bengio 2003)"
)
"""A note for tables on what folds share."""


@dataclass(frozen=True)
class Compared:
    """A difference of means.

    Attributes
    ----------
    difference
        With its 95% interval.
    pvalue
        Of a difference at least as far from 0 if there were none.
    freedom
        Degrees of freedom of Student's law.
    """

    difference: Estimate
    pvalue: float
    freedom: float


def over_folds(values: ArrayLike, ratio: float) -> Estimate:
    """Return the mean over folds with the corrected resampled t interval.

    Folds share most of their training samples, so their spread alone says too little: the variance of the mean is
    s^2 (1/J + n_test/n_train) in place of s^2/J (Nadeau and Bengio 2003, Machine Learning 52, section 3). For risks on
    training samples this is more than is needed.

    Parameters
    ----------
    values
        One value for each fold, shape (J,).
    ratio
        n_test/n_train; 0 for independent repeats.

    Returns
    -------
    Estimate of J samples; infinite ends for a single fold.
    """
    return _of_folds(values, ratio)[0]


def compared(first: ArrayLike, second: ArrayLike, ratio: float) -> Compared:
    """Return first - second over the same folds, in pairs; see `over_folds`."""
    difference, error = _of_folds(np.asarray(first, dtype=float) - np.asarray(second, dtype=float), ratio)
    # The same difference on every fold has no spread to judge it by: all that counts is its sign.
    return _tested(difference, error, max(difference.samples - 1, 1), 0.5 ** (difference.samples - 1))


def compared_apart(first: ArrayLike, second: ArrayLike) -> Compared:
    """Return mean(first) - mean(second) of independent samples (Welch's t)."""
    _, error, freedom, n = welch(first, second)
    # Without any spread all that counts is that one side is above the other: one order of the sides in so many.
    return _tested(mean_difference(first, second), error, freedom, min(1.0, 2 / math.comb(n, len(np.asarray(first)))))


def _tested(difference: Estimate, error: float, freedom: float, without_spread: float) -> Compared:
    from scipy import special  # not before it is needed: see `compare.statistics.estimates`

    if error <= 1e-12 * abs(difference.best):
        return Compared(difference, 1.0 if difference.best == 0 else without_spread, freedom)
    return Compared(difference, float(2 * special.stdtr(freedom, -abs(difference.best) / error)), freedom)


def _of_folds(values: ArrayLike, ratio: float) -> tuple[Estimate, float]:
    values = np.asarray(values, dtype=float)
    count, mean = len(values), float(np.mean(values))
    if count < 2:
        return Estimate(-np.inf, mean, np.inf, count), np.inf
    error = float(np.std(values, ddof=1) * np.sqrt(1 / count + ratio))
    half = student(count - 1) * error
    return Estimate(mean - half, mean, mean + half, count), error
