"""Rotations and phases with an angle of their own for each value of some qubits."""

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from quantum.blocks.parity_rotation import ParityRotation, gray_code

__all__ = ["append_diagonal", "multiplexed_rotation"]


def multiplexed_rotation(
    circuit: QuantumCircuit, angles: NDArray[np.floating], controls: list[int], target: int
) -> None:
    """Append RY(angle_x) on a target for each value x of the controls, the lowest bit first; 2^c CX for c controls.

    Parameters
    ----------
    circuit
        The circuit.
    angles
        In radians, shape (2^c,).
    controls, target
        Qubits of the circuit.

    Notes
    -----
    Möttönen, Vartiainen, Bergholm and Salomaa 2005 (arXiv:quant-ph/0407010). Terms of the angle that are
    zero are left out, with their CX.
    """
    coefficients = np.asarray(angles, dtype=float).reshape([2] * len(controls))
    for axis in range(len(controls)):
        zero, one = np.take(coefficients, 0, axis), np.take(coefficients, 1, axis)
        coefficients = np.stack([zero + one, zero - one], axis) / 2
    parities = gray_code(controls, circuit.num_qubits)
    numbers = np.arange(2 ** len(controls))
    rotation = ParityRotation(
        parities, coefficients.ravel()[numbers ^ numbers >> 1], np.zeros(circuit.num_qubits, dtype=bool)
    )
    rotation.append_to(circuit, target)


def append_diagonal(circuit: QuantumCircuit, phases: NDArray[np.complexfloating], qubits: list[int]) -> None:
    """Append |x> -> phases_x |x>, the first qubit the lowest bit of x; 2^k - 2 CX for k qubits.

    Qiskit's `DiagonalGate` is written into OpenQASM 2 with complex parameters, which nothing reads back: these are
    rotations alone.

    Parameters
    ----------
    circuit
        The circuit.
    phases
        Of absolute value 1, shape (2^k,).
    qubits
        Qubits of the circuit.

    Notes
    -----
    Shende, Bullock and Markov 2006 (arXiv:quant-ph/0406176): a multiplexed RZ on the highest qubit, then
    what is left on the others.
    """
    angles = np.angle(phases)
    for position in range(len(qubits) - 1, -1, -1):
        zero, one = angles[: len(angles) // 2], angles[len(angles) // 2 :]
        if np.any(one != zero):
            # RZ is RY seen from another side, and so is the whole with its CX.
            circuit.rx(-np.pi / 2, qubits[position])
            multiplexed_rotation(circuit, one - zero, qubits[:position], qubits[position])
            circuit.rx(np.pi / 2, qubits[position])
        angles = (zero + one) / 2
    circuit.global_phase += float(angles[0])
