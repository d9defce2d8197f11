"""Samples that are read in chunks, each for one use: what a network predicts or is judged on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from problems.errors import InputError
from problems.ridgelet.chunks.budget import CHUNK, rows_at_once
from problems.ridgelet.chunks.reading import Levels, ResidueRows
from problems.rows import RowSource, as_rows

__all__ = ["read_in_chunks", "sample_chunks"]


def read_in_chunks(x: Any) -> bool:
    """Tell whether samples are to be read in chunks: files by their paths, and rows that `as_rows` opened."""
    several = x if isinstance(x, list | tuple) and len(x) else [x]
    return all(isinstance(one, str | Path | RowSource) for one in several)


def sample_chunks(
    x: Any, prime: int, dimension: int, quantizer: Levels | None = None
) -> Iterator[NDArray[np.unsignedinteger]]:
    """Read samples once, in their order, as residues: shapes (m, D).

    Parameters
    ----------
    x
        As the points of `RidgeletProblem.from_chunks`.
    prime, dimension
        P and D.
    quantizer
        Makes residues of them, if they are none.

    Raises
    ------
    InputError
        If they cannot be read, have another dimension, or an entry is no residue and there is no quantizer.
    """
    source = as_rows("x", x)
    if len(source.shape) != 2 or source.shape[1] != dimension:
        raise InputError(f"{source.name} has shape {source.shape}, but shape (n, {dimension}) is needed; reshape it.")
    rows = ResidueRows.of(source, prime, quantizer)
    step = rows_at_once(CHUNK, dimension, source.dtype.itemsize)
    return (rows.checked(start, min(start + step, rows.shape[0])) for start in range(0, rows.shape[0], step))
