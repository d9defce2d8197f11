"""Samples of matrix product states: the law of the state, whatever form it comes in."""

import itertools

import numpy as np
import pytest
from scipy.stats import chisquare

from quantum.backends import matrix_product
from quantum.backends.matrix_product import right_canonical, sample_product
from tests.quantum.backends.states import product_vector
from tests.quantum.blocks.test_sparse_state import random_state


def random_product(rng, num_qubits, bond):
    """Matrices and bonds of no canonical form, with complex entries, and the normalized vector they make."""
    bonds = [1, *rng.integers(2, bond + 1, num_qubits - 1), 1]
    gammas = [
        [rng.normal(size=(left, right)) + 1j * rng.normal(size=(left, right)) for _ in range(2)]
        for left, right in itertools.pairwise(bonds)
    ]
    values = [rng.uniform(0.1, 1, size) for size in bonds[1:-1]]
    vector = np.ones((1, 1))
    for q, pair in enumerate(gammas):
        tensor = np.stack(pair, axis=1)
        if q < num_qubits - 1:
            tensor = tensor * values[q]
        vector = np.einsum("al,lsr->sar", vector, tensor).reshape(-1, tensor.shape[2])
    return gammas, values, vector[:, 0] / np.linalg.norm(vector)


@pytest.mark.parametrize("seed", range(6))
def test_the_canonical_form_is_the_same_state_and_orthonormal(seed):
    gammas, values, vector = random_product(np.random.default_rng(seed), 6, 7)
    tensors = right_canonical(gammas, values)
    np.testing.assert_allclose(product_vector(tensors), vector, rtol=0, atol=1e-12)
    for tensor in tensors:
        rows = tensor.reshape(len(tensor), -1)
        np.testing.assert_allclose(rows.conj() @ rows.T, np.eye(len(rows)), rtol=0, atol=1e-12)


def test_the_given_matrices_are_left_alone():
    gammas, values, _ = random_product(np.random.default_rng(0), 4, 3)
    before = [[matrix.copy() for matrix in pair] for pair in gammas]
    right_canonical(gammas, values)
    for pair, kept in zip(gammas, before, strict=True):
        for matrix, copy in zip(pair, kept, strict=True):
            np.testing.assert_array_equal(matrix, copy)


@pytest.mark.parametrize("seed", range(4))
def test_samples_follow_the_law_of_the_state(seed, monkeypatch):
    monkeypatch.setattr(matrix_product, "BATCH", 1000)  # several batches, the last one smaller
    rng = np.random.default_rng(seed)
    gammas, values, vector = random_product(rng, 4, 4)
    shots = 20_500
    bits = sample_product(right_canonical(gammas, values), shots, rng)
    counts = np.bincount(bits @ (1 << np.arange(4)), minlength=16)
    assert chisquare(counts, shots * np.abs(vector) ** 2).pvalue > 1e-3


def test_a_sparse_state_gives_its_basis_states_alone():
    state = random_state(np.random.default_rng(3), 12, 9)
    bits = sample_product(right_canonical(*state.matrix_product()), 5000, np.random.default_rng(0))
    found, counts = np.unique(bits, axis=0, return_counts=True)
    order = np.lexsort(state.bits.T[::-1])
    np.testing.assert_array_equal(found, state.bits[order])
    assert chisquare(counts, 5000 * state.amplitudes[order] ** 2).pvalue > 1e-3


def test_one_qubit_and_no_bond():
    tensors = right_canonical([[np.array([[0.6]]), np.array([[0.8j]])]], [])
    bits = sample_product(tensors, 10_000, np.random.default_rng(1))
    assert abs(bits.mean() - 0.64) < 4 * 0.48 / 100


def test_the_same_generator_gives_the_same_shots_and_fewer_are_their_beginning():
    gammas, values, _ = random_product(np.random.default_rng(0), 5, 3)
    tensors = right_canonical(gammas, values)
    first, again = (sample_product(tensors, 50, np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(first[:20], sample_product(tensors, 20, np.random.default_rng(7)))
