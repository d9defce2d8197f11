"""The problems that are timed: four named cases, and random points of any size. All seeds are fixed."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from sklearn.datasets import load_digits

from benchmarks.sizes import sized
from problems.ridgelet import RidgeletProblem

__all__ = ["CASES", "Case", "digits", "random_problem"]


@dataclass(frozen=True)
class Case:
    """A named case of the table of ratios.

    Attributes
    ----------
    name
        What it is called in tables and figures.
    dimension, points, prime
        D, K and P.
    reach
        The ratio of sampling time to product time that was asked for.
    """

    name: str
    dimension: int
    points: int
    prime: int
    reach: float

    def problem(self) -> RidgeletProblem:
        """Return the case's problem, made once a run."""
        if self.name.startswith("digits"):
            return digits(self.points)
        return random_problem(self.dimension, self.points, self.prime)


CASES = (
    Case("digits, D=64, K=1797, P=17", 64, sized(1797, 200), 17, 1.8),
    Case("random, D=784, K=2000, P=257", sized(784, 80), sized(2000, 100), 257, 1.35),
    Case("random, D=64, K=1000, P=3", 64, sized(1000, 100), 3, 0.7),
    Case("random, D=10000, K=1000, P=17", sized(10_000, 200), sized(1000, 100), 17, 1.15),
)
"""The cases by the sizes that they have outside a smoke run."""


@cache
def digits(points: int) -> RidgeletProblem:
    """Return the first so many 8x8 digits, all 64 pixels, 17 grey levels; even (+1) against odd (-1)."""
    images, target = load_digits(return_X_y=True)
    return RidgeletProblem.from_samples(images[:points], np.where(target[:points] % 2 == 0, 1.0, -1.0), prime=17)


@cache
def random_problem(dimension: int, points: int, prime: int) -> RidgeletProblem:
    """Return uniformly random points with random signs as targets."""
    rng = np.random.default_rng([dimension, points, prime])
    x = rng.integers(0, prime, (points, dimension), dtype=np.uint8 if prime < 256 else np.uint16)
    return RidgeletProblem.from_samples(x, rng.choice([-1.0, 1.0], points), prime=prime)
