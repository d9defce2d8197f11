"""Subspaces that a block encoding's block stands on, and the phases that signal processing gives them."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit.library import RC3XGate, RCCXGate
from qiskit.synthesis import synth_mcx_n_dirty_i15

from problems.errors import InputError
from quantum.blocks.block_cost import written_cost
from quantum.blocks.multiplexed_rotation import multiplexed_rotation

__all__ = ["Projector", "ZeroFlags"]


class Projector(ABC):
    """A subspace of the states of some qubits, that a circuit can tell.

    Whoever writes another needs `marking` and `project`; the phases follow.

    Attributes
    ----------
    num_qubits
        The qubits n it is a subspace of.
    """

    num_qubits: int

    @abstractmethod
    def marking(self) -> QuantumCircuit:
        """Return a NOT of qubit n where the others are in the subspace.

        Diagonal factors in front do no harm (relative-phase gates): after a rotation about Z of qubit n the inverse
        takes them back. Within another marking, though, where something else comes in between, they may.
        """

    @abstractmethod
    def project(self, states: NDArray) -> NDArray:
        """Return the parts of states, the columns, shape (2^n, k), that are in the subspace."""

    def phase(self, angle: float, controlled: bool = False) -> QuantumCircuit:
        """Return e^(i angle Z (2 Pi - 1)), Z on qubit n: e^(i angle) in the subspace Pi for |0> there, else inverted.

        Parameters
        ----------
        angle
            In radians.
        controlled
            Whether a further qubit n + 1 must be 1 for it, of which only the rotation takes note.
        """
        circuit = QuantumCircuit(self.num_qubits + 1 + controlled)
        marking = self.marking()
        circuit.compose(marking, range(self.num_qubits + 1), inplace=True)
        if controlled:
            circuit.crz(2 * angle, self.num_qubits + 1, self.num_qubits)
        else:
            circuit.rz(2 * angle, self.num_qubits)
        circuit.compose(marking.inverse(), range(self.num_qubits + 1), inplace=True)
        return circuit


class ZeroFlags(Projector):
    """The states with certain qubits in |0>.

    Parameters
    ----------
    num_qubits
        The number of qubits n.
    flags
        Different qubits among them; none: all states.

    Raises
    ------
    InputError
        If the flags are not different qubits among the n.

    Notes
    -----
    Cost of a phase with m flags, CX: 0, 2, 6, 12 for m = 0, 1, 2, 3 by relative-phase Toffoli gates (Maslov 2016,
    arXiv:1508.03273); above, the lesser of 2^m, a rotation for each value of the flags, and 16m - 28, two NOTs with m
    controls that borrow other qubits as they are (Iten et al. 2016, arXiv:1501.06911, relative-phase form).
    """

    def __init__(self, num_qubits: int, flags: Sequence[int]) -> None:
        self.num_qubits, self.flags = num_qubits, tuple(flags)
        if len(set(self.flags)) < len(self.flags) or not set(self.flags) <= set(range(num_qubits)):
            raise InputError(f"flags = {list(self.flags)} must be different qubits among the {num_qubits}, from 0.")
        numbers = np.arange(2**num_qubits)
        self._inside = np.bitwise_and(numbers, sum(1 << flag for flag in self.flags)) == 0

    def marking(self) -> QuantumCircuit:
        """Return a NOT of qubit n where all flags are 0, up to diagonal factors in front of it."""
        # Relative-phase gates are written out: OpenQASM 2 has no names for them in its library.
        circuit = QuantumCircuit(self.num_qubits + 1)
        flags, target = list(self.flags), self.num_qubits
        if flags:
            circuit.x(flags)
        if not flags:
            circuit.x(target)
        elif len(flags) == 1:
            circuit.cx(flags[0], target)
        elif len(flags) == 2:
            circuit.compose(RCCXGate().definition, [*flags, target], inplace=True)
        elif len(flags) == 3:
            circuit.compose(RC3XGate().definition, [*flags, target], inplace=True)
        else:
            borrowed = [qubit for qubit in range(self.num_qubits) if qubit not in flags][: len(flags) - 2]
            if len(borrowed) == len(flags) - 2:
                many = synth_mcx_n_dirty_i15(len(flags), relative_phase=True)
                circuit.compose(many, [*flags, target, *borrowed], inplace=True)
            else:
                circuit.mcx(flags, target)
        if flags:
            circuit.x(flags)
        return circuit

    def project(self, states: NDArray) -> NDArray:
        """Return the parts of states, the columns, shape (2^n, k), with all flags 0."""
        return np.where(self._inside[:, None], states, 0)

    def phase(self, angle: float, controlled: bool = False) -> QuantumCircuit:
        """Return e^(i angle Z (2 Pi - 1)), Z on qubit n; see `Projector.phase`."""
        marked = super().phase(angle, controlled)
        if len(self.flags) <= 3 or written_cost(marked).two_qubit <= 2 ** (len(self.flags) + controlled):
            return marked
        # A rotation about Z for each value of the flags: about Y, seen from another side.
        controls, target = list(self.flags), self.num_qubits
        angles = np.full(2 ** len(controls), 2 * angle)
        angles[0] = -2 * angle
        if controlled:
            controls, angles = [*controls, target + 1], np.concatenate([np.zeros_like(angles), angles])
        circuit = QuantumCircuit(target + 1 + controlled)
        circuit.rx(-np.pi / 2, target)
        multiplexed_rotation(circuit, angles, controls, target)
        circuit.rx(np.pi / 2, target)
        return circuit
