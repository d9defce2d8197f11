"""Opening what a user names as rows."""

import mmap
from pathlib import Path
from typing import Any

import numpy as np

from problems.arrays import as_numbers
from problems.errors import InputError
from problems.rows.npy import NpyRows
from problems.rows.several import JoinedRows
from problems.rows.slices import SlicedRows
from problems.rows.source import RowSource

__all__ = ["as_rows"]


def as_rows(name: str, given: Any) -> RowSource:
    """Open what a user gives as rows; nothing but the shape is read.

    Parameters
    ----------
    name
        What they are called in messages, unless a file has a name.
    given
        The path of an NPY file; an open `np.memmap`, which is read by its path; anything that has a shape and gives
        slices of rows; numbers in lists; or several of these as a list or a tuple, one behind the other.

    Raises
    ------
    InputError
        If there are none, they cannot be opened, or they are no real numbers.
    """
    if isinstance(given, RowSource):
        return given
    if isinstance(given, str | Path):
        return NpyRows(given)
    if isinstance(given, list | tuple) and given and all(map(_is_rows, given)):
        return JoinedRows(name, [as_rows(f"{name}, part {place}", part) for place, part in enumerate(given)])
    if isinstance(given, np.memmap):
        return _mapped(name, given)
    rows = given if _is_rows(given) else as_numbers(name, given)
    source = SlicedRows(name, rows)
    if source.dtype.kind not in "biuf":
        raise InputError(f"{name} holds {source.dtype} entries; give real numbers.")
    return source


def _is_rows(given: Any) -> bool:
    return isinstance(given, str | Path) or bool(getattr(given, "shape", ()))


def _mapped(name: str, given: np.memmap) -> RowSource:
    """Return the file behind a mapped array, if it is all of an NPY file; a part of one is read as it is mapped."""
    path = given.filename
    # Slices and results of arithmetic say the same of the file, but are not all of it.
    if isinstance(given.base, mmap.mmap) and path is not None and str(path).endswith(".npy"):
        rows = NpyRows(str(path))
        if (rows.shape, rows.dtype) == (given.shape, given.dtype):
            return rows
    return SlicedRows(name, given)
