"""Circuits on a line: every gate on neighbors, as the bond dimension of a matrix product state asks for.

The Schmidt rank of a cut depends on the order of the qubits, and a simulator that moves qubits together as it sees
fit, and leaves them there, may tear registers apart: then no bond dimension that is small is exact.
"""

from qiskit import QuantumCircuit
from qiskit.circuit import CircuitInstruction, Qubit
from qiskit.circuit.library import SwapGate

__all__ = ["on_a_line"]


def on_a_line(circuit: QuantumCircuit) -> QuantumCircuit:
    """Return the circuit with swaps, such that each gate acts on neighbors.

    Of the qubits of a gate the first in the circuit's order stays, and the others move to its side. So a register at
    the end walks along the line, and those before it keep their order but for moves within a register. At a barrier
    all qubits return to their places; barriers are left out.

    Parameters
    ----------
    circuit
        Wires i and i+1 are neighbors. Gates on all qubits are left as they are, and must come before any swap.

    Returns
    -------
    QuantumCircuit
        On the same qubits, now places on the line; the measurements follow the qubits.
    """
    line = _Line(circuit)
    for instruction in circuit.data:
        if instruction.operation.name == "barrier":
            line.return_home()
        else:
            line.append(instruction)
    return line.circuit


class _Line:
    """A circuit under way, and which qubit is where."""

    def __init__(self, circuit: QuantumCircuit) -> None:
        self.circuit = circuit.copy_empty_like()
        self._home = {qubit: place for place, qubit in enumerate(circuit.qubits)}
        self._order = list(circuit.qubits)
        self._place = dict(self._home)

    def append(self, instruction: CircuitInstruction) -> None:
        if 1 < len(instruction.qubits) < len(self._order):
            first, *others = sorted(instruction.qubits, key=self._home.__getitem__)
            low = high = self._place[first]
            for qubit in others:
                # Qubits that move past the block do not move it.
                if self._place[qubit] > high:
                    high += 1
                    self._move(qubit, high)
                else:
                    low -= 1
                    self._move(qubit, low)
        places = [self.circuit.qubits[self._place[qubit]] for qubit in instruction.qubits]
        self.circuit.append(instruction.operation, places, instruction.clbits)

    def return_home(self) -> None:
        for qubit, place in self._home.items():
            self._move(qubit, place)

    def _move(self, qubit: Qubit, place: int) -> None:
        while (here := self._place[qubit]) != place:
            there = here + 1 if here < place else here - 1
            self.circuit.append(SwapGate(), [self.circuit.qubits[here], self.circuit.qubits[there]])
            other = self._order[there]
            self._order[here], self._order[there] = other, qubit
            self._place[qubit], self._place[other] = there, here
