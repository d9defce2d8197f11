"""The loss as an operator of Pauli Z's: what a circuit's phases need."""

from collections import defaultdict

import numpy as np
from qiskit.quantum_info import SparsePauliOp

from problems.neuron_selection import MaskProblem, NKProblem
from quantum.neuron_selection.qaoa.graph import check_terms

__all__ = ["cost_operator"]


def cost_operator(problem: MaskProblem | NKProblem) -> SparsePauliOp:
    """Return sum_m loss(m) |m><m| in Pauli Z's, by m_a = (1 - Z_a)/2.

    Parameters
    ----------
    problem
        A `MaskProblem`, which gives products of at most two Z's, or a `NKProblem`, whose f_i give up to K.

    Raises
    ------
    InputError
        If it is neither.
    """
    check_terms(problem)
    terms: dict[tuple[int, ...], float] = defaultdict(float)
    if isinstance(problem, NKProblem):
        for table, group in zip(problem.tables, problem.neighbours, strict=True):
            for places, weight in enumerate(_walsh(np.asarray(table, dtype=float))):
                members = tuple(sorted(int(one) for k, one in enumerate(group) if places >> k & 1))
                terms[members] += weight / len(problem.tables)
    else:
        constant, linear, pairs = problem.coefficients
        terms[()] += constant + np.sum(linear) / 2 + np.sum(pairs) / 4
        for a, weight in enumerate(-linear / 2 - (np.sum(pairs, axis=0) + np.sum(pairs, axis=1)) / 4):
            terms[(a,)] += weight
        for a, b in np.argwhere(pairs):
            terms[(int(a), int(b))] += pairs[a, b] / 4
    return SparsePauliOp.from_sparse_list(
        [("Z" * len(members), list(members), weight) for members, weight in terms.items() if weight or not members],
        problem.neurons,
    )


def _walsh(table: np.ndarray) -> np.ndarray:
    """Return the coefficients of products of Z's: bit k of the place tells whether Z_k is in it."""
    found = table.copy()
    for k in range(len(table).bit_length() - 1):
        halves = found.reshape(-1, 2, 1 << k)
        low, high = halves[:, 0].copy(), halves[:, 1].copy()
        halves[:, 0], halves[:, 1] = (low + high) / 2, (low - high) / 2
    return found
