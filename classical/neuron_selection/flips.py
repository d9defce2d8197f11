"""The change of the loss by each neuron alone: what greedy steps and gradients through the mask are made of."""

import numpy as np
from numpy.typing import NDArray

from classical.neuron_selection.protocol import Problem
from problems.neuron_selection import MaskProblem, SubsetSumProblem
from problems.neuron_selection.masks import Masks

__all__ = ["keeping"]


def keeping(problem: Problem, mask: Masks) -> NDArray[np.float64]:
    """Return the loss with each neuron kept minus the loss without it, the others as in a mask, (N,): shape (N,).

    It is the gradient of the loss's multilinear extension. Flipping neuron j adds (1 - 2 m_j) times its entry.
    """
    if isinstance(problem, SubsetSumProblem):  # from the residual: a small loss has no digits in c + b.m + m'Gm
        without = (problem.w - problem.A @ mask)[:, None] + problem.A * mask
        return np.sum(problem.A**2, axis=0) - 2 * np.sum(without * problem.A, axis=0)
    if isinstance(problem, MaskProblem):
        _, linear, pairs = problem.coefficients
        return linear + (pairs + pairs.T) @ mask
    flipped = mask ^ np.eye(problem.neurons, dtype=np.uint8)
    return (problem.loss(flipped) - problem.loss(mask)) * (1 - 2.0 * mask)
