"""The rader encoding: digits and bit strings, and the transform's amplitudes against the reference matrix R."""

import itertools

import numpy as np
import pytest
from qiskit.quantum_info import Statevector

from problems.errors import InputError
from problems.ridgelet import RidgeletProblem
from quantum.ridgelet import ENCODINGS, CircuitSampler, ridgelet_circuit, ridgelet_loader, ridgelet_transform
from tests import reference
from tests.quantum.ridgelet.evolving import evolved

GENERATORS = {3: 2, 5: 2, 17: 3, 257: 3}
WIDTHS = {3: 2, 5: 3, 17: 5, 257: 9}
SMALL = [(3, 1), (3, 2), (3, 3), (5, 1), (5, 2)]
LARGER = [(3, 4), (5, 3), (17, 1), (17, 2)]


def digit_states(prime):
    """The states |x>, rows, by their definition: |p, z=0> for x = g^p, and all p alike with z=1 for x = 0."""
    states = np.zeros((prime, 2 * (prime - 1)))
    states[0, prime - 1 :] = (prime - 1) ** -0.5
    for p in range(prime - 1):
        states[pow(GENERATORS[prime], p, prime), p] = 1
    return states


def spread(vectors, prime):
    """Vectors over digits (P^n, columns) as vectors over bit strings: first digits lowest, as qubits are numbered."""
    digits = round(np.log(len(vectors)) / np.log(prime))
    tensor = np.asarray(vectors).reshape(*[prime] * digits, -1)
    for axis in range(digits):
        tensor = np.moveaxis(np.tensordot(digit_states(prime), tensor, (0, axis)), 0, axis)
    order = [*range(digits)[::-1], digits]
    return tensor.transpose(order).reshape((2 * (prime - 1)) ** digits, -1)


def inputs(prime, dimension, functions):
    """Functions on the points as states of x_1, ..., x_D, and v in |0>."""
    data = spread(functions, prime)
    return np.vstack([data, np.zeros(((2 * (prime - 1) - 1) * len(data), data.shape[1]))])


def some_points(prime, dimension):
    """The columns of five points: 0, one with a zero, and three others."""
    chosen = np.random.default_rng([prime, dimension]).permutation(np.arange(2, prime**dimension))[:3]
    return np.eye(prime**dimension)[:, [0, 1, *chosen]]


def reference_columns(prime, dimension, functions, ridgelet):
    arguments = reference.activation_arguments(prime, dimension)
    return spread(np.asarray(ridgelet)[arguments] @ functions / prime ** (dimension / 2), prime)


def outcome_phases(actual, expected):
    """The factor of each bit string, the same in all columns; 0 where nothing is expected."""
    overlap = np.sum(actual * expected.conj(), axis=1)
    weight = np.sum(np.abs(expected) ** 2, axis=1)
    phases = np.where(weight > 1e-20, overlap / np.maximum(weight, 1e-20), 0)
    np.testing.assert_allclose(actual, phases[:, None] * expected, rtol=0, atol=1e-11)
    np.testing.assert_allclose(np.abs(phases[weight > 1e-20]), 1, rtol=0, atol=1e-9)
    return phases


@pytest.mark.parametrize(
    ("prime", "dimension", "activation"),
    [*((*size, name) for size in SMALL for name in reference.ACTIVATIONS), *((*size, "relu") for size in LARGER)],
)
def test_the_exact_transform_is_the_ridgelet_transform_of_every_point(prime, dimension, activation):
    points = some_points(prime, dimension) if (prime, dimension) in LARGER else np.eye(prime**dimension)
    circuit = ridgelet_transform(prime, dimension, activation, encoding="rader", exact=True)
    actual = evolved(circuit, inputs(prime, dimension, points))
    expected = reference_columns(prime, dimension, points, reference.ridgelet_table(prime, activation))
    overlap = np.vdot(expected, actual)
    np.testing.assert_allclose(actual, overlap / abs(overlap) * expected, rtol=0, atol=1e-11)


