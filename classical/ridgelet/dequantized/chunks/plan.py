"""Preparations for points on disk, made once for a problem: no reading, but what the problem knows of its points."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.dequantized.chunks.sums import whole_amplitudes
from classical.ridgelet.dequantized.plan import JOINT
from classical.ridgelet.draws import frequency_weights
from problems.errors import InputError
from problems.finite_field import scalar_products
from problems.ridgelet.chunks import ChunkedPoints
from problems.ridgelet.problem import RidgeletProblem
from problems.ridgelet.tails import functionals, wanted

__all__ = ["ChunkPlan", "TailPlan", "cumulative_weights", "make_chunk_plan"]


@dataclass(frozen=True)
class TailPlan:
    """The tail of a problem, all that a part knows of the other parts.

    Attributes
    ----------
    prime, dimension, joint
        P, D, and the functionals of a level.
    tail
        The functionals A_f, residues, shape (M, D).
    """

    prime: int
    dimension: int
    joint: int
    tail: NDArray[np.int64]

    @property
    def levels(self) -> list[slice]:
        """The functionals of each level."""
        count = len(self.tail)
        return [slice(first, min(first + self.joint, count)) for first in range(0, count, self.joint)]

    def outcomes(self, level: int) -> int:
        """Return how many outcomes a level has; 1 where there is no level."""
        levels = self.levels
        return int(self.prime ** (levels[level].stop - levels[level].start)) if levels else 1

    def below(self, level: int) -> int:
        """Return how many codes agree on the first `level` levels: points that share them have the same quotient."""
        return int(self.prime ** max(0, len(self.tail) - level * self.joint))

    def digits(self, picked: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return k_f for all functionals, (n, M), given the number of the outcome of each level, (n, L)."""
        k = np.zeros((len(picked), len(self.tail)), dtype=np.int64)
        for level, those in enumerate(self.levels):
            k[:, those] = picked[:, level : level + 1] // self.prime ** np.arange(those.stop - those.start) % self.prime
        return k

    def strings(self, prefix: NDArray[np.unsignedinteger], picked: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return u = u_0 + sum_f k_f A_f mod P, given the prefix (n, D) and outcomes (n, L): shape (n, D)."""
        return (prefix + scalar_products(self.digits(picked), self.tail.T, self.prime)) % self.prime


@dataclass(frozen=True)
class ChunkPlan(TailPlan):
    """A problem prepared for sampling; positions 0..K-1 number the points as they are sorted by their codes.

    Tail and positions are those that `classical.ridgelet.dequantized.plan` finds for the same points in memory.

    Attributes
    ----------
    codes
        A_0.x, ..., A_(M-1).x of each point as the digits of one number, the first counting most: shape (K,), in the
        order of the file.
    ordered
        The same in the order of the positions.
    amplitudes
        Whole amplitudes of each point in the order of the file, shape (K, C).
    cumulative
        Running sum of the squared amplitudes over positions, output by output: shape (C K,).
    frequencies
        Running sum of |r^(v)|^2 over v, up to a factor: shape (P,).
    ridgelet
        r(0), ..., r(P-1).
    """

    codes: NDArray[np.uint64]
    ordered: NDArray[np.uint64]
    amplitudes: NDArray[np.int64]
    cumulative: NDArray[np.float64]
    frequencies: NDArray[np.float64]
    ridgelet: NDArray[np.float64]

    @property
    def bare(self) -> TailPlan:
        """The tail alone."""
        return TailPlan(self.prime, self.dimension, self.joint, self.tail)


def cumulative_weights(amplitudes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the running sum of the squares of amplitudes (K, C), output by output: shape (C K,)."""
    weights: NDArray[np.float64] = np.cumsum(amplitudes.T.astype(float).ravel() ** 2)
    return weights


def make_chunk_plan(problem: RidgeletProblem) -> ChunkPlan:
    """Prepare a problem of points on disk.

    Raises
    ------
    InputError
        If its points are not on disk, or all amplitudes vanish by rounding.
    """
    data, prime = problem.data, problem.prime
    if not isinstance(data, ChunkedPoints):
        raise InputError("These points are in memory; make the problem with RidgeletProblem.from_chunks.")
    count, dimension = data.shape
    order = np.argsort(data.codes)
    ordered = data.codes[order]
    # As many functionals as points in memory get: the codes have one to spare, or those of more rows than points.
    number = wanted(count, dimension, prime)
    while number < data.functionals:
        short = ordered // np.uint64(prime ** (data.functionals - number))
        if not np.any(short[1:] == short[:-1]):
            break
        number += 1
    step = np.uint64(prime ** (data.functionals - number))
    amplitudes = whole_amplitudes(problem.amplitudes)
    return ChunkPlan(
        prime,
        dimension,
        JOINT.get(prime, 1),
        functionals(np.random.default_rng(0), range(number), dimension, prime),
        data.codes // step,
        ordered // step,
        amplitudes,
        cumulative_weights(amplitudes[order]),
        np.cumsum(frequency_weights(problem.ridgelet)),
        problem.ridgelet,
    )
