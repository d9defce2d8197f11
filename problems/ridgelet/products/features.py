"""The hidden layer compiled: the products of the sampler, and behind them the values of r."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from problems.compiling import compiled
from problems.finite_field import residue_type
from problems.ridgelet.points import Points
from problems.ridgelet.products.residues import residue_products

__all__ = ["compiled_block"]


def compiled_block(
    ridgelet: NDArray[np.float64], a: NDArray[np.integer], b: NDArray[np.integer], data: Points
) -> Callable[[slice], NDArray[np.float64]]:
    """Return what computes r(a_i.x_m - b_i mod P) at some of the points: from a slice to shape (N, m).

    Parameters
    ----------
    ridgelet
        r(0), ..., r(P-1).
    a, b
        The nodes, shapes (N, D) and (N,), digits 0..P-1.
    data
        The points: sparse, or with 5 <= P <= 1021.
    """
    prime = len(ridgelet)
    multiply, forward = residue_products(data, prime), np.tile(ridgelet, 2)
    u, shifts = a.astype(residue_type(prime), order="C"), b.astype(np.int64)
    even = len(u) + len(u) % 2

    def block(rows: slice) -> NDArray[np.float64]:
        places = np.ascontiguousarray(data.rows[rows])
        products, values = np.empty((even, len(places)), dtype=u.dtype), np.empty((len(u), len(places)))
        multiply(u, places, products)
        _look_up(products, forward, shifts, values)
        return values

    return block


@compiled
def _look_up(products: Any, forward: Any, shifts: Any, values: Any) -> None:
    """Write r(t - b), given the products t (m, K), into values (n, K), n <= m."""
    prime = forward.size // 2
    for i in range(shifts.size):
        t, r, line = products[i], forward[prime - shifts[i] :], values[i]
        for m in range(line.size):
            line[m] = r[t[m]]
