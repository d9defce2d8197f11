"""The state at the end of a circuit, as a backend's simulator holds it."""

import numpy as np
from qiskit import ClassicalRegister

from quantum.backends import BACKENDS
from quantum.backends.aer import MatrixProductProgram


def final_state(circuit, backend, rank):
    """The amplitudes of an unmeasured circuit, on the way that samplers take, its bond dimension included.

    A backend may leave qubits in other places than they started from. Where they are is what it measures last.
    """
    num_qubits = circuit.num_qubits
    measured, every = circuit.copy(), ClassicalRegister(num_qubits, "every")
    measured.add_register(every)
    measured.measure(measured.qubits, every)
    program = BACKENDS[backend].prepare(measured, rank)
    if isinstance(program, MatrixProductProgram):
        product, place = product_vector(program.tensors), program.places
    else:
        product, place = simulated_vector(program)
    tensor = product.reshape((2,) * num_qubits)  # qubit 0 is the last axis
    return tensor.transpose([num_qubits - 1 - place[q] for q in reversed(range(num_qubits))]).reshape(-1)


def product_vector(tensors):
    """All amplitudes of a matrix product, qubit 0 the lowest bit."""
    vector = np.ones((1, 1))
    for tensor in tensors:
        vector = np.einsum("al,lsr->sar", vector, tensor).reshape(-1, tensor.shape[2])
    return vector[:, 0]


def simulated_vector(program):
    unmeasured, place = program.circuit.copy_empty_like(), {}
    for item in program.circuit.data:
        if item.operation.name == "measure":
            clbit, qubit = program.circuit.find_bit(item.clbits[0]), program.circuit.find_bit(item.qubits[0])
            place[clbit.index] = qubit.index
        else:
            unmeasured.append(item)
    unmeasured.save_statevector()
    result = program.simulator.run(unmeasured).result()
    assert result.success, result.status
    return np.asarray(result.data(0)["statevector"]), place
