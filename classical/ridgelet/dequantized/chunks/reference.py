"""Sums over a chunk of points in plain NumPy: the readable reference of `kernels`, for every prime.

Phases are residues, outcomes numbers of a level's outcomes, amplitudes whole numbers; sums are as in `sums`.
"""

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.dequantized.chunks.sums import LOW_BITS, carried, roots

__all__ = ["histogram", "spectrum"]


def spectrum(
    outcome: NDArray[np.integer], phase: NDArray[np.int64], h: NDArray[np.int64], size: int, prime: int
) -> NDArray[np.int64]:
    """Return F(y) = sum of h_m w^(phase_m) over the points of each outcome y: shape (size, 2, 2)."""
    sums = np.zeros((size, 2, 2), dtype=np.int64)
    high, low = h >> LOW_BITS, h & (1 << LOW_BITS) - 1
    for part, root in enumerate(roots(prime)):
        # What the lower bits carry is added at once, so that nothing overflows however many points there are.
        lower = low * root[phase]
        np.add.at(sums[:, part, 0], outcome, high * root[phase] + (lower >> LOW_BITS))
        np.add.at(sums[:, part, 1], outcome, lower & (1 << LOW_BITS) - 1)
    return carried(sums)


def histogram(phase: NDArray[np.int64], h: NDArray[np.int64], prime: int) -> NDArray[np.int64]:
    """Return the sum of h_m over the points of each phase: shape (P,)."""
    sums = np.zeros(prime, dtype=np.int64)
    np.add.at(sums, phase, h)
    return sums
