"""The block of the walk against the matrix, its gates against its action, what it costs, and what is refused."""

import pickle

import numpy as np
import pytest
from qiskit import QuantumCircuit, qasm2
from qiskit.quantum_info import Operator

from problems.errors import InputError
from quantum.blocks import WalkBlockEncoding
from quantum.blocks.block_cost import written_cost
from quantum.blocks.perron import perron
from quantum.blocks.row_states import RowStates
from quantum.resources import gate_counts
from tests.quantum.blocks.agreement import act, assert_block_agrees, assert_close, probes_of
from tests.quantum.blocks.matrices import KINDS, random_matrix, reducible

SPARSE = [(), (3,), (1, 6), (1, 2, 4, 7, 5), tuple(range(1, 8))]


def padded(matrix, size, alpha):
    whole = alpha * np.eye(size, dtype=matrix.dtype)
    whole[: len(matrix), : len(matrix)] = matrix
    return whole


def assert_encodes(encoding, matrix):
    """The block is the matrix, padded, over the norm of its absolute values; gates and action are one unitary."""
    size = encoding.size
    unitary = np.asarray(encoding)
    probes = probes_of(len(unitary))
    assert_close(act(encoding.definition, probes), unitary @ probes)
    assert_close(unitary.conj().T @ unitary, np.eye(len(unitary)))
    assert_close(encoding.act(unitary, inverse=True), np.eye(len(unitary)))
    assert encoding.alpha == pytest.approx(np.linalg.norm(np.abs(matrix), 2), rel=1e-13)
    expected = padded(matrix, size, encoding.alpha)
    if encoding.dilated:
        zeros = np.zeros_like(expected)
        expected = np.block([[zeros, expected], [expected.conj().T, zeros]])
    assert_close(unitary[: len(expected), : len(expected)], expected / encoding.alpha)
    assert_close(encoding.block(), expected / encoding.alpha)
    if encoding.is_hermitian:
        assert_close(unitary, unitary.conj().T)


