"""A digit split by the Chinese remainder theorem: its bits, its code, and its transform, alone and divided by g^k."""

import itertools

import numpy as np
import pytest
from qiskit import QuantumCircuit

from problems.errors import InputError
from quantum.blocks.crt_digit import CRTDigit, CRTLayout
from quantum.blocks.parity_walk import ParityWalk
from quantum.blocks.rader_digit import Shift
from tests.quantum.blocks.agreement import (
    act,
    assert_close,
    assert_equal_up_to_row_phases,
    fourier_matrix,
    smallest_generator,
)

# P: the exponent a and the Fermat primes q, written out by hand.
FACTORS = {
    7: (1, [3]),
    11: (1, [5]),
    13: (2, [3]),
    31: (1, [3, 5]),
    41: (3, [5]),
    61: (2, [3, 5]),
    97: (5, [3]),
    103: (1, [3, 17]),
    137: (3, [17]),
    193: (6, [3]),
    241: (4, [3, 5]),
}
FERMAT_BITS = {3: 1, 5: 2, 17: 4}
PRIMES_BELOW_300 = [n for n in range(2, 300) if all(n % d for d in range(2, n))]


def width_of(prime):
    a, factors = FACTORS[prime]
    return a + sum(FERMAT_BITS[q] + 1 for q in factors) + 1


def bit_strings(width):
    return np.array(list(itertools.product([False, True], repeat=width)))[:, ::-1]


def parts_of(string, prime):
    """p mod 2^a, then each p mod q, from the bits; z_q = 1 is 0 modulo q whatever its bits."""
    a, factors = FACTORS[prime]
    bits = iter(int(bit) for bit in string)
    values = [sum(next(bits) << i for i in range(a))]
    for q in factors:
        power = sum(next(bits) << i for i in range(FERMAT_BITS[q]))
        values.append(0 if next(bits) else pow(smallest_generator(q), power, q))
    return values


def logarithm_of(string, prime):
    """The p that has the parts, by looking at them all."""
    a, factors = FACTORS[prime]
    values = parts_of(string, prime)
    return next(p for p in range(prime - 1) if [p % n for n in [2**a, *factors]] == values)


def kron(*factors):
    """The tensor product, the first factor lowest in the index."""
    product = np.eye(1)
    for factor in factors:
        product = np.kron(factor, product)
    return product


def fermat_code(q):
    """The states of Z_q on its bits and z_q, shape (2 (q-1), q)."""
    code = np.zeros((2 * (q - 1), q))
    code[q - 1 :, 0] = 1 / np.sqrt(q - 1)
    for power in range(q - 1):
        code[power, pow(smallest_generator(q), power, q)] = 1
    return code


def logarithm_states(prime):
    """The states of p on the qubits before z, shape (2^(width-1), P-1)."""
    a, factors = FACTORS[prime]
    codes = [np.eye(2**a), *(fermat_code(q) for q in factors)]
    columns = [
        kron(*(code[:, [p % n]] for code, n in zip(codes, [2**a, *factors], strict=True))) for p in range(prime - 1)
    ]
    return np.hstack(columns)


def digit_code(prime):
    """The states |x>, shape (2^width, P): |p>|z=0> for x = g^p, and the uniform sum of all |p> times |z=1> for 0."""
    logarithms, g = logarithm_states(prime), smallest_generator(prime)
    code = np.zeros((2, len(logarithms), prime))
    code[1, :, 0] = logarithms.sum(axis=1) / np.sqrt(prime - 1)
    for p in range(prime - 1):
        code[0, :, pow(g, p, prime)] = logarithms[:, p]
    return code.reshape(-1, prime)


# The layout.


def test_the_primes_taken_are_those_with_fermat_primes_and_a_power_of_two():
    """Independently: divide the 2s out of P - 1 and ask for a product of distinct Fermat primes."""
    products = {int(np.prod(chosen)) for n in (1, 2, 3) for chosen in itertools.combinations([3, 5, 17, 257], n)}
    expected = []
    for prime in PRIMES_BELOW_300[1:]:
        odd = prime - 1
        while odd % 2 == 0:
            odd //= 2
        if odd in products and prime <= 241:
            expected.append(prime)
    taken = []
    for prime in PRIMES_BELOW_300:
        try:
            CRTLayout(prime)
        except InputError:
            continue
        taken.append(prime)
    assert taken == expected == list(FACTORS)


