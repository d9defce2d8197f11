"""One digit in discrete logarithms through its transform, with and without a shift by k, measured or not."""

import itertools

import numpy as np
import pytest
from qiskit import ClassicalRegister, QuantumCircuit
from qiskit.circuit import Measure
from qiskit.circuit.library import HGate

from problems.errors import InputError
from quantum.blocks.parity_walk import ParityWalk
from quantum.blocks.rader_digit import FERMAT_PRIMES, RaderDigit, Shift, check_fermat, rader_bits, rader_digits
from quantum.resources import gate_counts
from tests.quantum.blocks.agreement import (
    act,
    assert_close,
    assert_equal_up_to_row_phases,
    fourier_matrix,
    smallest_generator,
)

BITS = {3: 1, 5: 2, 17: 4, 257: 8}


# Digits as bits.


@pytest.mark.parametrize("prime", BITS)
def test_digits_survive_the_way_through_bits(prime):
    digits = np.arange(prime)
    digits = np.stack([digits, digits[::-1], np.roll(digits, 1)], axis=1)
    bits = rader_bits(digits, prime)
    assert bits.dtype == bool
    assert bits.shape == (prime, 3 * (BITS[prime] + 1))
    back = rader_digits(bits, prime)
    assert back.shape == (prime, 3)
    np.testing.assert_array_equal(back, digits)


@pytest.mark.parametrize("prime", BITS)
def test_bits_are_a_logarithm_and_a_mark_of_zero(prime):
    m, g = BITS[prime], smallest_generator(prime)
    bits = rader_bits(np.arange(prime)[None], prime).reshape(prime, m + 1)
    np.testing.assert_array_equal(bits[0], [False] * m + [True])
    for p in range(prime - 1):
        assert [int(bit) for bit in bits[pow(g, p, prime)]] == [*(p >> i & 1 for i in range(m)), 0]


@pytest.mark.parametrize("prime", BITS)
def test_every_bit_string_is_a_digit(prime):
    m, g = BITS[prime], smallest_generator(prime)
    strings = np.array(list(itertools.product([False, True], repeat=m + 1)))
    digits = rader_digits(strings, prime)
    assert digits.shape == (2 ** (m + 1), 1)
    for string, (digit,) in zip(strings, digits, strict=True):
        p = sum(int(bit) << i for i, bit in enumerate(string[:m]))
        assert digit == (0 if string[m] else pow(g, p, prime))
    assert np.all(np.bincount(digits[:, 0]) == [prime - 1, *[1] * (prime - 1)])


def test_the_fermat_primes_are_those_of_the_encoding():
    assert sorted(FERMAT_PRIMES) == sorted(BITS)
    assert [check_fermat(prime) for prime in BITS] == list(BITS)


@pytest.mark.parametrize("prime", [2, 7, 11, 13, 65537])
def test_other_primes_are_refused_with_a_way_out(prime):
    with pytest.raises(InputError, match=rf"(?s)prime = {prime} .*3, 5, 17, 257.*encoding='binary'"):
        check_fermat(prime)


@pytest.mark.parametrize("prime", [4, 1.5, "x", None, 9, 256, -3])
def test_what_is_no_prime_is_refused(prime):
    with pytest.raises(InputError, match="prime"):
        check_fermat(prime)


# One digit and its shift.


class CountedWalk(ParityWalk):
    """Keeps count of the CNOTs of each step."""

    def __init__(self, circuit):
        super().__init__(circuit)
        self.cnots = 0

    def cx(self, source, target):
        self.cnots += 1
        super().cx(source, target)

    def taken(self):
        cnots, self.cnots = self.cnots, 0
        return cnots


def transform(prime, digits=1, shifted=True, added=False, exact=True, measured=False, inverted=False):
    """Return the circuit on digits and, highest, k, and the CNOTs by step; every wire settled or measured."""
    m = BITS[prime]
    width = m + 1
    circuit = QuantumCircuit(digits * width + (m if shifted else 0))
    bits = ClassicalRegister(digits * width)
    walk, parts, cnots = CountedWalk(circuit), [], {}
    if measured:
        circuit.add_register(bits)
    for d in range(digits):
        *logarithm, zero = circuit.qubits[d * width : (d + 1) * width]
        for qubit in logarithm:
            walk.start(qubit)
        parts.append(RaderDigit(walk, logarithm, zero, prime))
        parts[-1].enter()
        cnots["enter"] = walk.taken()
        parts[-1].gauss(inverted)
        walk.taken()
    shift = Shift(walk, circuit.qubits[digits * width :], added) if shifted else None
    for t in range(m):
        if shift:
            shift.reach(t)
            cnots["reach", t] = walk.taken()
        for d, digit in enumerate(parts):
            if measured:
                digit.measure(t, bits[d * width : (d + 1) * width], shift)
            else:
                digit.leave(t, shift, exact)
            cnots["leave", t] = walk.taken()
    if shift:
        shift.leave()
        cnots["away"] = walk.taken()
    if measured:
        for d in range(digits):
            zero = (d + 1) * width - 1
            walk.gate(Measure(), circuit.qubits[zero], clbits=(bits[zero],))
    else:
        for digit in parts:
            digit.settle(shift, exact)
            cnots["settle"] = walk.taken()
    walk.finish(unseen=0 if exact and not measured else sum(digit.outcomes for digit in parts))
    return circuit, cnots


