"""The ridgelet transform by the Chinese remainder theorem: amplitudes, whole circuits, samples, prices, refusals."""

import itertools

import numpy as np
import pytest
from qiskit import generate_preset_pass_manager
from qiskit_aer import AerSimulator

from problems.errors import InputError
from problems.ridgelet import RidgeletProblem
from quantum.backends import BACKENDS
from quantum.backends.aer import bond_dimension
from quantum.backends.line import on_a_line
from quantum.resources import gate_counts
from quantum.ridgelet import (
    ENCODINGS,
    CircuitSampler,
    encodings_of,
    measured_transform,
    ridgelet_circuit,
    ridgelet_loader,
    ridgelet_transform,
)
from quantum.ridgelet.sampler import schmidt_rank
from tests import reference
from tests.quantum.blocks.agreement import act, assert_close, assert_equal_up_to_phase
from tests.quantum.blocks.test_crt_digit import FACTORS, digit_code, width_of
from tests.quantum.ridgelet.evolving import evolved

BOTH = sorted(BACKENDS)
LOADERS = ["filtered", "ideal", "sparse"]
REGULARIZATION = 0.05
TOLERANCE = {"aer_statevector": 1e-11, "aer_mps": 1e-9}
"""Aer rounds the entries of matrix product states near 1e-11."""
# (P, D, samples, outputs)
PROBLEMS = [(7, 1, 5, 1), (7, 1, 6, 3), (7, 2, 5, 2), (11, 1, 6, 2), (13, 1, 8, 1), (31, 1, 5, 1)]
PER_DIMENSION = {7: 18, 11: 58, 13: 34, 31: 119, 41: 127, 61: 176, 97: 210, 241: 621}


def code_of(prime, digits):
    """The states of several digits, columns counted like digits in `reference` (the last fastest), qubits x_1 first."""
    code = digit_code(prime)
    states = np.ones((1, 1))
    for _ in range(digits):
        # A new digit is higher among the qubits and the fastest among the columns.
        states = np.einsum("ax,by->baxy", states, code).reshape(len(states) * len(code), -1)
    return states


def assert_equal_up_to_outcome_phases(actual, expected, tolerance):
    """Row by row one phase, the same for all columns, even where a row is small."""
    overlaps = np.sum(expected.conj() * actual, axis=1, keepdims=True)
    phases = np.where(abs(overlaps) > tolerance**2, overlaps, 1)
    assert_close(actual, phases / abs(phases) * expected, tolerance)


# The transform.


CASES = [
    *((7, 1, activation) for activation in reference.ACTIVATIONS),
    *((7, 2, activation) for activation in ("relu", "sine")),
    *((13, 1, activation) for activation in reference.ACTIVATIONS),
    (11, 1, "tanh"),
    (31, 1, "relu"),
    (31, 1, "gaussian"),
]


@pytest.mark.parametrize(("prime", "dimension", "activation"), CASES)
def test_the_transform_is_the_ridgelet_transform_of_every_point(prime, dimension, activation):
    """Every |x>, those with zeros and with flags among them; up to one phase for all, and nothing off the code."""
    circuit = ridgelet_transform(prime, dimension, activation, encoding="crt", exact=True)
    columns = evolved(circuit, code_of(prime, dimension))
    expected = code_of(prime, dimension + 1) @ reference.transform_matrix(prime, dimension, activation)
    assert_equal_up_to_phase(columns, expected, 1e-11)


@pytest.mark.parametrize(
    ("prime", "dimension", "activation"), [(7, 1, "relu"), (7, 2, "step"), (13, 1, "tanh"), (31, 1, "relu")]
)
def test_without_exact_there_are_phases_of_the_outcome_alone(prime, dimension, activation):
    circuit = ridgelet_transform(prime, dimension, activation, encoding="crt")
    columns = evolved(circuit, code_of(prime, dimension))
    expected = code_of(prime, dimension + 1) @ reference.transform_matrix(prime, dimension, activation)
    assert_equal_up_to_outcome_phases(columns, expected, 1e-11)


