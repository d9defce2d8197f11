"""How many bits a coefficient needs so that the best mask stays the best."""

import numpy as np

from problems.errors import InputError
from problems.neuron_selection import Coefficients, MaskProblem

__all__ = ["MAX_NEURONS", "check_argmin", "fewest_bits"]

MAX_NEURONS = 24
"""Up to so many neurons all masks are looked at, which takes seconds."""

MAX_BITS = 32
"""From here on rounding has 1e-9 of the largest coefficient to decide: the search begins there."""


def fewest_bits(problem: MaskProblem) -> int:
    """Return the fewest magnitude bits that keep the argmin and such that all larger ones keep it too.

    Of equal losses, in whole steps, the first mask is the argmin.

    Raises
    ------
    InputError
        If there are more than `MAX_NEURONS` neurons, or even `MAX_BITS` bits lose the argmin.
    """
    if problem.neurons > MAX_NEURONS:
        raise InputError(
            f"bits = None looks at all masks, and {problem.neurons} neurons have 2^{problem.neurons}; give bits, as 8."
        )
    best = int(np.argmin(problem.table()))
    fewest = MAX_BITS + 1
    while fewest > 1 and _argmin(problem, fewest - 1) == best:
        fewest -= 1
    if fewest > MAX_BITS:
        raise InputError(
            f"Even {MAX_BITS} bits a coefficient do not tell the best mask, {best}, from the next; give bits, and a "
            "problem in whole numbers, or one whose losses are further apart."
        )
    return fewest


def check_argmin(problem: MaskProblem, bits: int) -> None:
    """Refuse bits that lose the argmin; above `MAX_NEURONS` neurons it is unknown, and nothing is refused.

    Raises
    ------
    InputError
        If the argmin with these bits is another mask.
    """
    if problem.neurons > MAX_NEURONS:
        return
    best, found = int(np.argmin(problem.table())), _argmin(problem, bits)
    if found != best:
        raise InputError(
            f"bits = {bits} are too few to keep the argmin: the best mask is {best}, the best of the rounded problem "
            f"{found}; give at least {fewest_bits(problem)}, or None for just so many."
        )


def _argmin(problem: MaskProblem, bits: int) -> int:
    """Return the first best mask of the rounded problem; in whole steps, equal losses are equal."""
    return int(np.argmin(_whole(problem.quantized(bits).multiples).table()))


def _whole(multiples: Coefficients) -> MaskProblem:
    halves = multiples.pairs / 2
    return MaskProblem(float(multiples.constant), multiples.linear.astype(float), halves + halves.T)