@pytest.mark.parametrize(("prime", "dimension"), [*SMALL, *LARGER])
def test_phases_left_out_depend_on_the_outcome_alone(prime, dimension):
    """One factor a bit string: for all points, so that they interfere as they should, and for all ridgelets."""
    rng = np.random.default_rng([prime, dimension])
    points = some_points(prime, dimension) if prime**dimension > 5 else np.eye(prime**dimension)
    functions = np.hstack([points, rng.normal(size=(len(points), 3))])
    functions /= np.linalg.norm(functions, axis=0)
    tables = [*reference.ACTIVATIONS, rng.normal(size=prime)] if prime < 17 else ["relu", rng.normal(size=prime)]
    found = []
    for table in tables:
        circuit = ridgelet_transform(prime, dimension, table, encoding="rader")
        actual = evolved(circuit, inputs(prime, dimension, functions))
        ridgelet = reference.ridgelet_table(prime, table) if isinstance(table, str) else table - np.mean(table)
        expected = reference_columns(prime, dimension, functions, ridgelet / np.linalg.norm(ridgelet))
        found.append(outcome_phases(actual, expected))
    for one, other in itertools.combinations(found, 2):
        both = (one != 0) & (other != 0)
        assert np.any(both)
        factor = np.vdot(one[both], other[both]) / np.count_nonzero(both)
        np.testing.assert_allclose(factor * one[both], other[both], rtol=0, atol=1e-8)
    assert np.mean(found[-1] != 0) > 0.9  # a ridgelet of all frequencies leaves no outcome out


@pytest.mark.parametrize(("prime", "dimension"), [(3, 2), (5, 1), (5, 2), (17, 1)])
def test_only_primes_above_3_leave_phases_out(prime, dimension):
    """So that the test above is not empty: without `exact` two-qubit gates and phases are really missing."""
    loose, exact = (ridgelet_transform(prime, dimension, encoding="rader", exact=exact) for exact in (False, True))
    gates = [circuit.num_nonlocal_gates() for circuit in (loose, exact)]
    assert gates[1] - gates[0] == (0 if prime == 3 else dimension + 1)


def test_the_transform_at_257_is_the_ridgelet_transform_of_a_function():
    """18 qubits: one function with a zero in its support, phases of outcomes aside; in RZZ gates too."""
    h = np.zeros((257, 1))
    h[[0, 1, 3, 200, 256], 0] = [0.5, -0.3, 0.6, 0.2, -0.5]
    h /= np.linalg.norm(h)
    start = inputs(257, 1, h)
    exact, loose, in_rzz = (
        evolved(ridgelet_transform(257, 1, "tanh", encoding="rader", **form), start)[:, 0]
        for form in ({"exact": True}, {"exact": False}, {"exact": True, "fractional": True})
    )
    x = np.flatnonzero(h)
    a, b = np.divmod(np.arange(257**2), 257)
    transformed = reference.ridgelet_table(257, "tanh")[(np.outer(a, x) - b[:, None]) % 257] @ h[x] / 257**0.5
    expected = spread(transformed, 257)[:, 0]
    for made in (exact, in_rzz):
        overlap = np.vdot(expected, made)
        np.testing.assert_allclose(made, overlap / abs(overlap) * expected, rtol=0, atol=1e-11)
    np.testing.assert_allclose(np.abs(loose), np.abs(expected), rtol=0, atol=1e-11)


@pytest.mark.parametrize(("prime", "dimension"), [(3, 1), (3, 3), (5, 2), (17, 2), (257, 1)])
def test_the_transform_has_one_register_for_each_feature_and_one_for_the_frequency(prime, dimension):
    circuit = ridgelet_transform(prime, dimension, encoding="rader")
    assert [register.name for register in circuit.qregs] == [*(f"x{j + 1}" for j in range(dimension)), "v"]
    assert {len(register) for register in circuit.qregs} == {WIDTHS[prime]} == {ENCODINGS["rader"](prime).digit_qubits}
    assert circuit.num_qubits == (dimension + 1) * WIDTHS[prime]
    assert circuit.num_clbits == 0


