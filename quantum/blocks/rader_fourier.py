"""The Fourier transform over Z_P on a digit in discrete logarithms, for the Fermat primes."""

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import Gate

from quantum.blocks.gauss_stage import GAUSS_STAGE_GATES
from quantum.blocks.parity_walk import ParityWalk
from quantum.blocks.rader_digit import RaderDigit, check_fermat, rader_bits

__all__ = ["RaderFourier"]


class RaderFourier(Gate):
    """|x> -> P^(-1/2) sum_u w^(-x u)|u> for x in Z_P, w = e^(2 pi i/P), as in `PrimeFourier`.

    Parameters
    ----------
    prime
        The prime P: 3, 5, 17 or 257.
    inverted
        Take w^(+x u) instead.

    Raises
    ------
    InputError
        If P is no such prime.

    Notes
    -----
    Registers: one digit, m = log2(P-1) qubits for p, the lowest bit first, then z; see `rader_digit`. The states |x>
    are the columns of `code`; states outside their span stay outside. Decomposition: Rader's algorithm with two
    transforms over 2^m points of m (m-1)/2 CNOTs each, the stage of Gauss sums between them, and m-1 CNOTs to plain
    bits. Generic synthesis of the same transform in binary takes at most 3, 20, 444 two-qubit gates for P = 3, 5, 17.
    """

    def __init__(self, prime: int, inverted: bool = False) -> None:
        prime = check_fermat(prime)
        super().__init__("rader_fourier_dg" if inverted else "rader_fourier", prime.bit_length(), [prime])
        self.prime, self.inverted = prime, inverted

    @property
    def code(self) -> NDArray[np.float64]:
        """The states |x>, shape (2^(m+1), P): |p>|z=0> for x = g^p, the uniform superposition times |z=1> for 0."""
        code = np.zeros((2**self.num_qubits, self.prime))
        code[self.prime - 1 :, 0] = 1 / np.sqrt(self.prime - 1)
        nonzero = rader_bits(np.arange(1, self.prime)[:, None], self.prime)
        code[nonzero @ (1 << np.arange(self.num_qubits)), np.arange(1, self.prime)] = 1
        return code

    @property
    def two_qubit_gates(self) -> int:
        """How many two-qubit gates the decomposition takes."""
        m = self.num_qubits - 1
        return m * (m - 1) + GAUSS_STAGE_GATES[self.prime] + m - 1

    def inverse(self, annotated: bool = False) -> "RaderFourier":
        """Return the inverse transform; the two agree on `code` alone."""
        return RaderFourier(self.prime, not self.inverted)

    def _define(self) -> None:
        self.definition = QuantumCircuit(self.num_qubits, name=self.name)
        *logarithm, zero = self.definition.qubits
        walk = ParityWalk(self.definition)
        for qubit in logarithm:
            walk.start(qubit)
        digit = RaderDigit(walk, logarithm, zero, self.prime)
        digit.enter()
        digit.gauss(self.inverted)
        for t in range(len(logarithm)):
            digit.leave(t)
        digit.settle()
        walk.finish()
