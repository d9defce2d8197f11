"""Crosstalk that is planted: neighbors in different regions turn each other's phases, by as much in every layer."""

from qiskit.converters import circuit_to_dag
from qiskit.quantum_info import Statevector

from quantum.backends.parts import compact
from quantum.backends.readout import measured_qubits
from quantum.backends.simulated_device import used_qubits


def neighbors_between(regions, target):
    """The pairs of qubits that a device connects and that are not of one region."""
    owner = {qubit: number for number, region in enumerate(regions) for qubit in region}
    pairs = {tuple(sorted(pair)) for pair in target.build_coupling_map().get_edges()}
    return sorted(
        pair for pair in pairs if owner.get(pair[0], -1) != owner.get(pair[1], -1) and set(pair) <= set(owner)
    )


def with_coupling(whole, pairs, angle):
    """The circuit with exp(-i angle/2 ZZ) between each pair after every layer; measurements last."""
    dag = circuit_to_dag(whole)
    planted = whole.copy_empty_like()
    measured = []
    for layer in dag.layers():
        for node in layer["graph"].op_nodes():
            if node.name == "measure":
                measured.append(node)
            elif node.name != "barrier":
                planted.append(node.op, node.qargs)
        if angle and not measured:
            for first, second in pairs:
                planted.rzz(angle, first, second)
    for node in measured:
        planted.append(node.op, node.qargs, node.cargs)
    return planted


def exact_law(circuit):
    """The probabilities of all bit strings without noise, shape (2^bits,): index bit k is classical bit k."""
    used = used_qubits(circuit)
    small = compact(circuit, used)
    places = measured_qubits(small)
    gates = small.copy()
    gates.remove_final_measurements()
    return Statevector(gates).probabilities(places)
