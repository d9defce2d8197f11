"""The binary encoding: ceil(log2 P) qubits a digit, transforms as padded unitaries. The readable reference."""

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit, QuantumRegister
from qiskit.circuit.library import StatePreparation

from problems.errors import InputError
from problems.finite_field import check_prime, exponential_table, residues
from quantum.blocks.digits import bits_to_digits, check_bits, digit_qubits, digits_to_bits
from quantum.blocks.discrete_exponential import DiscreteExponential
from quantum.blocks.fourier import PrimeFourier
from quantum.blocks.multiplication import ControlledMultiplication
from quantum.ridgelet.frequency import frequency_amplitudes

__all__ = ["BinaryEncoding"]

MAX_PRIME = 31
"""Above it the generic synthesis of a digit's unitaries, 4^qubits gates, is no use to anybody."""


class BinaryEncoding:
    """Digits of Z_P as binary numbers; bit patterns P..2^n-1 are invalid and have amplitude 0.

    Parameters
    ----------
    prime
        The prime P, at most 31.

    Raises
    ------
    InputError
        If the prime is larger.
    """

    name = "binary"

    def __init__(self, prime: int) -> None:
        prime = check_prime(prime)
        if prime > MAX_PRIME:
            raise InputError(
                f"prime = {prime} is above {MAX_PRIME}, the largest that the binary encoding's generic synthesis "
                "takes; use a smaller prime, encoding='rader' for 257, encoding='crt' for some up to 241, or the "
                "dequantized sampler."
            )
        self.prime = prime
        self.digit_qubits = digit_qubits(prime)

    def encode(self, digits: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Write digits (n, D) as the bits of the data registers (n, D digit_qubits).

        Raises
        ------
        InputError
            If a digit is no whole number 0..P-1.
        """
        return digits_to_bits(residues("digits", digits, self.prime, ndim=2), self.digit_qubits)

    def complete(self, digits: NDArray[np.int64]) -> QuantumCircuit:
        """Return what turns the basis states of digits (n, D) into the digits' states: nothing."""
        return QuantumCircuit(digits.shape[1] * self.digit_qubits)

    def decode(self, bits: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Read measured bits (n, (D+1) digit_qubits) as digits (n, D+1), with a mark (n,) for valid rows.

        Raises
        ------
        InputError
            If the bits are no rows of whole digits.
        """
        digits = bits_to_digits(check_bits(bits, self.digit_qubits), self.digit_qubits)
        return digits, np.all(digits < self.prime, axis=1)

    def encode_measured(self, digits: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.bool_]:
        """Write digits (n, D+1) as bits (n, (D+1) digit_qubits) that are measured for them: there is one way only.

        Raises
        ------
        InputError
            If a digit is no whole number 0..P-1.
        """
        return self.encode(digits)

    def schmidt_rank(self, terms: int) -> int:
        """Bound the Schmidt rank of every cut at every moment of the circuit, from the number of loaded terms.

        Each term is a product over the registers before the multiplication, and a sum of P-1 products after it; a
        cut inside a register multiplies by at most 2^(digit_qubits // 2).
        """
        return terms * (self.prime - 1) * 2 ** (self.digit_qubits // 2)

    def transform(
        self, dimension: int, ridgelet: NDArray[np.float64], exact: bool = True, fractional: bool = False
    ) -> QuantumCircuit:
        """Return the ridgelet transform on registers x_1, ..., x_D and v: |x>|0> -> sum R[delta_x](a,b)|a>|b>.

        It always is exact, and has no form of its own for RZZ gates.
        """
        prime, width = self.prime, self.digit_qubits
        x = [QuantumRegister(width, f"x{j + 1}") for j in range(dimension)]
        v = QuantumRegister(width, "v")
        circuit = QuantumCircuit(*x, v, name="ridgelet")
        for register in x:
            circuit.append(PrimeFourier(prime), register)
        # v != 0 is prepared and kept as its discrete logarithm k, v = g^k, on the lowest qubits of its register.
        log_qubits = (prime - 2).bit_length()
        self._prepare_frequency(circuit, v[:log_qubits], ridgelet)
        # Multiplication by 1/v, one constant for each bit of k: no inverse is ever computed. The registers come
        # nearest first, so that in a matrix product state k walks along the chain once.
        for register in reversed(x):
            for bit in range(log_qubits):
                factor = pow(int(exponential_table(prime)[2**bit]), -1, prime)
                circuit.append(ControlledMultiplication(prime, factor), [v[bit], *register])
        circuit.append(DiscreteExponential(prime), v)
        circuit.append(PrimeFourier(prime, inverted=True), v)
        return circuit

    def _prepare_frequency(self, circuit: QuantumCircuit, qubits: list, ridgelet: NDArray[np.float64]) -> None:
        """Prepare sum_k conj(r^(g^k))|k>."""
        spectrum = frequency_amplitudes(ridgelet)
        if not qubits:  # P = 2: v = 1 is all there is
            circuit.global_phase += float(np.angle(spectrum[0]))
            return
        amplitudes = np.zeros(2 ** len(qubits), dtype=complex)
        amplitudes[: len(spectrum)] = spectrum
        circuit.append(StatePreparation(amplitudes), qubits)
