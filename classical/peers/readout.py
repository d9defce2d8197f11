"""The output layer that peers share: ridge regression whose penalty is chosen on the training samples alone.

Features made without the labels are judged by leaving one sample out, in closed form. Features chosen by the labels
have seen the sample that is left out, so that this would flatter them: they are made anew on each of several folds.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import eigh
from sklearn.linear_model import Ridge, RidgeCV
from sklearn.model_selection import KFold

from problems.seeds import Seed, generator

__all__ = [
    "FOLDS",
    "PENALTIES",
    "Features",
    "Readout",
    "best_option",
    "errors_by_folds",
    "fit_readout",
    "penalty_by_folds",
]

PENALTIES = tuple(10.0**k for k in range(-7, 2))
"""Penalties to choose from: of mean |y - prediction|^2 + penalty |w|^2, features scaled to mean square 1."""

FOLDS = 5
"""Parts of the training samples, each held out once to choose a penalty."""

Features: TypeAlias = Callable[[ArrayLike], NDArray[np.float64]]
"""Maps points (m, D), digits 0..P-1, to features (m, N)."""


@dataclass(frozen=True, eq=False)
class Readout:
    """A linear model on features.

    Attributes
    ----------
    features
        Maps points (m, D) to features (m, N).
    weights, intercept
        Shapes (N, C) and (C,).
    single
        Whether the targets came as one column without a second axis.
    penalty
        The penalty that was chosen, on the scale of `PENALTIES`.
    """

    features: Features
    weights: NDArray[np.float64]
    intercept: NDArray[np.float64]
    single: bool
    penalty: float

    def predict(self, x: ArrayLike) -> NDArray[np.float64]:
        """Return the outputs at points (m, D): shape (m,) or (m, C)."""
        outputs = self.features(x) @ self.weights + self.intercept
        return outputs[:, 0] if self.single else outputs


def fit_readout(features: Features, x: ArrayLike, y: ArrayLike, penalty: float | None = None) -> Readout:
    """Fit the output layer on features of training points.

    Parameters
    ----------
    features
        Maps points (n, D) to features (n, N).
    x, y
        Training samples, targets (n,) or (n, C).
    penalty
        The penalty; None chooses it among `PENALTIES` by leaving one sample out (scikit-learn's RidgeCV), which is
        honest only for features made without the labels.
    """
    targets = np.asarray(y, dtype=float)
    hidden, size, columns = _scaled_features(features, x, targets)
    if penalty is None:
        penalty, _ = _left_out(hidden, columns)
    model = Ridge(alpha=penalty * len(hidden)).fit(hidden, columns)
    weights = model.coef_.reshape(columns.shape[1], -1).T / size
    return Readout(features, weights, np.atleast_1d(model.intercept_), targets.ndim == 1, penalty)


def best_option(make: Callable[[float], Features], options: Sequence[float], x: ArrayLike, y: ArrayLike) -> float:
    """Return the option (a bandwidth) whose features predict samples left out one at a time best, penalty chosen too.

    Parameters
    ----------
    make
        Makes features of an option, without looking at the labels.
    options
        What to choose from; of equals the first is taken.
    x, y
        Training samples, targets (n,) or (n, C).
    """
    targets = np.asarray(y, dtype=float)
    errors = []
    for option in options:
        hidden, _, columns = _scaled_features(make(option), x, targets)
        errors.append(_left_out(hidden, columns)[1])
    return options[int(np.argmin(errors))]


def penalty_by_folds(
    make: Callable[[NDArray, NDArray], Features], x: ArrayLike, y: ArrayLike, seed: Seed = None, folds: int = FOLDS
) -> float:
    """Choose a penalty for features that depend on the labels: the one with the least of `errors_by_folds`."""
    return PENALTIES[int(np.argmin(errors_by_folds(make, x, y, seed, folds)))]


def errors_by_folds(
    make: Callable[[NDArray, NDArray], Features], x: ArrayLike, y: ArrayLike, seed: Seed = None, folds: int = FOLDS
) -> NDArray[np.float64]:
    """Return the error of each of `PENALTIES` on folds held out, the features made anew without each: shape (9,).

    Ways to make features compare by their least errors, given the same seed.

    Parameters
    ----------
    make
        Makes features from training samples (points, targets).
    x, y
        Training samples, targets (n,) or (n, C); n >= 2.
    seed
        Shuffles the samples.
    folds
        Parts, >= 2; no more than there are samples.

    Returns
    -------
    NDArray
        Mean squared errors, summed over outputs.
    """
    x, targets = np.asarray(x), np.asarray(y, dtype=float)
    order = generator(seed).permutation(len(x))
    errors = np.zeros(len(PENALTIES))
    for kept, left in KFold(min(folds, len(x))).split(order):
        rest, judged = order[kept], order[left]
        features = make(x[rest], targets[rest])
        hidden, size, columns = _scaled_features(features, x[rest], targets[rest])
        outside = features(x[judged]) / size
        means = np.mean(hidden, axis=0), np.mean(columns, axis=0)
        expected = targets[judged].reshape(len(judged), -1) - means[1]
        # One decomposition, of the smaller Gram matrix, serves all penalties.
        hidden, columns, inside = hidden - means[0], columns - means[1], outside - means[0]
        if hidden.shape[1] <= len(rest):
            values, vectors = eigh(hidden.T @ hidden)
            share = vectors.T @ (hidden.T @ columns)
        else:
            values, vectors = eigh(hidden @ hidden.T)
            inside, share = inside @ hidden.T, vectors.T @ columns
        for i, penalty in enumerate(PENALTIES):
            shrunk = share / (np.maximum(values, 0) + penalty * len(rest))[:, None]
            errors[i] += np.sum((expected - inside @ (vectors @ shrunk)) ** 2)
    return errors / len(x)


def _scaled_features(features: Features, x: ArrayLike, targets: NDArray) -> tuple[NDArray, float, NDArray]:
    """Return features of mean square 1, what they were divided by, and targets as (n, C)."""
    hidden = features(x)
    size = float(np.sqrt(np.mean(hidden**2))) or 1.0
    return hidden / size, size, targets.reshape(len(hidden), -1)


def _left_out(hidden: NDArray, columns: NDArray) -> tuple[float, float]:
    """Return the penalty with the least mean squared error on samples left out one at a time, and that error."""
    model = RidgeCV(alphas=len(hidden) * np.array(PENALTIES)).fit(hidden, columns)
    return float(model.alpha_) / len(hidden), -float(np.mean(model.best_score_))