@pytest.mark.parametrize(("prime", "dimension"), [(7, 3), (11, 2), (13, 2), (41, 1), (61, 1)])
def test_the_transform_of_a_superposition_is_the_ridgelet_transform_of_the_function(prime, dimension):
    h = np.random.default_rng(prime).normal(size=prime**dimension)
    h /= np.linalg.norm(h)
    circuit = ridgelet_transform(prime, dimension, "tanh", encoding="crt", exact=True)
    columns = evolved(circuit, (on_code(prime, h.reshape((prime,) * dimension)))[:, None])
    assert_equal_up_to_phase(columns[:, 0], on_code(prime, transform_of(prime, dimension, h, "tanh")), 1e-11)


def on_code(prime, amplitudes):
    """Amplitudes over digits, one axis a digit, as a state of qubits, the first digit lowest."""
    for axis in range(amplitudes.ndim):
        amplitudes = np.moveaxis(np.tensordot(digit_code(prime), amplitudes, (1, axis)), 0, axis)
    return amplitudes.transpose().reshape(-1)


def transform_of(prime, dimension, h, activation):
    """R[h] from its definition: for each node, the sum over the points of h(x) r(a.x - b)."""
    r = reference.ridgelet_table(prime, activation)
    points = reference.all_points(prime, dimension)
    weights = reference.all_points(prime, dimension)  # a takes the same values as x
    products = (weights @ points.T) % prime
    rows = [r[(products - b) % prime] @ h for b in range(prime)]
    return np.stack(rows, axis=-1).reshape((prime,) * (dimension + 1)) / prime ** (dimension / 2)


def test_the_transform_takes_a_table_with_vanishing_frequencies():
    table = np.cos(2 * np.pi * np.arange(13) / 13)
    expected = table[reference.activation_arguments(13, 1)] / np.linalg.norm(table) / 13**0.5
    circuit = ridgelet_transform(13, 1, table, encoding="crt", exact=True)
    assert_equal_up_to_phase(evolved(circuit, code_of(13, 1)), code_of(13, 2) @ expected, 1e-11)


@pytest.mark.parametrize(("prime", "dimension"), [(7, 1), (7, 3), (13, 2), (31, 1), (241, 4)])
def test_there_is_one_register_for_each_feature_and_one_for_the_frequency(prime, dimension):
    circuit = ridgelet_transform(prime, dimension, encoding="crt")
    names = [*(f"x{j + 1}" for j in range(dimension)), "v"]
    assert [(register.name, len(register)) for register in circuit.qregs] == [(name, width_of(prime)) for name in names]
    assert circuit.num_clbits == 0
    measured = measured_transform(prime, dimension, encoding="crt")
    assert [register.name for register in measured.cregs] == ["node"]
    steps = [step for step in measured.data if step.operation.name == "measure"]
    assert [step.qubits[0] for step in steps] == measured.qubits
    assert [step.clbits[0] for step in steps] == measured.clbits


# The encoding of points.


@pytest.mark.parametrize("prime", FACTORS)
def test_encoding_and_decoding_digits_are_inverse(prime):
    encoding = ENCODINGS["crt"](prime)
    assert (encoding.name, encoding.prime, encoding.digit_qubits) == ("crt", prime, width_of(prime))
    digits = np.random.default_rng(prime).integers(0, prime, (100, 3))
    digits[0] = 0
    bits = encoding.encode(digits)
    assert bits.shape == (100, 3 * width_of(prime))
    decoded, valid = encoding.decode(bits)
    np.testing.assert_array_equal(decoded, digits)
    assert valid.tolist() == [True] * 100


@pytest.mark.parametrize("prime", [7, 31])
def test_every_row_of_bits_is_a_node(prime):
    encoding = ENCODINGS["crt"](prime)
    bits = np.random.default_rng(prime).integers(0, 2, (500, 2 * width_of(prime))).astype(bool)
    digits, valid = encoding.decode(bits)
    assert digits.shape == (500, 2)
    assert np.all(valid)
    assert digits.min() == 0
    assert digits.max() == prime - 1


@pytest.mark.parametrize("digits", [[[0], [3], [5]], [[0, 1], [4, 0], [6, 6]], [[2, 1], [2, 4]], [[1], [6]], [[0]]])
def test_points_are_completed_to_their_states(digits):
    encoding, digits = ENCODINGS["crt"](7), np.array(digits)
    circuit = encoding.complete(digits)
    assert circuit.num_qubits == digits.shape[1] * 4
    starts = np.zeros((2**circuit.num_qubits, len(digits)))
    starts[encoding.encode(digits) @ (1 << np.arange(circuit.num_qubits)), np.arange(len(digits))] = 1
    code = code_of(7, digits.shape[1])
    assert_close(act(circuit, starts), code[:, np.ravel_multi_index(tuple(digits.T), (7,) * digits.shape[1])])