@pytest.mark.parametrize("prime", [*(prime for prime in PRIMES_BELOW_300 if prime not in FACTORS), 769, 65537])
def test_other_primes_are_refused_with_ways_out(prime):
    with pytest.raises(
        InputError, match=rf"(?s)prime = {prime} .*at most 241.*encoding='rader'.*3, 5, 17.*encoding='binary'"
    ):
        CRTLayout(prime)


@pytest.mark.parametrize("prime", [1, 9, 15, 91, 121, 1.5, "x", None, -7])
def test_what_is_no_prime_is_refused(prime):
    with pytest.raises(InputError, match="prime = "):
        CRTLayout(prime)


@pytest.mark.parametrize("prime", FACTORS)
def test_the_parts_are_one_after_the_other(prime):
    layout, (a, factors) = CRTLayout(prime), FACTORS[prime]
    assert (layout.prime, layout.bits, layout.factors, layout.width) == (prime, a, factors, width_of(prime))
    places = list(range(layout.width))
    split = [places[part] for part in layout.parts]
    assert [len(part) for part in split] == [a, *(FERMAT_BITS[q] + 1 for q in factors)]
    assert sum(split, []) == places[:-1]  # noqa: RUF017


@pytest.mark.parametrize("prime", FACTORS)
def test_digits_are_written_in_logarithms_of_logarithms(prime):
    layout, (a, factors), g = CRTLayout(prime), FACTORS[prime], smallest_generator(prime)
    written = layout.encode(np.arange(prime))
    assert written.shape == (prime, width_of(prime))
    assert written.dtype == bool
    assert written[0].tolist() == [False] * (width_of(prime) - 1) + [True]
    for p in range(prime - 1):
        string = written[pow(g, p, prime)]
        assert not string[-1]
        assert parts_of(string, prime) == [p % 2**a, *(p % q for q in factors)]
        start = a
        for q in factors:
            if p % q == 0:
                assert not np.any(string[start : start + FERMAT_BITS[q]])  # until `complete`
            start += FERMAT_BITS[q] + 1
    np.testing.assert_array_equal(layout.decode(written), np.arange(prime))


def test_digits_may_repeat_and_come_in_any_order():
    digits = np.array([30, 0, 7, 7, 0, 1, 29])
    layout = CRTLayout(31)
    np.testing.assert_array_equal(layout.encode(digits), layout.encode(np.arange(31))[digits])
    np.testing.assert_array_equal(layout.decode(layout.encode(digits)), digits)


@pytest.mark.parametrize("prime", FACTORS)
def test_every_bit_string_is_a_digit(prime):
    layout, g = CRTLayout(prime), smallest_generator(prime)
    strings = bit_strings(width_of(prime))
    digits, logarithms = layout.decode(strings), layout.logarithms(strings)
    assert digits.shape == logarithms.shape == (len(strings),)
    assert digits.min() == 0
    assert digits.max() == prime - 1
    assert set(digits.tolist()) == set(range(prime))
    for string, digit, p in list(zip(strings, digits, logarithms, strict=True))[:: 1 if prime < 100 else 7]:
        assert p == logarithm_of(string, prime)
        assert digit == (0 if string[-1] else pow(g, int(p), prime))


@pytest.mark.parametrize("prime", FACTORS)
def test_scaled_logarithms_are_the_frequencies_of_the_parts(prime):
    """e^(-2 pi i j p/N) is the product of e^(-2 pi i j_n p_n/n) over the parts."""
    layout, (a, factors), order = CRTLayout(prime), FACTORS[prime], prime - 1
    strings = layout.states()[:: 1 if prime < 100 else 5]
    scaled = layout.logarithms(strings, scaled=True)
    assert set(scaled.tolist()) <= set(range(order))
    values = np.array([parts_of(string, prime) for string in strings])
    p = layout.logarithms(strings)
    parts = sum(np.outer(values[:, i], values[:, i]) / n for i, n in enumerate([2**a, *factors]))
    assert_close(np.exp(-2j * np.pi * np.outer(scaled, p) / order), np.exp(-2j * np.pi * parts), 1e-9)


@pytest.mark.parametrize("prime", [7, 13, 31])
def test_the_states_are_all_values_in_order(prime):
    states = CRTLayout(prime).states()
    np.testing.assert_array_equal(states, bit_strings(width_of(prime) - 1))
    assert states.dtype == bool


