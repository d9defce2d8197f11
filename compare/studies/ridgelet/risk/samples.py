"""Samples of one part of a fold, in memory or in files: networks are fitted to them and judged on them block by block.

Sums over one block are those of all samples at once, so that samples in memory, which are one block, give the numbers
that they gave before there were blocks.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from compare.studies.ridgelet.risk.fits import accuracy, risk, weights_of
from problems.ridgelet.points import Rows

__all__ = ["Predict", "Samples", "fitted", "judged"]

Predict = Callable[[Rows], NDArray[np.float64]]
"""From points (m, D) to features (m, N), or to predictions (..., m, C)."""


@dataclass(frozen=True, eq=False)
class Samples:
    """Samples of one part.

    Attributes
    ----------
    targets
        Shape (n, C).
    read
        Returns the points as residues, block by block, in the order of the targets.
    """

    targets: NDArray[np.float64]
    read: Callable[[], Iterable[Rows]]

    def __len__(self) -> int:
        return len(self.targets)

    def blocks(self) -> Iterator[tuple[Rows, NDArray[np.float64]]]:
        """Read all samples once.

        Yields
        ------
        tuple
            Points (m, D) and their targets (m, C).
        """
        start = 0
        for rows in self.read():
            stop = start + rows.shape[0]
            yield rows, self.targets[start:stop]
            start = stop


def fitted(samples: Samples, features: Predict, penalties: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fit output weights for each penalty, as `fits.output_weights` does: shape (R, N, C)."""
    sums: list[NDArray[np.float64]] = []
    for rows, targets in samples.blocks():
        hidden = features(rows)
        own = [hidden.T @ hidden, hidden.T @ targets]
        sums = [total + more for total, more in zip(sums, own, strict=True)] if sums else own
    return weights_of(sums[0], sums[1], len(samples), penalties)


def judged(samples: Samples, predict: Predict, kind: str, y_train: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return risk and share of right answers of predictions (..., n, C): shape (..., 2); see `fits`."""
    total: NDArray[np.float64] | None = None
    for rows, targets in samples.blocks():
        predicted = predict(rows)
        own = np.stack([risk(targets, predicted), accuracy(kind, y_train, targets, predicted)], axis=-1)
        share = len(targets) / len(samples)
        total = share * own if total is None else total + share * own
    assert total is not None
    return total
