"""One setting for all signed entries: the gate, the estimates and their errors, and a constant that is too small."""

import numpy as np
import pytest

from problems.errors import InputError
from quantum.sparse_training import SignedEntries
from tests.quantum.blocks.agreement import assert_block_agrees


def readout_matrix(m):
    """Hadamards of the index where the flag is 1, then one of the flag, written out."""
    one, single = np.eye(2**m), np.array([[1, 1], [1, -1]]) / np.sqrt(2)
    spread = np.eye(1)
    for _ in range(m):
        spread = np.kron(spread, single)
    controlled = np.block([[one, 0 * one], [0 * one, spread]])
    return np.kron(single, one) @ controlled


def outcomes(gate, values, constant, good=1.0):
    """Probabilities (2, M) of the readout for entries and a constant, normalized to `good`."""
    size = 2**gate.index_qubits
    state = np.zeros((2, size))
    state[0, : len(values)], state[1, 0] = values, constant
    state *= np.sqrt(good) / np.linalg.norm(state)
    return ((readout_matrix(gate.index_qubits) @ state.ravel()) ** 2).reshape(2, size), state


@pytest.mark.parametrize("entries", [1, 2, 3, 4, 7])
def test_the_readout_agrees_with_itself(entries):
    gate = SignedEntries(entries)
    m = int(np.ceil(np.log2(entries)))
    assert gate.index_qubits == m
    assert_block_agrees(gate, [m, 1], readout_matrix(m))


@pytest.mark.parametrize("values", [[0.4, -0.3], [-0.1, 0.0, 0.6], [0.7], [0.2, -0.2, 0.2, -0.2, 0.1]])
def test_differences_of_probabilities_are_products_with_the_constant(values):
    gate = SignedEntries(len(values))
    p, state = outcomes(gate, values, 1.0, 0.6)
    root = np.sqrt(2**gate.index_qubits)
    np.testing.assert_allclose((p[0] - p[1]), 2 * state[0] * state[1, 0] / root, atol=1e-15)
    # As many shots as there can be: the estimate is the vector, and the larger root the constant.
    found = gate.estimate(*np.rint(p * 1e12), 10**12)
    np.testing.assert_allclose(found.values, values, rtol=0, atol=1e-5)
    assert found.constant == pytest.approx(state[1, 0] ** 2, abs=1e-5)


@pytest.mark.parametrize("alone", [False, True])
def test_estimates_scatter_by_their_errors(alone):
    """500 draws of 20,000 shots: means within 5 of their own errors, standard deviations within 15%."""
    values = np.array([0.5, -0.25, 0.1])
    gate = SignedEntries(3)
    p, state = outcomes(gate, values, 1.0, 0.5)
    rng, shots = np.random.default_rng(1), 20_000
    found = []
    for _ in range(500):
        drawn = rng.multinomial(shots, [*p.ravel(), 1 - p.sum()])[:-1].reshape(2, -1)
        further = (rng.binomial(5000, state[1, 0] ** 2), 5000) if alone else ()
        found.append(gate.estimate(*drawn, shots, *further))
    means, spread = np.mean([one.values for one in found], axis=0), np.std([one.values for one in found], axis=0)
    errors = np.mean([one.errors for one in found], axis=0)
    assert np.all(np.abs(means - values) < 5 * spread / np.sqrt(500) + 2e-4)
    np.testing.assert_allclose(errors, spread, rtol=0.15)


def test_a_constant_measured_by_itself_may_be_small():
    values = np.array([1.5, -2.0])
    gate = SignedEntries(2)
    p, state = outcomes(gate, values, 1.0)
    shots = 10**10
    found = gate.estimate(*np.rint(p * shots), shots, round(state[1, 0] ** 2 * shots), shots)
    np.testing.assert_allclose(found.values, values, rtol=0, atol=1e-3)


def test_a_constant_that_is_too_small_is_refused_with_the_remedy():
    gate = SignedEntries(2)
    p, _ = outcomes(gate, [1.5, -2.0], 1.0)
    with pytest.raises(InputError, match=r"constant is smaller than the entries, 0.138 of .* larger scale") as refusal:
        gate.estimate(*np.rint(p * 1e6), 10**6)
    assert "\n" not in str(refusal.value)
    # As large as the entries: no number of shots tells the roots apart.
    p, _ = outcomes(gate, [0.8, -0.6], 1.0)
    with pytest.raises(InputError, match=r"no larger than the entries, or not by enough for 1000000 .*constant_shots"):
        gate.estimate(*np.rint(p * 1e6), 10**6)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 2, 3], [1, 2], 10), r"plus has shape \(3,\); give 2 counts"),
        (([1, 2], [1, -2], 10), "minus has shape"),
        (([1, 2], [1, 2], 5), "6 outcomes of 5 shots"),
        (([0, 0], [0, 0], 5), "None of 5 shots came out in the entries"),
        (([0, 0], [0, 0], 1), "shots = 1 is too small"),
        (([3, 2], [1, 2], 10, 0, 5), "The constant was seen 0 times in 5 shots"),
        (([3, 2], [1, 2], 10, 6, 5), "The constant was seen 6 times in 5 shots"),
        (([3, 2], [1, 2], 10, 6), "constant_shots = 0 is too small"),
    ],
)
def test_counts_that_do_not_fit_are_refused(arguments, message):
    with pytest.raises(InputError, match=message):
        SignedEntries(2).estimate(*arguments)


def test_no_entries_are_refused():
    with pytest.raises(InputError, match="entries = 0 is too small"):
        SignedEntries(0)
