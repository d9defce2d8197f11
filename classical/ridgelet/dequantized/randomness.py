"""The random numbers of a sample: the same ones whatever the path, the threads and the batches.

Nodes come in blocks of `BLOCK`, each with its own stream, a child of the seed's. Node i of a block uses row i of the
block's numbers, and rows are drawn in order, so that a part of a block needs no more than the rows up to its end.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from problems.finite_field import residue_type
from problems.seeds import Seed, generator

__all__ = ["BLOCK", "Origin", "Randomness", "Streams", "digits_of", "digits_per_word", "pieces", "prefix_of"]

BLOCK = 1024
"""Nodes that share a stream."""

WORD = 2**49
"""Upper bound of the whole numbers whose digits are the prefix: divided by P exactly in double precision."""


@dataclass(frozen=True)
class Origin:
    """Where the random numbers of some nodes come from: whoever has it makes the same ones.

    Attributes
    ----------
    root
        Four whole numbers drawn from the seed.
    start, stop
        The nodes of the sample.
    prime, dimension, levels
        P, D, and the number of levels of the tail.
    """

    root: tuple[int, ...]
    start: int
    stop: int
    prime: int
    dimension: int
    levels: int

    def prefix(self) -> NDArray[np.unsignedinteger]:
        """Return the uniform prefix u_0 of the nodes, residues, shape (n, D)."""
        return prefix_of(_drawn(self).words, self.prime, self.dimension)


@dataclass(frozen=True)
class Randomness:
    """The random numbers of n nodes.

    Attributes
    ----------
    point, frequency, bias
        Uniforms in [0, 1) for m0 (with the output), v and b: shape (n,).
    levels
        Uniforms for the levels of the tail: shape (n, L).
    words
        Whole numbers 0..P^d-1 whose digits are the prefix u_0: shape (n, W), d from `digits_per_word`.
    origin
        Where the numbers come from, if a stream has drawn them.
    """

    point: NDArray[np.float64]
    frequency: NDArray[np.float64]
    bias: NDArray[np.float64]
    levels: NDArray[np.float64]
    words: NDArray[np.int64]
    origin: Origin | None = None


def digits_per_word(prime: int, dimension: int) -> int:
    """Return how many digits of base P a word holds."""
    digits = 1
    while digits < dimension and prime ** (digits + 1) <= WORD:
        digits += 1
    return digits


def digits_of(words: NDArray[np.int64], prime: int, dimension: int) -> NDArray[np.int64]:
    """Return the residues that words (n, W) hold: shape (n, D); first all lowest digits, then all second ones."""
    digits = []
    for _ in range(digits_per_word(prime, dimension)):
        words, digit = np.divmod(words, prime)
        digits.append(digit)
    return np.hstack(digits)[:, :dimension]


def prefix_of(words: NDArray[np.int64], prime: int, dimension: int) -> NDArray[np.unsignedinteger]:
    """Return the residues that words (n, W) hold in the type of residues: shape (n, D)."""
    prefix: NDArray[np.unsignedinteger] = digits_of(words, prime, dimension).astype(residue_type(prime))
    return prefix


class Streams:
    """The streams of one sample.

    Parameters
    ----------
    seed
        Whatever `numpy.random.default_rng` takes; a generator advances.
    prime, dimension, levels
        P, D, and the number of levels of the tail.
    """

    def __init__(self, seed: Seed, prime: int, dimension: int, levels: int) -> None:
        self._root = tuple(generator(seed).integers(0, 2**32, 4).tolist())
        self._prime, self._dimension, self._levels = prime, dimension, levels

    def draw(self, start: int, stop: int) -> Randomness:
        """Return the numbers of the nodes `start`..`stop`-1 of the sample; they must lie in one block."""
        return _drawn(Origin(self._root, start, stop, self._prime, self._dimension, self._levels))


def pieces(start: int, stop: int, step: int) -> Iterator[range]:
    """Cut nodes start..stop-1 into pieces of at most `step` nodes, each within a block."""
    while start < stop:
        end = min(start + step, stop, (start // BLOCK + 1) * BLOCK)
        yield range(start, end)
        start = end


def _drawn(origin: Origin) -> Randomness:
    """Draw the numbers of nodes of one block."""
    block, first = divmod(origin.start, BLOCK)
    last = first + origin.stop - origin.start
    digits = digits_per_word(origin.prime, origin.dimension)
    rng = np.random.default_rng(np.random.SeedSequence(origin.root, spawn_key=(block,)))
    uniforms = rng.random((BLOCK, 3 + origin.levels))[first:last]
    words = rng.integers(0, origin.prime**digits, (last, -(-origin.dimension // digits)))[first:]
    return Randomness(uniforms[:, 0], uniforms[:, 1], uniforms[:, 2], uniforms[:, 3:], words, origin)
