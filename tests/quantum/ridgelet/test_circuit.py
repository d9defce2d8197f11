"""The whole circuit: what is loaded, what comes out, and which wire holds what."""

import numpy as np
import pytest
from qiskit.quantum_info import Statevector

from problems.errors import InputError
from problems.ridgelet import RidgeletProblem
from quantum.backends import BACKENDS
from quantum.blocks import FilteredLoader, IdealLoader, SparseLoader
from quantum.ridgelet import ENCODINGS, LOADERS, ridgelet_circuit, ridgelet_loader
from quantum.ridgelet.loaders import loaded_state
from tests import reference
from tests.quantum.backends.states import final_state
from tests.quantum.blocks.test_filtered_loader import filtered_state
from tests.quantum.ridgelet.test_transform import QUBITS, basis_indices

# (P, D, samples, outputs)
PROBLEMS = [
    (2, 1, 1, 1),
    (2, 4, 12, 1),
    (2, 3, 10, 3),
    (2, 8, 14, 1),
    (3, 1, 4, 5),
    (3, 2, 8, 2),
    (3, 3, 15, 2),
    (3, 3, 40, 1),
    (3, 5, 3, 1),
    (5, 2, 12, 1),
    (5, 2, 12, 3),
    (7, 1, 6, 2),
    (11, 1, 8, 4),
    (13, 1, 8, 2),
    (17, 1, 10, 3),
    (31, 1, 20, 1),
]
REGULARIZATION = 0.05
# Aer rounds the entries of matrix product states near 1e-11.
TOLERANCE = {"aer_statevector": 1e-12, "aer_mps": 1e-9}


def samples(prime, dimension, n, outputs):
    return reference.random_samples(np.random.default_rng([prime, dimension, n, outputs]), prime, dimension, n, outputs)


def problem_of(prime, dimension, n, outputs, activation="relu"):
    x, y = samples(prime, dimension, n, outputs)
    return RidgeletProblem.from_samples(x, y, prime, REGULARIZATION, activation)


def simulated(circuit, problem, backend="aer_statevector"):
    """The final amplitudes of a measured circuit, on the way that the sampler takes, its bond dimension included."""
    rank = ENCODINGS["binary"](problem.prime).schmidt_rank(np.count_nonzero(problem.amplitudes))
    return final_state(circuit.remove_final_measurements(inplace=False), backend, rank)


def expected_loaded(prime, dimension, n, outputs):
    """h over the points and, above them, the outputs, from the reference."""
    x, y = samples(prime, dimension, n, outputs)
    h = reference.filtered_labels(x, y, prime, REGULARIZATION)
    class_qubits = (outputs - 1).bit_length()
    vector = np.zeros((2**class_qubits, 2 ** (dimension * QUBITS[prime])))
    vector[:outputs, basis_indices(prime, reference.all_points(prime, dimension))] = h.T
    return vector.reshape(-1) / np.linalg.norm(h)


@pytest.mark.parametrize("sizes", PROBLEMS)
def test_the_loaded_state_holds_h_over_points_and_outputs(sizes):
    state = loaded_state(problem_of(*sizes), ENCODINGS["binary"](sizes[0]))
    np.testing.assert_allclose(state.vector(), expected_loaded(*sizes), rtol=0, atol=1e-12)


@pytest.mark.parametrize("backend", sorted(BACKENDS))
@pytest.mark.parametrize("loader", ["ideal", "sparse"])
@pytest.mark.parametrize("sizes", PROBLEMS)
def test_both_loaders_prepare_the_loaded_state(sizes, loader, backend):
    problem = problem_of(*sizes)
    prepared = simulated(ridgelet_loader(problem, loader=loader), problem, backend)
    np.testing.assert_allclose(prepared, expected_loaded(*sizes), rtol=0, atol=TOLERANCE[backend])


