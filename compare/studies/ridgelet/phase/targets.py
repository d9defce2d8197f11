"""Targets of known spectral concentration, on any share of the points of Z_P^D.

The target is f = sqrt(c) s + sqrt(1 - c) n. The signal s is a sum of m characters, each along a direction of its own;
the noise n is a random sign at every point. Both have variance 1 over Z_P^D.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from problems.finite_field import scalar_products
from problems.ridgelet import Nodes

__all__ = ["Characters", "distinct_points"]


@dataclass(frozen=True, eq=False)
class Characters:
    """The signal s(x) = sqrt(2/m) sum_i cos(2 pi u_i.x/P + phase_i), of variance 1 over Z_P^D for odd P.

    By the Fourier slice theorem (arXiv:2301.11936), R[s] vanishes but where a is a multiple of some u_i: on m lines of
    P - 1 weight vectors each, whatever the dimension.

    Attributes
    ----------
    prime
        The odd prime P.
    directions
        u_i, shape (m, D), entries 0..P-1; none is 0 or a multiple of another.
    phases
        Shape (m,), in radians.
    """

    prime: int
    directions: NDArray[np.int64]
    phases: NDArray[np.float64]

    @classmethod
    def random(cls, prime: int, dimension: int, count: int, rng: np.random.Generator) -> Self:
        """Draw a signal along `count` random directions, of which Z_P^D has (P^D - 1)/(P - 1)."""
        chosen: dict[bytes, NDArray[np.int64]] = {}
        while len(chosen) < count:
            direction = rng.integers(0, prime, dimension)
            if np.any(direction):
                # Multiples of one direction are told by the one whose first entry that is not 0 is 1.
                scale = pow(int(direction[np.argmax(direction != 0)]), -1, prime)
                chosen.setdefault((scale * direction % prime).tobytes(), direction)
        return cls(prime, np.stack(list(chosen.values())), rng.uniform(0, 2 * np.pi, count))

    @classmethod
    def sine(cls, prime: int, dimension: int) -> Self:
        """Return sqrt(2) sin(2 pi (x_1 + ... + x_D)/P)."""
        return cls(prime, np.ones((1, dimension), dtype=np.int64), np.array([-np.pi / 2]))

    def values(self, x: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return s at points (n, D) with entries 0..P-1: shape (n,)."""
        t = scalar_products(x, self.directions, self.prime) % self.prime
        return np.sqrt(2 / len(self.phases)) * np.cos(2 * np.pi * t / self.prime + self.phases).sum(axis=1)

    def tickets(self) -> Nodes:
        """Return the m (P - 1) P nodes on the signal's lines: all that R[s] does not vanish on."""
        multiples = np.arange(1, self.prime)[:, None, None] * self.directions % self.prime
        a = multiples.reshape(-1, self.directions.shape[1])
        return Nodes(np.repeat(a, self.prime, axis=0), np.tile(np.arange(self.prime), len(a)))

    def hit(self, nodes: Nodes) -> NDArray[np.bool_]:
        """Tell which nodes are on the signal's lines: shape (n,)."""
        found = np.zeros(len(nodes), dtype=bool)
        for direction in self.directions:
            pivot = int(np.argmax(direction != 0))
            scale = nodes.a[:, pivot] * pow(int(direction[pivot]), -1, self.prime) % self.prime
            found |= (scale != 0) & np.all(nodes.a == scale[:, None] * direction % self.prime, axis=1)
        return found


def distinct_points(prime: int, dimension: int, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw `count` distinct points of Z_P^D uniformly, at most P^D: shape (count, D), in random order."""
    if prime**dimension < 2**63:
        number = rng.choice(prime**dimension, count, replace=False)
        digits = np.empty((count, dimension), dtype=np.int64)
        for j in range(dimension - 1, -1, -1):
            number, digits[:, j] = np.divmod(number, prime)
        return digits
    while True:  # among 2^63 points and more, a repetition is all but impossible
        digits = rng.integers(0, prime, (count, dimension))
        if len(np.unique(digits, axis=0)) == count:
            return digits
