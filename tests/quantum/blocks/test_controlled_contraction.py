"""A contraction as a block: its matrix, its gates and their cost, what stands where it is off, and what is refused."""

import pickle

import numpy as np
import pytest
from scipy.linalg import sqrtm

from problems.errors import InputError
from quantum.blocks import ControlledContraction
from tests.quantum.blocks.agreement import assert_block_agrees


def drawn(size, seed, norm=1.0):
    matrix = np.random.default_rng(seed).normal(size=(size, size))
    return norm * matrix / np.linalg.norm(matrix, 2)


def dilation(matrix, off):
    """Written out from the definition, by matrix square roots: flag highest, controls next, the last of them on."""
    size, values = len(matrix), len(off) + 1
    root = np.real_if_close(sqrtm(matrix.T @ matrix), tol=1e8)
    rotation = matrix @ np.linalg.inv(root)
    sine = rotation @ np.real(sqrtm(np.eye(size) - root @ root))
    whole = np.zeros((2, values, size, 2, values, size))
    for value in range(values):
        on = value == values - 1
        stays = matrix if on else off[value] * np.eye(size)
        turns = sine if on else np.sqrt(1 - off[value] ** 2) * np.eye(size)
        whole[0, value, :, 0, value, :] = whole[1, value, :, 1, value, :] = stays
        whole[1, value, :, 0, value, :] = turns
        whole[0, value, :, 1, value, :] = -turns
    return whole.reshape(2 * values * size, -1)


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize(
    ("size", "off"), [(2, (1.0,)), (2, (1.0, -0.3, 0.8)), (4, (0.5,)), (4, (1.0, 0.9, 1.0)), (8, (1.0, 0.9, 1.0))]
)
def test_the_contraction_agrees_with_itself(size, off, inverted):
    matrix = drawn(size, size, 0.97)
    expected = dilation(matrix, off)
    gate = ControlledContraction(matrix, off, inverted)
    widths = [size.bit_length() - 1, (len(off) + 1).bit_length() - 1, 1]
    assert_block_agrees(gate, widths, expected.T if inverted else expected)


@pytest.mark.parametrize(
    "matrix",
    [
        np.zeros((4, 4)),
        np.eye(4),
        -np.eye(4),
        np.diag([1, 0.5, 0, -1]),
        np.eye(4, k=1),
        np.fliplr(np.eye(4)),
        drawn(4, 1),
        drawn(4, 2) / 2 + 0.5j * drawn(4, 3),
    ],
    ids=["zero", "one", "minus one", "diagonal", "nilpotent", "exchange", "norm one", "complex"],
)
def test_singular_matrices_and_norm_one_are_blocks_too(matrix):
    gate = ControlledContraction(matrix, (0.25,))
    whole = np.asarray(gate)
    np.testing.assert_allclose(whole[4:8, 4:8], matrix, rtol=0, atol=1e-12)
    np.testing.assert_allclose(whole[:4, :4], 0.25 * np.eye(4), rtol=0, atol=1e-12)
    assert_block_agrees(gate, [2, 1, 1], whole)


def test_only_the_rotation_and_one_diagonal_know_of_the_controls():
    gate = ControlledContraction(drawn(4, 3), (1.0, 0.9, 1.0))
    controls = set(gate.definition.qubits[2:4])
    assert [step.operation.name for step in gate.definition.data if controls & set(step.qubits)] == ["ucry", "diagonal"]


def test_contractions_compare_by_what_they_do_and_pickle():
    gate = ControlledContraction(drawn(2, 0), (0.5,))
    assert gate == ControlledContraction(drawn(2, 0), (0.5,)) == pickle.loads(pickle.dumps(gate))
    assert gate == gate.inverse().inverse() != gate.inverse()
    assert gate != ControlledContraction(drawn(2, 0), (0.4,))
    assert gate != ControlledContraction(drawn(2, 1), (0.5,))


@pytest.mark.parametrize(
    ("matrix", "off", "message"),
    [
        (np.eye(3), (1.0,), r"matrix has shape \(3, 3\); give a square matrix of a power of two"),
        (np.ones((2, 4)), (1.0,), r"matrix has shape \(2, 4\)"),
        (1.0, (1.0,), r"matrix has shape \(\)"),
        (np.eye(1), (1.0,), r"matrix has shape \(1, 1\)"),
        ([["a", "b"], ["c", "d"]], (1.0,), "no finite numbers"),
        ([[np.nan, 0], [0, 1]], (1.0,), "no finite numbers"),
        (1.1 * np.eye(2), (1.0,), "the spectral norm 1.1, above 1; divide it by its norm"),
        (np.eye(2), (), r"off = \[\] does not fit"),
        (np.eye(2), (1.0, 1.0), "does not fit"),
        (np.eye(2), (1.5,), "does not fit"),
        (np.eye(2), (np.nan,), "does not fit"),
    ],
)
def test_what_is_no_contraction_is_refused(matrix, off, message):
    with pytest.raises(InputError, match=message) as refusal:
        ControlledContraction(matrix, off)
    assert "\n" not in str(refusal.value)
