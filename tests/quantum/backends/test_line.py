"""Circuits on a line: the same circuit, on neighbors, with registers that stay together."""

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import Operator, Statevector

from quantum.backends.line import on_a_line


def random_circuit(rng, num_qubits, gates, barriers=0):
    circuit = QuantumCircuit(num_qubits)
    for step in range(gates):
        if barriers and step % (gates // barriers) == 0:
            circuit.barrier()
        size = int(rng.integers(1, 4))
        qubits = [int(q) for q in rng.permutation(num_qubits)[:size]]
        if size == 1:
            circuit.ry(float(rng.normal()), qubits[0])
        elif size == 2:
            circuit.cp(float(rng.normal()), *qubits)
        else:
            circuit.ccx(*qubits)
    return circuit


def swaps(circuit):
    return circuit.count_ops().get("swap", 0)


def places_of(circuit, instruction):
    return sorted(circuit.find_bit(qubit).index for qubit in instruction.qubits)


@pytest.mark.parametrize("seed", range(8))
def test_every_gate_is_on_neighbors_and_a_last_barrier_gives_the_same_unitary(seed):
    rng = np.random.default_rng(seed)
    circuit = random_circuit(rng, 5, 20, barriers=seed % 3)
    circuit.barrier()
    line = on_a_line(circuit)
    assert "barrier" not in line.count_ops()
    for instruction in line.data:
        places = places_of(line, instruction)
        assert places == list(range(places[0], places[0] + len(places)))
    np.testing.assert_allclose(Operator(line).data, Operator(circuit).data, rtol=0, atol=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_measurements_follow_their_qubits(seed):
    rng = np.random.default_rng(seed)
    circuit = random_circuit(rng, 5, 20)
    measured = circuit.copy()
    measured.measure_all(add_bits=True)
    line = on_a_line(measured)
    where = {
        line.find_bit(i.clbits[0]).index: places_of(line, i)[0] for i in line.data if i.operation.name == "measure"
    }
    line.remove_final_measurements()
    found = Statevector(line).probabilities([where[clbit] for clbit in range(5)])
    np.testing.assert_allclose(found, Statevector(circuit).probabilities(), rtol=0, atol=1e-12)


def test_conditioned_gates_follow_their_qubits():
    circuit = QuantumCircuit(4, 1)
    circuit.cx(0, 3)
    circuit.measure(3, 0)
    with circuit.if_test((0, 1)):
        circuit.x(1)
    line = on_a_line(circuit)
    # 3 moved next to 0, so 1 is one place further on.
    assert [places_of(line, i) for i in line.data if i.operation.name in ("measure", "if_else")] == [[1], [2]]


def test_the_last_qubit_walks_along_and_back_and_the_others_keep_their_order():
    circuit = QuantumCircuit(6)
    for qubit in (4, 3, 2, 1, 0, 1, 2, 3, 4):
        circuit.cz(qubit, 5)
    line = on_a_line(circuit)
    # Past 4, 3, 2 and 1 to the side of 0, and back past 1, 2 and 3 to the side of 4.
    assert swaps(line) == 4 + 3
    assert [places_of(line, i) for i in line.data if i.operation.name == "cz"][-1] == [4, 5]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_gates_on_neighbors_need_no_swap(order):
    circuit = QuantumCircuit(4)
    circuit.cx(*order)
    circuit.ccx(3, 1, 2)
    assert swaps(on_a_line(circuit)) == 0
