"""A wide network of which the readout alone is trained: random erf neurons and ridge regression."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

from problems.errors import non_negative, whole_number
from problems.kernel_training import KernelTask
from problems.seeds import Seed, generator

__all__ = ["RandomFeatures"]


class RandomFeatures:
    """Trains the readout of one hidden layer of random erf neurons: what a finite width of the same network is worth.

    Parameters
    ----------
    features
        Neurons.
    ridge
        Regularization of the readout, in units of a neuron's mean square times the neurons.

    Raises
    ------
    InputError
        If there is no neuron, or the ridge is negative.
    """

    def __init__(self, features: int = 512, ridge: float = 1e-2) -> None:
        self.features, self.ridge = whole_number("features", features, 1), non_negative("ridge", ridge)

    def outputs(self, task: KernelTask, seed: Seed = None) -> NDArray[np.float64]:
        """Return the network's outputs; see `Classifier.outputs`."""
        rng = generator(seed)
        weights = rng.standard_normal((task.x.shape[1], self.features))
        train, test = (erf(images @ weights) / math.sqrt(self.features) for images in (task.x, task.x_test))
        gram = train @ train.T
        gram[np.diag_indices_from(gram)] += self.ridge
        found: NDArray[np.float64] = test @ (train.T @ np.linalg.lstsq(gram, task.y)[0])
        return found
