"""The work that a circuit is for a fault-tolerant machine: T gates, Toffoli gates, rotations and their depth."""

import math
from dataclasses import dataclass, replace
from typing import Self

from qiskit import QuantumCircuit, generate_preset_pass_manager

from quantum.blocks.equal_rotations import AND_T, is_eighth
from quantum.resources.counts import BASIS, OPTIMIZATION_LEVEL, SEED
from quantum.resources.grouping import Grouped
from quantum.resources.operations import Operation, critical_path, operations

__all__ = ["LogicalCounts", "grouped_counts", "logical_counts", "synthesized_counts"]

TOFFOLI = ("ccx", "ccz")
"""Gates that count as one Toffoli, and stay whole when circuits are compiled."""

EIGHTHS = ("t", "tdg")


@dataclass(frozen=True)
class LogicalCounts:
    """The work of a circuit in error correction; Clifford gates are not counted.

    Attributes
    ----------
    qubits
        Width.
    t
        T gates that stand in the circuit, rotations not among them.
    ccz
        Toffoli gates, and CCZ.
    ands
        ANDs that are taken back by measurement.
    rotations, rotation_depth
        Rotations by no multiple of pi/4, and how many of them are on the longest path.
    measurements
        Their number.
    conditioned
        How many T gates, Toffoli gates and rotations wait for a measured value: no estimator takes such.
    """

    qubits: int
    t: int
    ccz: int
    ands: int
    rotations: int
    rotation_depth: int
    measurements: int
    conditioned: int

    def beside(self, other: "LogicalCounts") -> Self:
        """Return the counts of both, one after the other, on the qubits of the larger."""
        added = {name: getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__}
        return type(self)(**(added | {"qubits": max(self.qubits, other.qubits)}))


def logical_counts(circuit: QuantumCircuit) -> LogicalCounts:
    """Count a circuit, compiled to CX, RZ, SX, X and Toffoli gates at optimization level 2; deterministic.

    Blocks of feed-forward count as if each ran.

    Parameters
    ----------
    circuit
        Any circuit; Toffoli gates up to phases (Qiskit's RCCX) are 4 T gates.

    Raises
    ------
    InputError
        If the circuit has a loop.
    """
    passes = generate_preset_pass_manager(
        optimization_level=OPTIMIZATION_LEVEL, basis_gates=[*BASIS, *TOFFOLI], seed_transpiler=SEED
    )
    return _counted(passes.run(circuit))


def grouped_counts(grouped: Grouped) -> LogicalCounts:
    """Count a circuit whose equal rotations are taken together, as it stands; measured ANDs by themselves."""
    found = _counted(grouped.circuit)
    if not grouped.measured:
        return found
    return replace(found, t=found.t - AND_T * grouped.ands, ands=grouped.ands)


def synthesized_counts(counts: LogicalCounts, t: int) -> LogicalCounts:
    """Return the counts with the rotations as T gates.

    Parameters
    ----------
    counts
        Of the circuit.
    t
        T gates in all, those of rotations among them, as `synthesize` finds them.
    """
    return replace(counts, t=t, rotations=0, rotation_depth=0)


def _counted(compiled: QuantumCircuit) -> LogicalCounts:
    t = ccz = rotations = measurements = conditioned = 0
    for operation in operations(compiled):
        kind = _kind(operation)
        t += kind == "t"
        ccz += kind == "ccz"
        rotations += kind == "rotation"
        measurements += operation.name == "measure"
        conditioned += kind != "" and bool(operation.conditions)
    depth = critical_path(operations(compiled), lambda operation: _kind(operation) == "rotation")
    return LogicalCounts(compiled.num_qubits, t, ccz, 0, rotations, int(depth), measurements, conditioned)


def _kind(operation: Operation) -> str:
    """Return "t", "ccz" or "rotation"; nothing for what is not counted."""
    if operation.name in TOFFOLI:
        return "ccz"
    if operation.name in EIGHTHS:
        return "t"
    if operation.name != "rz":
        return ""
    angle = float(operation.parameters[0])
    if not is_eighth(angle):
        return "rotation"
    return "t" if round(angle / (math.pi / 4)) % 2 else ""
