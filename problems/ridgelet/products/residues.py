"""The matrix product u.x mod P for a few hundred nodes and all positions: whichever way is fastest here."""

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from problems.compiling import compiled
from problems.finite_field import residue_type, row_blocks
from problems.registers import BLOCK_POINTS, multiplies_integers
from problems.ridgelet.points import Points
from problems.ridgelet.products.floats import (
    Packing,
    as_they_are,
    choose_packing,
    dense_products,
    read_only,
    sparse_products,
)
from problems.ridgelet.products.integers import cut, integer_products, integer_room

__all__ = ["residue_products", "scatter"]

GATHERED = 2**22
"""Residues of points copied at once for each thread, at most, or one block of points."""


def residue_products(data: Points, prime: int) -> Callable[[Any, NDArray[np.intp], Any], None]:
    """Return what writes the products of residues (n, D) with the points of some rows (K,) into an array (m, K).

    m is even and at least n: behind an odd number of nodes one more row may be written to.
    """
    if data.sparse:
        csr: Any = data.array
        return lambda u, rows, out: sparse_products(u, csr.data, csr.indices, csr.indptr, rows, prime, out)
    return _DenseProducts(data, prime, None if multiplies_integers() else choose_packing(data, prime)).write


class _DenseProducts(threading.local):
    """Products with dense points, with scratch of each thread that is used again from call to call.

    Parameters
    ----------
    data, prime
        The points, and the prime P.
    packing
        That of the product in single precision; None multiplies whole numbers.
    """

    def __init__(self, data: Points, prime: int, packing: Packing | None) -> None:
        self._points, self._prime, self._packing = read_only(data.array), prime, packing
        self._cut, self._digits = cut(data.shape[1], prime), np.dtype(residue_type(prime))
        self._as_they_are = as_they_are(self._points, prime)
        self._room, self._some = np.empty(0, dtype=np.int32), np.empty((0, data.shape[1]), dtype=self._digits)

    def write(self, u: Any, rows: NDArray[np.intp], out: Any) -> None:
        """Write the products of u (n, D) with the points of some rows (K,) into an array (m, K)."""
        u = read_only(u)
        if self._as_they_are:
            self._multiply(u, self._points, rows, 0, out)
            return
        # Points of another type or order are copied, some at a time: the product is compiled for one kind alone.
        for part in row_blocks(len(rows), 1, max(BLOCK_POINTS, GATHERED // u.shape[1])):
            size = part.stop - part.start
            if len(self._some) < size:
                self._some = np.empty((size, u.shape[1]), dtype=self._digits)
            gather(self._points, rows[part], self._some)
            self._multiply(u, read_only(self._some), np.arange(size), part.start, out)

    def _multiply(self, u: Any, points: Any, rows: NDArray[np.intp], start: int, out: Any) -> None:
        if self._packing is not None:
            chunk, paired = self._packing.chunk, self._packing.paired
            dense_products(u, points, rows, self._prime, chunk, paired, start, out)
            return
        wanted = integer_room(len(u), self._cut)
        if len(self._room) < wanted:
            self._room = np.empty(wanted, dtype=np.int32)
        parts = self._room.view(f"i{self._digits.itemsize}")
        integer_products(u, points, rows, self._prime, self._cut, start, out, self._room, parts)


@compiled
def gather(points: Any, rows: Any, out: Any) -> None:
    """Write some rows of points of any type and order into out (m, D), m >= the number of rows."""
    for m in range(rows.size):
        row, to = points[rows[m]], out[m]
        for j in range(to.size):
            to[j] = row[j]


@compiled
def scatter(cells: Any, h: Any, table: Any) -> None:
    """Add every h_m to its cell. Neighbors often share one: four at a distance need not wait for each other."""
    part = h.size // 4
    cells_1, cells_2, cells_3, cells_4 = cells[:part], cells[part:], cells[2 * part :], cells[3 * part :]
    h_1, h_2, h_3, h_4 = h[:part], h[part:], h[2 * part :], h[3 * part :]
    for m in range(part):
        table[cells_1[m]] += h_1[m]
        table[cells_2[m]] += h_2[m]
        table[cells_3[m]] += h_3[m]
        table[cells_4[m]] += h_4[m]
    for m in range(part, h_4.size):
        table[cells_4[m]] += h_4[m]
