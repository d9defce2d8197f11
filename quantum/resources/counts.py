"""The cost of a circuit in gates, with all qubits connected."""

from dataclasses import dataclass

from qiskit import QuantumCircuit

from quantum.blocks.ideal_loader import IdealLoader
from quantum.preset_passes import basis_passes
from quantum.resources.operations import critical_path, operations

__all__ = [
    "BASIS",
    "OPTIMIZATION_LEVEL",
    "SEED",
    "GateCounts",
    "compile_to_basis",
    "count_gates",
    "gate_counts",
    "has_gates",
]

BASIS = ("cx", "rz", "sx", "x")
"""The gates that are counted."""

OPTIMIZATION_LEVEL, SEED = 2, 0
"""Qiskit's optimization level, and the seed of its transpiler, for every cost."""


@dataclass(frozen=True)
class GateCounts:
    """Size of a compiled circuit. Blocks of feed-forward are counted as if each of them ran.

    Attributes
    ----------
    qubits, depth
        Width, and operations on the longest path, measurements included.
    one_qubit, two_qubit
        Numbers of gates on one and on two qubits.
    measurements, resets
        Their numbers.
    conditioned
        How many of the gates wait for a measured value.
    """

    qubits: int
    depth: int
    one_qubit: int
    two_qubit: int
    measurements: int = 0
    resets: int = 0
    conditioned: int = 0


def compile_to_basis(circuit: QuantumCircuit, optimization_level: int = OPTIMIZATION_LEVEL) -> QuantumCircuit:
    """Return the circuit transpiled to `BASIS`, all qubits connected; deterministic."""
    return basis_passes(BASIS, optimization_level, SEED).run(circuit)


def count_gates(compiled: QuantumCircuit) -> GateCounts:
    """Count the gates of a circuit as they stand.

    Raises
    ------
    InputError
        If the circuit has a loop.
    """
    one_qubit = two_qubit = measurements = resets = conditioned = 0
    for operation in operations(compiled):
        if operation.is_gate:
            one_qubit += len(operation.qubits) == 1
            two_qubit += len(operation.qubits) > 1
            conditioned += bool(operation.conditions)
        measurements += operation.name == "measure"
        resets += operation.name == "reset"
    depth = critical_path(operations(compiled), lambda operation: operation.name not in ("barrier", "store"))
    return GateCounts(compiled.num_qubits, int(depth), one_qubit, two_qubit, measurements, resets, conditioned)


def gate_counts(circuit: QuantumCircuit, optimization_level: int = OPTIMIZATION_LEVEL) -> GateCounts:
    """Count the gates of a circuit after transpiling to `BASIS`; deterministic.

    Parameters
    ----------
    circuit
        The circuit; loader and transform are to be counted apart.
    optimization_level
        Qiskit's, 0..3.

    Raises
    ------
    InputError
        If the circuit has a loop.
    """
    return count_gates(compile_to_basis(circuit, optimization_level))


def has_gates(circuit: QuantumCircuit) -> bool:
    """Tell whether a circuit can be counted: it cannot where a simulator is handed the state."""
    return not any(isinstance(instruction.operation, IdealLoader) for instruction in circuit.data)
