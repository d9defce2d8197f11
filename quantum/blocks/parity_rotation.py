"""A rotation of one qubit by an angle that depends on other qubits."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

__all__ = ["ParityRotation", "gray_code", "walsh_functions"]

NEGLIGIBLE = 1e-14
"""Terms of an angle up to this size are left out."""


def walsh_functions(parities: NDArray[np.bool_], values: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return (-1)^(w.x), shape (K, S), for each of the values x, shape (K, n), and the parities w, shape (S, n)."""
    # Floats for the fast product: whole numbers this small are exact.
    return 1 - 2 * ((values.astype(float) @ parities.T.astype(float)) % 2)


def gray_code(controls: Sequence[int] | NDArray[np.int64], num_qubits: int) -> NDArray[np.bool_]:
    """Return the parities of the controls, shape (2^c, n), each a single qubit off the one before."""
    numbers = np.arange(2 ** len(controls))
    parities = np.zeros((len(numbers), num_qubits), dtype=bool)
    parities[:, controls] = ((numbers ^ numbers >> 1)[:, None] >> np.arange(len(controls))) & 1
    return parities


@dataclass(frozen=True, eq=False)
class ParityRotation:
    """RY(sum_w coefficient_w (-1)^(w.x)) on a target, x the other qubits; then the parity end.x is added to it.

    Written as Möttönen, Vartiainen, Bergholm and Salomaa 2005 (arXiv:quant-ph/0407010) write rotations with a
    separate angle for each value of some qubits: RY(coefficient_w) acts while the parity w.x is added to the target by
    CNOTs, which changes its sign. The CNOTs between two rotations are the qubits in which their parities differ.

    Attributes
    ----------
    parities, coefficients
        The terms in their order, shapes (S, n) and (S,).
    end
        Shape (n,).
    """

    parities: NDArray[np.bool_]
    coefficients: NDArray[np.float64]
    end: NDArray[np.bool_]

    def cnots(self) -> int:
        """Count the CNOTs."""
        return int(self._changes().sum())

    def append_to(self, circuit: QuantumCircuit, target: int) -> None:
        """Append the gates to a circuit of n qubits; the target is in none of the parities."""
        *changes, last = self._changes()
        for change, coefficient in zip(changes, self.coefficients[self._needed()], strict=True):
            _add(circuit, change, target)
            circuit.ry(float(coefficient), target)
        _add(circuit, last, target)

    def _needed(self) -> NDArray[np.bool_]:
        return np.abs(self.coefficients) > NEGLIGIBLE

    def _changes(self) -> NDArray[np.bool_]:
        start = np.zeros_like(self.end)
        path = np.vstack([start, self.parities[self._needed()], self.end])
        return path[1:] ^ path[:-1]


def _add(circuit: QuantumCircuit, parity: NDArray[np.bool_], target: int) -> None:
    for qubit in np.flatnonzero(parity):
        circuit.cx(int(qubit), target)
