"""The Fourier transform over Z_P on a binary digit."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantum.blocks.dense_gate import DenseGate
from quantum.blocks.digits import digit_qubits

__all__ = ["PrimeFourier"]


class PrimeFourier(DenseGate):
    """|x> -> P^(-1/2) sum_u w^(-x u)|u> for x < P, w = e^(2 pi i/P); |x> -> |x> for the padding x >= P.

    Parameters
    ----------
    prime
        The prime P.
    inverted
        Take w^(+x u) instead.

    Notes
    -----
    Registers: one digit of ceil(log2 P) qubits. Decomposition: one padded unitary, synthesized generically; the
    readable reference for any prime.
    """

    def __init__(self, prime: int, inverted: bool = False) -> None:
        super().__init__("fourier_dg" if inverted else "fourier", digit_qubits(prime), [prime])
        self.prime, self.inverted = prime, inverted

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray:
        residues = np.arange(self.prime)
        exponent = np.outer(residues, residues) % self.prime * (1 if self.inverted else -1)
        matrix = np.eye(2**self.num_qubits, dtype=complex)
        matrix[: self.prime, : self.prime] = np.exp(2j * np.pi * exponent / self.prime) / np.sqrt(self.prime)
        return matrix.astype(dtype or complex)

    def inverse(self, annotated: bool = False) -> "PrimeFourier":
        """Return the inverse transform."""
        return PrimeFourier(self.prime, not self.inverted)
