"""Loader, transform and measurement together, in both encodings, with every loader, and semiclassical."""

import numpy as np
import pytest
from qiskit import QuantumCircuit

from problems.ridgelet import RidgeletProblem
from quantum.backends import BACKENDS
from quantum.blocks import IdealLoader
from quantum.ridgelet import ENCODINGS, LOADERS, ridgelet_circuit, ridgelet_loader
from quantum.ridgelet.sampler import schmidt_rank
from tests import reference
from tests.quantum.backends.states import final_state
from tests.quantum.ridgelet.test_rader_transform import outcome_phases, spread
from tests.quantum.ridgelet.test_transform import QUBITS, basis_indices

REGULARIZATION = 0.1
# (P, D, distinct points, outputs): the point 0 is among them, and points repeat once to three times.
CASES = [(3, 1, 3, 1), (3, 2, 5, 3), (3, 3, 7, 1), (5, 1, 4, 2), (5, 2, 6, 1), (17, 1, 8, 1)]
TOLERANCE = {"aer_statevector": 1e-11, "aer_mps": 1e-8}


def samples(prime, dimension, points, outputs):
    rng = np.random.default_rng([prime, dimension, points])
    chosen = np.append(0, 1 + rng.permutation(prime**dimension - 1)[: points - 1])
    x = np.repeat(reference.all_points(prime, dimension)[chosen], [1, 3, *rng.integers(1, 4, points - 2)], axis=0)
    y = rng.normal(size=(len(x), outputs))
    return x, y[:, 0] if outputs == 1 else y


def problem_of(case):
    x, y = samples(*case)
    return RidgeletProblem.from_samples(x, y, case[0], REGULARIZATION)


def coded(encoding, prime, vectors):
    """Vectors over digits as vectors over bit strings."""
    if encoding == "rader":
        return spread(vectors, prime)
    digits = round(np.log(len(vectors)) / np.log(prime))
    result = np.zeros((2 ** (digits * QUBITS[prime]), vectors.shape[1]))
    result[basis_indices(prime, reference.all_points(prime, digits))] = vectors
    return result


def node_amplitudes(circuit, state):
    """Amplitudes by the bits of the node (rows) and of the output (columns); the loader's own qubits are in |0>."""
    sizes = {register.name: len(register) for register in circuit.qregs}
    own, output, v = sizes.pop("loader", 0), sizes.pop("output", 0), sizes.pop("v")
    tensor = state.reshape(2**v, 2**own, 2**output, 2 ** sum(sizes.values()))
    assert np.max(np.abs(tensor[:, 1:]), initial=0) < 1e-8
    return tensor[:, 0].transpose(0, 2, 1).reshape(-1, 2**output)


def expected_amplitudes(case, encoding, columns):
    x, y = samples(*case)
    h = reference.filtered_labels(x, y, case[0], REGULARIZATION)
    transformed = reference.transform_matrix(*case[:2]) @ h / np.linalg.norm(h)
    return coded(encoding, case[0], np.pad(transformed, ((0, 0), (0, columns - h.shape[1]))))


def deferred(circuit):
    """The same circuit with measurements left to the end: what waits for a bit is controlled by its qubit."""
    result, held = QuantumCircuit(*circuit.qregs), {}
    for item in circuit.data:
        if item.operation.name == "measure":
            held[item.clbits[0]] = item.qubits[0]
        elif item.operation.name == "if_else":
            (clbit, value), (body, *otherwise) = item.operation.condition, item.operation.blocks
            assert not otherwise
            for inner in body.data:
                qubits = [item.qubits[body.find_bit(qubit).index] for qubit in inner.qubits]
                assert not set(qubits) & set(held.values())
                result.append(inner.operation.control(1, ctrl_state=int(value)), [held[clbit], *qubits])
        else:
            assert not set(item.qubits) & set(held.values()), "a measured qubit is used"
            result.append(item.operation, item.qubits)
    digits = [qubit for register in circuit.qregs if register.name[0] in "xv" for qubit in register]
    assert [held[clbit] for clbit in circuit.clbits] == digits
    return result


@pytest.mark.parametrize("backend", sorted(BACKENDS))
@pytest.mark.parametrize("loader", sorted(LOADERS))
@pytest.mark.parametrize("encoding", ["binary", "rader"])
@pytest.mark.parametrize("case", CASES)
def test_the_loaded_state_holds_h_in_the_states_of_digits(case, encoding, loader, backend):
    x, y = samples(*case)
    problem = problem_of(case)
    circuit = ridgelet_loader(problem, encoding, loader)
    state = final_state(circuit, backend, schmidt_rank(problem, ENCODINGS[encoding](case[0]), loader))
    h = reference.filtered_labels(x, y, case[0], REGULARIZATION)
    expected = np.zeros((2 ** (circuit.num_qubits - case[1] * QUBITS[case[0]]), 2 ** (case[1] * QUBITS[case[0]])))
    expected[: case[3]] = coded(encoding, case[0], h / np.linalg.norm(h)).T
    tolerance = TOLERANCE[backend]
    np.testing.assert_allclose(state, np.vdot(expected, state) * expected.reshape(-1), rtol=0, atol=tolerance)
    assert abs(abs(np.vdot(expected, state)) - 1) < tolerance


