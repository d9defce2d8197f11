"""Both layers of a network trained by L-BFGS, from the random network's own weights."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from classical.peers.pruned import loss_gradients
from problems.neuron_selection import RandomNetwork

__all__ = ["answers", "train"]

STEPS, DECAY = 150, 3e-3
"""Iterations, and the L2 penalty of the weights: times (|w_in|^2 + |w_out|^2)/2, added to the mean squared error."""

Parts = list[NDArray[np.float64]]
"""w_in (d, k), bias (k,), w_out (k, C), offset (C,)."""


def train(network: RandomNetwork, neurons: NDArray[np.int64]) -> Parts:
    """Return the trained parts of a network that starts as some neurons of the random one, with their readout."""
    start = [
        network.weights[:, neurons],
        np.zeros(len(neurons)),
        network.readout[neurons],
        -np.maximum(network.x @ network.weights[:, neurons], 0).mean(axis=0) @ network.readout[neurons],
    ]
    ends = np.cumsum([part.size for part in start])[:-1]
    shapes = [part.shape for part in start]

    def parts(flat: NDArray[np.float64]) -> Parts:
        return [part.reshape(shape) for part, shape in zip(np.split(flat, ends), shapes, strict=True)]

    def value(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        now = parts(flat)
        loss = np.sum((answers(now, network.x) - network.y) ** 2) / len(network.y)
        penalty = DECAY * (np.sum(now[0] ** 2) + np.sum(now[2] ** 2)) / 2
        gradient = loss_gradients(now, network.x, network.y, DECAY)
        return loss + penalty, np.concatenate([part.ravel() for part in gradient])

    first = np.concatenate([part.ravel() for part in start])
    return parts(minimize(value, first, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x)


def answers(parts: Parts, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the outputs of a network at inputs (n, d): shape (n, C)."""
    into, bias, out, offset = parts
    return np.maximum(x @ into + bias, 0) @ out + offset
