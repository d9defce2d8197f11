"""The cost of a circuit in Clifford gates and T gates, the currency of error correction."""

import math
from dataclasses import dataclass

from qiskit import QuantumCircuit
from qiskit.transpiler import generate_preset_clifford_t_pass_manager

from problems.errors import InputError
from problems.memory import require_memory
from quantum.resources.counts import OPTIMIZATION_LEVEL, SEED, compile_to_basis
from quantum.resources.operations import critical_path, operations

__all__ = [
    "MAX_ROTATIONS",
    "CliffordTCounts",
    "check_rotations",
    "clifford_t_counts",
    "compile_to_clifford_t",
    "rotation_count",
]

MAX_ROTATIONS = 50_000
"""Above it the synthesis takes minutes: about a millisecond a rotation at error 1e-6."""

BYTES = 50_000
"""Memory a rotation takes at most, at the smallest error."""

SMALLEST_ERROR, LARGEST_ERROR = 1e-12, 0.1

REMEDY = "use fewer features, fewer points or a smaller prime, or leave Clifford+T out"

T_GATES = ("t", "tdg")


@dataclass(frozen=True)
class CliffordTCounts:
    """Size of a circuit in Clifford and T gates, all qubits connected. Blocks of feed-forward count as if each ran.

    Attributes
    ----------
    qubits
        Width.
    t, t_depth
        T gates and their inverses, and how many of them are on the longest path.
    clifford, two_qubit
        All other gates, and those of them on two qubits.
    rotations
        Rotations of the circuit in CX, RZ, SX, X by no multiple of pi/4: what has to be synthesized.
    rotation_error
        Each rotation is synthesized up to this operator norm.
    """

    qubits: int
    t: int
    t_depth: int
    clifford: int
    two_qubit: int
    rotations: int
    rotation_error: float


def rotation_count(compiled: QuantumCircuit) -> int:
    """Count a compiled circuit's RZ gates by no multiple of pi/4: Clifford and T gates only approximate these."""

    def is_exact(angle: float) -> bool:
        return abs(math.remainder(angle, math.pi / 4)) < 1e-9

    return sum(
        operation.name == "rz" and not is_exact(float(operation.parameters[0])) for operation in operations(compiled)
    )


def check_rotations(rotations: int) -> None:
    """Refuse a circuit with more rotations than are synthesized in minutes.

    Raises
    ------
    InputError
        If there are more than `MAX_ROTATIONS`, or they would not fit in memory.
    """
    if rotations > MAX_ROTATIONS:
        raise InputError(
            f"The circuit has {rotations:,} rotations, and synthesizing more than {MAX_ROTATIONS:,} in Clifford+T "
            f"takes many minutes; {REMEDY}."
        )
    require_memory(BYTES * rotations, f"Synthesizing {rotations:,} rotations in Clifford+T", REMEDY)


def compile_to_clifford_t(circuit: QuantumCircuit, rotation_error: float = 1e-6) -> QuantumCircuit:
    """Return the circuit in Clifford and T gates; parameters and refusals are those of `clifford_t_counts`."""
    return _synthesized(circuit, rotation_error)[0]


def _synthesized(
    circuit: QuantumCircuit, rotation_error: float, rotations: int | None = None
) -> tuple[QuantumCircuit, int]:
    """Return the circuit in Clifford and T gates, and the rotations it had."""
    if not SMALLEST_ERROR <= rotation_error <= LARGEST_ERROR:
        raise InputError(
            f"rotation_error = {rotation_error} is out of range; give a number from {SMALLEST_ERROR:g} to "
            f"{LARGEST_ERROR:g}."
        )
    if rotations is None:
        rotations = rotation_count(compile_to_basis(circuit))
    check_rotations(rotations)
    # Close angles share a synthesis; both errors together stay within the stated one.
    passes = generate_preset_clifford_t_pass_manager(
        optimization_level=OPTIMIZATION_LEVEL,
        seed_transpiler=SEED,
        rz_synthesis_config={"rz_synthesis_error": 0.9 * rotation_error, "rz_cache_error": 0.1 * rotation_error},
    )
    return passes.run(circuit), rotations


def clifford_t_counts(
    circuit: QuantumCircuit, rotation_error: float = 1e-6, rotations: int | None = None
) -> CliffordTCounts:
    """Count gates after compiling to Clifford+T; deterministic.

    Qiskit synthesizes the rotations (Ross and Selinger, arXiv:1403.2975).

    Parameters
    ----------
    circuit
        The circuit.
    rotation_error
        How far each synthesized rotation may be off, in operator norm: 1e-12 to 0.1.
    rotations
        `rotation_count` of the circuit in `compile_to_basis`, where it is known; counted if left out.

    Raises
    ------
    InputError
        If the error is out of range, or there are too many rotations: see `check_rotations`.
    """
    compiled, rotations = _synthesized(circuit, rotation_error, rotations)
    t = clifford = two_qubit = 0
    for operation in operations(compiled):
        if operation.is_gate:
            is_t = operation.name in T_GATES
            t += is_t
            clifford += not is_t
            two_qubit += len(operation.qubits) > 1
    t_depth = critical_path(operations(compiled), lambda operation: operation.name in T_GATES)
    return CliffordTCounts(compiled.num_qubits, t, int(t_depth), clifford, two_qubit, rotations, rotation_error)
