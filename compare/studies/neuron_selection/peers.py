"""What a ticket is held against: a trained network, one pruned to as many neurons, least squares on the kept ones."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from problems.neuron_selection import RandomNetwork
from problems.seeds import Seed, integer_seed

__all__ = ["TrainedNetwork", "least_squares", "train"]

DECAY, STEPS = 1.0, 200
"""L2 penalty of a trained network's weights, and steps of its training at most."""

RIDGE = 1e-6
"""Of readouts that are fitted, in units of the largest eigenvalue."""


@dataclass(frozen=True)
class TrainedNetwork:
    """A network of N neurons whose layers were both trained: accuracy held out, whole and pruned."""

    network: RandomNetwork
    hidden: NDArray[np.float64]
    hidden_test: NDArray[np.float64]
    readout: NDArray[np.float64]
    shift: NDArray[np.float64]
    norms: NDArray[np.float64]

    def accuracy(self) -> float:
        """Return the accuracy of the whole network."""
        return self.network.accuracy(self.hidden_test @ self.readout + self.shift)

    def pruned(self, kept: int) -> float:
        """Return the accuracy of the neurons of largest magnitude, their readout refitted.

        A neuron's magnitude is the norm of its input weights times that of its output weights.
        """
        size = self.norms * np.linalg.norm(self.readout, axis=1)
        some = np.sort(np.argsort(-size, kind="stable")[:kept])
        return _refitted(self.network, self.hidden[:, some], self.hidden_test[:, some])


def train(network: RandomNetwork, neurons: int, seed: Seed) -> TrainedNetwork:
    """Train a network of so many ReLU neurons on the data behind a random one."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPRegressor

    settings = {"alpha": DECAY, "solver": "lbfgs", "max_iter": STEPS, "random_state": integer_seed(seed) % 2**32}
    model = MLPRegressor(hidden_layer_sizes=(neurons,), **settings)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(network.x, network.y if network.outputs > 1 else network.y[:, 0])
    (into, out), (shift, last) = model.coefs_, model.intercepts_
    hidden, hidden_test = (np.maximum(rows @ into + shift, 0) for rows in (network.x, network.x_test))
    return TrainedNetwork(network, hidden, hidden_test, out, last, np.linalg.norm(into, axis=0))


def least_squares(network: RandomNetwork, mask: NDArray[np.uint8]) -> float:
    """Return the accuracy of least squares on the neurons that a mask keeps; for each class its own."""
    kept = mask.reshape(network.outputs, -1).astype(bool)
    outputs = np.zeros_like(network.y_test)
    for c, some in enumerate(kept):
        outputs[:, c] = _fitted(network.hidden[:, some], network.y[:, c], network.hidden_test[:, some])
    return network.accuracy(outputs)


def _refitted(network: RandomNetwork, rows: NDArray[np.float64], asked: NDArray[np.float64]) -> float:
    mean = rows.mean(axis=0)
    outputs = [_fitted(rows - mean, targets, asked - mean) for targets in network.y.T]
    return network.accuracy(np.stack(outputs, axis=1))


def _fitted(rows: NDArray[np.float64], targets: NDArray[np.float64], asked: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fit targets by centered rows, with a constant, and return the answers to other rows."""
    shift = float(targets.mean())
    if not rows.shape[1]:
        return np.full(len(asked), shift)
    gram = rows.T @ rows
    gram[np.diag_indices_from(gram)] += RIDGE * np.linalg.eigvalsh(gram)[-1] + 1e-300
    return shift + asked @ np.linalg.solve(gram, rows.T @ (targets - shift))
