"""Where circuits run. A new backend is one new file here and one line in `BACKENDS`."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from quantum.backends.aer import AerBackend

__all__ = ["BACKENDS", "Backend", "Program"]


class Program(Protocol):
    """A circuit made ready for a backend."""

    def run(self, shots: int, seed: int) -> NDArray[np.bool_]:
        """Return measured bits (shots, classical bits), bit 0 first, in the order they were measured."""
        ...


class Backend(Protocol):
    """A place where circuits run."""

    @property
    def name(self) -> str:
        """What callers know it by."""
        ...

    def check(self, qubits: int, rank: int, limit: int | None = None) -> None:
        """Refuse a circuit that the backend cannot hold, before it is built."""
        ...

    def prepare(self, circuit: QuantumCircuit, rank: int, limit: int | None = None) -> Program:
        """Fit a circuit to the backend; `rank` bounds the Schmidt rank of its states, `limit` a bond dimension."""
        ...


BACKENDS: dict[str, Backend] = {
    "aer_statevector": AerBackend("aer_statevector", "statevector"),
    "aer_mps": AerBackend("aer_mps", "matrix_product_state"),
}
"""Backends by name."""
