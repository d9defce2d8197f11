"""The cost of a ground state's circuit, in gates."""

from dataclasses import dataclass

from qiskit import QuantumCircuit

from quantum.resources import clifford_t_counts, compile_to_basis, gate_counts, rotation_count

__all__ = ["CircuitCost", "circuit_cost"]


@dataclass(frozen=True)
class CircuitCost:
    """Gates of a circuit, all qubits connected.

    Attributes
    ----------
    qubits
        Width.
    cx
        Gates on two qubits in CX, RZ, SX, X.
    depth
        Of the circuit as it is written, in H, CX, RY, RX and RZZ.
    rotations
        What has to be synthesized in Clifford+T.
    t
        T gates, each rotation synthesized up to `rotation_error`.
    rotation_error
        In operator norm.
    """

    qubits: int
    cx: int
    depth: int
    rotations: int
    t: int
    rotation_error: float


def circuit_cost(circuit: QuantumCircuit, rotation_error: float = 1e-6) -> CircuitCost:
    """Count the gates of a circuit; deterministic.

    Parameters
    ----------
    circuit
        As the families of this package make it.
    rotation_error
        What each rotation that is synthesized may be off by, in operator norm: 1e-12 to 0.1.

    Raises
    ------
    InputError
        If the error is out of range.
    """
    synthesized = clifford_t_counts(circuit, rotation_error)
    return CircuitCost(
        circuit.num_qubits,
        gate_counts(circuit).two_qubit,
        int(circuit.depth()),
        # Without merging pairs of gates, whose synthesis spreads one angle over several rotations.
        rotation_count(compile_to_basis(circuit, optimization_level=1)),
        synthesized.t,
        rotation_error,
    )
