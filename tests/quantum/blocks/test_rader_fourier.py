"""The transform of a digit in discrete logarithms: its code, what it does twice, its price, what it refuses."""

import numpy as np
import pytest
from qiskit import QuantumCircuit

from problems.errors import InputError
from quantum.blocks import PrimeFourier, RaderFourier
from quantum.resources import gate_counts
from tests.quantum.blocks.agreement import act, assert_close, smallest_generator

BITS = {3: 1, 5: 2, 17: 4, 257: 8}
GATES = {3: 1, 5: 7, 17: 34, 257: 454}


@pytest.mark.parametrize(("prime", "m"), BITS.items())
def test_the_code_holds_logarithms_and_a_uniform_zero(prime, m):
    code, g = RaderFourier(prime).code, smallest_generator(prime)
    assert code.shape == (2 ** (m + 1), prime)
    expected = np.zeros((2, 2**m, prime))  # z, p, x
    expected[1, :, 0] = 2 ** (-m / 2)
    for p in range(2**m):
        expected[0, p, pow(g, p, prime)] = 1
    assert_close(code, expected.reshape(2 ** (m + 1), prime))


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("prime", [3, 5, 17])
def test_twice_the_transform_negates_and_four_times_does_nothing(prime, inverted):
    gate = RaderFourier(prime, inverted)
    once, columns = gate.definition, gate.code
    twice = act(once, act(once, columns))
    assert_close(twice, columns[:, [-x % prime for x in range(prime)]])
    assert_close(act(once, act(once, twice)), columns)


@pytest.mark.parametrize("prime", [3, 5, 17])
def test_the_definition_of_the_inverse_undoes_the_gate_on_the_code(prime):
    gate = RaderFourier(prime)
    assert_close(act(gate.inverse().definition, act(gate.definition, gate.code)), gate.code)
    assert gate.inverse() == RaderFourier(prime, inverted=True)
    assert gate.inverse().inverse() == gate


@pytest.mark.parametrize(("prime", "gates"), GATES.items())
def test_the_price_is_the_one_that_was_published(prime, gates):
    assert RaderFourier(prime).two_qubit_gates == RaderFourier(prime, inverted=True).two_qubit_gates == gates


@pytest.mark.parametrize("prime", [3, 5, 17])
def test_it_is_cheaper_than_the_generic_synthesis_in_binary(prime):
    circuit = QuantumCircuit(BITS[prime] + 1)
    circuit.append(PrimeFourier(prime), range(BITS[prime] + 1))
    assert RaderFourier(prime).two_qubit_gates < gate_counts(circuit).two_qubit


def test_transforms_over_different_fields_live_in_one_circuit():
    circuit = QuantumCircuit(5)
    circuit.append(RaderFourier(3), [0, 1])
    circuit.append(RaderFourier(5), [2, 3, 4])
    codes = [RaderFourier(5).code, RaderFourier(3).code]  # the lowest qubits last
    fourier = [np.exp(-2j * np.pi * np.outer(range(p), range(p)) / p) / p**0.5 for p in (5, 3)]
    assert_close(act(circuit, np.kron(*codes)), np.kron(*codes) @ np.kron(*fourier))


def test_name_and_parameters_tell_the_gates_apart_where_that_is_all_there_is():
    """As in OpenQASM, or in a drawing."""
    labels = {(gate.name, *gate.params) for p in BITS for gate in (RaderFourier(p), RaderFourier(p).inverse())}
    assert len(labels) == 2 * len(BITS)


@pytest.mark.parametrize("prime", [2, 7, 13, 65537])
def test_other_primes_are_sent_to_the_binary_encoding(prime):
    with pytest.raises(InputError, match="binary"):
        RaderFourier(prime)
