"""The interfaces of a backend, and of a circuit that is ready for it."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.transpiler import Target

from quantum.backends.options import Suppression

__all__ = ["Backend", "Program"]


class Program(Protocol):
    """A circuit made ready for a backend. On a device it has `fitted`, the `FittedCircuit`, as well."""

    def run(self, shots: int, seed: int) -> NDArray[np.bool_]:
        """Return measured bits (shots, classical bits), bit 0 first, in the order they were measured."""
        ...


class Backend(Protocol):
    """A place where circuits run."""

    @property
    def name(self) -> str:
        """The name by which callers know it."""
        ...

    @property
    def device(self) -> bool:
        """Whether it takes gates alone, no state handed to it, and its shots may be wrong."""
        ...

    @property
    def max_shots(self) -> int | None:
        """The most shots of one run; None without a limit."""
        ...

    @property
    def target(self) -> Target | None:
        """The gates that it has and their calibration; None where any gate will do, or nothing is known."""
        ...

    def notes(self, suppression: Suppression) -> tuple[str, ...]:
        """Return sentences on what it does not honor of the chosen ways, or where they cannot help."""
        ...

    def check(self, qubits: int, rank: int, limit: int | None = None) -> None:
        """Refuse a circuit that the backend cannot hold, before it is built."""
        ...

    def prepare(self, circuit: QuantumCircuit, rank: int, limit: int | None = None) -> Program:
        """Fit a circuit to the backend; `rank` bounds the Schmidt rank of its states, `limit` a bond dimension."""
        ...

    def program(self, circuit: QuantumCircuit, rank: int) -> Program:
        """Make a program of a recorded circuit: on a device of a fitted one, which is not fitted again."""
        ...
