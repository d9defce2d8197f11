"""The work that a circuit is for a fault-tolerant machine: T gates, Toffoli gates, rotations and their depth."""

import math
from collections.abc import Sequence
from dataclasses import replace

from qiskit import QuantumCircuit

from quantum.blocks.equal_rotations import AND_T, is_eighth
from quantum.preset_passes import basis_passes
from quantum.resources.counts import BASIS, OPTIMIZATION_LEVEL, SEED
from quantum.resources.grouping import Grouped, grouped_operations
from quantum.resources.operations import Operation, critical_path, operations
from quantum.tolerance import LogicalCounts

__all__ = [
    "LogicalCounts",
    "compile_logical",
    "count_logical",
    "grouped_counts",
    "logical_counts",
    "synthesized_counts",
    "together_counts",
]

TOFFOLI = ("ccx", "ccz")
"""Gates that count as one Toffoli, and stay whole when circuits are compiled."""

EIGHTHS = ("t", "tdg")


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
    return count_logical(compile_logical(circuit))


def compile_logical(circuit: QuantumCircuit) -> QuantumCircuit:
    """Return what `logical_counts` counts: without Toffoli gates, the same as `compile_to_basis` makes."""
    return basis_passes([*BASIS, *TOFFOLI], OPTIMIZATION_LEVEL, SEED).run(circuit)


def grouped_counts(grouped: Grouped) -> LogicalCounts:
    """Count a circuit whose equal rotations are taken together, as it stands; measured ANDs by themselves."""
    found = count_logical(grouped.circuit)
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


def together_counts(compiled: QuantumCircuit, measured: bool = False) -> LogicalCounts:
    """Return `grouped_counts` of `group_rotations` of a circuit, which is not built, in less than half of the time.

    Parameters
    ----------
    compiled
        The circuit, from `compile_to_basis`.
    measured
        Whether ANDs are taken back by measurement.

    Raises
    ------
    InputError
        If feed-forward is in the way of measured ANDs.
    """
    found, qubits, ands = grouped_operations(compiled, measured=measured)
    counts = _counted(found, qubits)
    return replace(counts, t=counts.t - AND_T * ands, ands=ands) if measured else counts


def count_logical(compiled: QuantumCircuit) -> LogicalCounts:
    """Count a circuit in Clifford, T and Toffoli gates and RZ as it stands; ANDs by their gates.

    Raises
    ------
    InputError
        If the circuit has a loop.
    """
    return _counted(list(operations(compiled)), compiled.num_qubits)


def _counted(found: Sequence[Operation], qubits: int) -> LogicalCounts:
    kinds = list(map(_kind, found))
    waiting = sum(kind != "" and bool(one.conditions) for kind, one in zip(kinds, found, strict=True))
    rotations = iter(kinds)
    depth = critical_path(found, lambda operation: next(rotations) == "rotation")
    return LogicalCounts(
        qubits,
        kinds.count("t"),
        kinds.count("ccz"),
        0,
        kinds.count("rotation"),
        int(depth),
        sum(one.name == "measure" for one in found),
        waiting,
    )


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
