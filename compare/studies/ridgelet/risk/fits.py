"""Output weights for several penalties at once, and what networks with them are worth."""

import numpy as np
from numpy.typing import NDArray

from problems.datasets import CLASSES, REGRESSION

__all__ = ["accuracy", "output_weights", "risk", "weights_of"]


def output_weights(
    features: NDArray[np.float64], targets: NDArray[np.float64], penalties: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Minimize mean |targets - features W|^2 + penalty |W|^2 for each penalty, by one eigendecomposition.

    Parameters
    ----------
    features
        The hidden layer, shape (n, N).
    targets
        Shape (n, C).
    penalties
        Positive, shape (R,).

    Returns
    -------
    Weights, shape (R, N, C).
    """
    return weights_of(features.T @ features, features.T @ targets, len(features), penalties)


def weights_of(
    gram: NDArray[np.float64], moments: NDArray[np.float64], count: int, penalties: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the same from sums over the samples: features^T features (N, N) and features^T targets (N, C)."""
    values, vectors = np.linalg.eigh(gram / count)
    rotated = vectors.T @ moments / count
    # What should be 0 comes out a little below it.
    return vectors @ (rotated / (np.maximum(values, 0)[None, :, None] + penalties[:, None, None]))


def risk(y: NDArray[np.float64], predicted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean squared error, summed over the outputs: of targets (n, C) and predictions (..., n, C)."""
    return np.mean(np.sum((y - predicted) ** 2, axis=-1), axis=-1)


def accuracy(
    kind: str, y_train: NDArray[np.float64], y: NDArray[np.float64], predicted: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the share of samples that are classified right; NaN for regression.

    Parameters
    ----------
    kind
        The kind of targets, see `problems.datasets`.
    y_train
        Training targets, shape (n, C), which say by how much all targets are centered.
    y
        Targets, shape (m, C).
    predicted
        Predictions of them, shape (..., m, C).
    """
    if kind == REGRESSION:
        return np.full(predicted.shape[:-2], np.nan)
    if kind == CLASSES:
        # One column a class, 0 or 1 less its mean: the least value is less the mean.
        right = np.argmax(predicted - y_train.min(axis=0), axis=-1) == np.argmax(y, axis=-1)
    else:
        middle = (y_train.min() + y_train.max()) / 2
        right = (predicted[..., 0] > middle) == (y[:, 0] > middle)
    return np.mean(right, axis=-1)
