"""Data that the estimators' tests share."""

import numpy as np
import pytest

from compare.estimators import TicketClassifier, TicketRegressor

both = pytest.mark.parametrize("estimator", [TicketClassifier, TicketRegressor])


def made_data(estimator, n=60, features=4, seed=0):
    """Features and targets that a ticket can learn: the first two features decide."""
    x = np.random.default_rng(seed).normal(size=(n, features))
    score = x[:, 0] + (x[:, 1] if features > 1 else 0)
    return x, score > 0 if estimator is TicketClassifier else score