def columns(prime):
    """The states |x> of a digit, shape (2^(m+1), P), by their words."""
    m, g = BITS[prime], smallest_generator(prime)
    states = np.zeros((2 ** (m + 1), prime))
    states[2**m :, 0] = 2 ** (-m / 2)
    for p in range(2**m):
        states[p, pow(g, p, prime)] = 1
    return states


def divided_fourier(prime, k, sign=-1):
    """|x> -> P^(-1/2) sum_u w^(sign x u)|u g^(-k)>."""
    factor = pow(smallest_generator(prime), k, prime)
    return fourier_matrix(prime, sign)[[u * factor % prime for u in range(prime)]]  # row u g^(-k) is that of u


def kron(*factors):
    """The tensor product, the first factor lowest in the index."""
    product = np.eye(1)
    for factor in factors:
        product = np.kron(factor, product)
    return product


def first_state(k, added):
    """The first state of the wires of k."""
    return k ^ (k >> 1 & 1) if added else k


def states_and_images(prime, digits=1, shifted=True, added=False, sign=-1):
    """All inputs |x_1>...|x_D>|k> and what they become, columns by (k, x_1, ..., x_D)."""
    code, order = columns(prime), prime - 1
    inputs, images = [], []
    for k in range(order if shifted else 1):
        image = code @ divided_fourier(prime, k, sign)
        register = [np.eye(order)[:, [first_state(k, added)]], np.eye(order)[:, [k]]] if shifted else [np.eye(1)] * 2
        inputs.append(kron(*[code] * digits, register[0]))
        images.append(kron(*[image] * digits, register[1]))
    return np.hstack(inputs), np.hstack(images)


CASES = [(3, False), (5, False), (5, True), (17, False), (17, True)]


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize(("prime", "added"), CASES)
def test_the_transform_divides_by_the_exponential_of_k(prime, added, inverted):
    circuit, _ = transform(prime, added=added, inverted=inverted)
    states, images = states_and_images(prime, added=added, sign=+1 if inverted else -1)
    assert_close(act(circuit, states), images)


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("prime", [3, 5, 17])
def test_without_a_shift_it_is_the_transform(prime, inverted):
    circuit, _ = transform(prime, shifted=False, inverted=inverted)
    states, images = states_and_images(prime, shifted=False, sign=+1 if inverted else -1)
    assert_close(act(circuit, states), images)


@pytest.mark.parametrize(
    ("prime", "added", "shifted"),
    [*((*case, True) for case in CASES), (5, False, False), (17, False, False)],
)
def test_what_exact_adds_are_phases_of_the_outcome_alone(prime, added, shifted):
    """One phase for each (q, z), the same for all x and, above all, for all k: k is yet to be transformed."""
    circuit, _ = transform(prime, added=added, exact=False, shifted=shifted)
    states, images = states_and_images(prime, added=added, shifted=shifted)
    actual = by_outcome(act(circuit, states), BITS[prime] + 1)
    expected = by_outcome(images, BITS[prime] + 1)
    assert_equal_up_to_row_phases(actual, expected)
    if prime > 3:
        assert not np.allclose(actual, expected)  # something was indeed left out


def by_outcome(states, measured):
    """Amplitudes as (the lowest qubits, all else): the rest of the state and the input together."""
    return states.reshape(-1, 2**measured, states.shape[1]).transpose(1, 0, 2).reshape(2**measured, -1)


@pytest.mark.parametrize("prime", [5, 257])
def test_the_wires_of_k_serve_the_stage_before_k_begins(prime):
    """As in the ridgelet transform; k is uniform, and one random state of the digit stands for all."""
    m, rng = BITS[prime], np.random.default_rng(prime)
    circuit = QuantumCircuit(2 * m + 1)
    *logarithm, zero = circuit.qubits[: m + 1]
    k = circuit.qubits[m + 1 :]
    walk = ParityWalk(circuit)
    for qubit in logarithm:
        walk.start(qubit)
    digit = RaderDigit(walk, logarithm, zero, prime)
    digit.enter()
    digit.gauss(clean=k)
    for qubit in k:
        walk.gate(HGate(), qubit)
    shift = Shift(walk, k)
    for t in range(m):
        shift.reach(t)
        digit.leave(t, shift)
    shift.leave()
    digit.settle(shift)
    walk.finish()
    steps = m * (m - 1) // 2 + sum(2 * t + 1 for t in range(1, m)) + m + 2 * (m - 1)
    stage = {5: 4, 257: 198}[prime]
    assert gate_counts(circuit, optimization_level=0).two_qubit == steps + stage
    weights = rng.normal(size=prime) + 1j * rng.normal(size=prime)
    weights /= np.linalg.norm(weights)
    state, image = np.zeros((2, prime - 1, 2 ** (m + 1)), dtype=complex)
    state[0] = columns(prime) @ weights
    transformed, g = fourier_matrix(prime, -1) @ weights, smallest_generator(prime)
    for value, row in enumerate(image):
        divided = transformed[[u * pow(g, value, prime) % prime for u in range(prime)]]
        row[:] = columns(prime) @ divided / np.sqrt(prime - 1)
    assert_close(act(circuit, state.ravel())[:, 0], image.ravel())


