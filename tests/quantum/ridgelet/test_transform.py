"""The transform's amplitudes against the reference matrix R, entry by entry."""

import itertools

import numpy as np
import pytest
from qiskit.quantum_info import Statevector

from problems.errors import InputError
from quantum.ridgelet import ENCODINGS, ridgelet_transform
from tests import reference
from tests.quantum.blocks.agreement import probes_of

QUBITS = {2: 1, 3: 2, 5: 3, 7: 3, 11: 4, 13: 4, 17: 5, 19: 5, 23: 5, 29: 5, 31: 5}
SIZES = [
    *((2, dimension) for dimension in (1, 2, 3, 6)),
    *((3, dimension) for dimension in (1, 2, 3, 4)),
    *((5, dimension) for dimension in (1, 2)),
    *((7, dimension) for dimension in (1, 2)),
    *((prime, 1) for prime in (11, 13, 17, 19, 23, 29, 31)),
]
CASES = [
    (prime, dimension, activation)
    for (prime, dimension), activation in itertools.product(SIZES, reference.ACTIVATIONS)
    if not (prime == 2 and activation == "sine")  # constant on Z_2
]


def basis_indices(prime, digits):
    """The index of each row of digits as a basis state: little-endian digits, little-endian bits."""
    return digits @ (1 << QUBITS[prime] * np.arange(digits.shape[1]))


def transform_columns(circuit, prime, dimension, mixtures=None):
    """The circuit's image of every |x>|0>, or of mixtures of them (P^D, columns): one column of amplitudes for each.

    All at once: the columns stand side by side on further qubits that the circuit leaves alone.
    """
    points = basis_indices(prime, reference.all_points(prime, dimension))
    mixtures = np.eye(len(points)) if mixtures is None else mixtures
    count = mixtures.shape[1]
    start = np.zeros((2 ** (count - 1).bit_length(), 2**circuit.num_qubits), dtype=mixtures.dtype)
    start[:count, points] = mixtures.T
    end = Statevector(start.reshape(-1)).evolve(circuit, range(circuit.num_qubits)).data
    return end.reshape(start.shape)[:count].T


def assert_is_reference(columns, expected, prime, dimension):
    """Amplitudes of nodes are the reference's up to one phase for all columns; nothing is left elsewhere."""
    nodes = basis_indices(prime, reference.all_points(prime, dimension + 1))
    overlap = np.vdot(expected, columns[nodes])
    np.testing.assert_allclose(columns[nodes], overlap / abs(overlap) * expected, rtol=0, atol=1e-12)
    elsewhere = np.delete(columns, nodes, axis=0)
    assert np.max(np.abs(elsewhere), initial=0) < 1e-12
    assert np.sum(np.abs(elsewhere) ** 2) < 1e-12


@pytest.mark.parametrize(("prime", "dimension", "activation"), CASES)
def test_the_transform_is_the_ridgelet_transform_of_every_point(prime, dimension, activation):
    circuit = ridgelet_transform(prime, dimension, activation)
    columns = transform_columns(circuit, prime, dimension)
    assert_is_reference(columns, reference.transform_matrix(prime, dimension, activation), prime, dimension)


@pytest.mark.parametrize(("prime", "dimension"), [(3, 5), (7, 3), (11, 2), (13, 2)])
def test_the_transform_on_twelve_qubits_is_the_ridgelet_transform_of_random_mixtures_of_all_points(prime, dimension):
    mixtures = probes_of(prime**dimension)
    columns = transform_columns(ridgelet_transform(prime, dimension), prime, dimension, mixtures)
    assert_is_reference(columns, reference.transform_matrix(prime, dimension) @ mixtures, prime, dimension)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("prime", "dimension"), [(2, 4), (3, 3), (5, 2), (17, 1)])
def test_the_transform_of_a_superposition_is_the_ridgelet_transform_of_the_function(prime, dimension, seed):
    h = np.random.default_rng(seed).normal(size=prime**dimension)
    h /= np.linalg.norm(h)
    circuit = ridgelet_transform(prime, dimension, "tanh")
    start = np.zeros(2**circuit.num_qubits)
    start[basis_indices(prime, reference.all_points(prime, dimension))] = h
    end = Statevector(start).evolve(circuit).data
    expected = reference.transform_matrix(prime, dimension, "tanh") @ h
    assert_is_reference(end[:, None], expected[:, None], prime, dimension)


