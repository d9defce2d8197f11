"""Each block's matrix, decomposition, classical action, inverse and number of qubits tell one story."""

import itertools

import numpy as np
import pytest
from qiskit import QuantumCircuit

from quantum.blocks import ControlledMultiplication, DiscreteExponential, PrimeFourier, RaderFourier, digit_qubits
from quantum.blocks.digits import bits_to_digits, digits_to_bits
from quantum.resources.counts import compile_to_basis
from tests.quantum.blocks.agreement import (
    act,
    assert_block_agrees,
    assert_equal_up_to_phase,
    fourier_matrix,
    smallest_generator,
)

PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31)
QUBITS = {2: 1, 3: 2, 5: 3, 7: 3, 11: 4, 13: 4, 17: 5, 19: 5, 23: 5, 29: 5, 31: 5}


def padded_fourier(prime, sign):
    matrix = np.eye(2 ** QUBITS[prime], dtype=complex)
    matrix[:prime, :prime] = fourier_matrix(prime, sign)
    return matrix


def permutation(images):
    matrix = np.zeros((len(images), len(images)))
    for column, row in enumerate(images):
        matrix[row, column] = 1
    return matrix


def multiplication_matrix(prime, factor):
    def image(state):
        control, x = state % 2, state // 2
        return 2 * (factor * x % prime) + 1 if control and x < prime else state

    return permutation([image(state) for state in range(2 ** (QUBITS[prime] + 1))])


def exponential_matrix(prime):
    g, size = smallest_generator(prime), 2 ** QUBITS[prime]
    return permutation([*(pow(g, k, prime) for k in range(prime - 1)), 0, *range(prime, size)])


@pytest.mark.parametrize("prime", PRIMES)
def test_a_digit_takes_the_qubits_that_its_largest_value_needs(prime):
    assert digit_qubits(prime) == QUBITS[prime]


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("prime", PRIMES)
def test_the_prime_fourier_transform_agrees_with_itself(prime, inverted):
    gate = PrimeFourier(prime, inverted)
    assert_block_agrees(gate, [QUBITS[prime]], padded_fourier(prime, +1 if inverted else -1))


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("prime", [3, 5, 17, 257])
def test_the_rader_transform_agrees_with_itself(prime, inverted):
    widths = [(prime - 1).bit_length() - 1, 1]
    assert_block_agrees(RaderFourier(prime, inverted), widths, fourier_matrix(prime, +1 if inverted else -1))


@pytest.mark.parametrize("prime", PRIMES)
def test_the_controlled_multiplication_agrees_with_itself_for_every_factor(prime):
    for factor in range(1, prime):
        gate = ControlledMultiplication(prime, factor)
        # Synthesis is that of any matrix, and takes a twentieth to a third of a second: one factor for large primes.
        synthesize = prime <= 7 or factor == smallest_generator(prime)
        assert_block_agrees(gate, [1, QUBITS[prime]], multiplication_matrix(prime, factor), synthesize)


@pytest.mark.parametrize("prime", PRIMES)
def test_the_discrete_exponential_agrees_with_itself(prime):
    assert_block_agrees(DiscreteExponential(prime), [QUBITS[prime]], exponential_matrix(prime))


@pytest.mark.parametrize(("qubits", "bound"), [(1, 0), (2, 3), (3, 20), (4, 100), (5, 444)])
def test_the_declared_bound_of_generic_synthesis_is_the_published_one(qubits, bound):
    """Shende, Bullock, Markov 2006: 23/48 4^n - 3/2 2^n + 4/3."""
    assert PrimeFourier({1: 2, 2: 3, 3: 5, 4: 13, 5: 17}[qubits]).two_qubit_gates == bound
    assert bound == (0 if qubits == 1 else round(23 / 48 * 4**qubits - 3 / 2 * 2**qubits + 4 / 3))


@pytest.mark.parametrize("prime", PRIMES)
def test_the_fourier_transform_squared_negates_the_digit(prime):
    matrix = np.asarray(PrimeFourier(prime))
    negated = permutation([*(-x % prime for x in range(prime)), *range(prime, 2 ** QUBITS[prime])])
    np.testing.assert_allclose(matrix @ matrix, negated, rtol=0, atol=1e-12)


@pytest.mark.parametrize("prime", PRIMES)
def test_controlled_powers_of_the_generator_divide_by_the_exponential(prime):
    """The identity that the circuit relies on: multiplication by g^(-2^i) for each bit i of k is division by g^k."""
    g = smallest_generator(prime)
    bits = (prime - 2).bit_length()
    blocks = [ControlledMultiplication(prime, pow(g, -(2**i), prime)) for i in range(bits)]
    exponential = DiscreteExponential(prime)
    for k, x in itertools.product(range(prime - 1), range(prime)):
        product = x
        for i, block in enumerate(blocks):
            control, product = block.classical_action(k >> i & 1, product)
            assert control == k >> i & 1
        assert product * exponential.classical_action(k) % prime == x


