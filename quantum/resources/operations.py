"""The operations of a circuit one after another, those inside blocks of feed-forward included."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from qiskit import QuantumCircuit
from qiskit.circuit import Bit, CircuitInstruction, Clbit, Qubit

from problems.errors import InputError

__all__ = ["CONDITIONALS", "Operation", "Recorder", "critical_path", "operations"]

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
    return _written_out(circuit.data, None, ())


def _written_out(
    instructions: Iterable[CircuitInstruction], outer: Mapping[Bit, Bit] | None, conditions: tuple
) -> Iterator[Operation]:
    """Yield operations; `outer` are the outermost circuit's bits by those of a block, None for that circuit itself."""
    for instruction in instructions:
        qubits, clbits = instruction.qubits, instruction.clbits
        if outer is not None:
            qubits = tuple(outer[bit] for bit in qubits)
            clbits = tuple(outer[bit] for bit in clbits)
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
            yield from _written_out(block.data, inner, (*conditions, *clbits))


class Recorder:
    """Takes gates as a `QuantumCircuit` does and keeps operations alone, in a fraction of the time.

    Attributes
    ----------
    operations
        The operations that it took, as `operations` would yield them.
    """

    def __init__(self) -> None:
        self.operations: list[Operation] = []
        self.global_phase = 0.0
        self._conditions: tuple[Clbit, ...] = ()

    def __getattr__(self, name: str) -> Callable[..., None]:
        """Return what takes a gate by its name: ``rz(angle, qubit)``, and others by their qubits alone."""
        if name.startswith("_"):
            raise AttributeError(name)
        angles = 1 if name == "rz" else 0

        def take(*arguments: Any) -> None:
            gate = Operation(name, arguments[:angles], arguments[angles:], (), self._conditions)
            self.operations.append(gate)

        setattr(self, name, take)
        return take

    def measure(self, qubit: Qubit, clbit: Clbit) -> None:
        """Take a measurement."""
        self.operations.append(Operation("measure", (), (qubit,), (clbit,), self._conditions))

    @contextmanager
    def if_test(self, condition: tuple[Clbit, int]) -> Iterator[None]:
        """Take what follows as waiting for a bit, whatever its value is to be."""
        before = self._conditions
        self._conditions = (*before, condition[0])
        yield
        self._conditions = before

    def append(self, instruction: CircuitInstruction) -> None:
        """Take an instruction of a circuit, its blocks written out."""
        outer: dict[Bit, Bit] = {bit: bit for bit in (*instruction.qubits, *instruction.clbits)}
        self.operations += _written_out((instruction,), outer, self._conditions)


def critical_path(sequence: Iterable[Operation], cost: Callable[[Operation], float]) -> float:
    """Return the longest path through operations: each starts when its bits and its conditions are ready.

    Parameters
    ----------
    sequence
        The operations, from `operations`.
    cost
        What each adds to a path through it.
    """
    ready: dict[Bit, float] = defaultdict(int)
    for operation in sequence:
        bits = (*operation.qubits, *operation.clbits)
        end = max(map(ready.__getitem__, (*bits, *operation.conditions)), default=0) + cost(operation)
        # A condition is only read: gates that hang on one bit may run at the same time.
        for bit in bits:
            ready[bit] = end
    return max(ready.values(), default=0)
