"""The encoding by discrete logarithms for primes such as 7, 13, 31 and 241, by the Chinese remainder theorem."""

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit, QuantumRegister
from qiskit.circuit.library import StatePreparation

from problems.finite_field import exponential_table, residues
from quantum.blocks.crt_digit import CRTDigit, CRTLayout
from quantum.blocks.digits import check_bits
from quantum.blocks.parity_walk import ParityWalk
from quantum.blocks.rader_digit import Shift
from quantum.ridgelet.frequency import frequency_amplitudes

__all__ = ["CRTEncoding"]


class CRTEncoding:
    """Digits x = g^p of Z_P as p modulo the factors of P-1, with flags for zeros.

    Every measured bit string is a node.

    Parameters
    ----------
    prime
        The prime P, at most 241, with P - 1 a power of two times distinct Fermat primes: 7, 11, 13, 31, 41, ..., 241.

    Raises
    ------
    InputError
        If it is another.
    """

    name = "crt"

    def __init__(self, prime: int) -> None:
        self._layout = CRTLayout(prime)
        self.prime, self.digit_qubits = self._layout.prime, self._layout.width

    def encode(self, digits: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Write digits (n, D) as the bits of the data registers (n, D digit_qubits), before `complete`.

        Raises
        ------
        InputError
            If a digit is no whole number 0..P-1.
        """
        digits = residues("digits", digits, self.prime, ndim=2)
        return np.hstack([self._layout.encode(column) for column in digits.T])

    def complete(self, digits: NDArray[np.int64]) -> QuantumCircuit:
        """Return what turns the basis states of digits (n, D) into the digits' states."""
        digits = residues("digits", digits, self.prime, ndim=2)
        circuit = QuantumCircuit(digits.shape[1] * self.digit_qubits)
        for j, column in enumerate(digits.T):
            qubits = circuit.qubits[j * self.digit_qubits : (j + 1) * self.digit_qubits]
            self._layout.complete(circuit, qubits, column)
        return circuit

    def decode(self, bits: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Read measured bits (n, (D+1) digit_qubits) as digits (n, D+1); every row is valid.

        Raises
        ------
        InputError
            If the bits are no rows of whole digits.
        """
        digits = self._layout.decode(check_bits(bits, self.digit_qubits).reshape(-1, self.digit_qubits)).reshape(
            len(bits), -1
        )
        return digits, np.ones(len(bits), dtype=bool)

    def encode_measured(self, digits: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.bool_]:
        """Write digits (n, D+1) as bits (n, (D+1) digit_qubits) that are measured for them; see `complete`.

        A zero draws a uniform p, and a part that is 0 modulo q draws uniform bits.

        Raises
        ------
        InputError
            If a digit is no whole number 0..P-1.
        """
        digits = residues("digits", digits, self.prime, ndim=2)
        zero = digits.reshape(-1) == 0
        powers = exponential_table(self.prime)[rng.integers(0, self.prime - 1, len(zero))]
        bits = self._layout.encode(np.where(zero, powers, digits.reshape(-1)))
        bits[:, -1] = zero
        for part in self._layout.parts[1:]:
            logarithm, flag = bits[:, part.start : part.stop - 1], bits[:, part.stop - 1]
            logarithm[flag] = rng.integers(0, 2, (np.count_nonzero(flag), logarithm.shape[1]), dtype=bool)
        return bits.reshape(len(digits), -1)

    def schmidt_rank(self, terms: int) -> int:
        """Bound the Schmidt rank of every cut at every moment of the circuit, from the number of loaded terms.

        Each loaded term is a product over the registers, for each value of k, but for the register that the gates are
        at: it is entangled with that of k for a while, so a cut inside multiplies by at most 2^(digit_qubits - 1).
        """
        return terms * (self.prime - 1) * 2 ** (self.digit_qubits - 1)

    def transform(
        self, dimension: int, ridgelet: NDArray[np.float64], exact: bool = True, fractional: bool = False
    ) -> QuantumCircuit:
        """Return the ridgelet transform on registers x_1, ..., x_D and v: |x>|0> -> sum R[delta_x](a,b)|a>|b>.

        It has no form of its own for RZZ gates.
        """
        layout = self._layout
        x = [QuantumRegister(self.digit_qubits, f"x{j + 1}") for j in range(dimension)]
        v = QuantumRegister(self.digit_qubits, "v")
        circuit = QuantumCircuit(*x, v, name="ridgelet")
        walk = ParityWalk(circuit)
        digits = []
        for register in x:
            for qubit in register[layout.parts[0]]:
                walk.start(qubit)
            digits.append(CRTDigit(walk, list(register), layout))
            digits[-1].enter()
            digits[-1].gauss()
        walk.gate(self._frequency(ridgelet), *v[:-1])
        k = Shift(walk, v[layout.parts[0]], added=layout.bits > 1)
        for digit in reversed(digits):
            digit.shift(list(v))
        for t in range(layout.bits):
            k.reach(t)
            for digit in digits[:: 1 if t % 2 == 0 else -1]:
                digit.leave(t, k, exact)
        k.leave()
        for digit in digits:
            digit.settle(k, exact)
        last = CRTDigit(walk, list(v), layout)
        last.enter()
        last.gauss(inverted=True)
        for t in range(layout.bits):
            last.leave(t, exact=exact)
        last.settle(exact=exact)
        walk.finish(unseen=0 if exact else sum(digit.outcomes for digit in [*digits, last]))
        return circuit

    def _frequency(self, ridgelet: NDArray[np.float64]) -> StatePreparation:
        """Return the preparation of sum_k conj(r^(g^k))|k>, its lowest two bits added as `Shift` takes them."""
        layout = self._layout
        spectrum = frequency_amplitudes(ridgelet)
        bits = layout.states()
        if layout.bits > 1:
            bits[:, 0] ^= bits[:, 1]
        k = layout.logarithms(bits)
        # A part that is 0 modulo q is spread over the values of its bits.
        amplitudes = spectrum[k] / np.sqrt(np.bincount(k))[k]
        return StatePreparation(amplitudes / np.linalg.norm(amplitudes))
