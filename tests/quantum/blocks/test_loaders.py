"""Loaders: the sparse one prepares its state by gates, the ideal one has none and says so."""

import numpy as np
import pytest
from hypothesis import given
from qiskit import QuantumCircuit, transpile
from qiskit.exceptions import QiskitError
from qiskit.quantum_info import Statevector

from problems.errors import InputError
from quantum.blocks import IdealLoader, SparseLoader
from quantum.resources import BASIS, gate_counts
from tests.quantum.blocks.test_sparse_state import FEW, random_state, sparse_state, states


def loaded(gate):
    """Return what a gate makes of |0...0>."""
    circuit = QuantumCircuit(gate.num_qubits)
    circuit.append(gate, range(gate.num_qubits))
    return circuit


def assert_loads(state, tolerance=1e-12):
    prepared = Statevector(SparseLoader(state).definition).data
    np.testing.assert_allclose(prepared, state.vector(), rtol=0, atol=tolerance)


@given(states())
@FEW
def test_the_sparse_loader_prepares_its_state(state):
    assert_loads(state)


@pytest.mark.parametrize("seed", range(20))
def test_the_sparse_loader_prepares_random_states(seed):
    rng = np.random.default_rng(seed)
    num_qubits = int(rng.integers(1, 10))
    assert_loads(random_state(rng, num_qubits, int(rng.integers(1, min(2**num_qubits, 40) + 1))))


@pytest.mark.parametrize("amplitude", [1, -1])
@pytest.mark.parametrize("number", [0, 1, 0b1010, 0b1111])
def test_the_sparse_loader_prepares_one_basis_state_with_its_sign(number, amplitude):
    assert_loads(sparse_state([number], [amplitude], 4))


@pytest.mark.parametrize("amplitudes", [[1, 1], [1, -1], [-1, 1], [-1, -1], [-0.1, -1], [1e-9, -1]])
@pytest.mark.parametrize("numbers", [[0, 1], [0, 7], [5, 2], [6, 7]])
def test_the_sparse_loader_prepares_two_basis_states_with_their_signs(numbers, amplitudes):
    assert_loads(sparse_state(numbers, amplitudes, 3))


@pytest.mark.parametrize("num_qubits", [1, 2, 3, 5])
def test_the_sparse_loader_prepares_all_basis_states(num_qubits):
    rng = np.random.default_rng(num_qubits)
    assert_loads(random_state(rng, num_qubits, 2**num_qubits))
    assert_loads(sparse_state(range(2**num_qubits), -np.ones(2**num_qubits), num_qubits))


def test_the_sparse_loader_prepares_sixty_terms_on_twelve_qubits():
    assert_loads(random_state(np.random.default_rng(0), 12, 60))


def test_the_sparse_loader_prepares_a_cat_state():
    assert_loads(sparse_state([0, 2**10 - 1], [0.6, -0.8], 10))


def test_the_sparse_loader_leaves_its_state_alone():
    state = random_state(np.random.default_rng(0), 5, 8)
    bits, amplitudes = state.bits.copy(), state.amplitudes.copy()
    assert SparseLoader(state).definition.num_qubits == 5
    np.testing.assert_array_equal(state.bits, bits)
    np.testing.assert_array_equal(state.amplitudes, amplitudes)


@pytest.mark.parametrize("seed", range(5))
def test_the_inverse_of_the_sparse_loader_empties_the_register(seed):
    state = random_state(np.random.default_rng(seed), 6, 10)
    emptied = Statevector(state.vector()).evolve(SparseLoader(state).inverse()).data
    np.testing.assert_allclose(emptied, np.eye(64)[0], rtol=0, atol=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_the_sparse_loader_compiles_to_device_gates(seed):
    state = random_state(np.random.default_rng(seed), 6, 12)
    compiled = transpile(loaded(SparseLoader(state)), basis_gates=list(BASIS), optimization_level=1, seed_transpiler=0)
    assert set(compiled.count_ops()) <= set(BASIS)
    assert abs(np.vdot(state.vector(), Statevector(compiled).data)) == pytest.approx(1, abs=1e-10)


def test_two_sparse_loaders_of_one_width_are_kept_apart_when_compiled_together():
    one, other = (random_state(np.random.default_rng(seed), 3, 4) for seed in range(2))
    circuit = QuantumCircuit(6)
    circuit.append(SparseLoader(one), range(3))
    circuit.append(SparseLoader(other), range(3, 6))
    compiled = transpile(circuit, basis_gates=list(BASIS), optimization_level=2, seed_transpiler=0)
    expected = np.kron(other.vector(), one.vector())
    assert abs(np.vdot(expected, Statevector(compiled).data)) == pytest.approx(1, abs=1e-10)
    assert SparseLoader(one) != SparseLoader(other)


def test_one_basis_state_is_loaded_without_two_qubit_gates():
    assert gate_counts(loaded(SparseLoader(sparse_state([0b1011], [-1], 4)))).two_qubit == 0


def test_the_ideal_loader_keeps_its_state():
    state = random_state(np.random.default_rng(0), 4, 5)
    loader = IdealLoader(state)
    assert loader.state is state
    assert (loader.num_qubits, loader.num_clbits) == (4, 0)


def ideal_circuit():
    return loaded(IdealLoader(sparse_state([1, 2], [0.6, -0.8], 2)))


@pytest.mark.parametrize(
    "ask",
    [
        lambda circuit: circuit.data[0].operation.definition,
        lambda circuit: circuit.decompose(),
        Statevector,
        lambda circuit: circuit.inverse(),
    ],
    ids=["definition", "decompose", "statevector", "inverse"],
)
def test_decomposing_the_ideal_loader_is_refused_and_names_the_sparse_one(ask):
    with pytest.raises(InputError, match=r"ideal loader has no gates.*loader='sparse'"):
        ask(ideal_circuit())


@pytest.mark.parametrize(
    "compile_it",
    [lambda circuit: transpile(circuit, basis_gates=list(BASIS)), gate_counts],
    ids=["transpile", "gate_counts"],
)
def test_compiling_the_ideal_loader_for_a_device_is_refused_and_names_the_sparse_one(compile_it):
    with pytest.raises((InputError, QiskitError), match=r"ideal_loader.*sparse"):
        compile_it(ideal_circuit())


def test_circuits_with_an_ideal_loader_compare_by_their_states():
    circuit = ideal_circuit()
    assert circuit == circuit.copy() == ideal_circuit()
    assert circuit != loaded(IdealLoader(sparse_state([1, 2], [0.6, 0.8], 2)))
    assert circuit != loaded(IdealLoader(sparse_state([1, 3], [0.6, -0.8], 2)))
    assert circuit != loaded(SparseLoader(sparse_state([1, 2], [0.6, -0.8], 2)))
