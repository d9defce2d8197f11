import numpy as np
import pytest
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.quantum_info import Statevector

from problems.errors import InputError
from quantum.backends.readout import measured_qubits
from quantum.backends.together import bits_of, together
from quantum.backends.vendor_result import shots_of_result


def part(qubits, angles, width=5):
    """A circuit on some of a device's qubits, with two classical registers, crosswise."""
    circuit = QuantumCircuit(QuantumRegister(width, "q"), ClassicalRegister(1, "one"), ClassicalRegister(1, "two"))
    circuit.global_phase = 0.25
    circuit.ry(angles[0], qubits[0])
    circuit.cx(*qubits)
    circuit.ry(angles[1], qubits[1])
    circuit.barrier()
    circuit.measure(qubits[0], 1)
    circuit.measure(qubits[1], 0)
    return circuit


def law(circuit):
    gates = circuit.copy()
    gates.remove_final_measurements()
    return Statevector(gates).probabilities(measured_qubits(circuit))


def test_circuits_at_once_measure_what_each_measures_alone():
    first, second = part((0, 1), (0.4, 1.1)), part((4, 3), (2.0, 0.3))
    whole = together([first, second], ["a", "b"])
    assert [(register.name, register.size) for register in whole.cregs] == [("a", 2), ("b", 2)]
    joint = law(whole)
    np.testing.assert_allclose(joint, np.kron(law(second), law(first)), atol=1e-12)
    names = [one.name for one in whole.data]
    assert names[-4:] == ["measure"] * 4
    assert "measure" not in names[:-4]


def test_bits_are_told_apart_by_registers():
    whole = together([part((0, 1), (0.1, 0.2)), part((4, 3), (0.3, 0.4))], ["a", "b"])
    bits = np.random.default_rng(0).random((50, 4)) < 0.5
    np.testing.assert_array_equal(bits_of(whole, "a", bits), bits[:, :2])
    np.testing.assert_array_equal(bits_of(whole, "b", bits), bits[:, 2:])
    with pytest.raises(InputError, match="has no register 'c'"):
        bits_of(whole, "c", bits)


def test_registers_stand_as_the_header_says():
    from qiskit.result import Result

    whole = together([part((0, 1), (0.1, 0.2)), part((4, 3), (0.3, 0.4))], ["a", "b"])
    for sizes, outcome in (([["a", 2], ["b", 2]], "01 10"), ([["b", 2], ["a", 2]], "10 01")):
        result = Result.from_dict(
            {
                "backend_name": "x",
                "job_id": "1",
                "success": True,
                "results": [
                    {
                        "shots": 1,
                        "success": True,
                        "data": {"counts": {outcome: 1}},
                        "header": {"creg_sizes": sizes, "memory_slots": 4},
                    }
                ],
            }
        )
        bits = shots_of_result(result, whole, 1, 0, "x")
        assert bits_of(whole, "a", bits).tolist() == [[False, True]]
        assert bits_of(whole, "b", bits).tolist() == [[True, False]]


def test_a_measurement_that_others_follow_stays_where_it_is():
    circuit = QuantumCircuit(2, 2)
    circuit.measure(0, 0)
    circuit.x(0)
    circuit.measure(0, 1)
    other = QuantumCircuit(2, 1)
    other.x(1)
    other.measure(1, 0)
    assert [one.name for one in together([circuit, other], ["a", "b"]).data] == [
        "measure",
        "x",
        "x",
        "measure",
        "measure",
    ]


def test_two_on_one_qubit_and_feed_forward_are_refused():
    with pytest.raises(InputError, match="Two circuits act on qubit 1; give each a region"):
        together([part((0, 1), (0.1, 0.2)), part((1, 2), (0.3, 0.4))], ["a", "b"])
    fed = QuantumCircuit(5, 1)
    fed.measure(0, 0)
    with fed.if_test((0, 1)):
        fed.x(0)
    with pytest.raises(InputError, match="run it alone, without --at-once"):
        together([fed, part((1, 2), (0.3, 0.4))], ["a", "b"])
