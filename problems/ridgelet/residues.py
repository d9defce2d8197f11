"""Data as a ridgelet problem takes it: points of Z_P^D with centered targets, split once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from problems.datasets import REGRESSION
from problems.showing import Shows

__all__ = ["Residues", "first_points"]


@dataclass(frozen=True, repr=False)
class Residues(Shows):
    """A data set over Z_P, split once.

    Attributes
    ----------
    name, description
        What it is called, and in one sentence what its points and targets are.
    prime
        The prime P.
    x_train, x_test
        Points with digits 0..P-1, shapes (n, D) and (m, D).
    y_train, y_test
        Targets, shapes (n,) and (m,), or (n, C) and (m, C) for several outputs.
    kind
        What the targets are, in the words of `problems.datasets`.
    fresh
        Whether other seeds give other samples, rather than another split of the same ones.
    """

    name: str
    description: str
    prime: int
    x_train: NDArray[np.int64]
    x_test: NDArray[np.int64]
    y_train: NDArray[np.float64]
    y_test: NDArray[np.float64]
    kind: str = REGRESSION
    fresh: bool = False

    def _facts(self) -> Mapping[str, object]:
        return {
            "name": self.name,
            "P": self.prime,
            "D": self.dimension,
            "training samples": len(self.x_train),
            "held out": len(self.x_test) if self.held_out else 0,
        }

    @property
    def dimension(self) -> int:
        """The data dimension D."""
        return self.x_train.shape[1]

    @property
    def held_out(self) -> bool:
        """Whether anything is held out: a function on all of Z_P^D has nothing left."""
        return not np.array_equal(self.x_test, self.x_train)

    @property
    def overlap(self) -> float:
        """Held-out over training samples where splits share samples; 0 if nothing is held out, or data are fresh."""
        return len(self.x_test) / len(self.x_train) if self.held_out and not self.fresh else 0.0


def first_points(data: Residues, points: int) -> Residues:
    """Keep the training samples at the first so many distinct points, in the order of the split."""
    _, first, where = np.unique(data.x_train, axis=0, return_index=True, return_inverse=True)
    kept = np.isin(where.reshape(-1), np.argsort(first)[:points])
    return replace(data, x_train=data.x_train[kept], y_train=data.y_train[kept])
