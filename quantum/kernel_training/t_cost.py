"""T gates of a query and of whole circuits, with the error of their synthesis; larger ones by growth."""

import math
from dataclasses import dataclass

from qiskit import QuantumCircuit

from problems.errors import InputError
from quantum.resources import clifford_t_counts, compile_to_basis, rotation_count

__all__ = ["TCost", "t_by_growth", "t_cost"]

LARGEST_ERROR = 1.0
"""The error of a whole circuit, in operator norm, from which on nothing is left of it."""


@dataclass(frozen=True)
class TCost:
    """A circuit in Clifford and T gates.

    Attributes
    ----------
    t, t_depth
        T gates, and how many of them are on the longest path.
    two_qubit
        CX gates.
    rotations
        Rotations that were synthesized, by Qiskit's `gridsynth_rz` in its Clifford+T passes.
    rotation_error, error
        Of each, and of the whole circuit at most, in operator norm: rotations times as much.
    """

    t: int
    t_depth: int
    two_qubit: int
    rotations: int
    rotation_error: float
    error: float

    @property
    def each(self) -> float:
        """T gates a rotation, those of Toffoli gates included; 0 without rotations."""
        return self.t / self.rotations if self.rotations else 0.0


def t_cost(circuit: QuantumCircuit, error: float = 1e-2) -> TCost:
    """Count T gates, each rotation synthesized so well that the whole circuit is off by no more than an error.

    Parameters
    ----------
    circuit
        The circuit.
    error
        Of the whole circuit, in operator norm, above 0 and below 1.

    Raises
    ------
    InputError
        If the error is out of range, or there are too many rotations; see `quantum.resources.check_rotations`.
    """
    if not 0 < error < LARGEST_ERROR:
        raise InputError(f"error = {error} is out of range; give a number above 0 and below {LARGEST_ERROR:g}.")
    rotations = rotation_count(compile_to_basis(circuit))
    # Within what the synthesis offers; without rotations any will do.
    rotation_error = min(max(error / max(rotations, 1), 1e-12), 0.1)
    found = clifford_t_counts(circuit, rotation_error, rotations)
    whole = found.rotations * rotation_error
    return TCost(found.t, found.t_depth, found.two_qubit, found.rotations, rotation_error, whole)


def t_by_growth(known: TCost, rotations: int, error: float) -> float:
    """Return the T gates of a larger circuit of the same make, from its rotations alone.

    A rotation takes about 3 log2(1/error) T gates (Ross and Selinger, arXiv:1403.2975) beside a constant, which the
    smaller circuit tells.

    Parameters
    ----------
    known
        The smaller circuit.
    rotations
        Of the larger one.
    error
        Of the larger one as a whole.

    Raises
    ------
    InputError
        If a number is not positive, or the smaller circuit has no rotations.
    """
    if not (rotations > 0 and 0 < error < LARGEST_ERROR and known.rotations > 0):
        raise InputError(
            f"{rotations} rotations at error {error} after {known.rotations} say nothing of growth; give positive "
            "numbers, and an error below 1."
        )
    return rotations * (known.each + 3 * math.log2(known.rotation_error * rotations / error))
