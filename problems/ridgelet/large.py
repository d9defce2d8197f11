"""Data in NPY files of any size as a ridgelet problem: residues as they are, or quantized; targets centered.

Nothing is held out: every row is a sample. As for tables, two classes become -1 and +1, several become one column each,
and other targets are standardized; all are then centered.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from problems.errors import InputError
from problems.finite_field import check_prime
from problems.names import DIGITS, ROWS_MARK
from problems.quantizers import QuantileQuantizer
from problems.rows import RowSource, as_rows
from problems.showing import so_many

if TYPE_CHECKING:
    from problems.ridgelet.problem import RidgeletProblem

__all__ = ["identity", "is_rows", "large_problem"]

BYTES = 2**24
"""Bytes that are read at once, at most, for a digest or a range."""

CLASSES = 10
"""Whole numbers of so many values, at most, are classes."""


def is_rows(name: object) -> bool:
    """Tell whether points are named by the path of an NPY file."""
    return isinstance(name, str | Path) and Path(name).suffix.lower() == ".npy"


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
    source, given = as_rows("points", points), as_rows("labels", labels)
    if source.shape[:1] != given.shape[:1]:
        raise InputError(
            f"{source.name} has shape {source.shape} but {given.name} has {given.shape}; give one target for each row."
        )
    quantizer, levels = None, "residues as they are"
    if len(source.shape) == 2 and 0 not in source.shape and not _are_residues(source, prime):
        quantizer = QuantileQuantizer(prime).fit_chunks(source)
        levels = f"{prime} quantile levels, ranks within {quantizer.rank_error:.2%}"
    targets, kind = _centered(given)
    problem = RidgeletProblem.from_chunks(
        source, targets, prime, regularization, activation, quantizer=quantizer, memory=memory
    )
    sizes = f"{so_many(problem.samples, 'row')} of {so_many(problem.dimension, 'feature')}"
    described = f"{Path(points).name}: {sizes}, {levels}; {kind}."
    return problem, described


def _are_residues(source: RowSource, prime: int) -> bool:
    """Tell whether all entries are whole numbers 0..P-1; what is no number at all is refused later, with its row."""
    for block in _blocks(source):
        if block.dtype.kind == "f" and (not np.all(np.isfinite(block)) or np.any(np.floor(block) != block)):
            return False
        if block.min() < 0 or block.max() >= prime:
            return False
    return True


def _centered(given: RowSource) -> tuple[NDArray[np.float64], str]:
    """Return targets, centered, and in words what they are."""
    if not given.shape or len(given.shape) > 2 or 0 in given.shape:
        raise InputError(f"{given.name} has shape {given.shape}, but shape (n,) or (n, C) is needed; reshape it.")
    targets = given.read(0, given.shape[0]).astype(float)
    if not np.all(np.isfinite(targets)):
        row = int(np.argwhere(~np.isfinite(targets))[0][0])
        raise InputError(f"{given.name}[{row}] is NaN or infinite; impute or drop that sample.")
    if targets.ndim == 2:
        return targets - targets.mean(axis=0), f"{targets.shape[1]} targets, centered"
    values, numbers = np.unique(targets, return_inverse=True)
    if len(values) == 1:
        raise InputError(
            f"{given.name} is {values[0]:g} in every row, and there is nothing to learn; name other targets."
        )
    if len(values) > CLASSES or np.any(np.floor(values) != values):
        return (targets - targets.mean()) / targets.std(), "a target, standardized"
    if len(values) == 2:
        signs = 2.0 * numbers.reshape(-1) - 1
        return signs - signs.mean(), "two classes"
    columns = (numbers.reshape(-1, 1) == np.arange(len(values))).astype(float)
    return columns - columns.mean(axis=0), f"{len(values)} classes, one output each"


def _blocks(source: RowSource) -> Iterator[NDArray]:
    """Read all rows, some at a time."""
    count = source.shape[0]
    step = max(1, BYTES // max(1, int(np.prod(source.shape[1:])) * source.dtype.itemsize))
    return (source.read(start, min(start + step, count)) for start in range(0, count, step))
