"""A perceptron of one tanh layer with cross-entropy: gradient, Hessian and third derivative along directions.

Its training is no polynomial; around the pruned weights its update is truncated to F_0 = -eta g, F_1 = -eta H,
F_2 = -(eta / 2) D^3 L. Hessian-vector products are Pearlmutter's: the gradient's own computation, differentiated along
a direction. Third derivatives are central differences of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Self

import numpy as np
from numpy.typing import NDArray

from problems.datasets import Dataset
from problems.errors import whole_number
from problems.finite_field import row_blocks
from problems.seeds import Seed, generator
from problems.showing import Shows
from problems.sparse_training.data import Rows

__all__ = ["Perceptron"]

STEP = 1e-4
"""How far the points of a central difference lie, for a direction of norm one."""


@dataclass(frozen=True, eq=False)
class _Pass:
    """The results of a pass forward: hidden values h, residues r = (p - y) / m, probabilities p, and r W_2."""

    inner: NDArray[np.float64]
    outer: NDArray[np.float64]
    h: NDArray[np.float64]
    p: NDArray[np.float64]
    r: NDArray[np.float64]
    back: NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class Perceptron(Shows):
    """A network d - hidden - classes, all of whose weights stand in one vector.

    Attributes
    ----------
    rows
        The data.
    hidden
        Hidden units, 32 for the digits' 2,410 weights.

    Notes
    -----
    The vector holds W_1 (hidden, d), b_1, W_2 (classes, hidden) and b_2, in this order, row by row.
    """

    rows: Rows
    hidden: int = 32

    @classmethod
    def from_dataset(
        cls, dataset: "str | Dataset" = "digits-classes", hidden: int | None = None, seed: Seed = 0
    ) -> Self:
        """Make the network on a data set with classes; the seed chooses the split.

        Parameters
        ----------
        dataset
            A name or a `Dataset`: "digits-classes" and "mnist-8-9" (pooled to 14 x 14) are meant.
        hidden
            Hidden units; left out, 32, and 16 for two classes.
        seed
            Of the split.

        Raises
        ------
        InputError
            If the data set is unknown or has no classes, or there is no hidden unit.
        """
        rows = Rows.of(dataset, seed)
        units = (16 if rows.classes == 2 else 32) if hidden is None else whole_number("hidden", hidden, 1)
        return cls(rows, units)

    def _facts(self) -> Mapping[str, object]:
        rows = self.rows
        told = {"data": rows.dataset, "inputs": rows.x.shape[1], "hidden units": self.hidden}
        return {**told, "classes": rows.classes, "weights": self.size}

    def __repr__(self) -> str:
        shape = f"{self.rows.x.shape[1]}-{self.hidden}-{self.rows.classes}"
        return f"Perceptron({self.rows.dataset!r}: {shape}, {self.size} weights)"

    @property
    def size(self) -> int:
        """The number of weights."""
        return self.hidden * (self.rows.x.shape[1] + 1) + self.rows.classes * (self.hidden + 1)

    def initial(self, seed: Seed = 0) -> NDArray[np.float64]:
        """Draw initial weights: normal with variance 1 / inputs of a unit, biases 0."""
        rng, d = generator(seed), self.rows.x.shape[1]
        inner = rng.standard_normal((self.hidden, d)) / np.sqrt(d)
        outer = rng.standard_normal((self.rows.classes, self.hidden)) / np.sqrt(self.hidden)
        return np.concatenate([inner.ravel(), np.zeros(self.hidden), outer.ravel(), np.zeros(self.rows.classes)])

    def loss(self, weights: NDArray[np.float64]) -> float:
        """Return the mean cross-entropy of the training rows."""
        p = self._forward(weights).p
        return float(-np.mean(np.log(np.maximum(p[np.arange(len(p)), self.rows.y], 1e-300))))

    def gradient(self, weights: NDArray[np.float64], rows: NDArray[np.intp] | None = None) -> NDArray[np.float64]:
        """Return the gradient of the loss, shape (size,); of some training rows alone, if these are given."""
        if rows is not None:
            some = replace(self.rows, x=self.rows.x[rows], y=self.rows.y[rows])
            return replace(self, rows=some).gradient(weights)
        at = self._forward(weights)
        return self._joined(at.back * (1 - at.h**2), at.r.T @ at.h, at.r)

    def hessian_vector(self, weights: NDArray[np.float64], direction: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the Hessian times a direction, shape (size,) (Pearlmutter 1994).

        Parameters
        ----------
        weights, direction
            Shapes (size,).
        """
        return self.hessian_product(weights)(direction)

    def hessian_product(self, weights: NDArray[np.float64]) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
        """Return what multiplies directions, shape (size,), by the Hessian: all of them share one pass forward."""
        return partial(self._along, self._forward(weights))

    def hessian(self, weights: NDArray[np.float64], mask: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the Hessian of the kept weights, shape (n, n): `hessian_vector` along each of them, all at once.

        With J_c the derivatives of the output z_c by the kept weights, it is the sum over the rows of
        sum_c p_c J_c (J_c - sum_c' p_c' J_c')' / m and of the residues times the second derivatives of z, which are
        those of a unit's inner weights among themselves and with the same unit's outer ones.
        """
        at, kept, classes = self._forward(weights), np.flatnonzero(mask), self.rows.classes
        x = np.column_stack([self.rows.x, np.ones(len(self.rows.x))])
        values = np.column_stack([at.h, np.ones(len(at.h))])  # what multiplies outer weights; a bias is the last column
        inner, outer = kept[kept < self.hidden * x.shape[1]], kept[kept >= self.hidden * x.shape[1]]
        outer = outer - self.hidden * x.shape[1]
        biases, weighted = inner >= self.hidden * self.rows.x.shape[1], outer < classes * self.hidden
        unit = np.where(biases, inner - self.hidden * self.rows.x.shape[1], inner // self.rows.x.shape[1])
        column = np.where(biases, x.shape[1] - 1, inner % self.rows.x.shape[1])
        output = np.where(weighted, outer // self.hidden, outer - classes * self.hidden)
        source = np.where(weighted, outer % self.hidden, self.hidden)
        first, second = slice(len(inner)), slice(len(inner), None)
        found = np.zeros((len(kept),) * 2)
        for rows in row_blocks(len(x), classes * len(kept)):
            h, p, inputs = at.h[rows][:, unit], at.p[rows], x[rows][:, column]
            steep = inputs * (1 - h**2)  # a unit's value by its inner weights
            slopes = np.zeros((classes, len(p), len(kept)))
            slopes[:, :, first] = steep * at.outer[:, None, unit]
            slopes[output, :, len(inner) + np.arange(len(outer))] = values[rows][:, source].T
            away = (slopes - np.einsum("nc,cni->ni", p, slopes)) * p.T[:, :, None]
            flat = (classes * len(p), len(kept))
            found += slopes.reshape(flat).T @ away.reshape(flat) / len(x)
            found[first, first] -= (unit[:, None] == unit) * (inputs.T @ (2 * at.back[rows][:, unit] * h * steep))
            mixed = (unit[:, None] == source) * (steep.T @ at.r[rows][:, output])
            found[first, second] += mixed
            found[second, first] += mixed.T
        return (found + found.T) / 2

    def third_derivative(
        self, weights: NDArray[np.float64], first: NDArray[np.float64], second: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return D^3 L (first, second, .), shape (size,), by a central difference of Hessian-vector products.

        Parameters
        ----------
        weights, first, second
            Shapes (size,); the difference is taken along the first.
        """
        length = float(np.linalg.norm(first))
        if length == 0:
            return np.zeros(self.size)
        ahead, behind = (self.hessian_vector(weights + sign * STEP / length * first, second) for sign in (1.0, -1.0))
        return (ahead - behind) * (length / (2 * STEP))

    def accuracy(self, weights: NDArray[np.float64], held_out: bool = True) -> float:
        """Return the share of held-out (or training) rows whose likeliest class is right."""
        x, y = (self.rows.x_test, self.rows.y_test) if held_out else (self.rows.x, self.rows.y)
        inner, b_1, outer, b_2 = self._parts(weights)
        return float(np.mean(np.argmax(np.tanh(x @ inner.T + b_1) @ outer.T + b_2, axis=1) == y))

    def _forward(self, weights: NDArray[np.float64]) -> _Pass:
        inner, b_1, outer, b_2 = self._parts(weights)
        h = np.tanh(self.rows.x @ inner.T + b_1)
        z = h @ outer.T + b_2
        p = np.exp(z - z.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        r = p.copy()
        r[np.arange(len(r)), self.rows.y] -= 1
        r /= len(r)
        return _Pass(inner, outer, h, p, r, r @ outer)

    def _along(self, at: _Pass, direction: NDArray[np.float64]) -> NDArray[np.float64]:
        inner, b_1, outer, b_2 = self._parts(direction)
        slope = 1 - at.h**2
        h = slope * (self.rows.x @ inner.T + b_1)
        z = h @ at.outer.T + at.h @ outer.T + b_2
        r = at.p * (z - np.sum(at.p * z, axis=1, keepdims=True)) / len(z)
        a = (r @ at.outer + at.r @ outer) * slope - 2 * at.back * at.h * h
        return self._joined(a, r.T @ at.h + at.r.T @ h, r)

    def _joined(
        self, a: NDArray[np.float64], outer: NDArray[np.float64], r: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        return np.concatenate([(a.T @ self.rows.x).ravel(), a.sum(axis=0), outer.ravel(), r.sum(axis=0)])

    def _parts(self, weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
        d, classes = self.rows.x.shape[1], self.rows.classes
        ends = np.cumsum([self.hidden * d, self.hidden, classes * self.hidden])
        inner, b_1, outer, b_2 = np.split(weights, ends)
        return inner.reshape(self.hidden, d), b_1, outer.reshape(classes, self.hidden), b_2
