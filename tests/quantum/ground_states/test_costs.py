"""The cost of circuits of ground states."""

import numpy as np
import pytest

from problems.errors import InputError
from problems.ground_states import IsingModel, ToricCode
from quantum.ground_states import HamiltonianAnsatz, RotationCircuit, circuit_cost, disjoint_ticket, toric_circuit


def test_the_toric_circuit_has_no_t_gates():
    cost = circuit_cost(toric_circuit(ToricCode(3, 3)))
    assert (cost.qubits, cost.cx, cost.depth, cost.rotations, cost.t) == (18, 24, 5, 0, 0)


def test_rotations_take_two_cx_and_a_synthesis_each(critical):
    circuit = RotationCircuit(critical, 1)
    angles, mask = disjoint_ticket(circuit, 4)
    long, short = (circuit_cost(circuit.circuit(angles, mask, short=short)) for short in (False, True))
    assert (long.cx, short.cx) == (8, 4)
    assert (long.rotations, short.rotations) == (4, 4)
    assert 30 * 4 < long.t < 80 * 4  # about 3 log2(1/error) a rotation
    rough = circuit_cost(circuit.circuit(angles, mask), 1e-3)
    assert rough.t < 0.7 * long.t


def test_a_layer_of_shared_angles(critical):
    cost = circuit_cost(HamiltonianAnsatz(critical, 1).circuit([[0.1], [0.2]]), 1e-3)
    assert (cost.cx, cost.depth, cost.rotations) == (24, 6, 21)


def test_an_error_out_of_range_is_refused():
    circuit = RotationCircuit(IsingModel(1, 2, 1.0), 1)
    with pytest.raises(InputError, match="rotation_error = 0 is out of range"):
        circuit_cost(circuit.circuit(np.ones(2)), 0)
