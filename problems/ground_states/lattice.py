"""Rectangular lattices: which sites are neighbors, and which permutations of sites leave the lattice as it is."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["bonds_of", "classes", "symmetries"]


def bonds_of(rows: int, columns: int, periodic: bool) -> tuple[tuple[int, int], ...]:
    """Return the pairs of neighbors, horizontal ones row by row, then vertical ones row by row.

    Site r * columns + c stands in row r and column c. Across a periodic border the pair keeps its order, (last,
    first); a pair that occurs twice, at length 2, counts once, and a site is no neighbor of itself.
    """
    found: dict[tuple[int, int], None] = {}
    for down, right in ((0, 1), (1, 0)):
        for r in range(rows):
            for c in range(columns):
                near, far = r + down, c + right
                if periodic:
                    near, far = near % rows, far % columns
                one, other = r * columns + c, near * columns + far
                if near < rows and far < columns and one != other and (other, one) not in found:
                    found[one, other] = None
    return tuple(found)


def symmetries(rows: int, columns: int, periodic: bool) -> NDArray[np.int64]:
    """Return permutations of the sites that leave the lattice as it is, shape (order, sites).

    Of a square its 8 rotations and reflections, of another rectangle 4; with periodic borders all translations too.
    """
    grid = np.arange(rows * columns).reshape(rows, columns)
    turned = [grid, grid[::-1], grid[:, ::-1], grid[::-1, ::-1]]
    if rows == columns:
        turned += [one.T for one in turned]
    shifts = [(r, c) for r in range(rows) for c in range(columns)] if periodic else [(0, 0)]
    return np.array([np.roll(one, shift, axis=(0, 1)).ravel() for one in turned for shift in shifts])


def classes(pairs: Iterable[Sequence[int]], permutations: NDArray[np.int64]) -> list[list[tuple[int, int]]]:
    """Return pairs of sites in classes that permutations carry into each other, in the order of their first pairs."""
    left = dict.fromkeys((min(pair), max(pair)) for pair in pairs)
    found = []
    while left:
        one, other = next(iter(left))
        images = zip(permutations[:, one].tolist(), permutations[:, other].tolist(), strict=True)
        members = dict.fromkeys((min(pair), max(pair)) for pair in images)
        found.append([pair for pair in members if pair in left])
        for pair in members:
            left.pop(pair, None)
    return found
