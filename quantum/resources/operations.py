"""The operations of a circuit one after another, those inside blocks of feed-forward included."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from qiskit import QuantumCircuit
from qiskit.circuit import Bit, Clbit, Qubit

from problems.errors import InputError

__all__ = ["CONDITIONALS", "Operation", "critical_path", "operations"]

NO_GATES = frozenset({"barrier", "delay", "measure", "reset", "store"})

CONDITIONALS = frozenset({"if_else", "switch_case"})
"""Control flow that runs each of its blocks at most once."""


class Operation(NamedTuple):
    """An operation on bits of the outermost circuit.

    Attributes
    ----------
    name, parameters
        What it is.
    qubits, clbits
        Bits that it acts on.
    conditions
        Classical bits that decide whether it runs; none outside of blocks.
    """

    name: str
    parameters: Sequence[Any]
    qubits: tuple[Qubit, ...]
    clbits: tuple[Clbit, ...]
    conditions: tuple[Clbit, ...]

    @property
    def is_gate(self) -> bool:
        """Tell gates from measurements, resets, barriers and delays."""
        return self.name not in NO_GATES


def operations(circuit: QuantumCircuit) -> Iterator[Operation]:
    """Yield every operation, the blocks of `if_test` and `switch` written out in place, as if each of them ran.

    Raises
    ------
    InputError
        If the circuit has a loop or a box.
    """
    outer: dict[Bit, Bit] = {bit: bit for bit in (*circuit.qubits, *circuit.clbits)}
    return _written_out(circuit, outer, ())


def _written_out(circuit: QuantumCircuit, outer: Mapping[Bit, Bit], conditions: tuple) -> Iterator[Operation]:
    for instruction in circuit.data:
        qubits = tuple(outer[bit] for bit in instruction.qubits)
        clbits = tuple(outer[bit] for bit in instruction.clbits)
        if not instruction.is_control_flow():
            yield Operation(instruction.name, instruction.params, qubits, clbits, conditions)
            continue
        if instruction.name not in CONDITIONALS:
            raise InputError(
                f"A circuit with {instruction.name!r} cannot be counted, because its gates do not tell how often they "
                "run; write it out, or use if_test."
            )
        for block in instruction.operation.blocks:
            inner = dict(zip((*block.qubits, *block.clbits), (*qubits, *clbits), strict=True))
            yield from _written_out(block, inner, (*conditions, *clbits))


def critical_path(sequence: Iterable[Operation], cost: Callable[[Operation], float]) -> float:
    """Return the longest path through operations: each starts when its bits and its conditions are ready.

    Parameters
    ----------
    sequence
        The operations, from `operations`.
    cost
        What each adds to a path through it.
    """
    ready: dict[Bit, float] = {}
    for operation in sequence:
        bits = (*operation.qubits, *operation.clbits)
        start = max((ready.get(bit, 0) for bit in (*bits, *operation.conditions)), default=0)
        # A condition is only read: gates that hang on one bit may run at the same time.
        ready.update(dict.fromkeys(bits, start + cost(operation)))
    return max(ready.values(), default=0)
