"""Tickets as scikit-learn estimators: quantize, sample hidden nodes, fit the output weights."""

from compare.estimators.classifier import TicketClassifier
from compare.estimators.regressor import TicketRegressor

__all__ = ["TicketClassifier", "TicketRegressor"]