@pytest.mark.parametrize("exact", [True, False])
def test_digits_share_one_shift(exact):
    prime = 5
    circuit, cnots = transform(prime, digits=2, added=True, exact=exact)
    states, images = states_and_images(prime, digits=2, added=True)
    width = 2 * (BITS[prime] + 1)
    assert_equal_up_to_row_phases(by_outcome(act(circuit, states), width), by_outcome(images, width))
    if exact:
        assert_close(act(circuit, states), images)
    single = transform(prime, added=True, exact=exact)[1]
    assert {step: n for step, n in cnots.items() if step[0] == "reach"} == {
        step: n for step, n in single.items() if step[0] == "reach"
    }


@pytest.mark.parametrize("prime", [3, 5, 17])
def test_the_cnots_of_each_step_are_the_declared_ones(prime):
    m = BITS[prime]
    plain, shifted = (transform(prime, shifted=shifted)[1] for shifted in (False, True))
    assert plain["enter"] == shifted["enter"] == m * (m - 1) // 2
    assert [plain["leave", t] for t in range(m)] == list(range(m))
    assert plain["settle"] == m - 1
    # The 1 of step 0 is paid as the wires are settled.
    assert [shifted["leave", t] for t in range(m)] == [0, *(2 * t + 1 for t in range(1, m))]
    assert shifted["settle"] == m - 1 + 1
    assert [shifted["reach", t] for t in range(m)] == [0, *[1] * (m - 1)]
    assert shifted["away"] == m - 1


@pytest.mark.parametrize("prime", [5, 17])
def test_k_that_begins_as_step_one_needs_it_saves_a_cnot(prime):
    m = BITS[prime]
    plain, added = (transform(prime, added=added)[1] for added in (False, True))
    assert [added["reach", t] for t in range(m)] == [0, 0, *[1] * (m - 2)]
    assert sum(plain.values()) - sum(added.values()) == 1


@pytest.mark.parametrize("prime", [5, 17])
def test_what_need_not_be_exact_saves_the_last_difference(prime):
    exact, loose = (transform(prime, exact=exact)[1] for exact in (True, False))
    assert loose["settle"] == exact["settle"] - 1
    assert sum(exact.values()) - sum(loose.values()) == 1


@pytest.mark.parametrize("prime", [3, 5, 17])
def test_the_cnots_of_measured_steps_are_the_declared_ones(prime):
    m = BITS[prime]
    plain, shifted = (transform(prime, shifted=shifted, measured=True)[1] for shifted in (False, True))
    assert [plain["leave", t] for t in range(m)] == [0] * m
    assert [shifted["leave", t] for t in range(m)] == [t + 1 for t in range(m)]
    assert [shifted["reach", t] for t in range(m)] == [0, *[1] * (m - 1)]


@pytest.mark.parametrize(
    ("prime", "digits", "shifted"),
    [(3, 1, True), (5, 1, True), (17, 1, True), (5, 1, False), (17, 1, False), (3, 2, True), (5, 2, True)],
)
def test_measured_steps_are_the_transform_and_its_measurement(prime, digits, shifted):
    """Branch by branch: the amplitudes of the outcome and of k, up to one phase for the outcome."""
    circuit, _ = transform(prime, digits, shifted, measured=True)
    states, images = states_and_images(prime, digits, shifted)
    rng = np.random.default_rng(prime)
    mixtures = rng.normal(size=(states.shape[1], 3)) + 1j * rng.normal(size=(states.shape[1], 3))
    mixtures /= np.linalg.norm(mixtures, axis=0)
    width = digits * (BITS[prime] + 1)
    expected = by_outcome(images @ mixtures, width)
    for outcome in range(2**width):
        branch = act(circuit, states @ mixtures, [outcome >> i & 1 for i in range(width)])
        branch = by_outcome(branch, width)
        assert not np.any(np.delete(branch, outcome, axis=0))
        assert_equal_up_to_row_phases(branch[[outcome]], expected[[outcome]])


@pytest.mark.parametrize("prime", [3, 5])
def test_measured_steps_feed_outcomes_forward_only_after_they_are_known(prime):
    circuit, _ = transform(prime, measured=True)
    known = set()
    for step in circuit.data:
        bits = {circuit.find_bit(clbit).index for clbit in step.clbits}
        if step.operation.name == "measure":
            known |= bits
        else:
            assert bits <= known
    assert known == set(range(BITS[prime] + 1))
