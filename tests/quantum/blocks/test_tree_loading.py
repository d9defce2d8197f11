"""Loading along a tree: state, clean ancillas, gates, with measurements and without; when the loader does so."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qiskit.quantum_info import Statevector

from quantum.blocks.merging import merging
from quantum.blocks.prefix_rotations import prefix_cnots, prefix_rotations
from quantum.blocks.sparse_loader import (
    UNAIDED,
    SparseLoader,
    counting_bound,
    measured_loading,
    predicted_two_qubit_gates,
)
from quantum.blocks.sparse_state import SparseState
from quantum.blocks.split_tree import MAX_DEPTH, Bundle, Split, split_tree
from quantum.blocks.tree_loading import bundle_size, tree_loading
from quantum.resources import gate_counts
from tests.quantum.blocks.terms import Terms, assert_makes
from tests.quantum.blocks.test_loaders import loaded
from tests.quantum.blocks.test_sparse_loader_pieces import STRUCTURED
from tests.quantum.blocks.test_sparse_state import FEW, random_state, states


def wide(num_qubits, terms):
    """Return random points of many qubits."""
    rng = np.random.default_rng([num_qubits, terms])
    bits, amplitudes = rng.random((terms, num_qubits)) < 0.5, rng.normal(size=terms)
    return SparseState(bits, amplitudes / np.linalg.norm(amplitudes))


def leaves(tree):
    return [tree] if isinstance(tree, Bundle) else [*leaves(tree.zero), *leaves(tree.one)]


@given(state=states(), size=st.integers(1, 5))
@FEW
def test_the_terms_are_split_and_peeled_by_bits_that_tell_them_apart(state, size):
    tree = split_tree(state.bits, size)

    def check(node, rows):
        assert sorted(node.rows) == sorted(rows)
        if isinstance(node, Split):
            values = state.bits[rows, node.bit]
            check(node.zero, rows[~values])
            check(node.one, rows[values])
            return
        assert 1 <= len(node.rows) == len(node.bits) + 1 <= max(size, 1)
        for i, bit in enumerate(node.bits):
            first, *rest = state.bits[node.rows[i:], bit]
            assert all(value != first for value in rest)

    check(tree, np.arange(len(state)))
    assert tree.depth <= MAX_DEPTH + size


def test_a_tree_that_would_be_deep_is_refused():
    assert split_tree(np.eye(3 * MAX_DEPTH, dtype=bool), 2) is None
    assert split_tree(np.eye(MAX_DEPTH, dtype=bool), 2) is not None
    assert tree_loading(np.eye(3 * MAX_DEPTH, dtype=bool), np.full(3 * MAX_DEPTH, (3 * MAX_DEPTH) ** -0.5), 2) is None


@given(state=states(), size=st.integers(1, 5), measured=st.booleans())
@FEW
def test_a_tree_prepares_the_state_and_leaves_its_ancillas_clean(state, size, measured):
    assert_makes(tree_loading(state.bits, state.amplitudes, size, measured), state.bits, state.amplitudes)


@pytest.mark.parametrize("measured", [False, True])
@pytest.mark.parametrize("name", STRUCTURED)
def test_a_tree_prepares_states_with_structure(name, measured):
    state = STRUCTURED[name]
    assert_makes(tree_loading(state.bits, state.amplitudes, 3, measured), state.bits, state.amplitudes)


@pytest.mark.parametrize(("num_qubits", "terms", "size"), [(3, 6, 1), (4, 9, 3), (5, 20, 4), (7, 3, 3)])
def test_a_tree_is_the_same_unitary_for_qiskit(num_qubits, terms, size):
    state = random_state(np.random.default_rng(0), num_qubits, terms)
    circuit = tree_loading(state.bits, state.amplitudes, size)
    expected = state.extended(circuit.num_qubits).vector()
    np.testing.assert_allclose(Statevector(circuit), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_measured_flags_are_clean_whatever_the_outcomes(seed):
    state = wide(12, 30)
    circuit = tree_loading(state.bits, state.amplitudes, 3, measured=True)
    assert_makes(circuit, state.bits, state.amplitudes, seed)


def test_a_tree_takes_few_gates_for_a_flag():
    """A split: 1 to branch, 3 to clean, 1 to change sides; within a bundle 4 a flag, and sums of flags."""
    state = wide(20, 41)
    tree = split_tree(state.bits, 4)
    bundles = leaves(tree)
    unitary = tree_loading(state.bits, state.amplitudes, 4)
    measured = tree_loading(state.bits, state.amplitudes, 4, measured=True)
    flags = sum(len(bundle.bits) for bundle in bundles)
    splits = len(bundles) - 1
    assert flags + splits == 40
    assert unitary.num_nonlocal_gates() - measured.num_nonlocal_gates() == 2 * 40
    written = unitary.num_nonlocal_gates() - 4 * flags - 5 * splits
    most = sum(20 + 2 ** len(bundle.rows) - 2 for bundle in bundles) + 2 * 20 * splits
    assert 0 < written < most
    assert unitary.num_qubits == 20 + tree.depth
    assert gate_counts(unitary).two_qubit == unitary.num_nonlocal_gates()


def test_bundles_grow_with_the_qubits():
    sizes = [bundle_size(num_qubits, 1024) for num_qubits in (20, 32, 64, 320, 5000)]
    assert sizes == sorted(sizes)
    assert sizes[0] >= 2 < sizes[-1] <= 8
    assert bundle_size(1, 1) >= 1


@pytest.mark.parametrize(("num_qubits", "terms"), [(32, 65), (40, 130), (100, 66)])
def test_the_loader_of_many_terms_goes_along_a_tree_with_clean_ancillas(num_qubits, terms, record_property):
    state = wide(num_qubits, terms)
    loader = SparseLoader(state)
    assert 0 < loader.ancillas == loader.num_qubits - num_qubits <= 16
    assert_makes(loader.definition, state.bits, state.amplitudes)
    spent = loader.definition.num_nonlocal_gates()
    assert counting_bound(num_qubits, terms) < spent <= 0.55 * terms * num_qubits
    record_property(
        "measured", f"sparse loader, K = {terms}, n = {num_qubits}: {spent / terms / num_qubits:.2f} K n CX"
    )
    assert spent < predicted_two_qubit_gates(num_qubits, terms)
    without = SparseLoader(state, ancillas=False)
    assert without.num_qubits == num_qubits
    assert spent < without.definition.num_nonlocal_gates()
    circuit = measured_loading(state)
    assert_makes(circuit, state.bits, state.amplitudes)
    # A third of the gates that clean a flag is left, one flag for each term but one.
    assert circuit.num_nonlocal_gates() == spent - 2 * (terms - 1)


def test_1024_terms_on_40_qubits_take_few_gates_and_are_right():
    state = wide(40, 1024)
    circuit = SparseLoader(state).definition
    assert_makes(circuit, state.bits, state.amplitudes)
    assert circuit.num_nonlocal_gates() <= 0.4 * 1024 * 40


def test_the_transpiled_loader_of_many_terms_keeps_its_gates():
    state = wide(32, 65)
    loader = SparseLoader(state)
    assert gate_counts(loaded(loader)).two_qubit == loader.definition.num_nonlocal_gates()
    assert gate_counts(measured_loading(state)).two_qubit == measured_loading(state).num_nonlocal_gates()


def test_up_to_64_terms_the_loader_takes_no_ancillas():
    state = wide(40, UNAIDED)
    assert SparseLoader(state).ancillas == 0
    assert measured_loading(state).num_clbits > 0


def test_the_loader_of_many_terms_takes_no_ancillas_where_another_method_is_cheaper():
    dense = random_state(np.random.default_rng(0), 7, 128)
    assert SparseLoader(dense).ancillas == 0
    # One of all qubits: merging takes one or two gates a term.
    one = SparseState(np.eye(70, dtype=bool), np.full(70, 70**-0.5))
    assert SparseLoader(one).ancillas == 0
    assert measured_loading(one).num_clbits == 0
    assert_makes(SparseLoader(one).definition, one.bits, one.amplitudes)


def test_qubits_that_repeat_others_are_added_once():
    core = wide(24, 70)
    state = SparseState(np.hstack([core.bits, ~core.bits[:, :20]]), core.amplitudes)
    repeated, alone = (SparseLoader(one).definition.num_nonlocal_gates() for one in (state, core))
    assert repeated == alone + 20
    assert_makes(SparseLoader(state).definition, state.bits, state.amplitudes)


def test_merging_stops_where_it_is_of_no_use():
    state = wide(20, 30)
    spent = merging(state.bits, state.amplitudes).num_nonlocal_gates()
    assert merging(state.bits, state.amplitudes, spent) is not None
    assert merging(state.bits, state.amplitudes, spent - 1) is None


@given(state=states())
@FEW
def test_rotations_take_no_more_gates_than_are_counted_beforehand(state):
    circuit = prefix_rotations(state.bits, state.amplitudes)
    assert circuit.num_nonlocal_gates() <= prefix_cnots(state.bits)


def test_the_simulator_of_terms_agrees_with_qiskit():
    state = random_state(np.random.default_rng(3), 6, 20)
    circuit = merging(state.bits, state.amplitudes)
    made = Terms(circuit)
    vector = np.zeros(64)
    vector[(1 << np.arange(6)) @ made.bits] = made.amplitudes
    np.testing.assert_allclose(Statevector(circuit).data, vector, rtol=0, atol=1e-12)
