"""Sparse states: as a vector, as a matrix product, and what is refused."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from problems.errors import InputError
from quantum.blocks import SparseState

FEW = settings(max_examples=60)


def sparse_state(numbers, amplitudes, num_qubits):
    """Make a state from basis states written as whole numbers, qubit 0 the lowest bit."""
    bits = np.array([[number >> q & 1 for q in range(num_qubits)] for number in numbers], dtype=bool)
    amplitudes = np.asarray(amplitudes, dtype=float)
    return SparseState(bits, amplitudes / np.linalg.norm(amplitudes))


def random_state(rng, num_qubits, terms):
    numbers = set()
    while len(numbers) < terms:
        numbers.add(int(rng.integers(2**num_qubits)))
    return sparse_state(sorted(numbers), rng.normal(size=terms), num_qubits)


def product_amplitude(gammas, bonds, bits):
    """Contract the amplitude of one basis state."""
    row = np.ones((1, 1))
    for q, bit in enumerate(bits):
        row = row @ gammas[q][int(bit)]
        if q < len(bonds):
            row = row * bonds[q]
    return row.item()


def product_vector(gammas, bonds):
    """Contract all amplitudes, qubit 0 the lowest bit."""
    num_qubits = len(gammas)
    return np.array(
        [
            product_amplitude(gammas, bonds, [index >> q & 1 for q in range(num_qubits)])
            for index in range(2**num_qubits)
        ]
    )


def assert_canonical(gammas, bonds, terms, tolerance=1e-10):
    """Vidal's conditions: bonds fit, Schmidt values are normalized and fall, both sides of a cut are orthonormal."""
    assert len(bonds) == len(gammas) - 1
    values = [np.ones(1), *bonds, np.ones(1)]
    for q, pair in enumerate(gammas):
        left, right = values[q], values[q + 1]
        assert len(pair) == 2
        assert pair[0].shape == pair[1].shape == (len(left), len(right))
        from_left = [left[:, None] * matrix for matrix in pair]
        from_right = [matrix * right for matrix in pair]
        np.testing.assert_allclose(sum(m.conj().T @ m for m in from_left), np.eye(len(right)), rtol=0, atol=tolerance)
        np.testing.assert_allclose(sum(m @ m.conj().T for m in from_right), np.eye(len(left)), rtol=0, atol=tolerance)
    for bond in bonds:
        assert len(bond) <= terms
        assert np.all(bond > 0)
        assert np.all(np.diff(bond) <= 1e-12)
        assert np.sum(bond**2) == pytest.approx(1, abs=1e-12)


def assert_product_is_the_state(state):
    gammas, bonds = state.matrix_product()
    np.testing.assert_allclose(product_vector(gammas, bonds), state.vector(), rtol=0, atol=1e-12)
    assert_canonical(gammas, bonds, len(state))
    # The Schmidt values of each cut, from the vector itself.
    for cut, bond in enumerate(bonds, start=1):
        singular = np.linalg.svd(state.vector().reshape(-1, 2**cut), compute_uv=False)
        rank = np.count_nonzero(singular > 1e-12)
        assert len(bond) == rank
        np.testing.assert_allclose(bond, singular[:rank], rtol=0, atol=1e-12)


@st.composite
def states(draw):
    num_qubits = draw(st.integers(1, 7))
    numbers = draw(st.lists(st.integers(0, 2**num_qubits - 1), min_size=1, max_size=12, unique=True))
    size = st.floats(1e-3, 1)
    amplitudes = [draw(size) * draw(st.sampled_from([-1, 1])) for _ in numbers]
    return sparse_state(numbers, amplitudes, num_qubits)


def test_the_vector_counts_qubit_0_lowest():
    state = SparseState(np.array([[True, False, False], [False, True, True]]), np.array([0.6, -0.8]))
    expected = np.zeros(8)
    expected[1], expected[6] = 0.6, -0.8
    np.testing.assert_array_equal(state.vector(), expected)
    assert len(state) == 2
    assert state.num_qubits == 3


@given(states())
@FEW
def test_the_vector_lists_each_amplitude_at_its_basis_state(state):
    vector = state.vector()
    assert np.count_nonzero(vector) == len(state)
    for bits, amplitude in zip(state.bits, state.amplitudes, strict=True):
        assert vector[sum(1 << q for q in np.flatnonzero(bits))] == amplitude


@given(states(), st.integers(0, 3))
@FEW
def test_extending_adds_qubits_in_0_at_the_end(state, more):
    extended = state.extended(state.num_qubits + more)
    zeros = np.zeros(2**more)
    zeros[0] = 1
    np.testing.assert_array_equal(extended.vector(), np.kron(zeros, state.vector()))


@given(states())
@FEW
def test_the_matrix_product_is_the_state_in_canonical_form(state):
    assert_product_is_the_state(state)


@pytest.mark.parametrize("seed", range(10))
def test_the_matrix_product_of_random_states_is_the_state(seed):
    rng = np.random.default_rng(seed)
    num_qubits = int(rng.integers(2, 11))
    assert_product_is_the_state(random_state(rng, num_qubits, int(rng.integers(1, 2 ** min(num_qubits, 6)))))


@pytest.mark.parametrize("amplitude", [1, -1])
@pytest.mark.parametrize("number", [0, 1, 0b10110, 31])
def test_the_matrix_product_of_one_basis_state_is_a_product(number, amplitude):
    state = sparse_state([number], [amplitude], 5)
    assert_product_is_the_state(state)
    assert all(len(bond) == 1 for bond in state.matrix_product()[1])