@pytest.mark.parametrize("backend", sorted(BACKENDS))
@pytest.mark.parametrize("loader", sorted(LOADERS))
@pytest.mark.parametrize("encoding", ["binary", "rader"])
@pytest.mark.parametrize("case", CASES)
def test_the_final_amplitudes_are_the_ridgelet_transform_of_h(case, encoding, loader, backend):
    problem = problem_of(case)
    circuit = ridgelet_circuit(problem, encoding, loader).remove_final_measurements(inplace=False)
    actual = node_amplitudes(
        circuit, final_state(circuit, backend, schmidt_rank(problem, ENCODINGS[encoding](case[0]), loader))
    )
    expected = expected_amplitudes(case, encoding, actual.shape[1])
    tolerance = TOLERANCE[backend]
    # One phase for each outcome, whatever the output; and the distribution.
    if encoding == "rader":
        factor = np.sum(actual * expected, axis=1, keepdims=True)
        factor /= np.maximum(np.abs(factor), 1e-30)
    else:
        factor = np.vdot(expected, actual)
    np.testing.assert_allclose(actual, factor * expected, rtol=0, atol=tolerance)
    np.testing.assert_allclose(np.abs(actual) ** 2, expected**2, rtol=0, atol=tolerance)


@pytest.mark.parametrize("loader", sorted(LOADERS))
@pytest.mark.parametrize("case", CASES)
def test_the_dynamic_circuit_gives_the_same_outcomes(case, loader):
    problem = problem_of(case)
    dynamic = ridgelet_circuit(problem, "rader", loader, dynamic=True)
    assert dynamic.num_clbits == (case[1] + 1) * QUBITS[case[0]]
    circuit = deferred(dynamic)
    actual = node_amplitudes(
        circuit, final_state(circuit, "aer_statevector", schmidt_rank(problem, ENCODINGS["rader"](case[0]), loader))
    )
    outcome_phases(actual, expected_amplitudes(case, "rader", actual.shape[1]))


@pytest.mark.parametrize("encoding", ["binary", "rader"])
@pytest.mark.parametrize("case", CASES[:5])
def test_decoded_outcomes_follow_the_optimized_distribution_exactly(case, encoding):
    """The probabilities of all bit strings, decoded and added up."""
    problem = problem_of(case)
    circuit = ridgelet_circuit(problem, encoding).remove_final_measurements(inplace=False)
    actual = node_amplitudes(
        circuit, final_state(circuit, "aer_statevector", schmidt_rank(problem, ENCODINGS[encoding](case[0]), "ideal"))
    )
    probabilities = np.sum(np.abs(actual) ** 2, axis=1)
    qubits = (case[1] + 1) * QUBITS[case[0]]
    bits = (np.arange(2**qubits)[:, None] >> np.arange(qubits) & 1).astype(bool)
    digits, valid = ENCODINGS[encoding](case[0]).decode(bits)
    assert np.all(valid) == (encoding == "rader")
    assert np.sum(probabilities[~valid]) < 1e-12
    numbers = np.ravel_multi_index(tuple(digits[valid].T), (case[0],) * (case[1] + 1))
    total = np.bincount(numbers, probabilities[valid], case[0] ** (case[1] + 1))
    expected = reference.optimized_distribution(*samples(*case), case[0], REGULARIZATION)
    np.testing.assert_allclose(total, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("loader", sorted(LOADERS))
@pytest.mark.parametrize("encoding", ["binary", "rader"])
def test_registers_stand_in_order_and_digits_alone_are_measured(encoding, loader):
    circuit = ridgelet_circuit(problem_of(CASES[1]), encoding, loader)
    names = [register.name for register in circuit.qregs]
    assert names == ["x1", "x2", "output", *(["loader"] if loader == "filtered" else []), "v"]
    digits = [qubit for register in circuit.qregs if register.name in ("x1", "x2", "v") for qubit in register]
    pairs = [(item.qubits[0], item.clbits[0]) for item in circuit.data if item.operation.name == "measure"]
    assert pairs == list(zip(digits, circuit.clbits, strict=True))
    assert (circuit.data[0].operation.name.startswith("ideal")) == (loader == "ideal")
    assert isinstance(circuit.data[0].operation, IdealLoader) == (loader == "ideal")