# Whole circuits.


def samples(prime, dimension, n, outputs):
    """Samples with repeated points, and with zeros: the first point is 0, and so is a digit of the second."""
    rng = np.random.default_rng([prime, dimension, n, outputs])
    x, y = reference.random_samples(rng, prime, dimension, n, outputs)
    x[0] = 0
    x[1, 0] = 0
    x[-1] = x[-2]
    return x, y


def problem_of(*sizes):
    x, y = samples(*sizes)
    return RidgeletProblem.from_samples(x, y, sizes[0], REGULARIZATION)


def simulated(circuit):
    """The final amplitudes of a measured circuit."""
    unmeasured = circuit.remove_final_measurements(inplace=False)
    unmeasured.save_statevector()
    program = BACKENDS["aer_statevector"].prepare(unmeasured, 1)
    return np.asarray(program.simulator.run(program.circuit).result().data(0)["statevector"])


def on_neighbors(circuit, **options):
    """A simulator of matrix product states, and the circuit without measurements as the backend hands it over."""
    simulator = AerSimulator(method="matrix_product_state", **options)
    passes = generate_preset_pass_manager(optimization_level=0, target=simulator.target, seed_transpiler=0)
    unmeasured = circuit.remove_final_measurements(inplace=False)
    unmeasured.barrier()  # the qubits return to their places
    return simulator, on_a_line(passes.run(unmeasured))


def simulated_as_matrix_product(circuit, problem, loader):
    """The same amplitudes, from a matrix product state that is allowed the declared Schmidt rank and no more."""
    rank = schmidt_rank(problem, ENCODINGS["crt"](problem.prime), loader)
    bond = bond_dimension(circuit.num_qubits, rank)
    simulator, line = on_neighbors(circuit, matrix_product_state_max_bond_dimension=bond)
    line.save_statevector()
    return np.asarray(simulator.run(line).result().data(0)["statevector"])


def expected_h(sizes):
    """h over points (rows) and outputs, normalized."""
    h = reference.filtered_labels(*samples(*sizes), sizes[0], REGULARIZATION)
    return h / np.linalg.norm(h)


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("sizes", PROBLEMS)
def test_every_loader_prepares_h_on_the_code(sizes, loader):
    problem, (prime, dimension, _, outputs) = problem_of(*sizes), sizes
    circuit = ridgelet_loader(problem, "crt", loader)
    prepared = simulated(circuit)
    width, output_qubits = dimension * width_of(prime), (outputs - 1).bit_length()
    expected = np.zeros((2 ** (circuit.num_qubits - width), 2**width))  # the loader's own qubits end in |0>
    expected[:outputs] = (code_of(prime, dimension) @ expected_h(sizes)).T
    assert circuit.num_qubits - width >= output_qubits
    assert_equal_up_to_phase(prepared, expected.reshape(-1), 1e-9 if loader == "filtered" else 1e-11)


