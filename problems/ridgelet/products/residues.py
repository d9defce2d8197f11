"""The matrix product u.x mod P for a few hundred nodes and all positions: whichever way is fastest here."""

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from problems.compiling import compiled
from problems.registers import multiplies_integers
from problems.ridgelet.points import Points
from problems.ridgelet.products.floats import choose_packing, dense_products, sparse_products
from problems.ridgelet.products.integers import integer_products, integer_room

__all__ = ["residue_products", "scatter"]


def residue_products(data: Points, prime: int) -> Callable[[Any, NDArray[np.intp], Any], None]:
    """Return what writes the products of residues (n, D) with the points of some rows (K,) into an array (m, K)."""
    array = data.array
    if data.sparse:
        csr: Any = array
        return lambda u, rows, out: sparse_products(u, csr.data, csr.indices, csr.indptr, rows, prime, out)
    points = np.asarray(array)
    if multiplies_integers():
        return _IntegerProducts(points, prime).write
    packing = choose_packing(data, prime)
    return lambda u, rows, out: dense_products(u, points, rows, prime, packing.chunk, packing.paired, out)


class _IntegerProducts(threading.local):
    """Products in whole numbers, with scratch of each thread that is used again from call to call."""

    def __init__(self, points: NDArray[Any], prime: int) -> None:
        self._points, self._prime = points, prime
        self._room = np.empty(0, dtype=np.int32)

    def write(self, u: Any, rows: NDArray[np.intp], out: Any) -> None:
        """Write the products of u (n, D) with the points of some rows (K,) into out (m, K)."""
        wanted = integer_room(*u.shape, self._prime)
        if len(self._room) < wanted:
            self._room = np.empty(wanted, dtype=np.int32)
        integer_products(u, self._points, rows, self._prime, out, self._room)


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
