"""Preparations, made once for a problem: the tail of functionals, and the points sorted by it.

The tail is drawn until it tells all points apart. It is unit triangular (functional f is 0 on the coordinates before
f, 1 on f, random behind), hence linearly independent: its values are coordinates of Z_P^D. It separates two points
that differ behind coordinate f with probability 1 - 1/P for each functional, and points that differ only before for
sure; about log_P(K^2/2) are needed, and never more than D.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.draws import frequency_weights
from problems.errors import InputError
from problems.finite_field import inverse, residue_type, row_blocks, scalar_products
from problems.ridgelet.chunks import ChunkedPoints
from problems.ridgelet.points import Points
from problems.ridgelet.problem import RidgeletProblem
from problems.ridgelet.tails import functionals, wanted

__all__ = ["JOINT", "Plan", "make_plan", "separated"]

JOINT = {2: 4, 3: 2}
"""Functionals that are redrawn together where P is small; elsewhere they are redrawn one by one."""

TABULATED = 2**16
"""Inverses are tabulated for primes up to here."""


@dataclass(frozen=True)
class Plan:
    """A problem prepared for sampling. Positions 0..K-1 number the points as they are sorted.

    Attributes
    ----------
    prime
        The prime P.
    data
        The distinct points, as the problem holds them.
    order
        The number of the point at each position: shape (K,).
    tail
        The functionals A_f, residues, shape (M, D). The first is the coarsest: its gate comes last.
    joint
        The number of functionals of a level: levels are redrawn one by one, the last level first.
    keys
        A_f.x_m at each position: shape (M, K), sorted by the first functional, then the second, and so on.
    shared
        On how many of the first levels a position agrees with the position before: shape (K + 1,), 0 at both ends.
        The points that share at least l levels with m0 are the group whose level l is redrawn together.
    amplitudes
        Amplitudes of each output at each position, shape (C, K), norm 1.
    cumulative
        Running sum of the squared amplitudes, output by output: shape (C K,).
    frequencies
        Running sum of |r^(v)|^2 over v, up to a factor: shape (P,).
    inverses
        1/v modulo P, shape (P,), 0 at v = 0; empty beyond `TABULATED`.
    ridgelet
        r(0), ..., r(P-1).
    """

    prime: int
    data: Points
    order: NDArray[np.intp]
    tail: NDArray[np.int64]
    joint: int
    keys: NDArray[np.unsignedinteger]
    shared: NDArray[np.uint8]
    amplitudes: NDArray[np.float64]
    cumulative: NDArray[np.float64]
    frequencies: NDArray[np.float64]
    inverses: NDArray[np.int64]
    ridgelet: NDArray[np.float64]

    @property
    def dimension(self) -> int:
        """The data dimension D."""
        return self.data.shape[1]

    @property
    def levels(self) -> list[slice]:
        """The functionals of each level."""
        count = len(self.tail)
        return [slice(first, min(first + self.joint, count)) for first in range(0, count, self.joint)]


def make_plan(problem: RidgeletProblem) -> Plan:
    """Prepare a problem: O(K D log_P K)."""
    prime, data = problem.prime, problem.data
    if isinstance(data, ChunkedPoints):
        raise InputError("The plan is of points in memory; make the problem with RidgeletProblem.from_samples.")
    tail, keys, _, order = _separating_tail(data, prime)
    keys = np.ascontiguousarray(keys[:, order])
    joint = JOINT.get(prime, 1)
    # Positions agree on a level if they agree on all its functionals.
    agreed = np.sum(np.logical_and.accumulate(keys[:, 1:] == keys[:, :-1], axis=0), axis=0) // joint
    shared = np.concatenate([[0], agreed, [0]]).astype(np.uint8)
    amplitudes = np.ascontiguousarray(problem.amplitudes[order].T)
    frequencies = np.cumsum(frequency_weights(problem.ridgelet))
    inverses = np.concatenate([[0], inverse(np.arange(1, prime), prime)]) if prime <= TABULATED else np.arange(0)
    cumulative = np.cumsum(amplitudes.ravel() ** 2)
    return Plan(
        prime, data, order, tail, joint, keys, shared, amplitudes, cumulative, frequencies, inverses, problem.ridgelet
    )


def separated(data: Points, prime: int) -> tuple[NDArray[np.int64], NDArray[np.uint64], NDArray[np.intp]]:
    """Return functionals that tell all points apart (M, D), a code for each point (K,), and the points' order (K,)."""
    tail, _, codes, order = _separating_tail(data, prime)
    return tail, codes, order


def _separating_tail(
    data: Points, prime: int
) -> tuple[NDArray[np.int64], NDArray[np.unsignedinteger], NDArray[np.uint64], NDArray[np.intp]]:
    """Draw functionals until they tell all points apart.

    Returns
    -------
    tuple
        The functionals (M, D), their values (M, K), and the points' codes and order, (K,).
    """
    count, dimension = data.shape
    rng = np.random.default_rng(0)  # the tail depends on the points alone, not on a sample's seed
    tail = functionals(rng, range(wanted(count, dimension, prime)), dimension, prime)
    keys = _values(data, tail, prime)
    while True:
        codes = _codes(keys, prime)
        order = np.argsort(codes)
        ordered = codes[order]
        if not np.any(ordered[1:] == ordered[:-1]):
            return tail, keys, codes, order
        more = functionals(rng, range(len(tail), len(tail) + 1), dimension, prime)
        tail, keys = np.vstack([tail, more]), np.vstack([keys, _values(data, more, prime)])


def _values(data: Points, tail: NDArray[np.int64], prime: int) -> NDArray[np.unsignedinteger]:
    """Return A_f.x_m for all functionals and points, in blocks of points: shape (M, K)."""
    count, dimension = data.shape
    values = np.empty((len(tail), count), dtype=residue_type(prime))
    for rows in row_blocks(count, dimension):
        values[:, rows] = scalar_products(tail, data.take(rows), prime)
    return values


def _codes(keys: NDArray[np.unsignedinteger], prime: int) -> NDArray[np.uint64]:
    """Return one number for each point, in the order of its keys: equal if and only if all keys are."""
    codes: NDArray[np.uint64] = np.zeros(keys.shape[1], dtype=np.uint64)
    bound = 1
    for row in keys:
        if bound * prime >= 2**63:  # rank them: there are no more ranks than points
            ranks = np.unique(codes, return_inverse=True)[1]
            codes, bound = ranks.astype(np.uint64), len(ranks)
        codes = codes * np.uint64(prime) + row
        bound *= prime
    return codes
