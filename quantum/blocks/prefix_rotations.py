"""A sparse state prepared qubit by qubit: each is rotated by an angle that depends on the qubits before it."""

from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from scipy.linalg import solve_triangular

from quantum.blocks.parity_rotation import ParityRotation, walsh_functions

__all__ = ["prefix_cnots", "prefix_rotations"]


ACCURACY = 1e-12
"""Angles are met to this, in radians."""

TURN = 4 * np.pi
"""RY has this period."""


def prefix_rotations(points: NDArray[np.bool_], amplitudes: NDArray[np.float64]) -> QuantumCircuit | None:
    """Prepare sum_m amplitude_m |points_m> from |0...0>, qubit by qubit.

    Möttönen, Vartiainen, Bergholm and Salomaa 2005 (arXiv:quant-ph/0407010) rotate qubit j by an angle for each of
    the 2^j values of the qubits before it, their prefix. Here only the S_j prefixes that occur matter: the angle is a
    sum of S_j Walsh functions that are linearly independent on them, and S_j - 1 CNOTs join its terms if each parity
    differs from the next in one qubit.

    Parameters
    ----------
    points
        Distinct, shape (K, r).
    amplitudes
        Real, none of them zero, norm 1, shape (K,).

    Returns
    -------
    QuantumCircuit or None
        r qubits; at most S_j - 1 <= min(2^j, K) - 1 CNOTs for qubit j. None if the Walsh functions are so close to
        dependent that the angles would not be met to `ACCURACY`.

    Notes
    -----
    Takes O(K^3 r) time to build.
    """
    prefixes = _prefixes(points)
    sizes = [int(prefix.max()) + 1 for prefix in prefixes]
    branches, sign = _branches(points, amplitudes, prefixes)
    walk = _parity_walk(points, sizes)
    walsh = walsh_functions(walk, points)
    q, r = np.linalg.qr(walsh)
    circuit = QuantumCircuit(points.shape[1], global_phase=0 if sign > 0 else np.pi)
    for target, (size, branch) in enumerate(zip(sizes, branches, strict=False)):
        rotations = []
        # The last parity may stay on the target, whose two outcomes are exchanged where it is odd, or be taken back:
        # that is cheaper for angles that depend on little.
        for end in (size - 1, 0):
            outcomes = np.where(walsh[:, [end]] > 0, branch, branch[:, ::-1])
            angles = 2 * np.arctan2(outcomes[:, 1], outcomes[:, 0])
            coefficients = _solve(q[:, :size], r[:size, :size], walsh[:, :size], angles)
            if coefficients is None:
                return None
            rotations.append(ParityRotation(walk[:size], coefficients, walk[end]))
        min(rotations, key=ParityRotation.cnots).append_to(circuit, target)
    return circuit


def prefix_cnots(points: NDArray[np.bool_]) -> int:
    """Count the CNOTs of `prefix_rotations` where no term of an angle vanishes: S_j - 1 for qubit j."""
    return sum(int(prefix.max()) for prefix in _prefixes(points)[:-1])


def _solve(
    q: NDArray[np.float64], r: NDArray[np.float64], walsh: NDArray[np.float64], angles: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """Return coefficients with walsh @ coefficients = angles up to whole turns, for walsh = q r; None if too rough."""
    coefficients = np.zeros(len(r))
    # Close to dependence coefficients are large and rough. Modulo the period they are small, so that what is missing
    # can be told and solved for again.
    for _ in range(5):
        missing = _modulo_turns(angles - walsh @ coefficients)
        if np.max(np.abs(missing)) <= ACCURACY:
            return coefficients
        coefficients = _modulo_turns(coefficients + solve_triangular(r, q.T @ missing))
    return None


def _modulo_turns(angles: NDArray[np.float64]) -> NDArray[np.float64]:
    return angles - TURN * np.rint(angles / TURN)


def _prefixes(points: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """Return, for each length j = 0, ..., r, which of the S_j prefixes each point has: arrays (K,) of 0..S_j-1."""
    number = np.zeros(len(points), dtype=np.int64)
    prefixes = [number]
    for column in points.T:
        number = np.unique(2 * number + column, return_inverse=True)[1].reshape(-1)
        prefixes.append(number)
    return prefixes


def _branches(
    points: NDArray[np.bool_], amplitudes: NDArray[np.float64], prefixes: list[NDArray[np.int64]]
) -> tuple[list[NDArray[np.float64]], float]:
    """Return what each qubit is to become after the prefix of each point, shape (K, 2), and the sign of the whole."""
    value, branches = amplitudes, []
    for j in range(points.shape[1] - 1, -1, -1):
        outcomes = np.zeros((len(points), 2))
        outcomes[prefixes[j], points[:, j].astype(int)] = value
        outcomes = outcomes[prefixes[j]]
        # Signs go where two outcomes differ: after a prefix with one outcome the angle is 0 or pi.
        leading = np.where(outcomes[:, 0] != 0, outcomes[:, 0], outcomes[:, 1])
        value = np.copysign(np.hypot(outcomes[:, 0], outcomes[:, 1]), leading)
        branches.append(outcomes / value[:, None])
    return branches[::-1], float(value[0])


def _parity_walk(points: NDArray[np.bool_], sizes: list[int]) -> NDArray[np.bool_]:
    """Return K parities, shape (K, r): for each j, the first S_j involve qubits before j only and are independent."""
    terms, qubits = points.shape
    signs = 1 - 2 * points.astype(float)
    walk = np.zeros((terms, qubits), dtype=bool)
    basis = np.zeros((terms, terms))  # orthonormal, spanned by the Walsh functions so far
    basis[:, 0] = terms**-0.5
    for j, (have, wanted) in enumerate(pairwise(sizes), start=1):
        for n in range(have, wanted):
            walsh = signs[:, walk[n - 1]].prod(axis=1)
            change = _independent_change(walsh, signs[:, :j], basis[:, :n])
            walk[n] = walk[n - 1]
            walk[n, change] ^= True
            rest = walsh * signs[:, change].prod(axis=1)
            for _ in range(2):  # the second time for what rounding left
                rest -= basis[:, :n] @ (rest @ basis[:, :n])
            basis[:, n] = rest / np.linalg.norm(rest)
    return walk


def _independent_change(
    walsh: NDArray[np.float64], signs: NDArray[np.float64], basis: NDArray[np.float64]
) -> list[int]:
    """Return the fewest and first qubits whose change of a parity leads out of the span of the basis.

    Where all values occur this is a Gray code (Williams 2013, "The greedy Gray code algorithm"). No case is known
    where one qubit is not enough.
    """
    qubits = range(signs.shape[1])
    for count in range(1, len(qubits) + 1):
        for change in combinations(qubits, count):
            changed = walsh * signs[:, change].prod(axis=1)
            if len(changed) - np.sum((changed @ basis) ** 2) > 0.5:
                return list(change)
    # The mean of these squared distances is at least 1: the sum of w w^T over all Walsh functions w is 2^j times a
    # matrix whose nonzero eigenvalues are the numbers of points with each prefix.
    raise AssertionError("Some Walsh function must be independent.")
