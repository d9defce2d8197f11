"""The order in which a backend returns its bits, found out by one X gate."""

from typing import Any

import numpy as np
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister

from problems.errors import InputError

__all__ = ["check_bit_order"]

BITS = 3
"""Measured, one after the other; devices of two qubits do with two."""

FAR = 0.5
"""The lead of the flipped qubit's share of 1 over any other's, from which a device can be told right or wrong."""


def check_bit_order(backend: Any, shots: int = 200) -> None:
    """Run one circuit with an X gate on its first qubit, and refuse a backend that does not read it in bit 0.

    Parameters
    ----------
    backend
        Whatever `quantum.backends.resolve` takes; of a device, the shots are paid for.
    shots
        How often the circuit runs.

    Raises
    ------
    InputError
        If another bit reads 1 instead, or none reads it clearly more often than the others.
    ServiceError
        If the backend fails.
    """
    from quantum.backends import resolve  # which offers this function

    backend = resolve(backend)
    known = None if backend.target is None else backend.target.num_qubits
    width = BITS if known is None else min(BITS, known)
    if width < 2:
        raise InputError(f"{backend.name} has one qubit, whose bits have no order; nothing is to be checked.")
    circuit = QuantumCircuit(QuantumRegister(width, "q"), ClassicalRegister(width, "bit"))
    circuit.x(0)
    circuit.measure(range(width), range(width))
    ones = np.mean(backend.prepare(circuit, 1).run(shots, 0), axis=0)
    first, second = np.argsort(-ones, kind="stable")[:2]
    if ones[first] - ones[second] < FAR:
        shares = ", ".join(f"{share:.2f}" for share in ones)
        raise InputError(
            f"{backend.name} does not show which bit is the first: after an X gate on qubit 0 the bits read 1 in "
            f"{shares} of {shots} shots; take more shots, or another device."
        )
    if first != 0:
        raise InputError(
            f"{backend.name} returns bits in another order than Qiskit: an X gate on qubit 0 is read in bit {first} of "
            f"0 to {width - 1}; wrap its run so that the last bit stands first, or ask the vendor."
        )
