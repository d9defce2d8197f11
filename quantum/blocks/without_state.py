"""The states with certain qubits in |0>, but for one of them: the left space of a kernel reflection."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import Gate
from qiskit.circuit.library import RZGate

from problems.errors import InputError
from quantum.blocks.projectors import Projector, ZeroFlags

__all__ = ["WithoutState"]


class WithoutState(Projector):
    """The states with certain flags in |0> whose other qubits are orthogonal to a state b.

    Parameters
    ----------
    num_qubits
        The number of qubits n.
    flags
        The last qubits, at least one.
    load
        A gate on the first ones, which makes b of |0...0>.
    state
        b, shape (2^k,) for the k first qubits.

    Raises
    ------
    InputError
        If load and flags do not make up the n qubits.

    Notes
    -----
    A phase is that of `ZeroFlags`, and e^(-2i angle Z) where the flags are 0 and the others b: b unloaded, an RZ with n
    controls, b loaded. Cost: twice that of b, about 16 n - 24 CX, and the phase of the flags.
    """

    def __init__(self, num_qubits: int, flags: Sequence[int], load: Gate, state: NDArray[Any]) -> None:
        self._zeros = ZeroFlags(num_qubits, flags)
        if tuple(flags) != tuple(range(load.num_qubits, num_qubits)) or len(state) != 2**load.num_qubits:
            raise InputError(
                f"A state of {load.num_qubits} qubits and flags {list(flags)} do not make up {num_qubits} qubits; give "
                "the first to the state and the others to the flags."
            )
        self.num_qubits, self.load, self.state = num_qubits, load, state

    def marking(self) -> QuantumCircuit:
        """Return a NOT of qubit n within the subspace, up to diagonal factors in front of it."""
        circuit, target = self._zeros.marking(), self.num_qubits

        def exclude(at_b: QuantumCircuit) -> None:
            at_b.mcx(list(range(target)), target)

        return circuit.compose(self._at_state(exclude))

    def phase(self, angle: float, controlled: bool = False) -> QuantumCircuit:
        """Return e^(i angle Z (2 Pi - 1)), Z on qubit n; see `Projector.phase`."""
        circuit, target = self._zeros.phase(angle, controlled), self.num_qubits
        controls = [*range(target), target + 1] if controlled else list(range(target))

        def turn_back(at_b: QuantumCircuit) -> None:
            at_b.append(RZGate(4 * angle).control(len(controls), annotated=False), [*controls, target])

        return circuit.compose(self._at_state(turn_back, controlled))

    def project(self, states: NDArray) -> NDArray:
        """Return the parts of states, the columns, shape (2^n, k), that are in the subspace."""
        inside = self._zeros.project(states)
        first = inside[: len(self.state)]
        inside[: len(self.state)] = first - np.outer(self.state, self.state.conj() @ first)
        return inside

    def _at_state(self, act: Callable[[QuantumCircuit], None], controlled: bool = False) -> QuantumCircuit:
        """Return what `act` appends for all qubits in |1>, where the flags are 0 and the others b."""
        circuit = QuantumCircuit(self.num_qubits + 1 + controlled)
        first, all_of_them = range(self.load.num_qubits), range(self.num_qubits)
        circuit.append(self.load.inverse(), first)
        circuit.x(all_of_them)
        act(circuit)
        circuit.x(all_of_them)
        circuit.append(self.load, first)
        return circuit
