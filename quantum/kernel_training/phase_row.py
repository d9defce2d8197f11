"""Inversion by phase estimation: walks, gates and error beside those of quantum signal processing."""

from dataclasses import dataclass

import numpy as np

from problems.errors import InputError
from quantum.blocks import WalkPhaseEstimation
from quantum.kernel_training.predictor import KernelPredictor

__all__ = ["PhaseRow", "fewest_bits", "phase_row"]

MOST_BITS = 16
"""Closed forms of more bits take minutes, and no circuit of 10^5 walks is run."""


@dataclass(frozen=True)
class PhaseRow:
    """Size and effect of HHL on the walk of a kernel, by its closed form.

    Attributes
    ----------
    bits, walks
        Of the estimate, and controlled walks of the circuit.
    two_qubit
        CX gates as written.
    success
        The probability that everything is kept that has to be.
    infidelity
        1 - |<x|found>|^2 with the exact normalized solution x.
    """

    bits: int
    walks: int
    two_qubit: int
    success: float
    infidelity: float


def phase_row(predictor: KernelPredictor, bits: int, window: str = "sine") -> PhaseRow:
    """Return HHL's figures on a predictor's matrix and labels; see `WalkPhaseEstimation` for bits and window.

    Raises
    ------
    InputError
        If the bits or the window are refused.
    """
    gate = WalkPhaseEstimation(predictor.matrix, bits, predictor.kappa, window)
    kept = gate.amplitudes(predictor.task.y)
    success = float(np.linalg.norm(kept)) ** 2
    return PhaseRow(gate.bits, gate.walks, gate.two_qubit_gates, success, infidelity(predictor, kept))


def fewest_bits(predictor: KernelPredictor, target: float, window: str = "sine") -> int:
    """Return the fewest bits whose infidelity is at most a target.

    Raises
    ------
    InputError
        If 16 bits do not reach it.
    """
    for bits in range(2, MOST_BITS + 1):
        gate = WalkPhaseEstimation(predictor.matrix, bits, predictor.kappa, window)
        if infidelity(predictor, gate.solve(predictor.task.y)) <= target:
            return bits
    raise InputError(f"{MOST_BITS} bits do not reach an infidelity of {target:g}; allow a larger one.")


def infidelity(predictor: KernelPredictor, found: np.ndarray) -> float:
    """Return 1 - |<x|found>|^2 for the exact solution x of a predictor, both normalized."""
    exact = np.linalg.solve(predictor.matrix, predictor.task.y)
    overlap = abs(np.vdot(exact, found)) / (np.linalg.norm(exact) * np.linalg.norm(found))
    return max(0.0, float(1 - overlap**2))
