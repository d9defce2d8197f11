"""Anything that has a shape and gives slices of rows: arrays, Zarr, HDF5, Dask."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from problems.errors import InputError

__all__ = ["SlicedRows"]


class SlicedRows:
    """Rows that something else keeps; see `problems.rows.RowSource`.

    Parameters
    ----------
    name
        What the rows are called.
    held
        Has a `shape`, and gives rows by slices.
    """

    shared, held = False, 0

    def __init__(self, name: str, held: Any) -> None:
        self.name, self._held = name, held
        try:
            self.shape = tuple(int(length) for length in held.shape)
        except (TypeError, ValueError):
            raise InputError(
                f"{name} has shape {held.shape}, which is not known; compute its chunk sizes first."
            ) from None
        self.dtype = np.dtype(getattr(held, "dtype", None) or self.read(0, min(1, self.shape[0])).dtype)

    def read(self, start: int, stop: int) -> NDArray[Any]:
        """Return rows `start`..`stop`-1; see `problems.rows.RowSource`."""
        try:
            given = self._held[start:stop]
            rows = np.asarray(given.toarray() if hasattr(given, "toarray") else given)
        except Exception as error:  # whatever a library makes of a file that it cannot read
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            raise InputError(f"Rows {start} to {stop - 1} of {self.name} cannot be read ({reason}).") from error
        if rows.shape != (stop - start, *self.shape[1:]):
            raise InputError(
                f"{self.name} gave shape {rows.shape} for rows {start} to {stop - 1} of shape {self.shape}; it has "
                "changed, or gives no slices of rows."
            )
        return rows