@pytest.mark.parametrize("num_qubits", [1, 2, 5])
def test_the_matrix_product_of_a_cat_state_has_two_equal_schmidt_values(num_qubits):
    state = sparse_state([0, 2**num_qubits - 1], [1, -1], num_qubits)
    assert_product_is_the_state(state)
    for bond in state.matrix_product()[1]:
        np.testing.assert_allclose(bond, [0.5**0.5] * 2)


@pytest.mark.parametrize("num_qubits", [1, 3, 8])
def test_the_matrix_product_of_all_basis_states_is_the_state(num_qubits):
    amplitudes = np.random.default_rng(num_qubits).normal(size=2**num_qubits)
    assert_product_is_the_state(sparse_state(range(2**num_qubits), amplitudes, num_qubits))


def test_the_matrix_product_of_the_uniform_state_is_a_product():
    state = sparse_state(range(64), np.ones(64), 6)
    assert_product_is_the_state(state)
    assert all(len(bond) == 1 for bond in state.matrix_product()[1])


@pytest.mark.parametrize("small", [1e-4, 1e-8, 1e-11])
def test_the_matrix_product_keeps_tiny_amplitudes(small):
    """Schmidt values far apart: Gamma tensors divide by them."""
    state = sparse_state([0b0000, 0b0111, 0b1010, 0b1101], [1, small, -small, small / 2], 4)
    gammas, bonds = state.matrix_product()
    np.testing.assert_allclose(product_vector(gammas, bonds), state.vector(), rtol=0, atol=2e-15)
    assert all(len(bond) == rank for bond, rank in zip(bonds, (2, 4, 2), strict=True))


@pytest.mark.parametrize(("num_qubits", "terms"), [(100, 1), (130, 16), (300, 40)])
def test_the_matrix_product_of_a_wide_state_has_the_right_amplitudes(num_qubits, terms):
    rng = np.random.default_rng(num_qubits)
    bits = rng.random((terms, num_qubits)) < 0.5
    amplitudes = rng.normal(size=terms)
    state = SparseState(bits, amplitudes / np.linalg.norm(amplitudes))
    gammas, bonds = state.matrix_product()
    assert_canonical(gammas, bonds, terms)
    for row, amplitude in zip(state.bits, state.amplitudes, strict=True):
        assert abs(product_amplitude(gammas, bonds, row) - amplitude) < 1e-12
        flipped = row.copy()
        flipped[rng.integers(num_qubits)] ^= True
        assert abs(product_amplitude(gammas, bonds, flipped)) < 1e-12
    for one, other in itertools.islice(itertools.combinations(range(terms), 2), 20):
        mixed = np.concatenate([bits[one, : num_qubits // 2], bits[other, num_qubits // 2 :]])
        assert abs(product_amplitude(gammas, bonds, mixed)) < 1e-12


def test_the_matrix_product_of_a_wide_cat_state_has_the_right_amplitudes():
    state = SparseState(np.array([[False] * 150, [True] * 150]), np.array([0.6, -0.8]))
    gammas, bonds = state.matrix_product()
    assert_canonical(gammas, bonds, 2)
    assert product_amplitude(gammas, bonds, [0] * 150) == pytest.approx(0.6, abs=1e-12)
    assert product_amplitude(gammas, bonds, [1] * 150) == pytest.approx(-0.8, abs=1e-12)
    assert abs(product_amplitude(gammas, bonds, [0] * 75 + [1] * 75)) < 1e-12
    for bond in bonds:
        np.testing.assert_allclose(bond, [0.8, 0.6], rtol=0, atol=1e-12)


def test_states_compare_by_value():
    state = sparse_state([1, 2], [0.6, -0.8], 2)
    assert state == sparse_state([1, 2], [0.6, -0.8], 2)
    assert state != sparse_state([1, 2], [0.6, 0.8], 2)
    assert state != sparse_state([1, 3], [0.6, -0.8], 2)
    assert state != "a state"


ZERO, ONE = [False, False], [False, True]


@pytest.mark.parametrize(
    ("bits", "amplitudes", "message"),
    [
        ([ZERO, ONE], [1.0], r"needs bits \(M, n\) and amplitudes \(M,\); got \(2, 2\) and \(1,\)"),
        ([True, False], [0.6, 0.8], r"needs bits \(M, n\) and amplitudes \(M,\); got \(2,\) and \(2,\)"),
        ([ZERO, ONE], [[0.6], [0.8]], r"needs bits \(M, n\) and amplitudes \(M,\); got \(2, 2\) and \(2, 1\)"),
        ([ONE, ONE], [0.6, 0.8], "listed twice; add the amplitudes"),
        ([ZERO, ONE], [1.0, 0.0], "must be nonzero with norm 1; drop zeros"),
        ([ZERO, ONE], [0.5, 0.5], "norm 1; .*normalize"),
        ([ZERO, ONE], [1.0, 1e-4], "norm 1; .*normalize"),
        ([ZERO, ONE], [np.nan, 0.8], "norm 1"),
        ([ZERO, ONE], [np.inf, 0.8], "norm 1"),
        (np.zeros((0, 2)), [], "norm 1"),
    ],
)
def test_a_malformed_state_is_refused(bits, amplitudes, message):
    with pytest.raises(InputError, match=message):
        SparseState(np.array(bits, dtype=bool), np.array(amplitudes, dtype=float))
