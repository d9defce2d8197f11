"""From rows on disk to residues: checked once, quantized each time."""

from dataclasses import dataclass, replace
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from problems.errors import InputError
from problems.finite_field import no_residue, refused_entry, residue_type, row_blocks
from problems.rows import RowSource, row_number

__all__ = ["Levels", "ResidueRows"]


class Levels(Protocol):
    """A quantizer that is fitted: see `problems.quantizers`."""

    def transform(self, x: Any) -> NDArray[np.int64]:
        """Return residues 0..P-1, shape (n, D)."""
        ...


@dataclass(frozen=True)
class ResidueRows:
    """Rows of residues (n, D), made of whatever is stored each time that they are read.

    Attributes
    ----------
    source
        The rows as they are stored.
    prime
        The prime P.
    levels
        What makes residues of them; None where they are residues.
    kind
        The smallest unsigned type that holds them: a byte for P = 257 where there are 256 levels.
    """

    source: RowSource
    prime: int
    levels: Levels | None
    kind: type[np.unsignedinteger]

    @classmethod
    def of(cls, source: RowSource, prime: int, levels: Levels | None) -> Self:
        """Return rows of the type that all residues fit into."""
        return cls(source, prime, levels, residue_type(prime))

    def narrowed(self, largest: int) -> Self:
        """Return the same, given the largest residue that there is."""
        return replace(self, kind=residue_type(largest + 1))

    @property
    def shape(self) -> tuple[int, int]:
        """The shape (n, D)."""
        return self.source.shape[0], self.source.shape[1]

    def read(self, start: int, stop: int) -> NDArray[np.unsignedinteger]:
        """Return rows `start`..`stop`-1, contiguous, as `checked` returned them once."""
        stored = self.source.read(start, stop)
        if self.levels is not None:
            return self._quantized(stored)
        return np.ascontiguousarray(stored, dtype=self.kind)

    def checked(self, start: int, stop: int) -> NDArray[np.unsignedinteger]:
        """Return the same, and refuse what are no residues, or cannot be quantized.

        Raises
        ------
        InputError
            If there is such an entry, whose row and column it names.
        """
        stored = self.source.read(start, stop)
        for rows in row_blocks(len(stored), stored.shape[1]):
            block = stored[rows]
            if self.levels is not None:
                if block.dtype.kind == "f" and not np.all(np.isfinite(block)):
                    row, column = (int(place) for place in np.argwhere(~np.isfinite(block))[0])
                    where = row_number(self.source, start + rows.start + row)
                    raise InputError(
                        f"{self.source.name}[{where}, {column}] = {block[row, column]} is not "
                        "finite; impute it or drop that row."
                    )
                continue
            if block.dtype.kind in "iu" and block.min() >= 0 and block.max() < self.prime:
                continue
            bad = no_residue(block, self.prime)
            if np.any(bad):
                row, column = (int(place) for place in np.argwhere(bad)[0])
                place = (row_number(self.source, start + rows.start + row), column)
                raise refused_entry(self.source.name, place, block[row, column], self.prime)
        if self.levels is not None:
            return self._quantized(stored)
        return np.ascontiguousarray(stored, dtype=self.kind)

    def _quantized(self, stored: NDArray[Any]) -> NDArray[np.unsignedinteger]:
        assert self.levels is not None
        residues = np.empty(stored.shape, dtype=self.kind)
        for rows in row_blocks(len(stored), stored.shape[1]):
            residues[rows] = self.levels.transform(stored[rows])
        return residues
