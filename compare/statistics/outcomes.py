"""Do two lists of bit strings come from one distribution? A chi-square test of homogeneity, rare strings pooled."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from compare.statistics.constancy import chi_square_tail, homogeneity, pooled_counts
from problems.errors import InputError

__all__ = ["SameOutcomes", "same_outcomes"]


@dataclass(frozen=True)
class SameOutcomes:
    """The comparison of two lists of bit strings.

    Attributes
    ----------
    statistic, freedom, pvalue
        Pearson's chi-square of the table of both, its degrees of freedom, and the chance of as much where both are
        from one distribution; 1 where all strings fall into one cell, so that nothing can be told.
    distance
        The total variation distance of what was seen, over the pooled cells.
    floor
        About how much of it two samples of this size show that are from one distribution.
    bit, shift
        The bit whose share of ones differs most, and by how much: second minus first.
    """

    statistic: float
    freedom: int
    pvalue: float
    distance: float
    floor: float
    bit: int
    shift: float


def same_outcomes(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> SameOutcomes:
    """Compare two independent samples of bit strings.

    Parameters
    ----------
    first, second
        Shape (n, bits) and (m, bits).

    Raises
    ------
    InputError
        If they differ in width, or a side is empty.
    """
    if first.ndim != 2 or first.shape[1:] != second.shape[1:] or min(first.size, second.size) == 0:
        raise InputError(
            f"Bit strings of shapes {first.shape} and {second.shape} cannot be compared; give some of either side, of "
            "one width."
        )
    sizes = np.array([len(first), len(second)])
    packed = np.packbits(np.concatenate([first, second]).astype(bool), axis=1)
    _, which = np.unique(packed.view(np.dtype((np.void, packed.shape[1]))).reshape(-1), return_inverse=True)
    seen = np.stack([np.bincount(side, minlength=which.max() + 1) for side in np.split(which, [len(first)])])
    table = pooled_counts(seen.astype(float))
    statistic, freedom = homogeneity(table)
    law = table.sum(axis=0) / sizes.sum()
    spread = np.sqrt(law * (1 - law) * np.sum(1 / sizes))
    shifts = second.mean(axis=0) - first.mean(axis=0)
    bit = int(np.argmax(np.abs(shifts)))
    return SameOutcomes(
        statistic=statistic,
        freedom=freedom,
        pvalue=chi_square_tail(statistic, freedom),
        distance=float(np.abs(table[0] / sizes[0] - table[1] / sizes[1]).sum() / 2),
        floor=float(math.sqrt(2 / math.pi) * spread.sum() / 2),
        bit=bit,
        shift=float(shifts[bit]),
    )
