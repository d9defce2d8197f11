"""Gates of vendors' own classes, written plainly, so that a circuit can be kept in a file and read again anywhere."""

from qiskit import QuantumCircuit
from qiskit.circuit import Gate

__all__ = ["plain_gates"]


def plain_gates(circuit: QuantumCircuit) -> QuantumCircuit:
    """Return a circuit whose gates of foreign classes are plain gates of the same names, parameters and definitions.

    Qiskit's files name a gate by its class: a vendor's class that has the name of another of Qiskit's would be read as
    that one, and fail (IonQ's MSGate does).
    """
    plain = circuit.copy_empty_like()
    for one in circuit.data:
        operation = one.operation
        if isinstance(operation, Gate) and not str(operation.base_class.__module__).startswith("qiskit."):
            definition = operation.definition
            operation = Gate(operation.name, operation.num_qubits, [float(value) for value in operation.params])
            operation.definition = definition
        plain.append(operation, one.qubits, one.clbits)
    plain._layout = circuit.layout
    return plain
