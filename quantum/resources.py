"""What a circuit costs in gates."""

from dataclasses import dataclass

from qiskit import QuantumCircuit, generate_preset_pass_manager

__all__ = ["BASIS", "GateCounts", "gate_counts"]

BASIS = ("cx", "rz", "sx", "x")
"""The gates that are counted."""


@dataclass(frozen=True)
class GateCounts:
    """Size of a circuit in `BASIS`, all qubits connected.

    Attributes
    ----------
    qubits, depth
        Width and depth.
    one_qubit, two_qubit
        Numbers of gates on one and on two qubits.
    """

    qubits: int
    depth: int
    one_qubit: int
    two_qubit: int


def gate_counts(circuit: QuantumCircuit, optimization_level: int = 2) -> GateCounts:
    """Count the gates of an unmeasured circuit after transpiling to `BASIS`; deterministic.

    Parameters
    ----------
    circuit
        The circuit; loader and transform are to be counted apart.
    optimization_level
        Qiskit's, 0..3.
    """
    passes = generate_preset_pass_manager(
        optimization_level=optimization_level, basis_gates=list(BASIS), seed_transpiler=0
    )
    compiled = passes.run(circuit)
    two_qubit = compiled.num_nonlocal_gates()
    return GateCounts(compiled.num_qubits, compiled.depth(), compiled.size() - two_qubit, two_qubit)
