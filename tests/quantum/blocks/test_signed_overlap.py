"""The signed overlap against NumPy on points of both signs, every kind of matrix, and what it costs."""

import numpy as np
import pytest
from qiskit import qasm2

from problems.errors import InputError
from quantum.blocks import QsvtInverse, SignedOverlap
from quantum.resources import gate_counts
from tests.quantum.blocks.agreement import act
from tests.quantum.blocks.matrices import KINDS
from tests.quantum.blocks.test_qsvt_inverse import exact_block, right_side, spread


def read(overlap):
    """E[Z] of the control, from the gates of the circuit."""
    start = np.eye(2**overlap.circuit.num_qubits)[:, :1]
    probabilities = np.abs(act(overlap.circuit, start)[:, 0]) ** 2
    half = len(probabilities) // 2
    return probabilities[:half].sum() - probabilities[half:].sum()


def kernel(size):
    """A kernel with positive entries, as its study has them."""
    points = np.linspace(0, 1, size)
    return np.exp(-3 * np.abs(points[:, None] - points))


@pytest.mark.parametrize("size", [4, 8])
def test_points_of_both_signs_are_read_to_rounding(size):
    inverse = QsvtInverse(kernel(size), 0.1)
    labels = np.where(np.arange(size) < size // 2, -1, 1)
    signs = set()
    for point in np.linspace(-0.2, 1.2, 5 if size == 4 else 2):
        tested = np.exp(-3 * np.abs(point - np.linspace(0, 1, size)))
        overlap = SignedOverlap(inverse, tested, labels)
        expected = tested / np.linalg.norm(tested) @ exact_block(inverse, kernel(size), labels)
        assert read(overlap) == pytest.approx(expected, abs=1e-10)
        assert overlap.expectation == pytest.approx(expected, abs=1e-12)
        true = tested @ np.linalg.solve(kernel(size), labels)
        assert np.sign(expected) == np.sign(true)
        signs.add(np.sign(true))
    assert signs == {-1, 1}


@pytest.mark.parametrize("size", [2, 3, 4])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_matrix_is_read(kind, size):
    matrix, right = spread(kind, size), right_side(kind, size)
    left = np.random.default_rng(9).normal(size=size) + (1j if kind == "complex" else 0)
    inverse = QsvtInverse(matrix, 0.1)
    expected = np.vdot(left / np.linalg.norm(left), exact_block(inverse, matrix, right)).real
    overlap = SignedOverlap(inverse, left, right)
    assert read(overlap) == pytest.approx(expected, abs=1e-10)
    assert overlap.expectation == pytest.approx(expected, abs=1e-12)
    assert -overlap.expectation == pytest.approx(SignedOverlap(inverse, -left, right).expectation, abs=1e-14)


def test_a_sparse_matrix_is_read():
    matrix = np.where(np.isin(np.arange(8)[:, None] ^ np.arange(8), [0, 3, 5]), spread("indefinite", 8), 0)
    inverse = QsvtInverse(matrix, 0.3, offsets=(3, 5))
    left, right = np.arange(8.0), np.ones(8)
    expected = left / np.linalg.norm(left) @ exact_block(inverse, matrix, right)
    assert read(SignedOverlap(inverse, left, right)) == pytest.approx(expected, abs=1e-10)


def test_a_kernel_of_four_points_costs_less_than_twenty_and_fifty_a_query():
    inverse = QsvtInverse(kernel(4), 1e-2)
    overlap = SignedOverlap(inverse, [0.9, 0.4, -0.2, 0.1], [-1, -1, 1, 1])
    degree = inverse.degree
    assert overlap.cost.queries == degree
    # Rotations of both vectors, then 24 for the states of a query, two Toffoli gates, and 6 + 2 for a phase.
    assert overlap.cost.two_qubit <= 6 + 44 * degree + 8 < 20 + 50 * degree
    counted = gate_counts(qasm2.loads(qasm2.dumps(overlap.circuit)), optimization_level=0)
    assert counted.two_qubit == overlap.cost.two_qubit


def test_negative_entries_cost_nothing_off_the_diagonal_and_a_controlled_diagonal_on_it():
    beside = QsvtInverse(kernel(4) * np.outer([1, -1, 1, 1], [1, -1, 1, 1]), 1e-2)
    on = QsvtInverse(kernel(4) - np.diag([0, 2.2, 0, 0]), 1e-2)
    for inverse, query in ((beside, 44), (on, 44 + 30)):
        overlap = SignedOverlap(inverse, [1, 2, 3, 4], [-1, -1, 1, 1])
        assert overlap.cost.two_qubit <= 6 + query * inverse.degree + 8 < 20 + 80 * inverse.degree


def test_the_measured_circuit_has_one_bit():
    overlap = SignedOverlap(QsvtInverse(kernel(4), 0.1), [1, 1, 1, 1], [1, 1, 1, 1])
    assert overlap.measured.count_ops()["measure"] == 1
    assert overlap.measured.num_clbits == 1
    assert repr(overlap).startswith("SignedOverlap(QsvtInverse(WalkBlockEncoding(4 rows, dense")


@pytest.mark.parametrize(
    ("left", "right", "message"),
    [
        ([0, 0], [1, 1], "The left side is zero"),
        ([1, 1], [1, np.inf], "Entry 1 of the right side is inf"),
        ([1, 1, 1], [1, 1], r"left side has shape \(3,\), but the matrix has 2 rows"),
    ],
)
def test_what_makes_no_sense_is_refused(left, right, message):
    with pytest.raises(InputError, match=message):
        SignedOverlap(QsvtInverse(kernel(2), 0.1), left, right)
