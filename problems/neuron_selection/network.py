"""The random network behind a problem: one layer of random ReLU neurons and a fixed random readout, on real data.

With inputs x (n, d), centered by their training mean,

    H = relu(x W),   W = standard normal (d, N) sqrt(2 / d),
    s = scale / sqrt(N) / mean(std(H)),   V = s times random signs (N, C),

standard deviations over the training rows; H is centered by its training mean afterwards. A mask m keeps neurons:
the network's output is (H * m) V.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from problems.datasets import REGRESSION, Dataset, impute, load_dataset
from problems.errors import InputError, non_negative, whole_number
from problems.showing import Shows

__all__ = ["RandomNetwork"]

TRAINED_SHARE = 0.7
"""Share of the samples for training: the first ones of a permutation that is always the same."""

POOLED_FROM = 16
"""Images of at least so many pixels a side are pooled, 2 x 2 to their mean."""


@dataclass(frozen=True, eq=False, repr=False)
class RandomNetwork(Shows):
    """A random network of N neurons with its data, split into training and held-out rows.

    Attributes
    ----------
    dataset
        The name of the data.
    x, x_test
        Inputs, centered by the training mean: shapes (n, d) and (t, d).
    y, y_test
        Targets +1 and -1: shapes (n, C) and (t, C), C = 1 for two classes.
    weights, readout
        W, shape (d, N), and V, shape (N, C).
    hidden, hidden_test
        H, centered by its training mean: shapes (n, N) and (t, N).
    """

    dataset: str
    x: NDArray[np.float64]
    x_test: NDArray[np.float64]
    y: NDArray[np.float64]
    y_test: NDArray[np.float64]
    weights: NDArray[np.float64]
    readout: NDArray[np.float64]
    hidden: NDArray[np.float64]
    hidden_test: NDArray[np.float64]

    def _facts(self) -> Mapping[str, object]:
        rows = f"{len(self.x):,} / {len(self.x_test):,}"
        return {"data": self.dataset, "N": self.weights.shape[1], "outputs": self.y.shape[1], "train / held out": rows}

    @classmethod
    def draw(
        cls, neurons: int, seed: int, scale: float = 0.6, dataset: "str | Path | Dataset | Any" = "mnist-8-9"
    ) -> Self:
        """Draw the network of a seed on a data set; the seed of its generator is [seed, N].

        The data set is a name, the path of a table, a data frame, or a `problems.datasets.Dataset`.

        Raises
        ------
        InputError
            If N or the seed is no whole number, N is below 1, the scale is not positive, or the data set is unknown
            or has no classes.
        """
        neurons, seed = whole_number("neurons N", neurons, 1), whole_number("seed", seed, 0)
        scale = non_negative("scale", scale)
        if scale == 0:
            raise InputError("scale = 0.0 makes every readout zero, so that no neuron matters; give a positive number.")
        data = load_dataset(dataset)
        order = np.random.default_rng(0).permutation(len(data))
        train, test = np.split(order, [int(TRAINED_SHARE * len(data))])
        data = impute(data, train)
        inputs, targets = _inputs(data), _targets(data)
        mean = inputs[train].mean(axis=0)
        x, x_test = inputs[train] - mean, inputs[test] - mean
        rng = np.random.default_rng([seed, neurons])
        weights = rng.standard_normal((x.shape[1], neurons)) * np.sqrt(2 / x.shape[1])
        hidden, hidden_test = np.maximum(x @ weights, 0), np.maximum(x_test @ weights, 0)
        size = scale / np.sqrt(neurons) / hidden.std(axis=0).mean()
        readout = size * rng.choice([-1.0, 1.0], (neurons, targets.shape[1]))
        center = hidden.mean(axis=0)
        return cls(
            data.name,
            x,
            x_test,
            targets[train],
            targets[test],
            weights,
            readout,
            hidden - center,
            hidden_test - center,
        )

    @property
    def outputs(self) -> int:
        """The number of outputs C."""
        return self.readout.shape[1]

    @property
    def neurons(self) -> int:
        """The number of neurons N."""
        return len(self.readout)

    def accuracy(self, outputs: NDArray[np.float64]) -> float:
        """Return the share of held-out rows that outputs, shape (t, C), get right; a sign of 0 is wrong."""
        if self.outputs == 1:
            return float(np.mean(np.sign(outputs) == self.y_test))
        return float(np.mean(np.argmax(outputs, axis=1) == np.argmax(self.y_test, axis=1)))


def _inputs(data: Dataset) -> NDArray[np.float64]:
    """Return grey levels between 0 and 1, of large images pooled; of tables, columns of unit variance."""
    if data.side is None or data.levels is None:
        spread = data.x.std(axis=0)
        return data.x / np.where(spread > 0, spread, 1)
    half = data.side // 2
    if data.side < POOLED_FROM or data.side % 2:
        return data.x / (data.levels - 1)
    return data.x.reshape(-1, half, 2, half, 2).mean(axis=(2, 4)).reshape(-1, half * half) / (data.levels - 1)


def _targets(data: Dataset) -> NDArray[np.float64]:
    """Return +1 for the second of two classes and -1 for the first, or for each of many classes one column."""
    if data.kind == REGRESSION:
        raise InputError(
            f"The data set {data.name!r} has a number as its target, and a mask is judged by classes; name one with "
            "classes, as 'mnist-8-9' or 'digits-classes'."
        )
    if len(data.classes) == 2:
        return np.where(data.y == 1, 1.0, -1.0)[:, None]
    return np.where(data.y[:, None] == np.arange(len(data.classes)), 1.0, -1.0)
