"""The rotation between the residue zero and the trivial character, in the middle of Rader's transform."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit import Qubit
from qiskit.circuit.library import CXGate, CZGate, PhaseGate, RYGate, RZGate, ZGate

from quantum.blocks.parity_walk import ParityWalk

__all__ = ["ZeroRotation"]


@dataclass(frozen=True)
class ZeroRotation:
    """The rotation of z at j = 0 by controls that must all be 0, and what it does to the phases.

    With one or two controls it is a reflection and leaves no phase. With more, one of the controls, number `wire`,
    tilts the axis of a rotation by `angle` that the others control: where all are 0 it is e^(i turn)/sqrt(P) between
    |z = 0> and itself, and where that one alone is 1 it leaves the phase e^(i angle). Two-qubit gates: 1 and 3 for one
    and two controls, 2 + 2^(c-1) for c.

    Attributes
    ----------
    prime
        The prime P.
    wire
        The number of the control that tilts the axis.
    turn, angle
        In radians, for three controls and more: cos(angle) = cos(turn)/sqrt(P).
    """

    prime: int
    wire: int = 0
    turn: float = np.pi
    angle: float = np.pi / 2

    def corrected(self, phases: NDArray[np.float64], alone: int | None) -> NDArray[np.float64]:
        """Return the phases that remain to be made so that, with the rotation, the whole has the given ones.

        Parameters
        ----------
        phases
            One for each j, j = 0 first.
        alone
            The j where control number `wire` alone is 1; None with up to two controls.
        """
        phases = phases.copy()
        phases[0] += np.pi - self.turn
        if alone is not None:
            phases[alone] -= self.angle
        return phases

    def append(self, walk: ParityWalk, controls: Sequence[Qubit], zero: Qubit) -> None:
        """Append the gates.

        Parameters
        ----------
        walk
            Where they are written.
        controls, zero
            Qubits whose values, parities of j's bits, are all 0 at j = 0 alone, and z.

        Raises
        ------
        ValueError
            If turn and angle do not fit each other and there are more than two controls.
        """
        first, *others = [*controls[self.wire :], *controls[: self.wire]]
        if not others:
            self._reflect(walk, first, zero, np.arccos(-1 / np.sqrt(self.prime)))
        elif len(others) == 1:
            tilt = np.arccos(-1 / np.sqrt(self.prime)) / 2
            self._reflect(walk, first, zero, tilt)
            walk.gate(CZGate(), others[0], zero)
            walk.gate(ZGate(), zero)
            self._reflect(walk, first, zero, tilt)
        else:
            if abs(np.cos(self.angle) - np.cos(self.turn) / np.sqrt(self.prime)) > 1e-9:
                raise ValueError(f"turn = {self.turn} and angle = {self.angle} do not fit: see the class")
            tilt = np.arccos(np.sin(self.turn) / (np.sqrt(self.prime) * np.sin(self.angle))) / 2
            phase = -(np.pi - self.turn + np.copysign(np.pi / 2, np.sin(self.angle)))
            walk.gate(PhaseGate(phase), zero)
            self._reflect(walk, first, zero, tilt)
            self._rotate(walk, others, zero)
            self._reflect(walk, first, zero, tilt)
            walk.gate(PhaseGate(phase), zero)

    def _reflect(self, walk: ParityWalk, control: Qubit, zero: Qubit, tilt: float) -> None:
        """Reflect z about an axis in the xz-plane where the control is 0."""
        walk.gate(RYGate(-tilt), zero)
        walk.gate(CZGate(), control, zero)
        walk.gate(ZGate(), zero)
        walk.gate(RYGate(tilt), zero)

    def _rotate(self, walk: ParityWalk, controls: Sequence[Qubit], zero: Qubit) -> None:
        """Apply e^(i angle Z) to z where all controls are 0, in Gray code."""
        steps = 2 ** len(controls)
        for step in range(1, steps + 1):
            walk.gate(RZGate(-2 * self.angle / steps), zero)
            changed = min((step & -step).bit_length() - 1, len(controls) - 1)
            walk.gate(CXGate(), controls[changed], zero)
