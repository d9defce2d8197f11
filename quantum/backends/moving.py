"""A fitted circuit on other qubits of its device, or a part's circuit on the whole device: the same gates elsewhere."""

from collections.abc import Mapping, Sequence

from qiskit import QuantumCircuit, QuantumRegister
from qiskit.circuit import Qubit
from qiskit.transpiler import Layout, Target, TranspileLayout

from quantum.preset_passes import TargetPasses

__all__ = ["moved", "turned"]


def moved(circuit: QuantumCircuit, places: Mapping[int, int], width: int) -> QuantumCircuit:
    """Return a circuit on other qubits, with the layout that belongs to it.

    Parameters
    ----------
    circuit
        A circuit that was fitted to a device, or to a part of one.
    places
        For each of its qubits that are in use the qubit that takes its place. What acts on others is left out: barriers
        and delays.
    width
        The qubits of the device that it is moved on; at least as many as the circuit has.
    """
    free = iter(sorted(set(range(width)) - set(places.values())))
    where = [places[wire] if wire in places else next(free) for wire in range(circuit.num_qubits)]
    found = QuantumCircuit(QuantumRegister(width, "q"), name=circuit.name, global_phase=circuit.global_phase)
    found.metadata = circuit.metadata
    found.add_bits(circuit.clbits)
    for register in circuit.cregs:
        found.add_register(register)
    for one in circuit.data:
        wires = [circuit.find_bit(qubit).index for qubit in one.qubits]
        used = [found.qubits[where[wire]] for wire in wires if wire in places]
        if len(used) == len(wires):
            found.append(one.operation, used, one.clbits)
        elif one.name == "barrier" and used:
            found.barrier(used)
    if circuit.layout is not None:
        found._layout = _layout(circuit.layout, where, found.qubits)
    return found


def turned(circuit: QuantumCircuit, target: Target) -> QuantumCircuit:
    """Return a circuit whose gates stand in the direction that a device has; its qubits stay where they are.

    Parameters
    ----------
    circuit
        On the device's qubits, each pair connected by a gate of the device in either direction.
    target
        The device's description.
    """
    place = {qubit: wire for wire, qubit in enumerate(circuit.qubits)}
    if all(
        one.name == "barrier"
        or one.is_control_flow()
        or target.instruction_supported(one.name, tuple(place[qubit] for qubit in one.qubits))
        for one in circuit.data
    ):
        return circuit
    found = TargetPasses(target)(1, 0, range(circuit.num_qubits)).run(circuit)
    found._layout = circuit.layout
    return found


def _layout(old: TranspileLayout, where: Sequence[int], qubits: Sequence[Qubit]) -> TranspileLayout:
    """Return a layout with each physical qubit of it moved; further ones stand where they began."""
    initial = {virtual: where[wire] for virtual, wire in old.initial_layout.get_virtual_bits().items()}
    mapping = dict(old.input_qubit_mapping)
    rest = sorted(set(range(len(qubits))) - set(where))
    for bit, place in zip(QuantumRegister(len(rest), "rest") if rest else (), rest, strict=True):
        initial[bit], mapping[bit] = place, len(mapping)
    final = None
    if old.final_layout is not None:
        ends = {place: place for place in rest}
        ends |= {where[wire]: where[end] for wire, end in enumerate(old.routing_permutation())}
        final = Layout({qubits[start]: end for start, end in ends.items()})
    return TranspileLayout(Layout(initial), mapping, final, old._input_qubit_count, list(qubits))
