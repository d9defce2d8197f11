"""The interface of all sources of rows."""

from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

__all__ = ["RowSource"]


@runtime_checkable
class RowSource(Protocol):
    """Rows of numbers that are read one range at a time.

    Attributes
    ----------
    name
        What the rows are called in messages.
    shape
        Rows, then the shape of a row: (n,) or (n, D).
    dtype
        The type in which they are stored.
    shared
        Whether the rows can be pickled without being copied: they lie in files, which other machines may see.
    held
        Bytes that the source itself holds in memory.
    """

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    shared: bool
    held: int

    def read(self, start: int, stop: int) -> NDArray[Any]:
        """Return rows `start`..`stop`-1 in memory of their own, or such as nobody writes to.

        Raises
        ------
        InputError
            If they cannot be read, or are not what they were.
        """
        ...