@pytest.mark.parametrize("prime", [3, 5, 17, 257])
def test_every_bit_string_decodes_to_the_digit_whose_state_holds_it(prime):
    encoding = ENCODINGS["rader"](prime)
    numbers = np.random.default_rng(prime).integers(0, 2 * (prime - 1), (1000, 5))
    numbers[: 2 * (prime - 1), 0] = np.arange(2 * (prime - 1))[:1000]
    bits = (numbers[:, :, None] >> np.arange(WIDTHS[prime]) & 1).reshape(1000, -1).astype(bool)
    digits, valid = encoding.decode(bits)
    assert np.all(valid)
    assert valid.shape == (1000,)
    np.testing.assert_array_equal(digits, np.argmax(digit_states(prime) != 0, axis=0)[numbers])
    assert digits.min() == 0
    assert digits.max() == prime - 1


@pytest.mark.parametrize("prime", [3, 5, 17, 257])
def test_encoding_and_decoding_digits_are_inverse(prime):
    encoding = ENCODINGS["rader"](prime)
    digits = np.random.default_rng(prime).integers(0, prime, (300, 3))
    digits[0], digits[1] = 0, prime - 1
    decoded, valid = encoding.decode(encoding.encode(digits))
    np.testing.assert_array_equal(decoded, digits)
    assert np.all(valid)


@pytest.mark.parametrize("prime", [3, 5, 17])
@pytest.mark.parametrize("rows", [[[0, 0]], [[0, 1]], [[1, 0], [2, 0]], [[0, 1], [1, 0], [0, 0]], [[1, 2], [2, 1]]])
def test_completed_basis_states_are_the_states_of_digits(prime, rows):
    """Columns without, with some and with only zeros."""
    encoding, digits = ENCODINGS["rader"](prime), np.array(rows)
    completion = encoding.complete(digits)
    for row, bits in zip(digits, encoding.encode(digits), strict=True):
        prepared = Statevector.from_int(int(bits @ (1 << np.arange(len(bits)))), 2 ** len(bits)).evolve(completion)
        expected = spread(np.eye(prime**2)[:, [row[0] * prime + row[1]]], prime)[:, 0]
        np.testing.assert_allclose(prepared.data, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["binary", "rader"])
@pytest.mark.parametrize(
    ("digits", "message"),
    [
        ([[0, 5]], r"digits\[0, 1\] = 5 is .*0\.\.4"),
        ([[0, 1], [-1, 2]], r"digits\[1, 0\] = -1 is .*0\.\.4"),
        ([[0.5, 1]], r"digits\[0, 0\] = 0\.5 "),
        ([[1, float("nan")]], r"digits\[0, 1\] = nan "),
        ([[1, float("inf")]], r"digits\[0, 1\] = inf "),
        ([0, 1], r"digits has shape \(2,\)"),
        ([[[0, 1]]], r"digits has shape \(1, 1, 2\)"),
        ([["a", "b"]], "digits"),
    ],
)
def test_what_are_no_digits_is_refused(name, digits, message):
    with pytest.raises(InputError, match=message):
        ENCODINGS[name](5).encode(digits)


@pytest.mark.parametrize("name", ["binary", "rader"])
def test_whole_numbers_as_floats_are_digits(name):
    encoding = ENCODINGS[name](5)
    np.testing.assert_array_equal(encoding.encode([[0.0, 4.0]]), encoding.encode([[0, 4]]))


@pytest.mark.parametrize("prime", [2, 7, 11, 13, 31, 37])
def test_other_primes_are_refused_and_the_binary_encoding_is_named(prime):
    problem = RidgeletProblem.from_samples([[0], [1]], [1, -1], prime)
    builds = [
        lambda: ridgelet_transform(prime, 2, encoding="rader"),
        lambda: ridgelet_circuit(problem, "rader"),
        lambda: ridgelet_loader(problem, "rader"),
        lambda: CircuitSampler(problem, encoding="rader"),
        lambda: CircuitSampler.check(problem, encoding="rader"),
    ]
    for build in builds:
        with pytest.raises(InputError, match=f"prime = {prime} .*3, 5, 17, 257.*encoding='binary'"):
            build()
