"""The state that phase estimation starts in."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import Gate

from problems.errors import whole_number

__all__ = ["SineWindow"]


class SineWindow(Gate):
    """|0...0> -> sqrt(2/N) sum_x sin(pi (x + 1/2)/N)|x>, N = 2^t.

    Parameters
    ----------
    bits
        t, at least 1.

    Raises
    ------
    InputError
        If the bits are no whole number of at least 1.

    Notes
    -----
    Registers: the t qubits of x. The upper half of the sine is the cosine of the lower: the lower bits are uniform, and
    the highest qubit is turned from sin to cos by an angle that is linear in them. Cost: 2 (t - 1) CX. Source: the
    initial state of Harrow, Hassidim, Lloyd, arXiv:0811.3171, eq. 3, from Buzek, Derka, Massar, Phys. Rev. Lett. 82
    (1999) 2207.
    """

    def __init__(self, bits: int) -> None:
        super().__init__("sine_window", whole_number("bits", bits, 1), [])

    @property
    def code(self) -> NDArray[np.complex128]:
        """The one input that the gate is defined for, |0...0>, as a column."""
        return np.eye(2**self.num_qubits, 1, dtype=complex)

    def vector(self) -> NDArray[np.float64]:
        """Return the amplitudes, shape (2^t,)."""
        size = 2**self.num_qubits
        amplitudes: NDArray[np.float64] = np.sqrt(2 / size) * np.sin(np.pi * (np.arange(size) + 0.5) / size)
        return amplitudes

    @property
    def two_qubit_gates(self) -> int:
        """The CX of the decomposition."""
        return 2 * (self.num_qubits - 1)

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, SineWindow) and self.num_qubits == other.num_qubits

    def _define(self) -> None:
        circuit = QuantumCircuit(self.num_qubits, name=self.name)
        *lower, top = range(self.num_qubits)
        circuit.ry(math.pi / 2, top)
        for qubit in lower:
            circuit.h(qubit)
            circuit.cx(qubit, top)
            circuit.ry(math.pi / 2 ** (self.num_qubits - qubit), top)
            circuit.cx(qubit, top)
        self.definition = circuit
