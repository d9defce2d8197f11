"""The branch of a circuit in which its flags say success, on Aer's state vector."""

import numpy as np

from quantum.backends.aer import AerBackend


def good_branch(circuit, flags, size):
    """Amplitudes (size,) of the lowest qubits where the others hold what `flags` says, and the norm of all others."""
    simulator, fitted = AerBackend("aer_statevector", "statevector").fit(circuit, 0)
    fitted.save_statevector()
    state = np.asarray(simulator.run(fitted, shots=1).result().data(0)["statevector"])
    first = sum(value << qubit for qubit, value in flags.items())
    assert abs(np.linalg.norm(state) - 1) < 1e-9
    return state[first : first + size]
