"""Training and held-out rows of a data set with classes, scaled as networks take them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from problems.datasets import REGRESSION, Dataset, load_dataset, split
from problems.errors import InputError
from problems.seeds import Seed
from problems.showing import Shows

__all__ = ["Rows"]

POOLED_FROM = 16
"""Images of at least so many pixels a side are pooled, 2 x 2 to their mean."""


@dataclass(frozen=True, eq=False, repr=False)
class Rows(Shows):
    """Data in two parts.

    Attributes
    ----------
    dataset
        Its name.
    x, x_test
        Inputs, shapes (m, d) and (t, d): grey levels between 0 and 1, or columns of mean 0 and variance 1 over the
        training part.
    y, y_test
        Numbers of the classes, shapes (m,) and (t,).
    classes
        How many there are.
    """

    dataset: str
    x: NDArray[np.float64]
    x_test: NDArray[np.float64]
    y: NDArray[np.int64]
    y_test: NDArray[np.int64]
    classes: int

    def _facts(self) -> Mapping[str, object]:
        return {
            "data set": self.dataset,
            "training rows": len(self.x),
            "held out": len(self.x_test),
            "inputs": self.x.shape[1],
            "classes": self.classes,
        }

    @classmethod
    def of(cls, dataset: "str | Dataset", seed: Seed = 0) -> Self:
        """Load a data set and hold a quarter of it out, by the seed of the split.

        Raises
        ------
        InputError
            If there is no such data set, or its target is a number.
        """
        data = dataset if isinstance(dataset, Dataset) else load_dataset(dataset)
        if data.kind == REGRESSION:
            raise InputError(
                f"The data set {data.name!r} has a number as its target, and these networks tell classes apart; name "
                "one with classes, as 'digits-classes' or 'breast-cancer'."
            )
        train, test = split(data, seed)
        x, x_test = _scaled(data, train.x, test.x)
        return cls(data.name, x, x_test, train.y.astype(np.int64), test.y.astype(np.int64), len(data.classes))


def _scaled(data: Dataset, train: NDArray, test: NDArray) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if data.side is None or data.levels is None:
        mean, spread = train.mean(axis=0), train.std(axis=0)
        spread = np.where(spread > 0, spread, 1)
        return (train - mean) / spread, (test - mean) / spread
    side, levels = data.side, data.levels
    if side < POOLED_FROM or side % 2:
        return train / (levels - 1), test / (levels - 1)

    def pooled(images: NDArray) -> NDArray[np.float64]:
        halves = images.reshape(-1, side // 2, 2, side // 2, 2).mean(axis=(2, 4))
        return np.asarray(halves.reshape(len(images), -1) / (levels - 1))

    return pooled(train), pooled(test)
