"""Multiplication of a digit of Z_P by a constant, controlled by one qubit."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantum.blocks.dense_gate import DenseGate
from quantum.blocks.digits import digit_qubits, permutation_matrix

__all__ = ["ControlledMultiplication"]


class ControlledMultiplication(DenseGate):
    """|1>|x> -> |1>|c x mod P> for x < P; |0>|x> and the padding x >= P are left as they are.

    Parameters
    ----------
    prime
        The prime P.
    factor
        The constant c, 1..P-1.

    Notes
    -----
    Registers: the control qubit, then one digit of ceil(log2 P) qubits. Decomposition: one permutation matrix,
    synthesized generically; the readable reference for any prime.
    """

    def __init__(self, prime: int, factor: int) -> None:
        super().__init__("multiply", 1 + digit_qubits(prime), [prime, factor], label=f"x{factor} mod {prime}")
        self.prime, self.factor = prime, factor

    def classical_action(self, control: int, x: int) -> tuple[int, int]:
        """Return what the gate makes of a basis state."""
        return (1, self.factor * x % self.prime) if control == 1 and x < self.prime else (control, x)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray:
        # Qiskit counts the control, the first qubit, as the lowest bit.
        states = (self.classical_action(state & 1, state >> 1) for state in range(2**self.num_qubits))
        image = np.array([x << 1 | control for control, x in states])
        return permutation_matrix(image).astype(dtype or complex)

    def inverse(self, annotated: bool = False) -> "ControlledMultiplication":
        """Return the multiplication by 1/c."""
        return ControlledMultiplication(self.prime, pow(self.factor, -1, self.prime))
