"""Data in NPY files of any size as a ridgelet problem: residues as they are, or quantized; targets centered.

Nothing is held out: every row is a sample. As for tables, two classes become -1 and +1, several become one column each,
and other targets are standardized; all are then centered.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from problems.errors import InputError
from problems.finite_field import check_prime
from problems.names import CLASSES, DIGITS, REGRESSION, ROWS_MARK, TWO_CLASSES
from problems.quantizers import QuantileQuantizer
from problems.rows import RowSource, as_rows
from problems.showing import so_many

if TYPE_CHECKING:
    from problems.ridgelet.problem import RidgeletProblem

__all__ = ["Targets", "fitted_levels", "identity", "large_problem", "opened", "ranged"]

BYTES = 2**24
"""Bytes that are read at once, at most, for a digest or a range."""

MOST_CLASSES = 10
"""Whole numbers of so many values, at most, are classes."""

STANDARDIZED = "a target, standardized"
"""Words for a single number: it is scaled too."""


def identity(points: str | Path, labels: str | Path) -> str:
    """Return what names two NPY files by their content, ``rows:`` and 16 digits; they are read once.

    Raises
    ------
    InputError
        If one of them cannot be read.
    """
    digest = hashlib.sha256()
    for name, path in (("points", points), ("labels", labels)):
        source = as_rows(name, path)
        digest.update(f"{name} {source.shape} {source.dtype.str}".encode())
        for block in _blocks(source):
            digest.update(block.tobytes())
    return ROWS_MARK + digest.hexdigest()[:DIGITS]


def large_problem(
    points: str | Path,
    labels: str | Path,
    prime: int,
    regularization: float = 1e-3,
    activation: str | tuple[float, ...] = "relu",
    memory: int | str | None = None,
) -> "tuple[RidgeletProblem, str]":
    """Make the problem of two NPY files, and say in words how points and targets were made.

    Parameters
    ----------
    points
        Features, shape (n, D). Whole numbers 0..P-1 throughout are residues already; others are cut into P quantile
        levels, fitted in one pass.
    labels
        Targets, shape (n,), or (n, C) for several outputs, which are centered.
    prime, regularization, activation, memory
        As for `RidgeletProblem.from_chunks`.

    Raises
    ------
    InputError
        As `RidgeletProblem.from_chunks` does.
    """
    # Imported here, so that whoever asks for a name alone does not wait for SciPy.
    from problems.ridgelet.problem import RidgeletProblem

    prime = check_prime(prime)
    source, targets = opened(points, labels)
    quantizer, levels = fitted_levels(source, source, prime)
    values = targets.centered(np.ones(len(targets.values), dtype=bool))
    problem = RidgeletProblem.from_chunks(
        source, values, prime, regularization, activation, quantizer=quantizer, memory=memory
    )
    sizes = f"{so_many(problem.samples, 'row')} of {so_many(problem.dimension, 'feature')}"
    described = f"{source.name}: {sizes}, {levels}; {targets.words}."
    return problem, described


def opened(points: str | Path, labels: str | Path) -> "tuple[RowSource, Targets]":
    """Open two NPY files, and read the targets.

    Raises
    ------
    InputError
        If they cannot be read, differ in length, or targets are none.
    """
    source, given = as_rows("points", points), as_rows("labels", labels)
    if len(source.shape) != 2 or 0 in source.shape:
        raise InputError(
            f"{source.name} has shape {source.shape}, but shape (n, D) with n, D >= 1 is needed; reshape it."
        )
    if source.shape[:1] != given.shape[:1]:
        raise InputError(
            f"{source.name} has shape {source.shape} but {given.name} has {given.shape}; give one target for each row."
        )
    return source, Targets.of(given)


def fitted_levels(source: RowSource, train: RowSource, prime: int) -> tuple[QuantileQuantizer | None, str]:
    """Return what makes residues of rows, fitted to some of them, and how in words; None where they are residues."""
    if _are_residues(source, prime):
        return None, "residues as they are"
    quantizer = QuantileQuantizer(prime).fit_chunks(train)
    return quantizer, f"{prime} quantile levels, ranks within {quantizer.rank_error:.2%}"


def ranged(source: RowSource) -> tuple[float, float, bool]:
    """Read all rows once; return the least and the largest entry, and whether all are whole numbers.

    Raises
    ------
    InputError
        If an entry is not finite, whose row and column it names.
    """
    least, largest, whole, first = np.inf, -np.inf, True, 0
    for block in _blocks(source):
        if block.dtype.kind == "f":
            if not np.all(np.isfinite(block)):
                row, column = (int(place) for place in np.argwhere(~np.isfinite(block))[0])
                raise InputError(
                    f"{source.name}[{first + row}, {column}] = {block[row, column]} is not finite; impute it, or drop "
                    "that row."
                )
            whole = whole and bool(np.all(np.floor(block) == block))
        least, largest = min(least, float(block.min())), max(largest, float(block.max()))
        first += len(block)
    return least, largest, whole


def _are_residues(source: RowSource, prime: int) -> bool:
    """Tell whether all entries are whole numbers 0..P-1; what is no number at all is refused later, with its row."""
    for block in _blocks(source):
        if block.dtype.kind == "f" and (not np.all(np.isfinite(block)) or np.any(np.floor(block) != block)):
            return False
        if block.min() < 0 or block.max() >= prime:
            return False
    return True


@dataclass(frozen=True, eq=False)
class Targets:
    """Targets as a problem takes them, but for their centers.

    Attributes
    ----------
    name
        Of their file.
    values
        Shape (n, C): -1 and +1 of two classes, a column of 0 and 1 for each of several, numbers as they are.
    kind
        Their kind, in the words of `problems.datasets`.
    words
        The same for readers.
    """

    name: str
    values: NDArray[np.float64]
    kind: str
    words: str

    @classmethod
    def of(cls, given: RowSource) -> Self:
        """Read targets, shape (n,) or (n, C).

        Raises
        ------
        InputError
            If they are none, one is not finite, or all are the same.
        """
        if not given.shape or len(given.shape) > 2 or 0 in given.shape:
            raise InputError(f"{given.name} has shape {given.shape}, but shape (n,) or (n, C) is needed; reshape it.")
        targets: NDArray[np.float64] = given.read(0, given.shape[0]).astype(np.float64)
        if not np.all(np.isfinite(targets)):
            row = int(np.argwhere(~np.isfinite(targets))[0][0])
            raise InputError(f"{given.name}[{row}] is NaN or infinite; impute or drop that sample.")
        if targets.ndim == 2:
            return cls(given.name, targets, REGRESSION, f"{so_many(targets.shape[1], 'target')}, centered")
        values, numbers = np.unique(targets, return_inverse=True)
        if len(values) == 1:
            raise InputError(
                f"{given.name} is {values[0]:g} in every row, and there is nothing to learn; name other targets."
            )
        if len(values) > MOST_CLASSES or np.any(np.floor(values) != values):
            return cls(given.name, targets[:, None], REGRESSION, STANDARDIZED)
        if len(values) == 2:
            signs = np.where(numbers.reshape(-1, 1) == 1, 1.0, -1.0)
            return cls(given.name, signs, TWO_CLASSES, "two classes")
        columns = (numbers.reshape(-1, 1) == np.arange(len(values))).astype(float)
        return cls(given.name, columns, CLASSES, f"{len(values)} classes, one output each")

    def centered(self, train: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return all targets, centered, and a single number scaled, by those of the training part: shape (n, C).

        Raises
        ------
        InputError
            If none differ in the training part.
        """
        some = self.values[train]
        centers, spread = some.mean(axis=0) if some.shape[1] > 1 else some.reshape(-1).mean(), 1.0
        if np.all(some == some[0]):
            raise InputError(
                f"{self.name} is the same in all {len(some)} rows that are learned from, and there is nothing to "
                "learn; give other targets, more rows, or another seed."
            )
        if self.words == STANDARDIZED:
            spread = float(some.reshape(-1).std())
        return (self.values - centers) / spread


def _blocks(source: RowSource) -> Iterator[NDArray]:
    """Read all rows, some at a time."""
    count = source.shape[0]
    step = max(1, BYTES // max(1, int(np.prod(source.shape[1:])) * source.dtype.itemsize))
    return (source.read(start, min(start + step, count)) for start in range(0, count, step))