@pytest.mark.parametrize("sizes", PROBLEMS)
def test_the_measured_circuit_begins_with_the_loader(sizes):
    problem = problem_of(*sizes)
    expected = expected_loaded(*sizes)
    gates = {"ideal": IdealLoader, "sparse": SparseLoader, "filtered": FilteredLoader}
    assert set(LOADERS) == set(gates)
    for name, gate in gates.items():
        circuit = ridgelet_circuit(problem, loader=name)
        first = circuit.data[0]
        assert isinstance(first.operation, gate)
        assert list(first.qubits) == circuit.qubits[: first.operation.num_qubits]
        state = filtered_state(first.operation) if name == "filtered" else first.operation.state
        np.testing.assert_allclose(state.vector(), expected, rtol=0, atol=1e-12)
        if name == "sparse":
            np.testing.assert_allclose(Statevector(first.operation.definition).data, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("backend", sorted(BACKENDS))
@pytest.mark.parametrize("loader", ["ideal", "sparse"])
@pytest.mark.parametrize("sizes", PROBLEMS)
def test_the_final_amplitudes_are_the_ridgelet_transform_of_h(sizes, loader, backend):
    prime, dimension, _, outputs = sizes
    x, y = samples(*sizes)
    problem = problem_of(*sizes)
    final = simulated(ridgelet_circuit(problem, loader=loader), problem, backend)
    h = reference.filtered_labels(x, y, prime, REGULARIZATION)
    expected = reference.transform_matrix(prime, dimension) @ h / np.linalg.norm(h)
    tolerance = TOLERANCE[backend]
    # The wires: x_1 ... x_D, then the output, then v.
    class_qubits, width = (outputs - 1).bit_length(), QUBITS[prime]
    amplitudes = final.reshape(2**width, 2**class_qubits, 2 ** (dimension * width)).transpose(0, 2, 1)
    nodes = basis_indices(prime, reference.all_points(prime, dimension + 1))
    amplitudes = amplitudes.reshape(-1, 2**class_qubits)
    overlap = np.vdot(expected, amplitudes[nodes, :outputs])
    np.testing.assert_allclose(amplitudes[nodes, :outputs], overlap / abs(overlap) * expected, rtol=0, atol=tolerance)
    # No amplitude on bit patterns that are no digits, or no outputs.
    assert np.max(np.abs(np.delete(amplitudes, nodes, axis=0)), initial=0) < tolerance
    assert np.max(np.abs(amplitudes[:, outputs:]), initial=0) < tolerance
    # Tracing out the output leaves the optimized distribution.
    probabilities = np.sum(np.abs(amplitudes[nodes]) ** 2, axis=1)
    p = reference.optimized_distribution(x, y, prime, REGULARIZATION)
    np.testing.assert_allclose(probabilities, p, rtol=0, atol=tolerance)


@pytest.mark.parametrize("activation", reference.ACTIVATIONS)
def test_the_final_probabilities_are_the_optimized_distribution_for_every_activation(activation):
    x, y = samples(5, 2, 10, 1)
    problem = problem_of(5, 2, 10, 1, activation)
    final = simulated(ridgelet_circuit(problem), problem)
    nodes = basis_indices(5, reference.all_points(5, 3))
    expected = reference.optimized_distribution(x, y, 5, REGULARIZATION, activation)
    np.testing.assert_allclose(np.abs(final[nodes]) ** 2, expected, rtol=0, atol=1e-12)


def test_an_output_that_is_zero_at_a_point_is_left_out_of_the_loaded_state():
    problem = RidgeletProblem.from_samples([[0], [1], [2]], [[1, 0], [0, -1], [2, 2]], prime=3)
    state = loaded_state(problem, ENCODINGS["binary"](3))
    assert len(state) == 4
    h = np.array([[1, 0], [0, -1], [2, 2]]) / 10**0.5
    expected = np.zeros(8)
    expected[[0, 1, 2, 4, 5, 6]] = h.T.reshape(-1)
    np.testing.assert_allclose(state.vector(), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("loader", ["ideal", "sparse"])
@pytest.mark.parametrize(("outputs", "output_qubits"), [(1, 0), (2, 1), (3, 2), (4, 2), (5, 3)])
def test_the_circuit_measures_all_digits_and_never_the_output(outputs, output_qubits, loader):
    circuit = ridgelet_circuit(problem_of(5, 2, 8, outputs), loader=loader)
    registers = {register.name: list(register) for register in circuit.qregs}
    names = ["x1", "x2", "output", "v"] if output_qubits else ["x1", "x2", "v"]
    assert list(registers) == names
    assert len(registers.get("output", [])) == output_qubits
    assert [register.name for register in circuit.cregs] == ["node"]
    measured = [item for item in circuit.data if item.operation.name == "measure"]
    order = [*registers["x1"], *registers["x2"], *registers["v"]]
    assert [(item.qubits[0], item.clbits[0]) for item in measured] == list(zip(order, circuit.clbits, strict=True))


def test_the_circuit_does_not_touch_its_problem():
    problem = problem_of(3, 2, 8, 2)
    points, amplitudes = problem.points.copy(), problem.amplitudes.copy()
    simulated(ridgelet_circuit(problem, loader="sparse"), problem)
    np.testing.assert_array_equal(problem.points, points)
    np.testing.assert_array_equal(problem.amplitudes, amplitudes)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"encoding": "binray"}, "no encoding 'binray'. Did you mean 'binary'"),
        ({"encoding": 3}, "no encoding 3. There are: .*binary"),
        ({"loader": "spare"}, "no loader 'spare'. Did you mean 'sparse'"),
        ({"loader": "ideel"}, "no loader 'ideel'. Did you mean 'ideal'"),
        ({"loader": "filterd"}, "no loader 'filterd'. Did you mean 'filtered'"),
        ({"loader": None}, "no loader None. There are: .*ideal, .*sparse"),
        ({"encoding": "radar"}, "no encoding 'radar'. Did you mean 'rader'"),
    ],
)
@pytest.mark.parametrize("build", [ridgelet_circuit, ridgelet_loader])
def test_an_unknown_name_is_refused_and_the_nearest_is_named(build, arguments, message):
    with pytest.raises(InputError, match=message):
        build(problem_of(3, 1, 3, 1), **arguments)


@pytest.mark.parametrize("build", [ridgelet_circuit, ridgelet_loader])
@pytest.mark.parametrize("prime", [37, 257])
def test_a_prime_above_31_is_refused_with_a_remedy(build, prime):
    problem = RidgeletProblem.from_samples([[0], [1]], [1, -1], prime)
    with pytest.raises(InputError, match=f"prime = {prime} is above 31.*use a smaller prime, .*the dequantized"):
        build(problem)


@pytest.mark.parametrize("build", [ridgelet_circuit, ridgelet_loader])
@pytest.mark.parametrize("value", [None, "digits", ([[0], [1]], [1, -1])])
def test_what_is_no_problem_is_refused_with_the_way_to_make_one(build, value):
    with pytest.raises(InputError, match=f"not {type(value).__name__}; make one with RidgeletProblem.from_samples"):
        build(value)
