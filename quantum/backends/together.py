"""Several fitted circuits as one, which runs all of them at once, and the bits of each in what is measured."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister

from problems.errors import InputError

__all__ = ["bits_of", "check_alone", "together"]


def together(circuits: Sequence[QuantumCircuit], names: Sequence[str]) -> QuantumCircuit:
    """Return one circuit that runs several, each on qubits of its own and with a classical register of its own.

    All of them begin together; measurements that end a qubit come after all gates, as services want them.

    Parameters
    ----------
    circuits
        On the qubits of one device, no two on the same; in the device's gates.
    names
        Of their registers.

    Raises
    ------
    InputError
        If a circuit feeds outcomes forward, or two act on one qubit.
    """
    whole = QuantumCircuit(QuantumRegister(circuits[0].num_qubits, "q"))
    used: set[int] = set()
    last = []
    for circuit, name in zip(circuits, names, strict=True):
        check_alone(circuit)
        register = ClassicalRegister(circuit.num_clbits, name)
        whole.add_register(register)
        own: set[int] = set()
        final = _final_measurements(circuit)
        for number, one in enumerate(circuit.data):
            wires = [circuit.find_bit(qubit).index for qubit in one.qubits]
            places = [whole.qubits[wire] for wire in wires]
            if one.name == "barrier":
                whole.barrier(places)
                continue
            own.update(wires)
            bits = [register[circuit.find_bit(bit).index] for bit in one.clbits]
            if number in final:
                last.append((one.operation, places, bits))
            else:
                whole.append(one.operation, places, bits)
        if shared := own & used:
            raise InputError(f"Two circuits act on qubit {min(shared)}; give each a region of its own.")
        used |= own
        whole.global_phase += circuit.global_phase
    for operation, places, bits in last:
        whole.append(operation, places, bits)
    return whole


def bits_of(circuit: QuantumCircuit, name: str, bits: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the bits (shots, its classical bits) of one circuit, bit 0 first, from those of all that ran at once.

    Parameters
    ----------
    circuit
        A circuit that `together` returned.
    name
        The circuit's register.
    bits
        Measured bits (shots, classical bits), bit 0 first.

    Raises
    ------
    InputError
        If the circuit has no such register.
    """
    register = next((one for one in circuit.cregs if one.name == name), None)
    if register is None:
        raise InputError(f"The circuit has no register {name!r}; copy the run's folder whole again.")
    own: NDArray[np.bool_] = bits[:, [circuit.find_bit(bit).index for bit in register]]
    return own


def check_alone(circuit: QuantumCircuit) -> None:
    """Refuse a circuit that can only run alone: one that feeds outcomes forward makes all others wait.

    Raises
    ------
    InputError
        If it does.
    """
    if circuit.has_control_flow_op():
        raise InputError(
            "A circuit that feeds outcomes forward makes those beside it wait; run it alone, without --at-once."
        )


def _final_measurements(circuit: QuantumCircuit) -> set[int]:
    """Return which instructions are measurements that nothing on their qubits or bits follows."""
    found: set[int] = set()
    later: set[object] = set()
    for number in range(len(circuit.data) - 1, -1, -1):
        one = circuit.data[number]
        if one.name == "barrier":
            continue
        bits = {*one.qubits, *one.clbits}
        if one.name == "measure" and not bits & later:
            found.add(number)
        later |= bits
    return found
