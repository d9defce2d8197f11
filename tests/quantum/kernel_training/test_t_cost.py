"""T gates of a query and of whole circuits, within the stated error of synthesis."""

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import Operator

from problems.errors import InputError
from problems.kernel_training import ErfNtk, KernelTask
from quantum.kernel_training import KernelPredictor, inversion_circuit, t_by_growth, t_cost
from quantum.resources import compile_to_basis, rotation_count
from quantum.resources.clifford_t import compile_to_clifford_t


def query_of(n):
    encoding = KernelPredictor(KernelTask.draw(n, 0, tests=2), ErfNtk(4), 1e-2).encoding
    circuit = QuantumCircuit(encoding.num_qubits)
    circuit.append(encoding, circuit.qubits)
    return circuit


@pytest.fixture(scope="module")
def queries():
    return {n: t_cost(query_of(n), 1e-4) for n in (4, 8)}


def test_a_query_is_within_its_error(queries):
    circuit, cost = query_of(4), queries[4]
    synthesized = compile_to_clifford_t(circuit, cost.rotation_error)
    off = np.linalg.norm(Operator(synthesized).data - Operator(circuit).data, ord=2)
    assert 0 < off <= cost.error <= 1e-4 * (1 + 1e-9)
    assert sum(synthesized.count_ops().get(name, 0) for name in ("t", "tdg")) == cost.t


@pytest.mark.parametrize("n", [4, 8])
def test_a_query_takes_as_many_rotations_as_two_states(queries, n):
    """n (n - 1) angles a state; its T gates are about 3 log2(1/error) each."""
    cost = queries[n]
    assert cost.rotations == 2 * n * (n - 1)
    assert cost.error == pytest.approx(cost.rotations * cost.rotation_error, rel=1e-12)
    assert abs(cost.each - 3 * np.log2(1 / cost.rotation_error)) < 6
    assert cost.t_depth <= cost.t


def test_larger_queries_follow_by_growth(queries):
    rotations = rotation_count(compile_to_basis(query_of(8)))
    predicted = t_by_growth(queries[4], rotations, 1e-4)
    assert predicted == pytest.approx(queries[8].t, rel=0.05)
    sixteen = t_by_growth(queries[8], 2 * 16 * 15, 1e-4)
    assert sixteen > 4 * queries[8].t


def whole(n, depth, epsilon, error):
    predictor = KernelPredictor(KernelTask.draw(n, 0, tests=2), ErfNtk(depth), epsilon)
    circuit = inversion_circuit(predictor)
    return predictor.polynomial.degree, circuit, t_cost(circuit, error)


def test_whole_circuits_are_counted_and_larger_ones_follow_by_growth():
    """The page's circuit of 4 images and one of 8; T gates with all errors of synthesis together at most .01."""
    four, _, small = whole(4, 4, 1e-6, 1e-2)
    eight, _, large = whole(8, 10, 1e-2, 1e-2)
    assert (four, eight) == (29, 7)
    for cost in (small, large):
        assert cost.error == pytest.approx(0.01, rel=1e-9)
        assert abs(cost.each - 3 * np.log2(1 / cost.rotation_error)) < 6
    assert small.rotations <= four * 24 + 2 * (four + 1)
    assert t_by_growth(small, large.rotations, 1e-2) == pytest.approx(large.t, rel=0.05)


def test_a_whole_circuit_is_within_its_error():
    degree, circuit, cost = whole(4, 17, 1e-2, 1e-3)
    synthesized = compile_to_clifford_t(circuit, cost.rotation_error)
    off = np.linalg.norm(Operator(synthesized).data - Operator(circuit).data, ord=2)
    assert degree > 1
    assert 0 < off <= cost.error <= 1e-3 * (1 + 1e-9)


@pytest.mark.parametrize("error", [0, 1, -1e-3, np.nan])
def test_errors_out_of_range_are_refused(error):
    with pytest.raises(InputError, match=r"error = .* is out of range"):
        t_cost(QuantumCircuit(1), error)


def test_growth_from_nothing_is_refused():
    with pytest.raises(InputError, match="say nothing of growth"):
        t_by_growth(t_cost(QuantumCircuit(1)), 10, 1e-3)