def test_the_code_is_orthonormal():
    for prime in FACTORS:
        code = digit_code(prime)
        assert_close(code.T @ code, np.eye(prime))


@pytest.mark.parametrize("prime", FACTORS)
def test_completed_basis_states_are_the_code(prime):
    layout, code = CRTLayout(prime), digit_code(prime)
    circuit = QuantumCircuit(layout.width)
    layout.complete(circuit, circuit.qubits, np.arange(prime))
    starts = np.zeros((2**layout.width, prime))
    starts[layout.encode(np.arange(prime)) @ (1 << np.arange(layout.width)), np.arange(prime)] = 1
    assert_close(act(circuit, starts), code)


@pytest.mark.parametrize("prime", [7, 11, 13, 31])
def test_some_digits_are_completed_as_all_are(prime):
    layout, code = CRTLayout(prime), digit_code(prime)
    rng = np.random.default_rng(prime)
    subsets = [*([x] for x in range(prime)), *(rng.choice(prime, 3, replace=False) for _ in range(10))]
    for digits in map(np.asarray, subsets):
        circuit = QuantumCircuit(layout.width)
        layout.complete(circuit, circuit.qubits, digits)
        starts = np.zeros((2**layout.width, len(digits)))
        starts[layout.encode(digits) @ (1 << np.arange(layout.width)), np.arange(len(digits))] = 1
        assert_close(act(circuit, starts), code[:, digits])


def test_where_no_flag_is_set_there_is_nothing_to_complete():
    prime, g = 31, 3
    digits = np.array([pow(g, p, prime) for p in range(prime - 1) if p % 3 and p % 5])
    circuit = QuantumCircuit(7)
    CRTLayout(prime).complete(circuit, circuit.qubits, digits)
    assert not circuit.data


# One digit and its shift.


def transform(prime, digits=1, shifted=True, added=False, exact=True, inverted=False):
    """Return the circuit on digits and, highest, k without its z; every wire is settled."""
    layout = CRTLayout(prime)
    width = layout.width
    circuit = QuantumCircuit(digits * width + (width - 1 if shifted else 0))
    walk, parts = ParityWalk(circuit), []
    k = circuit.qubits[digits * width :]
    for d in range(digits):
        qubits = circuit.qubits[d * width : (d + 1) * width]
        for qubit in qubits[layout.parts[0]]:
            walk.start(qubit)
        parts.append(CRTDigit(walk, qubits, layout))
        parts[-1].enter()
        parts[-1].gauss(inverted)
    shift = Shift(walk, k[layout.parts[0]], added) if shifted else None
    if shift:
        for digit in parts:
            digit.shift(k)
    for t in range(layout.bits):
        if shift:
            shift.reach(t)
        for digit in parts:
            digit.leave(t, shift, exact)
    if shift:
        shift.leave()
    for digit in parts:
        digit.settle(shift, exact)
    walk.finish(unseen=0 if exact else sum(digit.outcomes for digit in parts))
    return circuit


def divided_fourier(prime, k, sign=-1):
    """|x> -> P^(-1/2) sum_u w^(sign x u)|u g^(-k)>."""
    factor = pow(smallest_generator(prime), k, prime)
    return fourier_matrix(prime, sign)[[u * factor % prime for u in range(prime)]]  # row u g^(-k) is that of u


def first_states(prime, added):
    """The states of k as the wires hold them first; `added` adds bit 1 to bit 0."""
    states = logarithm_states(prime)
    index = np.arange(len(states))
    return states[index ^ (index >> 1 & 1)] if added else states


def mixtures(*shape):
    rng = np.random.default_rng(shape)
    weights = rng.normal(size=shape) + 1j * rng.normal(size=shape)
    return weights / np.sqrt(np.sum(abs(weights) ** 2, axis=tuple(range(len(shape) - 1))))


def states_and_images(prime, weights, added=False, sign=-1):
    """Superpositions of |x>|k> with weights (P, P-1, n), or |x> with (P, 1, n), and what they become."""
    code = digit_code(prime)
    shifted = weights.shape[1] > 1
    first = first_states(prime, added) if shifted else np.eye(1)
    last = logarithm_states(prime) if shifted else np.eye(1)
    moved = [divided_fourier(prime, k, sign) @ weights[:, k] for k in range(weights.shape[1])]
    states = np.tensordot(first, np.tensordot(code, weights, 1), (1, 1))
    images = np.tensordot(last, np.tensordot(code, np.stack(moved, axis=1), 1), (1, 1))
    return states.reshape(-1, weights.shape[2]), images.reshape(-1, weights.shape[2])


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("prime", [7, 11, 13, 31, 41])
def test_without_a_shift_it_is_the_transform_of_every_digit(prime, inverted):
    code = digit_code(prime)
    circuit = transform(prime, shifted=False, inverted=inverted)
    assert_close(act(circuit, code), code @ fourier_matrix(prime, +1 if inverted else -1))


