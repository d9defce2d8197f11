"""T gates of a circuit's rotations at a stated error, by four ways of making them, beside each other."""

import math

from qiskit import QuantumCircuit

from quantum.names import ROTATION_WAYS
from quantum.resources.clifford_t import rotation_count
from quantum.resources.counts import compile_to_basis
from quantum.resources.grouping import group_rotations
from quantum.resources.mixtures import Synthesis, synthesize
from quantum.tolerance import RotationCost

__all__ = ["RotationCost", "rotation_cost", "rotation_costs", "synthesized_rotation_t"]


def synthesized_rotation_t(rotations: int, error: float) -> float:
    """Return about how many T gates a rotation takes as a mixture, for plans: 1.5 log2(rotations/error) + 3."""
    return 1.5 * math.log2(max(rotations, 1) / error) + 3


def rotation_cost(circuit: QuantumCircuit, error: float, way: str) -> tuple[RotationCost, Synthesis]:
    """Synthesize a circuit in one way; deterministic.

    Parameters
    ----------
    circuit
        The circuit; with "measured" none that has feed-forward.
    error
        Of the whole, half a diamond distance, 1e-9 to 0.3.
    way
        A name in `ROTATION_WAYS`.

    Raises
    ------
    InputError
        If the error is out of range, there are too many rotations, or feed-forward is in the way.
    """
    ancillas = ands = 0
    if way in ("single", "mixture"):
        chosen = compile_to_basis(circuit)
    else:
        # The fewer rotations are left, the less each costs, and the fewer are worth an AND.
        left = rotation_count(compile_to_basis(circuit))
        for _ in range(2):
            each = synthesized_rotation_t(left, error)
            grouped = group_rotations(circuit, each, measured=way == "measured")
            left = rotation_count(grouped.circuit)
        chosen, ancillas, ands = grouped.circuit, grouped.ancillas, grouped.ands
    found = synthesize(chosen, error, mixed=way != "single")
    cost = RotationCost(
        way,
        chosen.num_qubits,
        ancillas,
        found.t,
        found.t_depth(),
        ands,
        found.rotations,
        len(found.mixtures),
        ands if way == "measured" else 0,
        found.error,
    )
    return cost, found


def rotation_costs(circuit: QuantumCircuit, error: float) -> list[RotationCost]:
    """Synthesize a circuit in every way that it can be; parameters and refusals are those of `rotation_cost`."""
    fed = any(instruction.is_control_flow() for instruction in circuit.data)
    return [rotation_cost(circuit, error, way)[0] for way in ROTATION_WAYS if way != "measured" or not fed]
