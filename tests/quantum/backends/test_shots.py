"""Bits read from samplers' data: their order, and what is missing."""

import numpy as np
import pytest
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.primitives.containers import BitArray, DataBin

from quantum.backends.errors import ServiceError
from quantum.backends.shots import shots_of_data

BITS = np.random.default_rng(0).integers(0, 2, (20, 5)).astype(bool)
CIRCUIT = QuantumCircuit(QuantumRegister(5, "q"), ClassicalRegister(3, "node"), ClassicalRegister(2, "more"))


def data_of(bits):
    return DataBin(
        node=BitArray.from_bool_array(bits[:, :3], order="little"),
        more=BitArray.from_bool_array(bits[:, 3:], order="little"),
    )


def test_bit_zero_comes_first_and_shots_in_their_order():
    np.testing.assert_array_equal(shots_of_data(data_of(BITS), CIRCUIT, 20, "dev"), BITS)


def test_shots_beyond_those_asked_for_are_left_out():
    np.testing.assert_array_equal(shots_of_data(data_of(BITS), CIRCUIT, 13, "dev"), BITS[:13])


def test_shots_of_several_randomizations_are_joined():
    data = DataBin(node=BitArray.from_bool_array(BITS[:, :3].reshape(4, 5, 3), order="little"), shape=(4,))
    circuit = QuantumCircuit(QuantumRegister(3, "q"), ClassicalRegister(3, "node"))
    np.testing.assert_array_equal(shots_of_data(data, circuit, 20, "dev"), BITS[:, :3])


@pytest.mark.parametrize(
    ("data", "shots", "message"),
    [
        (data_of(BITS), 21, "dev returned half a result: 20 shots of 3 bits where 21 shots of the 3 bits 'node'"),
        (DataBin(node=BitArray.from_bool_array(BITS[:, :3])), 20, "no such register where 20 shots of the 2 bits 'mor"),
        (DataBin(node=BitArray.from_bool_array(BITS)), 20, "20 shots of 5 bits where 20 shots of the 3 bits 'node'"),
    ],
)
def test_half_a_result_is_an_error(data, shots, message):
    with pytest.raises(ServiceError, match=message):
        shots_of_data(data, CIRCUIT, shots, "dev")
