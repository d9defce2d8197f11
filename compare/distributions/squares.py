"""The squared densities of uniform nodes, whose mean is the mean density of nodes of p*."""

from collections.abc import Hashable

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.uniform import UniformSampler
from problems.keeping import kept
from problems.ridgelet import RidgeletProblem
from problems.seeds import Seed, generator

__all__ = ["uniform_squares"]

STEP = 2500
"""Densities are computed for so many nodes at once, always: no rounding depends on what was asked for before."""

SEEDS = 4
"""Seeds of which a problem's squares are kept."""


def uniform_squares(problem: RidgeletProblem, count: int, seed: Seed) -> NDArray[np.float64]:
    """Return (P^(D+1) p*)^2 at the first `count` uniform nodes of a seed: shape (count,).

    What was computed for a problem is kept, for seeds that do not advance, and more nodes only add to it.
    """
    generator(seed)  # refuses what is no seed
    name, known = _name(seed), _known(problem)
    squares = known.pop(name, np.empty(0))
    if len(squares) < count:
        squares = _extended(problem, squares, count, seed)
    if name is not None:
        known[name] = squares
        if len(known) > SEEDS:
            known.pop(next(iter(known)), None)
    return squares[:count]


@kept
def _known(problem: RidgeletProblem) -> dict[Hashable, NDArray[np.float64]]:
    return {}


def _name(seed: Seed) -> Hashable:
    """Return what tells a seed that always gives the same nodes from others; None for one that advances or is fresh."""
    if seed is None or isinstance(seed, np.random.Generator | np.random.BitGenerator):
        return None
    return str((seed if isinstance(seed, np.random.SeedSequence) else np.random.SeedSequence(seed)).state)


def _extended(problem: RidgeletProblem, squares: NDArray[np.float64], count: int, seed: Seed) -> NDArray[np.float64]:
    """Add the squares of more nodes, to at least `count`; the nodes before are drawn again and not looked at."""
    rng, sampler, found = generator(seed), UniformSampler(problem), [squares]
    for start in range(0, count, STEP):
        nodes = sampler.sample(STEP, rng)  # one after the other they are what one call would draw
        if start >= len(squares):
            found.append(problem.density(nodes) ** 2)
    return np.concatenate(found)
