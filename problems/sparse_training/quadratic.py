"""A network of squares, whose training is a polynomial update exactly.

f(x) = sum_h A_h (w_h . (x, 1))^2 with the loss mean (f - y)^2 / 2, y = +-1. With A_h = +-1 fixed, f is a quadratic form
in the weights, the gradient is cubic and q = 3; with A_h trained f is cubic and q = 5. Pruned weights stand at 0 and do
not move, so the update of those that are kept is exact too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import factorial
from typing import Self

import numpy as np
from numpy.typing import NDArray

from problems.datasets import Dataset
from problems.errors import InputError, whole_number
from problems.memory import require_memory
from problems.seeds import Seed, generator
from problems.showing import Shows
from problems.sparse_training.data import Rows
from problems.sparse_training.pruning import magnitude_mask
from problems.sparse_training.update import PolynomialUpdate

__all__ = ["QuadraticNetwork"]

SPREAD = 0.3
"""Standard deviation of initial weights, times that of one input's share: 1 / sqrt(d + 1)."""


@dataclass(frozen=True, eq=False, repr=False)
class QuadraticNetwork(Shows):
    """A network of one hidden layer of squares on data of two classes.

    Attributes
    ----------
    rows
        The data; labels become +1 for the second class and -1 for the first.
    hidden
        Hidden units; their signs A_h are +1, -1, +1, ...
    readout
        Whether the A_h are trained too: the last `hidden` entries of the weights.
    """

    rows: Rows
    hidden: int = 2
    readout: bool = False

    @classmethod
    def from_dataset(
        cls, dataset: "str | Dataset" = "breast-cancer", hidden: int = 2, readout: bool = False, seed: Seed = 0
    ) -> Self:
        """Make the network on a data set of two classes; the seed chooses the split.

        Raises
        ------
        InputError
            If the data set is unknown or has not two classes, or there is no hidden unit.
        """
        rows = Rows.of(dataset, seed)
        if rows.classes != 2:
            raise InputError(
                f"The data set {rows.dataset!r} has {rows.classes} classes, and a quadratic network tells two apart; "
                "name one of two, as 'breast-cancer', or take a Perceptron."
            )
        return cls(rows, whole_number("hidden", hidden, 1), readout)

    def _facts(self) -> Mapping[str, object]:
        rows = self.rows
        told = {"data": rows.dataset, "inputs": rows.x.shape[1], "hidden units": self.hidden, "weights": self.size}
        return {**told, "degree of a step q": self.q}

    def __repr__(self) -> str:
        return f"QuadraticNetwork({self.rows.dataset!r}: {self.hidden} hidden units, {self.size} weights, q = {self.q})"

    @property
    def inputs(self) -> int:
        """Inputs of a hidden unit, the constant included: d + 1."""
        return self.rows.x.shape[1] + 1

    @property
    def size(self) -> int:
        """The number of weights."""
        return self.hidden * (self.inputs + self.readout)

    @property
    def q(self) -> int:
        """The degree of the update."""
        return 5 if self.readout else 3

    def initial(self, seed: Seed = 0) -> NDArray[np.float64]:
        """Draw initial weights; a trained readout begins at its signs."""
        drawn = generator(seed).standard_normal(self.hidden * self.inputs) * SPREAD / np.sqrt(self.inputs)
        return np.concatenate([drawn, self._signs]) if self.readout else drawn

    def outputs(self, weights: NDArray[np.float64], held_out: bool = False) -> NDArray[np.float64]:
        """Return f of the training or held-out rows."""
        shares, readout = self._parts(weights)
        return (self._inputs(held_out) @ shares.T) ** 2 @ readout

    def loss(self, weights: NDArray[np.float64]) -> float:
        """Return mean (f - y)^2 / 2 of the training rows."""
        return float(np.mean((self.outputs(weights) - self._targets(False)) ** 2) / 2)

    def gradient(self, weights: NDArray[np.float64], rows: NDArray[np.intp] | None = None) -> NDArray[np.float64]:
        """Return the gradient of the loss, shape (size,); of some training rows alone, if these are given."""
        shares, readout = self._parts(weights)
        x, y = self._inputs(False), self._targets(False)
        if rows is not None:
            x, y = x[rows], y[rows]
        sums = x @ shares.T
        missed = (sums**2 @ readout - y) / len(x)
        found = (2 * readout[:, None] * ((missed[:, None] * sums).T @ x)).ravel()
        return np.concatenate([found, missed @ sums**2]) if self.readout else found

    def accuracy(self, weights: NDArray[np.float64], held_out: bool = True) -> float:
        """Return the share of held-out (or training) rows whose sign of f is right."""
        return float(np.mean(np.sign(self.outputs(weights, held_out)) == self._targets(held_out)))

    def prune(self, weights: NDArray[np.float64], keep: int) -> NDArray[np.bool_]:
        """Return which weights are kept, shape (size,): inner ones by magnitude, with the readouts of their units.

        Parameters
        ----------
        weights
            Of a trained network.
        keep
            How many, readouts included: a weight whose readout is pruned changes nothing.

        Raises
        ------
        InputError
            If there are not so many, or one weight and its readout are more.
        """
        if not self.readout:
            return magnitude_mask(weights, keep)
        keep, inner = whole_number("keep", keep, 2), self.hidden * self.inputs
        if keep > self.size:
            raise InputError(f"keep = {keep} weights of {self.size}; give at most as many as there are.")
        mask = np.zeros(self.size, dtype=bool)
        for place in np.argsort(-np.abs(weights[:inner]), kind="stable"):
            readout = inner + place // self.inputs
            if mask.sum() + 2 - mask[readout] <= keep:
                mask[[place, readout]] = True
        return mask

    def update(self, mask: NDArray[np.bool_], eta: float) -> PolynomialUpdate:
        """Return one step of gradient descent on the kept weights, others at 0, in the coordinates u = weights[mask].

        Parameters
        ----------
        mask
            Which weights are kept, shape (size,).
        eta
            The step size.

        Raises
        ------
        InputError
            If so many are kept that the coefficients would not fit in memory.
        """
        kept = np.flatnonzero(mask)
        n, p = len(kept), (self.q + 1) // 2
        require_memory(
            8 * (2 * n ** (self.q + 1) + 3 * len(self.rows.x) * n**p),
            f"F_{self.q} of {n} weights",
            "keep fewer weights",
        )
        forms = self._forms(kept)
        # grad = mean (f - y) p S_i(., u, ...), as f_i = S_i(u, ..., u) with a symmetric S_i.
        m = len(forms)
        pull = eta * p * np.tensordot(self._targets(False), forms, (0, 0)) / m
        push = -eta * p * np.tensordot(forms, forms, (0, 0)) / m
        found = [np.zeros((n, n**k)) for k in range(self.q + 1)]
        found[p - 1], found[self.q] = pull.reshape(n, -1), push.reshape(n, -1)
        return PolynomialUpdate([found[0][:, 0], *found[1:]])

    def _forms(self, kept: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return f of each training row as a symmetric form in the kept weights: shape (m, n, n) or (m, n, n, n)."""
        x = self._inputs(False)
        units, inputs = np.divmod(kept, self.inputs)
        heads = units if not self.readout else np.where(kept < self.hidden * self.inputs, units, -1)
        pairs = (heads[:, None] == heads) & (heads[:, None] >= 0)
        columns = np.where(heads >= 0, inputs, 0)
        squares = np.where(pairs, x[:, columns][:, :, None] * x[:, columns][:, None, :], 0.0)
        if not self.readout:
            return squares * self._signs[heads][:, None]
        # The readout of unit h is entry hidden * inputs + h.
        of_unit = np.where(heads < 0, kept - self.hidden * self.inputs, -1)
        joined = of_unit[:, None] == heads
        cubic = np.einsum("mab,cb->mabc", squares, joined.astype(float))
        turned = cubic + cubic.transpose(0, 1, 3, 2) + cubic.transpose(0, 3, 1, 2)
        return turned * 2 / factorial(3)

    @property
    def _signs(self) -> NDArray[np.float64]:
        return np.where(np.arange(self.hidden) % 2 == 0, 1.0, -1.0)

    def _parts(self, weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        inner = self.hidden * self.inputs
        return weights[:inner].reshape(self.hidden, -1), weights[inner:] if self.readout else self._signs

    def _inputs(self, held_out: bool) -> NDArray[np.float64]:
        x = self.rows.x_test if held_out else self.rows.x
        return np.hstack([x, np.ones((len(x), 1))])

    def _targets(self, held_out: bool) -> NDArray[np.float64]:
        return np.where((self.rows.y_test if held_out else self.rows.y) == 1, 1.0, -1.0)