@pytest.mark.parametrize("prime", [61, 97, 103, 137, 193, 241])
def test_without_a_shift_it_is_the_transform_of_digits_of_large_primes(prime):
    code, weights = digit_code(prime), mixtures(prime, 2)
    for inverted, sign in [(False, -1), (True, +1)]:
        circuit = transform(prime, shifted=False, inverted=inverted)
        assert_close(act(circuit, code @ weights), code @ fourier_matrix(prime, sign) @ weights)


@pytest.mark.parametrize("prime", [7, 11, 13])
def test_the_transform_divides_by_the_exponential_of_k(prime):
    """Every |x>|k>."""
    weights = np.eye(prime * (prime - 1)).reshape(prime, prime - 1, -1)
    states, images = states_and_images(prime, weights)
    assert_close(act(transform(prime), states), images)


@pytest.mark.parametrize("prime", [31, 41, 61, 97])
def test_the_transform_divides_superpositions_by_the_exponential_of_k(prime):
    """Random superpositions of all |x>|k>; each amplitude is seen."""
    states, images = states_and_images(prime, mixtures(prime, prime - 1, 2))
    assert_close(act(transform(prime), states), images)


def test_the_transform_over_the_31_residues_divides_every_one_of_them():
    """Every x, with one superposition of all k for each of them."""
    weights = mixtures(30, 31).T[:, :, None] * np.eye(31)[:, None, :]
    states, images = states_and_images(31, weights)
    assert_close(act(transform(31), states), images)


@pytest.mark.parametrize("prime", [13, 41, 61])
def test_k_may_begin_as_step_one_needs_it(prime):
    states, images = states_and_images(prime, mixtures(prime, prime - 1, 2), added=True)
    assert_close(act(transform(prime, added=True), states), images)


@pytest.mark.parametrize("prime", [7, 13, 31])
def test_inverted_and_divided_at_once(prime):
    states, images = states_and_images(prime, mixtures(prime, prime - 1, 2), sign=+1)
    assert_close(act(transform(prime, inverted=True), states), images)


@pytest.mark.parametrize(("prime", "added", "shifted"), [(7, False, True), (13, True, True), (13, False, False)])
def test_what_exact_adds_are_phases_of_the_outcome_alone(prime, added, shifted):
    """One phase for each outcome of the digit, the same for all x and, above all, for all k."""
    order = prime - 1 if shifted else 1
    weights = np.eye(prime * order).reshape(prime, order, -1)
    states, images = states_and_images(prime, weights, added)
    circuit = transform(prime, added=added, exact=False, shifted=shifted)
    actual, expected = (by_outcome(found, width_of(prime)) for found in (act(circuit, states), images))
    assert_equal_up_to_row_phases(actual, expected)
    if prime == 13:
        assert not np.allclose(actual, expected)  # something was indeed left out


def by_outcome(states, measured):
    """Amplitudes as (the lowest qubits, all else): the rest of the state and the input together."""
    return states.reshape(-1, 2**measured, states.shape[1]).transpose(1, 0, 2).reshape(2**measured, -1)


@pytest.mark.parametrize(("prime", "added"), [(7, False), (13, False), (13, True)])
def test_digits_share_one_shift(prime, added):
    code, first, last = digit_code(prime), first_states(prime, added), logarithm_states(prime)
    weights = mixtures(prime, prime, prime - 1, 2)
    states = np.einsum("ax,by,xykn,jk->jban", code, code, weights, first, optimize=True)
    factors = [divided_fourier(prime, k) for k in range(prime - 1)]
    moved = np.einsum("kux,kvy,xykn->uvkn", factors, factors, weights, optimize=True)
    images = np.einsum("au,bv,uvkn,jk->jban", code, code, moved, last, optimize=True)
    assert_close(act(transform(prime, digits=2, added=added), states.reshape(-1, 2)), images.reshape(-1, 2))
