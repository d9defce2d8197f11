"""Data in NPY files of any size with a quarter of the rows held out: both parts are read where they lie.

Which rows are held out follows from the seed and the number of rows alone, so that nothing is copied or shuffled: each
part is read in the order of the file. Quantizers and centers see the training part only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from problems.errors import InputError
from problems.finite_field import check_prime
from problems.quantizers import QuantileQuantizer
from problems.ridgelet.chunks import sample_chunks
from problems.ridgelet.large import fitted_levels, opened
from problems.ridgelet.problem import RidgeletProblem
from problems.rows import SomeRows
from problems.seeds import Seed, generator
from problems.showing import so_many

__all__ = ["HeldOutRows", "hold_out"]

SHARE = 4
"""One row in so many is held out."""


@dataclass(frozen=True, eq=False)
class HeldOutRows:
    """Rows of two files in two parts, and what makes a problem of them.

    Attributes
    ----------
    description
        The data in a sentence.
    kind
        The kind of the targets, in the words of `problems.datasets`.
    prime
        The prime P.
    x_train, x_test
        Rows as they are stored, shapes (n, D) and (m, D).
    y_train, y_test
        Centered targets, shapes (n, C) and (m, C).
    quantizer
        Makes residues of the rows; None where they are residues.
    """

    description: str
    kind: str
    prime: int
    x_train: SomeRows
    x_test: SomeRows
    y_train: NDArray[np.float64]
    y_test: NDArray[np.float64]
    quantizer: QuantileQuantizer | None

    @property
    def dimension(self) -> int:
        """The data dimension D."""
        return self.x_train.shape[1]

    @property
    def held_out(self) -> bool:
        """Whether anything is held out: always."""
        return True

    @property
    def overlap(self) -> float:
        """Held-out over training samples: those of other seeds are other parts of the same rows."""
        return len(self.y_test) / len(self.y_train)

    def problem(
        self,
        regularization: float,
        activation: str | tuple[float, ...],
        memory: int | str | None,
        kept: NDArray[np.integer] | None = None,
    ) -> RidgeletProblem:
        """Return the problem of the training part, or of those of its rows whose places are `kept`, ascending."""
        x, y = (self.x_train, self.y_train) if kept is None else (self.x_train.kept(kept), self.y_train[kept])
        return RidgeletProblem.from_chunks(
            x, y, self.prime, regularization, activation, quantizer=self.quantizer, memory=memory
        )

    def blocks(self, rows: SomeRows) -> Iterator[NDArray[np.unsignedinteger]]:
        """Read rows once, in their order, as residues: shapes (m, D)."""
        return sample_chunks(rows, self.prime, self.dimension, self.quantizer)


def hold_out(points: str | Path, labels: str | Path, prime: int, seed: Seed) -> HeldOutRows:
    """Hold a random quarter of the rows of two NPY files out.

    Parameters
    ----------
    points, labels, prime
        As for `problems.ridgelet.large.large_problem`.
    seed
        Chooses the rows.

    Raises
    ------
    InputError
        If the files cannot be read or are no data, or there are fewer than four rows.
    """
    prime = check_prime(prime)
    source, targets = opened(points, labels)
    count = source.shape[0]
    if count < SHARE:
        raise InputError(
            f"{source.name} has {so_many(count, 'row')}, too few to hold a quarter of them out; give more."
        )
    out = np.zeros(count, dtype=bool)
    out[generator(seed).choice(count, count // SHARE, replace=False, shuffle=False)] = True
    values = targets.centered(~out)
    test = SomeRows(source, np.flatnonzero(out))
    train = SomeRows(source, np.flatnonzero(~out), test.held + values.nbytes)
    quantizer, levels = fitted_levels(source, train, prime)
    described = (
        f"{source.name}: {count:,} rows of {so_many(source.shape[1], 'feature')}, a random quarter held out, {levels}; "
        f"{targets.words}."
    )
    return HeldOutRows(described, targets.kind, prime, train, test, values[~out], values[out], quantizer)
