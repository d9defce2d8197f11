"""Random problems of a size: the same ones for every method, every circuit and every study."""

import functools
from typing import TYPE_CHECKING

from problems.seeds import integer_seed, named

if TYPE_CHECKING:
    from problems.ridgelet import RidgeletProblem

__all__ = ["distinct_points", "drawn_problem"]


def distinct_points(prime: int, dimension: int, points: int) -> int:
    """Return how many distinct points of Z_P^D there are, at most `points`."""
    # By logarithms: no power of thousands of digits is ever computed.
    return points if dimension >= points.bit_length() else min(points, prime**dimension)


@functools.lru_cache(maxsize=256)
def drawn_problem(prime: int, dimension: int, points: int, draw: int, seed: int) -> "RidgeletProblem":
    """Return one of the random problems of a size: K distinct points of Z_P^D and normal targets.

    Raises
    ------
    InputError
        If Z_P^D has fewer points.
    """
    from quantum.resources import random_problem

    return random_problem(prime, dimension, points, integer_seed(named("problem", seed=seed, draw=draw)))
