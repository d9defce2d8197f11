"""Another kind of payload, as a study of its own would have it: how often a GHZ state on a ring of bits is odd."""

import numpy as np
from qiskit import QuantumCircuit

from compare.hardware.payload import Built, Decoded, Payload, PayloadKind
from problems.errors import InputError

KIND = "parity/ghz"


def parity_payload(flips):
    """A GHZ state of as many qubits as there are flips, flipped where they say."""
    return Payload(KIND, {"qubits": len(flips)}, {"flips": np.array(flips, dtype=bool)}, f"GHZ of {len(flips)}")


def build(payload, device):
    flips = payload.arrays["flips"]
    if len(flips) != payload.settings["qubits"]:
        raise InputError(f"{len(flips)} flips for {payload.settings['qubits']} qubits; give one each.")
    circuit = QuantumCircuit(len(flips), len(flips))
    circuit.h(0)
    for qubit in range(1, len(flips)):
        circuit.cx(0, qubit)
    for qubit in np.flatnonzero(flips):
        circuit.x(int(qubit))
    circuit.measure(circuit.qubits, circuit.clbits)
    return Built(payload, circuit)


def decode(payload, bits):
    flipped = bits ^ payload.arrays["flips"]
    broken = np.any(flipped != flipped[:, :1], axis=1)
    return Decoded({"broken": broken}, {"ones": int(np.count_nonzero(bits[:, 0]))}, f"{broken.sum()} broken")


PARITY = PayloadKind(build, decode)
