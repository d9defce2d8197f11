"""Sources of rows, one behind the other."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from problems.errors import InputError
from problems.rows.source import RowSource

__all__ = ["JoinedRows"]


class JoinedRows:
    """The rows of several sources as one; see `problems.rows.RowSource`.

    Parameters
    ----------
    name
        What all of them are called.
    parts
        At least one; rows of one shape.

    Raises
    ------
    InputError
        If their rows differ in shape.
    """

    def __init__(self, name: str, parts: Sequence[RowSource]) -> None:
        self.name, self._parts = name, list(parts)
        first = self._parts[0]
        for part in self._parts:
            if part.shape[1:] != first.shape[1:] or not part.shape:
                raise InputError(
                    f"{part.name} has shape {part.shape}, and {first.name} before it {first.shape}; give parts whose "
                    "rows are equally long."
                )
        self._ends = np.cumsum([part.shape[0] for part in self._parts]).tolist()
        self.shape = (self._ends[-1], *first.shape[1:])
        self.dtype: np.dtype[Any] = np.result_type(*(part.dtype for part in self._parts))
        self.shared = all(part.shared for part in self._parts)
        self.held = sum(part.held for part in self._parts)

    def read(self, start: int, stop: int) -> NDArray[Any]:
        """Return rows `start`..`stop`-1; see `problems.rows.RowSource`."""
        pieces, first = [], 0
        for part, end in zip(self._parts, self._ends, strict=True):
            if start < end and stop > first:
                pieces.append(part.read(max(start, first) - first, min(stop, end) - first))
            first = end
        return pieces[0] if len(pieces) == 1 else np.concatenate(pieces).astype(self.dtype, copy=False)
