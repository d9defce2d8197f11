"""Images averaged over a grid of cells: fewer features, each of which still says something."""

import numpy as np
from numpy.typing import NDArray

from problems.errors import InputError

__all__ = ["grid", "pool"]

LISTED, NEAREST = 40, 4
"""A message lists so many numbers of cells at most, and so many nearest ones where there are more."""


def grid(side: int, cells: int) -> tuple[int, int]:
    """Return the squarest grid, rows and columns, of that many cells that an image can be pooled to.

    Raises
    ------
    InputError
        If there is none.
    """
    lengths = range(1, side + 1)
    # Of several grids with that many cells the last one written has the most rows: the squarest.
    squarest = {r * c: (r, c) for r in lengths for c in lengths if r <= c}
    if cells not in squarest:
        known = sorted(squarest)
        words = "there are"
        if len(known) > LISTED:
            known = sorted(sorted(known, key=lambda other: abs(other - cells))[:NEAREST])
            words = "the nearest that go"
        raise InputError(
            f"features = {cells}: images of {side}x{side} pixels cannot be pooled to {cells} equal cells; {words}: "
            f"{', '.join(map(str, known))}."
        )
    return squarest[cells]


def pool(pixels: NDArray[np.float64], side: int, rows: int, columns: int) -> NDArray[np.float64]:
    """Average images (n, side side) over a grid of cells, as equal as pixels allow; shape (n, rows columns)."""
    images = pixels.reshape(-1, side, side)
    bands = [band.mean(axis=1) for band in np.array_split(images, rows, axis=1)]
    return np.stack([cell.mean(axis=1) for band in bands for cell in np.array_split(band, columns, axis=1)], axis=1)
