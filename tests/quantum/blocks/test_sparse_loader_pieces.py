"""The pieces of the sparse loader: rotations on parities, qubit by qubit, merging, and sums over Z_2."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qiskit import QuantumCircuit
from qiskit.circuit.library import RYGate
from qiskit.quantum_info import Statevector

from quantum.blocks import prefix_rotations as prefix_rotations_file
from quantum.blocks.linear_sums import independent_columns, linear_sums
from quantum.blocks.merging import merging
from quantum.blocks.parity_rotation import ParityRotation, walsh_functions
from quantum.blocks.prefix_rotations import prefix_rotations
from quantum.blocks.sparse_loader import SparseLoader
from quantum.resources import gate_counts
from tests.quantum.blocks.agreement import assert_close, prepared
from tests.quantum.blocks.test_loaders import assert_loads
from tests.quantum.blocks.test_sparse_state import FEW, random_state, sparse_state, states

METHODS = pytest.mark.parametrize("method", [prefix_rotations, merging])


def assert_prepares(method, state):
    assert_close(prepared(method(state.bits, state.amplitudes)), state.vector())


@METHODS
@given(state=states())
@FEW
def test_each_method_prepares_the_state(method, state):
    assert_prepares(method, state)


STRUCTURED = {
    "one term": sparse_state([5], [-1], 3),
    "cat": sparse_state([0, 2**8 - 1], [0.6, -0.8], 8),
    "one of all qubits": sparse_state([1 << q for q in range(9)], (-1.0) ** np.arange(9), 9),
    "staircase": sparse_state([(1 << q) - 1 for q in range(10)], np.arange(1, 11), 9),
    "two of all qubits": sparse_state([1 << p | 1 << q for p in range(7) for q in range(p)], -np.ones(21), 7),
    "even": sparse_state([n for n in range(256) if n.bit_count() % 2 == 0], np.cos(range(128)), 8),
    "all but one": sparse_state(range(1, 128), np.cos(range(127)), 7),
    "a subspace and one more": sparse_state([*range(0, 256, 16), 1], np.cos(range(17)), 8),
    "three blocks": sparse_state([*range(8), *range(64, 96), *range(200, 203)], np.cos(range(43)), 8),
    "squares": sparse_state([n * n for n in range(45)], np.cos(range(45)), 11),
    "tiny amplitudes": sparse_state(range(0, 60, 3), [(-10.0) ** -n for n in range(20)], 6),
    "denormal amplitudes": sparse_state([3, 1, 6, 7], [1, 5e-324, -5e-324, 1e-200], 3),
    "zero last": sparse_state([7, 3, 9, 0], [0.1, 0.2, -0.3, -0.4], 4),
}


@METHODS
@pytest.mark.parametrize("name", STRUCTURED)
def test_each_method_prepares_states_with_structure(method, name):
    assert_prepares(method, STRUCTURED[name])


@pytest.mark.parametrize("name", STRUCTURED)
def test_the_loader_prepares_states_with_structure(name):
    assert_loads(STRUCTURED[name])


@pytest.mark.parametrize(("num_qubits", "terms"), [(6, 60), (8, 64), (10, 64), (12, 64), (12, 217), (13, 400)])
def test_each_method_prepares_many_terms(num_qubits, terms):
    state = random_state(np.random.default_rng([num_qubits, terms]), num_qubits, terms)
    assert_prepares(prefix_rotations, state)
    if terms < 300:
        assert_prepares(merging, state)


@METHODS
def test_each_method_leaves_its_arguments_alone(method):
    state = random_state(np.random.default_rng(0), 5, 9)
    bits, amplitudes = state.bits.copy(), state.amplitudes.copy()
    method(state.bits, state.amplitudes)
    np.testing.assert_array_equal(state.bits, bits)
    np.testing.assert_array_equal(state.amplitudes, amplitudes)


def prefix_gates(bits):
    """Count one gate less than the prefixes of each length."""
    return sum(len(np.unique(bits[:, :j], axis=0)) - 1 for j in range(1, bits.shape[1]))


def test_rotations_after_any_prefixes_of_three_qubits_take_one_gate_less_than_the_prefixes():
    rng = np.random.default_rng(0)
    for terms in range(1, 9):
        for numbers in itertools.combinations(range(8), terms):
            state = sparse_state(numbers, rng.normal(size=terms), 3)
            circuit = prefix_rotations(state.bits, state.amplitudes)
            assert circuit.num_nonlocal_gates() <= prefix_gates(state.bits)


@pytest.mark.parametrize("num_qubits", [4, 5, 6, 7, 10, 12])
def test_rotations_after_random_prefixes_take_one_gate_less_than_the_prefixes(num_qubits):
    rng = np.random.default_rng(num_qubits)
    for _ in range(20):
        terms = int(rng.integers(1, min(2**num_qubits, 150) + 1))
        state = random_state(rng, num_qubits, terms)
        circuit = prefix_rotations(state.bits, state.amplitudes)
        assert circuit.num_nonlocal_gates() <= prefix_gates(state.bits)


def test_the_loader_merges_where_the_angles_would_be_rough(monkeypatch):
    state = random_state(np.random.default_rng(0), 5, 20)
    monkeypatch.setattr(prefix_rotations_file, "ACCURACY", 0)
    assert prefix_rotations(state.bits, state.amplitudes) is None
    assert_loads(state)


@pytest.mark.parametrize(("num_qubits", "terms"), [(6, 50), (20, 30)])
def test_the_loader_takes_the_cheaper_method(num_qubits, terms):
    state = random_state(np.random.default_rng(0), num_qubits, terms)
    bits = state.bits ^ state.bits[0]
    gates = [method(bits, state.amplitudes).num_nonlocal_gates() for method in (prefix_rotations, merging)]
    assert (gates[0] < gates[1]) == (num_qubits == 6)
    assert SparseLoader(state).definition.num_nonlocal_gates() == min(gates)


@pytest.mark.parametrize("seed", range(10))
def test_a_parity_rotation_is_the_rotation_then_the_parity(seed):
    rng = np.random.default_rng(seed)
    num_qubits, target = 4, int(rng.integers(4))
    parities, end = rng.integers(2, size=(5, num_qubits)).astype(bool), rng.integers(2, size=num_qubits).astype(bool)
    parities[:, target] = end[target] = False
    coefficients = np.where(rng.random(5) < 0.3, 0, rng.normal(size=5))
    rotation = ParityRotation(parities, coefficients, end)
    circuit = QuantumCircuit(num_qubits)
    rotation.append_to(circuit, target)
    assert circuit.num_nonlocal_gates() == rotation.cnots()
    for value in itertools.product([False, True], repeat=num_qubits - 1):
        x = np.insert(value, target, False)
        expected = QuantumCircuit(num_qubits)
        for qubit in np.flatnonzero(x):
            expected.x(int(qubit))
        prepared = expected.compose(circuit)
        expected.ry(
            sum(c * (-1) ** int(w @ x) for w, c in zip(parities.astype(int), coefficients, strict=True)), target
        )
        if (end & x).sum() % 2:
            expected.x(target)
        np.testing.assert_allclose(Statevector(prepared), Statevector(expected), rtol=0, atol=1e-14)


def test_walsh_functions_are_signs_of_parities():
    parities = np.array([[0, 0], [1, 0], [1, 1]], dtype=bool)
    values = np.array([[0, 0], [1, 0], [1, 1]], dtype=bool)
    np.testing.assert_array_equal(walsh_functions(parities, values), [[1, 1, 1], [1, -1, -1], [1, -1, 1]])


@pytest.mark.parametrize("controls", range(1, 6))
def test_merging_takes_fewer_gates_for_few_controls_than_a_rotation_that_one_value_turns(controls):
    generic = QuantumCircuit(controls + 1)
    generic.append(RYGate(0.3).control(controls, annotated=False), range(controls + 1))
    assert 2**controls - 1 < gate_counts(generic).two_qubit


@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 2**32 - 1))
@FEW
def test_every_column_is_the_sum_of_independent_ones(rows, width, seed):
    matrix = np.random.default_rng(seed).random((rows, width)) < 0.4
    columns, sums = independent_columns(matrix)
    np.testing.assert_array_equal(matrix[:, columns].astype(int) @ sums % 2, matrix)
    np.testing.assert_array_equal(sums[:, columns], np.eye(len(columns)))
    assert len({tuple(row) for row in span(matrix[:, columns].T)}) == 2 ** len(columns)


def span(vectors):
    """Return all sums over Z_2."""
    chosen = np.array(list(itertools.product([0, 1], repeat=len(vectors))), dtype=int)
    return chosen @ vectors.astype(int) % 2


@pytest.mark.parametrize(("sources", "targets"), [(0, 3), (3, 0), (1, 1), (2, 9), (5, 3), (6, 40), (9, 100)])
def test_sums_are_added_to_their_targets_within_the_bound(sources, targets):
    sums = np.random.default_rng([sources, targets]).random((sources, targets)) < 0.5
    circuit = linear_sums(sums)
    assert set(circuit.count_ops()) <= {"cx"}
    assert circuit.size() <= min(-(-sources // m) * (targets + 2**m - 2) for m in range(1, 9))
    assert circuit.size() <= sums.sum()
    # The qubits as rows of a matrix over Z_2 in what they held before.
    held = np.eye(sources + targets, dtype=bool)
    for instruction in circuit.data:
        control, target = (circuit.find_bit(qubit).index for qubit in instruction.qubits)
        held[target] ^= held[control]
    expected = np.eye(sources + targets, dtype=bool)
    expected[sources:, :sources] = sums.T
    np.testing.assert_array_equal(held, expected)
