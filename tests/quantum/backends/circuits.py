"""Small measured circuits."""

from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister


def chain(num_qubits, angle=0.7):
    """A chain of CX behind a rotation, measured into the register `node`."""
    circuit = QuantumCircuit(QuantumRegister(num_qubits, "q"), ClassicalRegister(num_qubits, "node"))
    circuit.ry(angle, 0)
    for qubit in range(num_qubits - 1):
        circuit.cx(qubit, qubit + 1)
    circuit.measure(range(num_qubits), range(num_qubits))
    return circuit


def flipped(bits):
    """X where a bit is set, measured into the register `node`."""
    circuit = QuantumCircuit(QuantumRegister(len(bits), "q"), ClassicalRegister(len(bits), "node"))
    for qubit, bit in enumerate(bits):
        if bit:
            circuit.x(qubit)
    circuit.measure(range(len(bits)), range(len(bits)))
    return circuit


def fed_forward():
    """A measured value that decides on a gate: both bits of `node` are equal."""
    circuit = QuantumCircuit(QuantumRegister(2, "q"), ClassicalRegister(2, "node"))
    circuit.ry(0.9, 0)
    circuit.measure(0, 0)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.x(1)
    circuit.measure(1, 1)
    return circuit