def test_gates_of_one_name_and_width_are_kept_apart_when_compiled_together():
    """P = 5 and P = 7 both take three qubits: a compiler that goes by name alone would mix them up."""
    gates = [
        PrimeFourier(5),
        PrimeFourier(7),
        ControlledMultiplication(5, 2),
        ControlledMultiplication(5, 3),
        ControlledMultiplication(7, 3),
        DiscreteExponential(5),
        DiscreteExponential(7),
    ]
    circuit, expected = QuantumCircuit(4), np.eye(16, dtype=complex)
    for gate in gates:
        circuit.append(gate, range(gate.num_qubits))
        padding = np.eye(2 ** (4 - gate.num_qubits))
        expected = np.kron(padding, np.asarray(gate)) @ expected
    assert_equal_up_to_phase(act(compile_to_basis(circuit), np.eye(16)), expected, 1e-9)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PrimeFourier(5), PrimeFourier(7)),
        (PrimeFourier(5), PrimeFourier(5, inverted=True)),
        (ControlledMultiplication(5, 2), ControlledMultiplication(5, 3)),
        (DiscreteExponential(5), DiscreteExponential(7)),
        (RaderFourier(5), RaderFourier(17)),
        (RaderFourier(5), RaderFourier(5, inverted=True)),
    ],
)
def test_gates_compare_by_what_they_do(one, other):
    assert one == one.copy()
    assert one != other


@pytest.mark.parametrize("prime", PRIMES)
def test_digits_survive_the_way_through_bits(prime):
    width = QUBITS[prime]
    digits = np.random.default_rng(prime).integers(0, prime, (50, 3))
    bits = digits_to_bits(digits, width)
    assert bits.dtype == bool
    assert bits.shape == (50, 3 * width)
    np.testing.assert_array_equal(bits_to_digits(bits, width), digits)
    for row, values in zip(bits, digits, strict=True):
        for j, value in enumerate(values):
            assert [int(bit) for bit in row[j * width : (j + 1) * width]] == [value >> i & 1 for i in range(width)]


class WrongAction(ControlledMultiplication):
    def classical_action(self, control, x):
        return control, x


class WrongDefinition(PrimeFourier):
    def _define(self):
        self.definition = PrimeFourier(self.prime, not self.inverted).definition


class WrongInverse(PrimeFourier):
    def inverse(self, annotated=False):
        return PrimeFourier(self.prime, self.inverted)


class WrongBound(PrimeFourier):
    two_qubit_gates = 1


class WrongCode(RaderFourier):
    @property
    def code(self):
        return super().code[:, [1, 0, *range(2, self.prime)]]


class NoCode(RaderFourier):
    @property
    def code(self):
        return np.zeros((2**self.num_qubits, self.prime))


class WrongRader(RaderFourier):
    def _define(self):
        self.definition = RaderFourier(self.prime, not self.inverted).definition


class WrongRaderInverse(RaderFourier):
    def inverse(self, annotated=False):
        return RaderFourier(self.prime, self.inverted)


class TooCheap(RaderFourier):
    @property
    def two_qubit_gates(self):
        return super().two_qubit_gates - 1


class TooDear(RaderFourier):
    @property
    def two_qubit_gates(self):
        return super().two_qubit_gates + 1


@pytest.mark.parametrize(
    ("gate", "widths", "expected"),
    [
        (WrongAction(3, 2), [1, 2], multiplication_matrix(3, 2)),
        (WrongDefinition(3), [2], padded_fourier(3, -1)),
        (WrongInverse(3), [2], padded_fourier(3, -1)),
        (WrongBound(5), [3], padded_fourier(5, -1)),
        (PrimeFourier(3), [2], padded_fourier(3, +1)),
        (PrimeFourier(3), [1, 2], padded_fourier(3, -1)),
        (WrongCode(5), [2, 1], fourier_matrix(5, -1)),
        (NoCode(5), [2, 1], fourier_matrix(5, -1)),
        (WrongRader(5), [2, 1], fourier_matrix(5, -1)),
        (WrongRaderInverse(5), [2, 1], fourier_matrix(5, -1)),
        (TooCheap(5), [2, 1], fourier_matrix(5, -1)),
        (TooDear(5), [2, 1], fourier_matrix(5, -1)),
        (RaderFourier(5), [2, 1], fourier_matrix(5, +1)),
    ],
)
def test_the_agreement_check_catches_a_wrong_block(gate, widths, expected):
    with pytest.raises(AssertionError):
        assert_block_agrees(gate, widths, expected)
