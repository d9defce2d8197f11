"""The state at the end of a circuit, as a backend's simulator holds it."""

import numpy as np
from qiskit import ClassicalRegister

from quantum.backends import BACKENDS


def final_state(circuit, backend, rank):
    """The amplitudes of an unmeasured circuit, on the way that samplers take, its bond dimension included.

    A backend may leave qubits in other places than they started from. Where they are is what it measures last.
    """
    num_qubits = circuit.num_qubits
    measured, every = circuit.copy(), ClassicalRegister(num_qubits, "every")
    measured.add_register(every)
    measured.measure(measured.qubits, every)
    program = BACKENDS[backend].prepare(measured, rank)
    unmeasured, place = program.circuit.copy_empty_like(), {}
    for item in program.circuit.data:
        if item.operation.name == "measure":
            place[list(every).index(item.clbits[0])] = program.circuit.find_bit(item.qubits[0]).index
        else:
            unmeasured.append(item)
    unmeasured.save_statevector()
    result = program.simulator.run(unmeasured).result()
    assert result.success, result.status
    tensor = np.asarray(result.data(0)["statevector"]).reshape((2,) * num_qubits)  # qubit 0 is the last axis
    return tensor.transpose([num_qubits - 1 - place[q] for q in reversed(range(num_qubits))]).reshape(-1)