@pytest.mark.parametrize(
    ("sizes", "loader", "backend"),
    [
        *((sizes, loader, "aer_statevector") for sizes, loader in itertools.product(PROBLEMS, LOADERS)),
        *((sizes, "sparse", "aer_mps") for sizes in PROBLEMS),
        ((7, 2, 5, 2), "filtered", "aer_mps"),
    ],
)
def test_the_final_amplitudes_are_the_ridgelet_transform_of_h(sizes, loader, backend):
    """Up to phases of (a, b) alone, so the outputs share them; the matrix product state truncates nothing."""
    problem, (prime, dimension, _, outputs) = problem_of(*sizes), sizes
    circuit = ridgelet_circuit(problem, "crt", loader)
    final = simulated(circuit) if backend != "aer_mps" else simulated_as_matrix_product(circuit, problem, loader)
    data, width = 2 ** (dimension * width_of(prime)), 2 ** width_of(prime)
    final = final.reshape(width, -1, data).transpose(0, 2, 1).reshape(width * data, -1)
    amplitudes = code_of(prime, dimension + 1) @ (reference.transform_matrix(prime, dimension) @ expected_h(sizes))
    tolerance = 1e-8 if loader == "filtered" else TOLERANCE[backend]
    assert_equal_up_to_outcome_phases(final[:, :outputs], amplitudes, tolerance)
    assert np.max(np.abs(final[:, outputs:]), initial=0) < tolerance
    # What is measured and decoded has the optimized distribution.
    bits = np.arange(width * data)[:, None] >> np.arange((dimension + 1) * width_of(prime)) & 1
    digits, valid = ENCODINGS["crt"](prime).decode(bits.astype(bool))
    assert np.all(valid)
    numbers = np.ravel_multi_index(tuple(digits.T), (prime,) * (dimension + 1))
    probabilities = np.bincount(numbers, np.sum(abs(final) ** 2, axis=1), prime ** (dimension + 1))
    expected = reference.optimized_distribution(*samples(*sizes), prime, REGULARIZATION)
    assert_close(probabilities, expected, tolerance)


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(("outputs", "output_qubits"), [(1, 0), (3, 2)])
def test_the_circuit_measures_all_digits_and_nothing_else(outputs, output_qubits, loader):
    circuit = ridgelet_circuit(problem_of(7, 2, 5, outputs), "crt", loader)
    registers = {register.name: list(register) for register in circuit.qregs}
    assert len(registers.get("output", [])) == output_qubits
    measured = [step for step in circuit.data if step.operation.name == "measure"]
    order = [*registers["x1"], *registers["x2"], *registers["v"]]
    assert [(step.qubits[0], step.clbits[0]) for step in measured] == list(zip(order, circuit.clbits, strict=True))


@pytest.mark.parametrize("backend", BOTH)
@pytest.mark.parametrize(
    ("sizes", "loader"),
    [((7, 1, 6, 3), "sparse"), ((7, 2, 5, 2), "ideal"), ((13, 1, 8, 1), "ideal"), ((31, 1, 5, 1), "sparse")],
)
def test_samples_have_the_optimized_distribution(sizes, loader, backend):
    sampler = CircuitSampler(problem_of(*sizes), backend, "crt", loader)
    nodes = sampler.sample(4000, seed=1)
    expected = reference.optimized_distribution(*samples(*sizes), sizes[0], REGULARIZATION)
    assert nodes.a.shape == (4000, sizes[1])
    numbers = reference.node_numbers(nodes, sizes[0])
    assert reference.chi_square_pvalue(numbers, expected) > 1e-3
    # The test has power: another problem's distribution fails it.
    other = reference.optimized_distribution(*samples(*sizes), sizes[0], REGULARIZATION, "sine")
    assert reference.chi_square_pvalue(numbers, other) < 1e-9


@pytest.mark.parametrize(("prime", "dimension", "terms"), [(7, 1, 1), (7, 3, 1), (7, 3, 2), (13, 2, 1)])
def test_the_bound_on_the_schmidt_rank_holds_at_every_moment(prime, dimension, terms):
    """Of an exact matrix product state, after each gate that the simulator is handed."""
    rng = np.random.default_rng(0)
    problem = RidgeletProblem.from_samples(rng.integers(0, prime, (terms, dimension)), rng.normal(size=terms), prime)
    simulator, line = on_neighbors(ridgelet_circuit(problem, "crt", "sparse"))
    watched = line.copy_empty_like()
    for number, step in enumerate(line.data):
        watched.append(step)
        if len(step.qubits) > 1:
            watched.save_matrix_product_state(label=str(number))
    states = simulator.run(watched).result().data(0).values()
    # An entry of an exact state is either a number or rounding.
    ranks = [np.count_nonzero(np.asarray(cut) > 1e-8) for _, cuts in states for cut in cuts]
    assert max(ranks) <= schmidt_rank(problem, ENCODINGS["crt"](prime), "sparse")


