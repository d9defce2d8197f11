"""The step from one time slot to the next, controlled; the last slot steps over the edge."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import Gate
from qiskit.synthesis import synth_qft_full

from problems.errors import whole_number
from quantum.blocks.digits import permutation_matrix

__all__ = ["TimeShift"]


class TimeShift(Gate):
    """|1>|t>|0> -> |1>|t+1>|0> for t < 2^k - 1, and |1>|2^k - 1>|0> -> |1>|0>|1>; |0>|t> stays.

    Parameters
    ----------
    bits
        k >= 1.
    inverted
        Step back.

    Raises
    ------
    InputError
        If k is no whole number of at least 1.

    Notes
    -----
    Registers: the control, the time t (k qubits, the lowest bit first), the overflow. With the overflow in |0> before
    and after, the block is the shift that the last slot drops out of, not the cyclic one. Action: t + 2^k overflow
    grows by 1 modulo 2^(k+1). Decomposition: Draper's addition (arXiv:quant-ph/0008033) of one bit: the Fourier
    transform of the k+1 bits, a phase of each controlled by the control, the transform back. Cost: 2 (k+1)^2 - 1
    CNOTs (NOTs with up to k+1 controls would take twice as many for k = 3, and need scratch qubits to do better).
    """

    def __init__(self, bits: int, inverted: bool = False) -> None:
        self.bits, self.inverted = whole_number("bits", bits, 1), bool(inverted)
        super().__init__("time_shift_dg" if inverted else "time_shift", self.bits + 2, [])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TimeShift) and (self.bits, self.inverted) == (other.bits, other.inverted)

    __hash__ = None  # type: ignore[assignment]

    def classical_action(self, control: int, time: int, overflow: int) -> tuple[int, int, int]:
        """Return what the gate makes of a basis state."""
        step = (-control if self.inverted else control) + time + (overflow << self.bits)
        moved = step % 2 ** (self.bits + 1)
        return control, moved % 2**self.bits, moved >> self.bits

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray:
        states = np.arange(2**self.num_qubits)
        images = [self.classical_action(n & 1, n >> 1 & (2**self.bits - 1), n >> (self.bits + 1)) for n in states]
        image = np.array([control | time << 1 | over << (self.bits + 1) for control, time, over in images])
        return permutation_matrix(image).astype(dtype or complex)

    def inverse(self, annotated: bool = False) -> "TimeShift":
        """Return the step back."""
        return TimeShift(self.bits, not self.inverted)

    @property
    def two_qubit_gates(self) -> int:
        """At most how many two-qubit gates the decomposition takes."""
        return 2 * (self.bits + 1) ** 2 - 1

    def _define(self) -> None:
        counted = self.bits + 1
        transform = synth_qft_full(counted, do_swaps=False)
        circuit = QuantumCircuit(self.num_qubits, name="time_shift")
        circuit.compose(transform, range(1, counted + 1), inplace=True)
        for place in range(counted):
            circuit.cp(2 * np.pi / 2 ** (place + 1), 0, place + 1)
        circuit.compose(transform.inverse(), range(1, counted + 1), inplace=True)
        self.definition = circuit.inverse() if self.inverted else circuit
        self.definition.name = self.name