@pytest.mark.parametrize(("prime", "dimension"), [(2, 2), (3, 2), (5, 2), (7, 1), (31, 1)])
def test_the_transform_takes_a_table_as_its_activation(prime, dimension):
    table = np.random.default_rng(prime).normal(size=prime)
    ridgelet = (table - np.mean(table)) / np.std(table) / prime**0.5
    expected = ridgelet[reference.activation_arguments(prime, dimension)] / prime ** (dimension / 2)
    columns = transform_columns(ridgelet_transform(prime, dimension, table), prime, dimension)
    assert_is_reference(columns, expected, prime, dimension)


def test_a_table_with_vanishing_frequencies_is_transformed():
    """A cosine has two frequencies; the rest of v's state is zero."""
    table = np.cos(2 * np.pi * np.arange(7) / 7)
    expected = table[reference.activation_arguments(7, 1)] / np.linalg.norm(table) / 7**0.5
    assert_is_reference(transform_columns(ridgelet_transform(7, 1, table), 7, 1), expected, 7, 1)


@pytest.mark.parametrize(("prime", "dimension"), [(2, 1), (2, 3), (3, 2), (5, 3), (17, 2), (31, 1)])
def test_the_transform_has_one_register_for_each_feature_and_one_for_the_frequency(prime, dimension):
    circuit = ridgelet_transform(prime, dimension)
    assert [register.name for register in circuit.qregs] == [*(f"x{j + 1}" for j in range(dimension)), "v"]
    assert {len(register) for register in circuit.qregs} == {QUBITS[prime]}
    assert circuit.num_qubits == (dimension + 1) * QUBITS[prime]
    assert circuit.num_clbits == 0


@pytest.mark.parametrize("prime", [2, 3, 5, 13, 17, 31])
def test_encoding_and_decoding_digits_are_inverse(prime):
    encoding = ENCODINGS["binary"](prime)
    digits = np.random.default_rng(prime).integers(0, prime, (100, 4))
    bits = encoding.encode(digits)
    assert encoding.digit_qubits == QUBITS[prime]
    np.testing.assert_array_equal(bits @ (1 << np.arange(bits.shape[1])), basis_indices(prime, digits))
    decoded, valid = encoding.decode(bits)
    np.testing.assert_array_equal(decoded, digits)
    assert np.all(valid)


@pytest.mark.parametrize("prime", [3, 5, 7, 11, 13, 17, 19, 23, 29, 31])
def test_decoding_marks_bit_patterns_that_are_no_digits(prime):
    width = QUBITS[prime]
    patterns = np.array(list(itertools.product(range(2**width), repeat=2)))
    bits = (patterns[:, :, None] >> np.arange(width) & 1).reshape(len(patterns), -1).astype(bool)
    _, valid = ENCODINGS["binary"](prime).decode(bits)
    np.testing.assert_array_equal(valid, np.all(patterns < prime, axis=1))
    assert np.count_nonzero(valid) == prime**2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"encoding": "binray"}, "no encoding 'binray'. Did you mean 'binary'"),
        ({"encoding": None}, "no encoding None. There are: .*binary"),
        ({"dimension": 0}, "dimension = 0 is too small; give at least 1"),
        ({"dimension": -2}, "dimension = -2 is too small; give at least 1"),
        ({"dimension": 1.5}, "dimension = 1.5 is no whole number"),
        ({"dimension": "two"}, "dimension = 'two' is no whole number"),
        ({"prime": 4}, "prime = 4 is not prime; the nearest primes are 3 and 5"),
        ({"prime": 1}, "prime = 1 is too small; give at least 2"),
        ({"prime": 37}, "prime = 37 is above 31.*use a smaller prime"),
        ({"prime": 257}, "prime = 257 is above 31.*use a smaller prime, .*the dequantized sampler"),
        ({"activation": "rleu"}, "no activation 'rleu'. Did you mean 'relu'"),
        ({"activation": [1, 2, 3]}, r"shape \(3,\).*\(5,\)"),
        ({"activation": np.ones(5)}, "constant on Z_5.*choose another activation"),
        ({"prime": 2, "activation": "sine"}, "'sine' is constant on Z_2.*choose another activation or a larger prime"),
    ],
)
def test_the_transform_refuses_what_it_cannot_do(arguments, message):
    with pytest.raises(InputError, match=message):
        ridgelet_transform(**{"prime": 5, "dimension": 2, **arguments})