def test_many_features_are_sampled_by_a_matrix_product_state():
    """17 digits in 68 qubits. Of a single point, a is uniform and a.x - b is distributed as r^2."""
    x = np.random.default_rng(0).integers(0, 7, (1, 16))
    nodes = CircuitSampler(RidgeletProblem.from_samples(x, [1.0], 7), "aer_mps", "crt").sample(1000, seed=2)
    arguments = (nodes.a @ x[0] - nodes.b) % 7
    assert reference.chi_square_pvalue(arguments, reference.ridgelet_table(7) ** 2) > 1e-3
    assert reference.chi_square_pvalue(nodes.a.reshape(-1), np.full(7, 1 / 7)) > 1e-3


# Prices and refusals.


@pytest.mark.parametrize(("prime", "gates"), PER_DIMENSION.items())
def test_a_dimension_costs_what_was_published(prime, gates):
    dimensions = range(2, 6) if prime < 31 else range(2, 4)  # linear as every other, so that each is seen of two
    counts = [gate_counts(ridgelet_transform(prime, d, encoding="crt"), 2).two_qubit for d in dimensions]
    assert set(np.diff(counts).tolist()) == {gates}


def test_what_is_measured_is_not_made_exact():
    loose, exact = (ridgelet_transform(13, 2, encoding="crt", exact=exact) for exact in (False, True))
    measured = gate_counts(measured_transform(13, 2, encoding="crt")).two_qubit
    assert measured == gate_counts(loose).two_qubit == gate_counts(exact).two_qubit - 3  # one a register


@pytest.mark.parametrize(("prime", "binary"), [(7, 164)])
def test_a_dimension_costs_less_than_in_binary(prime, binary):
    counts = [gate_counts(ridgelet_transform(prime, dimension), 2).two_qubit for dimension in (2, 3, 4)]
    assert set(np.diff(counts).tolist()) == {binary}
    assert PER_DIMENSION[prime] < binary


def test_each_prime_has_its_encodings():
    assert encodings_of(7) == encodings_of(31) == ["binary", "crt"]
    assert encodings_of(17) == ["binary", "rader"]
    assert encodings_of(41) == encodings_of(241) == ["crt"]
    assert encodings_of(257) == ["rader"]
    assert encodings_of(19) == encodings_of(2) == ["binary"]
    assert encodings_of(37) == encodings_of(263) == []


@pytest.mark.parametrize("prime", [2, 3, 5, 17, 19, 37, 257])
def test_other_primes_are_refused_with_ways_out(prime):
    problem = RidgeletProblem.from_samples([[0], [1]], [1, -1], prime, activation="step")
    message = rf"prime = {prime} .*encoding='rader'.*encoding='binary'"
    for refuse in (
        lambda: ENCODINGS["crt"](prime),
        lambda: ridgelet_transform(prime, 1, "step", encoding="crt"),
        lambda: ridgelet_loader(problem, "crt"),
        lambda: ridgelet_circuit(problem, "crt"),
        lambda: CircuitSampler(problem, encoding="crt"),
        lambda: CircuitSampler.check(problem, encoding="crt"),
    ):
        with pytest.raises(InputError, match=message):
            refuse()


@pytest.mark.parametrize("prime", [7, 31, 241])
def test_a_dynamic_circuit_is_refused_with_a_way_out(prime):
    problem = RidgeletProblem.from_samples([[0], [1]], [1, -1], prime)
    message = "dynamic=True .*encoding='rader'.* 3, 5, 17 and 257"
    for refuse in (
        lambda: measured_transform(prime, 2, encoding="crt", dynamic=True),
        lambda: ridgelet_circuit(problem, "crt", "sparse", dynamic=True),
        lambda: CircuitSampler(problem, encoding="crt", loader="sparse", dynamic=True),
    ):
        with pytest.raises(InputError, match=message):
            refuse()


@pytest.mark.parametrize(
    ("digits", "message"),
    [
        ([[7]], r"digits\[0, 0\] = 7 is no whole number in 0..6"),
        ([[0, 1], [2, -1]], r"digits\[1, 1\] = -1 is no whole number in 0..6"),
        ([[1.5]], r"digits\[0, 0\] = 1.5 is no whole number in 0..6"),
        ([1, 2], r"digits has shape \(2,\), but shape \(n, D\) is needed"),
        ([["a"]], "digits holds .* give whole numbers 0..6"),
    ],
)
def test_what_is_no_digit_is_refused(digits, message):
    with pytest.raises(InputError, match=message):
        ENCODINGS["crt"](7).encode(np.array(digits))
