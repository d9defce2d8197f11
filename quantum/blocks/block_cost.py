"""Gates of a block, counted once a piece as its circuit is written, and multiplied."""

from dataclasses import dataclass

from qiskit import QuantumCircuit
from qiskit.circuit import Instruction

from problems.showing import ShowsFields

__all__ = ["BlockCost", "written_cost"]


@dataclass(frozen=True, repr=False)
class BlockCost(ShowsFields):
    """Gates of a block, all qubits connected, as it is written out: a compiler may find fewer.

    Attributes
    ----------
    qubits
        Width.
    queries
        How often the block encoding or its inverse is applied.
    two_qubit, one_qubit
        CX gates and gates on one qubit.
    """

    qubits: int
    queries: int
    two_qubit: int
    one_qubit: int

    def __add__(self, other: "BlockCost") -> "BlockCost":
        """Return what both cost, one after the other."""
        return BlockCost(
            max(self.qubits, other.qubits),
            self.queries + other.queries,
            self.two_qubit + other.two_qubit,
            self.one_qubit + other.one_qubit,
        )

    def __mul__(self, times: int) -> "BlockCost":
        """Return what so many repetitions cost."""
        return BlockCost(self.qubits, times * self.queries, times * self.two_qubit, times * self.one_qubit)

    __rmul__ = __mul__


def written_cost(circuit: QuantumCircuit, queries: int = 0) -> BlockCost:
    """Count a circuit's gates after its definitions are written out down to CX and gates on one qubit.

    Parameters
    ----------
    circuit
        The circuit, gates alone.
    queries
        How many queries it is.
    """
    two, one = _of_circuit(circuit, {})
    return BlockCost(circuit.num_qubits, queries, two, one)


def _of_circuit(circuit: QuantumCircuit, known: dict[int, tuple[int, int]]) -> tuple[int, int]:
    two = one = 0
    for step in circuit.data:
        operation = step.operation
        if len(step.qubits) == 0:
            continue
        if operation.name == "cx":
            two += 1
        elif len(step.qubits) == 1:
            one += 1
        else:
            more = _of_operation(operation, known)
            two, one = two + more[0], one + more[1]
    return two, one


def _of_operation(operation: Instruction, known: dict[int, tuple[int, int]]) -> tuple[int, int]:
    # One object appears as often as the query; it lives as long as the circuit, so that its id is its own.
    if id(operation) not in known:
        known[id(operation)] = _of_circuit(operation.definition, known)
    return known[id(operation)]