@pytest.mark.parametrize("hermitian", [False, True])
@pytest.mark.parametrize("size", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("kind", KINDS)
def test_a_dense_matrix_is_the_block(kind, size, hermitian):
    matrix = random_matrix(kind, size)
    encoding = WalkBlockEncoding(matrix, hermitian=hermitian)
    assert_encodes(encoding, matrix)
    assert encoding.padding == encoding.size - size
    if hermitian:
        assert encoding.is_hermitian
        assert encoding.dilated == ((size > 1 and kind in ("real", "complex")) or (size == 1 and kind == "complex"))


@pytest.mark.parametrize("hermitian", [False, True])
@pytest.mark.parametrize("offsets", SPARSE)
@pytest.mark.parametrize("kind", KINDS)
def test_a_matrix_with_few_offsets_is_the_block(kind, offsets, hermitian):
    matrix = random_matrix(kind, 8, offsets=offsets)
    encoding = WalkBlockEncoding(matrix, offsets, hermitian)
    assert_encodes(encoding, matrix)
    slots = 2 ** len(encoding.registers[1])
    assert slots >= len(offsets) + 2
    assert slots < 2 * (len(offsets) + 2)


@pytest.mark.parametrize("hermitian", [False, True])
@pytest.mark.parametrize("offsets", [None, tuple(range(1, 8))])
@pytest.mark.parametrize("adjoined", [False, True])
def test_reducible_matrices_and_rows_of_zeros_are_the_block(offsets, hermitian, adjoined):
    matrix = reducible()
    if not adjoined:
        matrix[1, 5] = 0.7  # no longer symmetric
        matrix[2] = 0
    assert_encodes(WalkBlockEncoding(matrix, offsets, hermitian), matrix)


@pytest.mark.parametrize("hermitian", [False, True])
@pytest.mark.parametrize(
    "matrix",
    [
        np.diag([1.0, -2, 0, 5, 5]),
        [[0, 1], [1, 0]],
        [[0, 1], [0, 0]],
        [[0, -1j], [1j, 0]],
        np.eye(4)[[1, 2, 3, 0]],
        np.diag(np.ones(4), 1),
        [[1, 1e-9], [1e-9, 0.5]],
        [[1, 1e-14], [1e-14, 1]],
        np.array([[1, 1e-9, 1e-200], [1e-9, 0.5, 0], [1e-200, 0, 1e-30]]),
    ],
)
def test_extreme_matrices_are_the_block(matrix, hermitian):
    assert_encodes(WalkBlockEncoding(matrix, hermitian=hermitian), np.asarray(matrix))


@pytest.mark.parametrize("hermitian", [False, True])
@pytest.mark.parametrize(("kind", "offsets"), [(k, o) for k in KINDS for o in (None, (1, 2))])
def test_everything_the_gate_says_of_itself_agrees(kind, offsets, hermitian):
    encoding = WalkBlockEncoding(random_matrix(kind, 4, offsets=offsets), offsets, hermitian)
    widths = [len(register) for register in encoding.registers]
    assert [register.name for register in encoding.registers] == ["index", "offset"]
    assert encoding.flags == tuple(range(widths[0], sum(widths)))
    assert_block_agrees(encoding, widths, np.asarray(encoding))


@pytest.mark.parametrize(("kind", "offsets"), [(k, o) for k in KINDS for o in (None, (3, 5))])
def test_a_control_on_the_core_alone_controls_the_whole(kind, offsets):
    encoding = WalkBlockEncoding(random_matrix(kind, 8 if offsets else 4, 1, offsets), offsets, hermitian=True)
    unitary = np.asarray(encoding)
    zeros, probes = np.zeros_like(unitary), probes_of(2 * len(unitary))
    expected = np.block([[np.eye(len(unitary)), zeros], [zeros, unitary]]) @ probes
    assert_close(act(encoding.controlled_core().definition, probes), expected)


def test_unlike_sides_refuse_the_control():
    with pytest.raises(InputError, match="make the encoding with hermitian=True"):
        WalkBlockEncoding(random_matrix("real", 4)).controlled_core()


@pytest.mark.parametrize("kind", ["positive", "indefinite", "real"])
@pytest.mark.parametrize(("size", "gates"), [(4, 26), (8, 115), (16, 484), (32, 1989)])
def test_a_dense_query_costs_what_the_formula_says(size, gates, kind):
    encoding = WalkBlockEncoding(random_matrix(kind, size))
    assert encoding.cost.two_qubit == gates == 2 * size * (size - 1) + np.log2(size)
    assert encoding.cost.queries == 1
    assert encoding.cost.qubits == encoding.num_qubits == 2 * np.log2(size)


@pytest.mark.parametrize("size", [4, 8])
@pytest.mark.parametrize("kind", ["positive", "indefinite", "complex Hermitian"])
def test_the_hermitian_form_adds_a_diagonal_at_most(kind, size):
    more = 0 if kind == "positive" else size**2 - 2
    encoding = WalkBlockEncoding(random_matrix(kind, size), hermitian=True)
    assert encoding.cost.two_qubit <= 2 * size * (size - 1) + np.log2(size) + more


def test_negative_entries_off_the_diagonal_cost_nothing_even_in_the_hermitian_form():
    matrix = random_matrix("indefinite", 8)
    np.fill_diagonal(matrix, np.abs(np.diagonal(matrix)))
    encoding = WalkBlockEncoding(matrix, hermitian=True)
    assert encoding.is_hermitian
    assert encoding.cost.two_qubit == 115


@pytest.mark.parametrize("size", [8, 16])
def test_a_sparse_query_costs_what_the_docstring_says(size):
    offsets = (1, 6, 4)
    encoding = WalkBlockEncoding(random_matrix("indefinite", size, offsets=offsets), offsets)
    slots = 8
    assert encoding.cost.two_qubit <= 2 * size * (slots - 1) + slots * (np.log2(size) + 1)


@pytest.mark.parametrize("kind", ["indefinite", "complex"])
def test_gates_recounted_from_exported_text_are_those_that_are_stated(kind):
    encoding = WalkBlockEncoding(random_matrix(kind, 8))
    circuit = QuantumCircuit(*encoding.registers)
    circuit.append(encoding, circuit.qubits)
    read = qasm2.loads(qasm2.dumps(circuit))
    assert gate_counts(read, optimization_level=0).two_qubit == encoding.cost.two_qubit == encoding.two_qubit_gates
    assert written_cost(circuit, 1) == encoding.cost


def test_the_condition_is_alpha_over_the_least_singular_value():
    matrix = random_matrix("indefinite", 6)
    encoding = WalkBlockEncoding(matrix)
    assert encoding.kappa_eff == pytest.approx(encoding.alpha / np.abs(np.linalg.eigvalsh(matrix)).min(), rel=1e-12)
    nonnegative = random_matrix("positive", 6)
    assert WalkBlockEncoding(nonnegative).kappa_eff == pytest.approx(np.linalg.cond(nonnegative), rel=1e-12)
    assert WalkBlockEncoding(np.ones((4, 4))).kappa_eff == np.inf


def test_an_encoding_is_told_in_one_line_and_pickles():
    encoding = WalkBlockEncoding(random_matrix("indefinite", 3))
    assert repr(encoding).startswith("WalkBlockEncoding(3 rows padded to 4, dense, alpha=")
    np.testing.assert_array_equal(np.asarray(pickle.loads(pickle.dumps(encoding))), np.asarray(encoding))


@pytest.mark.parametrize("spread", [1, 12, 30])
@pytest.mark.parametrize("size", [2, 9, 40])
def test_perron_vectors_are_exact_entry_by_entry(size, spread):
    matrix = 10.0 ** (-spread * np.random.default_rng([size, spread]).random((size, size)))
    matrix = matrix + matrix.T
    found = perron(matrix)
    assert_close(matrix @ found.vector / found.vector / found.largest, 1)
    assert np.all(found.vector > 0)


def test_row_states_are_prepared_and_their_rotations_are_the_gates():
    amplitudes = np.random.default_rng(0).normal(size=(8, 4))
    amplitudes /= np.linalg.norm(amplitudes, axis=0)
    amplitudes[:, 2] = -np.eye(8)[5]
    states = RowStates(amplitudes)
    unitary = Operator(states.circuit()).data
    assert_close(unitary, states.act(np.eye(32)))
    assert_close(unitary.T, states.act(np.eye(32), inverse=True))
    expected = np.einsum("ci,ij->cij", amplitudes, np.eye(4)).reshape(32, 4)
    assert_close(unitary[:, :4], expected)
    assert states.circuit().count_ops()["cx"] == 4 * 7


@pytest.mark.parametrize(
    ("refused", "message"),
    [
        (lambda: WalkBlockEncoding(np.ones((2, 3))), r"shape \(2, 3\); give a square one"),
        (lambda: WalkBlockEncoding(np.ones(4)), "give a square one"),
        (lambda: WalkBlockEncoding(np.zeros((0, 0))), "of at least one row"),
        (lambda: WalkBlockEncoding(np.zeros((2, 2))), "All entries of the matrix are zero"),
        (lambda: WalkBlockEncoding([[1, np.nan], [0, 1]]), r"Entry \(0, 1\) of the matrix is nan"),
        (lambda: WalkBlockEncoding([[1, 0], [np.inf, 1]]), r"Entry \(1, 0\) of the matrix is inf"),
        (lambda: WalkBlockEncoding([["a"]]), "give real or complex numbers"),
        (
            lambda: WalkBlockEncoding(np.ones((4, 4)), [1, 2]),
            r"Entry \(0, 3\) .* offset 3, which is not among",
        ),
        (lambda: WalkBlockEncoding(np.eye(4), [1, 1]), "must be different whole numbers from 1 to 3"),
        (lambda: WalkBlockEncoding(np.eye(4), [4]), "must be different whole numbers from 1 to 3"),
        (lambda: WalkBlockEncoding(np.eye(4), [0]), "offset = 0 is too small"),
        (lambda: WalkBlockEncoding(np.eye(4), [0.5]), "offset = 0.5 is no whole number"),
        (lambda: WalkBlockEncoding(np.eye(2), hermitian=1), "hermitian = 1 is neither True nor False"),
    ],
)
def test_what_makes_no_sense_is_refused(refused, message):
    with pytest.raises(InputError, match=message):
        refused()
