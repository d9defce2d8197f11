"""A polynomial of the singular values between two projectors, as a circuit: its imaginary part alone, in one branch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import Gate
from qiskit.synthesis import synth_mcx_1_clean_kg24

from problems.errors import InputError

__all__ = ["Flip", "Piece", "flip_on_zeros", "phase_piece", "polynomial_circuit"]

Flip = Callable[[QuantumCircuit], None]
"""Appends a NOT of the real-part qubit, controlled by a projector."""


def polynomial_circuit(
    unitary: Gate, places: Sequence[int], phases: ArrayLike, right: Flip, left: Flip, width: int, part: int
) -> QuantumCircuit:
    """Return the circuit whose branch with `part` in |1> has p(left U right), from states within `right`.

    Parameters
    ----------
    unitary, places
        U, and the qubits that it acts on.
    phases
        Symmetric phases of p, as `symmetric_phases` gives them, shape (D + 1,), D >= 1.
    right, left
        The projectors that U maps between, as NOTs of `part` controlled by them.
    width
        Qubits of the circuit.
    part
        The qubit of the real part, in |0> before.

    Raises
    ------
    InputError
        If there are fewer than two phases.

    Notes
    -----
    Gilyen, Su, Low and Wiebe, arXiv:1806.01838, corollary 18. A phase e^(i phi (2 Pi - 1)) is a rotation of `part`
    between two NOTs, and its sign is that of `part`: so U_phi and U_(-phi) interfere, and |1> keeps the imaginary part
    of <U_phi>. With W = S R S, R = [[x, s], [s, -x]] the form of U between the projectors and S = diag(1, i), a
    reflection 2 Pi - 1 stands beside each inner phase: two Zs. The outer phases are plain rotations. Action: even
    D ends within `right`, odd D within `left`; other branches are to be discarded. The sign is p's own.
    Cost: D queries and D - 1 pairs of NOTs.
    """
    angles: NDArray[np.float64] = np.asarray(phases, dtype=float)
    if len(angles) < 2:
        raise InputError("A polynomial of degree 0 needs no circuit; give at least two phases.")
    degree = len(angles) - 1
    adjoint = unitary.inverse()
    # Each pair of NOTs is 1 - 2 Pi instead of 2 Pi - 1, and the imaginary part comes with an i.
    circuit = QuantumCircuit(width, global_phase=np.pi * (degree - 1) - np.pi / 2)
    circuit.h(part)
    circuit.rz(-2 * angles[degree], part)
    for query in range(degree):
        circuit.append(adjoint if query % 2 else unitary, places)
        if query < degree - 1:
            flip = right if query % 2 else left
            flip(circuit)
            circuit.rz(2 * angles[degree - 1 - query], part)
            circuit.z(part)
            flip(circuit)
            circuit.z(part)
    circuit.rz(-2 * angles[0], part)
    circuit.h(part)
    return circuit


@dataclass(frozen=True, eq=False)
class Piece:
    """A part of a circuit, for counting.

    Attributes
    ----------
    name
        "load", "query" or "phase".
    circuit
        Its gates, alone.
    times
        How often it occurs.
    """

    name: str
    circuit: QuantumCircuit
    times: int


def phase_piece(flip: Flip, width: int, part: int, times: int) -> Piece:
    """Return a phase between two queries as a piece, at an angle of no Clifford gate."""
    circuit = QuantumCircuit(width)
    flip(circuit)
    circuit.rz(1.0, part)
    flip(circuit)
    return Piece("phase", circuit, times)


def flip_on_zeros(circuit: QuantumCircuit, zeros: Sequence[int], target: int, clean: int | None = None) -> None:
    """Append a NOT of the target where all of `zeros` are 0, with a clean qubit where there is one."""
    circuit.x(zeros)
    if clean is None or len(zeros) < 3:
        circuit.mcx(list(zeros), target)
    else:
        circuit.compose(synth_mcx_1_clean_kg24(len(zeros)), [*zeros, target, clean], inplace=True)
    circuit.x(zeros)
