"""The ridgelet transform of a problem at given nodes, or at all nodes of a line: what p* is made of.

With h the amplitudes of the points, one column for each output, its value at (a, b) is the sum of h_m r(a.x_m - b).
Three ways to it give the same numbers but for rounding: plain NumPy (`reference`), which is short and slow; and,
compiled from the products that the sampler draws with, point by point (`gathered`), or 64 points in a word where P is 2
or 3 and the points are dense (`packed`).
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from problems.compiling import why_not_compiled
from problems.ridgelet.points import Points
from problems.ridgelet.transform.reference import NumpyTransform

__all__ = ["MAX_COMPILED_PRIME", "WORTHWHILE", "Transform", "compiled_transform"]

MAX_COMPILED_PRIME = 1021
"""Larger primes are left to NumPy: the products are exact up to here, and tables of P x P numbers small."""

WORTHWHILE = 2**24
"""Nodes times numbers stored for all points from which the compiled way is taken: NumPy takes milliseconds below."""


class Transform(Protocol):
    """The sums of h_m r(a.x_m - b) over the points of a problem."""

    def at(self, a: NDArray[np.integer], b: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the sums at nodes a (n, D) and b (n,): shape (n, C)."""
        ...

    def squared_lines(self, a: NDArray[np.integer]) -> NDArray[np.float64]:
        """Return the squares of the sums, added up over the outputs, for each a (n, D) and every b: shape (n, P)."""
        ...


def compiled_transform(data: Points, amplitudes: NDArray[np.float64], ridgelet: NDArray[np.float64]) -> Transform:
    """Return the compiled way, or NumPy's where nothing can be compiled or the kernels take no such points.

    Parameters
    ----------
    data
        The points x_m, shape (K, D).
    amplitudes
        The amplitudes h, shape (K, C).
    ridgelet
        r(0), ..., r(P-1), of zero mean.
    """
    # Numba reads no foreign byte order, which a memory-mapped file may have.
    if len(ridgelet) > MAX_COMPILED_PRIME or not data.array.dtype.isnative or why_not_compiled() is not None:
        return NumpyTransform(data, amplitudes, ridgelet)
    # Imported here, so that nothing else waits for the compiler.
    if len(ridgelet) <= 3 and not data.sparse:
        from problems.ridgelet.transform.packed import PackedTransform

        return PackedTransform(data, amplitudes, ridgelet)
    from problems.ridgelet.transform.gathered import GatheredTransform

    return GatheredTransform(data, amplitudes, ridgelet)
