"""The part of a device that a circuit uses: noise of the qubits that idle elsewhere costs a simulator seconds."""

from collections.abc import Sequence
from typing import Any, NoReturn

from qiskit import QuantumCircuit
from qiskit.providers import BackendV2, Options
from qiskit.transpiler import Target

__all__ = ["compact", "part_of"]


def part_of(target: Target, qubits: Sequence[int]) -> BackendV2:
    """Return a backend that has only some of a device's qubits, with their calibration.

    It is there to be simulated and runs nothing itself.

    Parameters
    ----------
    target
        The device's description.
    qubits
        The device's qubits, ascending; they become 0, 1, ...
    """
    return _Part(target, qubits)


def compact(circuit: QuantumCircuit, qubits: Sequence[int]) -> QuantumCircuit:
    """Return a circuit on only some of a device's qubits, with the same classical registers.

    Parameters
    ----------
    circuit
        A circuit on the device's qubits.
    qubits
        The qubits to keep, ascending; they become 0, 1, ... What acts on others is left out: barriers and delays.
    """
    place = {circuit.qubits[qubit]: i for i, qubit in enumerate(qubits)}
    small = QuantumCircuit(len(qubits), global_phase=circuit.global_phase, metadata=circuit.metadata)
    small.add_bits(circuit.clbits)
    for register in circuit.cregs:
        small.add_register(register)
    for instruction in circuit.data:
        where = [place[qubit] for qubit in instruction.qubits if qubit in place]
        if instruction.name == "barrier":
            if where:
                small.barrier(where)
        elif len(where) == len(instruction.qubits):
            small.append(instruction.operation, where, instruction.clbits)
    return small


class _Part(BackendV2):
    """A part of a device."""

    max_circuits = None

    def __init__(self, whole: Target, qubits: Sequence[int]) -> None:
        super().__init__(name="part")
        place = {qubit: i for i, qubit in enumerate(qubits)}
        known = whole.qubit_properties
        self._target = Target(
            num_qubits=len(qubits),
            dt=whole.dt,
            granularity=whole.granularity,
            min_length=whole.min_length,
            pulse_alignment=whole.pulse_alignment,
            acquire_alignment=whole.acquire_alignment,
            qubit_properties=None if known is None else [known[qubit] for qubit in qubits],
        )
        for name in whole.operation_names:
            properties = whole[name]
            if None in properties:  # feed-forward belongs to no qubits
                self._target.add_instruction(whole.operation_from_name(name), name=name)
                continue
            kept = {
                tuple(place[qubit] for qubit in where): value
                for where, value in properties.items()
                if all(qubit in place for qubit in where)
            }
            if kept:
                self._target.add_instruction(whole.operation_from_name(name), kept, name=name)

    @property
    def target(self) -> Target:
        return self._target

    @classmethod
    def _default_options(cls) -> Options:
        return Options()

    def run(self, run_input: Any, **options: Any) -> NoReturn:
        raise NotImplementedError("A part of a device is there to be simulated; run the device itself.")
