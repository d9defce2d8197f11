"""Any square matrix as a block: the unitary, its gates, the level beside it, and what is refused."""

import numpy as np
import pytest
from qiskit.quantum_info import Operator

from problems.errors import InputError
from quantum.blocks import DenseEncoding
from tests.quantum.blocks.agreement import assert_block_agrees, assert_close


def drawn(size, seed, imaginary=0.0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(size, size)) + imaginary * 1j * rng.normal(size=(size, size))


@pytest.mark.parametrize("level", [None, 0.3, -1.0])
@pytest.mark.parametrize(("size", "imaginary"), [(1, 0), (2, 0), (3, 0), (4, 1), (5, 0)])
def test_the_block_is_the_matrix_over_its_norm_and_the_level_beside_it(size, imaginary, level):
    matrix = drawn(size, size) + (drawn(size, 9, imaginary) if imaginary else 0)
    gate = DenseEncoding(matrix, level)
    whole = Operator(gate.definition).data
    rows = 2**gate.system_qubits
    block = whole[:rows, :rows]
    assert_close(block, gate.matrix())
    assert_close(block[:size, :size] * np.linalg.norm(matrix, 2), matrix)
    padded = rows // (1 if level is None else 2)
    assert_close(block[size:padded, :padded], np.eye(padded)[size:])
    if level is not None:
        assert_close(block[padded:, padded:], level * np.eye(padded))
    assert_block_agrees(gate, [gate.system_qubits, 1], np.asarray(gate))


def test_it_knows_its_condition_and_solves():
    matrix = drawn(3, 1)
    gate = DenseEncoding(matrix)
    assert gate.condition == pytest.approx(np.linalg.cond(matrix))
    padded = np.append(np.arange(1.0, 4.0), 0)
    solved = gate.solve(padded)
    assert_close(matrix @ solved[:3] / gate.alpha, np.arange(1.0, 4.0))
    assert_close(gate.apply(solved), padded)
    assert_close(gate.apply(padded, adjoint=True)[:3], matrix.T @ np.arange(1.0, 4.0) / gate.alpha)
    assert DenseEncoding([[1.0, 1.0], [1.0, 1.0]]).condition == np.inf
    assert gate == DenseEncoding(matrix) != gate.at_level(0.5)


@pytest.mark.parametrize(
    ("matrix", "level", "message"),
    [
        (np.ones((2, 3)), None, r"matrix has shape \(2, 3\); give a square matrix"),
        (np.zeros((2, 2)), None, "matrix is zero"),
        ([[np.inf, 0], [0, 1]], None, "no finite numbers"),
        ([["a"]], None, "no finite numbers"),
        (np.eye(2), 1.5, "level = 1.5 is no block of a unitary"),
    ],
)
def test_what_is_no_block_is_refused(matrix, level, message):
    with pytest.raises(InputError, match=message):
        DenseEncoding(matrix, level)
