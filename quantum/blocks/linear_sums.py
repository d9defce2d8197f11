"""Qubits that are sums of other qubits over Z_2: found by elimination, written by CNOTs."""

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

__all__ = ["independent_columns", "linear_sums", "sum_steps"]

MAX_BLOCK = 8
"""Blocks of more qubits would pay for tens of thousands of sums only."""


def independent_columns(matrix: NDArray[np.bool_]) -> tuple[list[int], NDArray[np.bool_]]:
    """Write all columns of a matrix over Z_2 as sums of some of them.

    Parameters
    ----------
    matrix
        Shape (K, n).

    Returns
    -------
    columns, sums
        The r columns that are no sum of columns before them, and a matrix (r, n): column c of the given one is the
        sum of the `columns[i]` with `sums[i, c]`.
    """
    reduced = matrix.copy()
    columns: list[int] = []
    for column in range(matrix.shape[1]):
        rank = len(columns)
        found = rank + np.flatnonzero(reduced[rank:, column])
        if len(found):
            reduced[[rank, found[0]]] = reduced[[found[0], rank]]
            others = reduced[:, column].copy()
            others[rank] = False
            reduced[others] ^= reduced[rank]
            columns.append(column)
    return columns, reduced[: len(columns)]


def linear_sums(sums: NDArray[np.bool_]) -> QuantumCircuit:
    """Add sums of r qubits to t others.

    Parameters
    ----------
    sums
        Shape (r, t): qubit i is added to qubit r + k if `sums[i, k]`.

    Returns
    -------
    QuantumCircuit
        r + t qubits; at most ceil(r / m) (t + 2^m - 2) CNOTs for each m up to `MAX_BLOCK`.
    """
    circuit = QuantumCircuit(sum(sums.shape))
    for source, target in sum_steps(sums):
        circuit.cx(source, target)
    return circuit


def sum_steps(sums: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the CNOTs of `linear_sums`, each as source and target."""
    # A block of more qubits than there are is the block of all.
    blocks = range(1, max(1, min(MAX_BLOCK, len(sums))) + 1)
    return min((_blockwise(sums, block) for block in blocks), key=len)


def _blockwise(sums: NDArray[np.bool_], size: int) -> list[tuple[int, int]]:
    """Add sums by one CNOT for each target and each block of so many qubits.

    The sums within a block are formed one after another on its qubits, in the order of a Gray code, and each is added
    to all targets that need it: the method of the four Russians, which Patel, Markov and Hayes 2008
    (arXiv:quant-ph/0302002) use for linear circuits.
    """
    r = len(sums)
    steps = []
    for start in range(0, r, size):
        block = sums[start : start + size]
        for i, row in enumerate(block):
            targets = np.flatnonzero(row & ~block[:i].any(axis=0))  # qubit i is the first in their sums
            rest = (1 << np.arange(len(block) - i - 1)) @ block[i + 1 :, targets]
            formed = 0
            for code in (number ^ number >> 1 for number in range(2 ** (len(block) - i - 1))):
                needing = targets[rest == code]
                if len(needing):
                    steps += _form(start + i, formed ^ code)
                    formed = code
                    steps += [(start + i, r + int(target)) for target in needing]
            steps += _form(start + i, formed)
    return steps


def _form(qubit: int, code: int) -> list[tuple[int, int]]:
    """Add to a qubit those of the next ones whose bit in the code is 1."""
    return [(qubit + 1 + i, qubit) for i in range(code.bit_length()) if code >> i & 1]
