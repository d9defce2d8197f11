"""Spin configurations as arrays of +1 and -1, and as numbers: bit k of the number is site k, bit 0 is spin +1."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.memory import require_memory

__all__ = ["all_spins", "bits_of", "spins_of"]


def spins_of(indices: ArrayLike, sites: int) -> NDArray[np.float64]:
    """Return the configurations, shape (n, sites), of basis states' numbers, shape (n,): bit 0 is spin +1."""
    numbers = np.asarray(indices, dtype=np.int64)
    return np.where((numbers[:, None] >> np.arange(sites)) & 1, -1.0, 1.0)


def all_spins(sites: int) -> NDArray[np.float64]:
    """Return all 2^sites configurations, shape (2^sites, sites), in the order of their numbers.

    Raises
    ------
    OutOfReach
        If they do not fit in memory.
    """
    require_memory(
        3 * 8 * sites << sites,
        f"A table of all configurations of {sites} spins",
        "take fewer sites, or estimate by samples",
    )
    return spins_of(np.arange(1 << sites), sites)


def bits_of(sites: Iterable[int]) -> int:
    """Return the number whose bits are these sites."""
    return sum(1 << site for site in sites)
