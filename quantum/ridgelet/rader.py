"""The Rader encoding: digits as discrete logarithms with a flag for zero, for the primes 3, 5, 17 and 257."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit import Clbit, Measure
from qiskit.circuit.library import StatePreparation

from problems.finite_field import residues
from quantum.blocks.digits import check_bits
from quantum.blocks.gauss_stage import SEARCHED
from quantum.blocks.parity_walk import ParityWalk
from quantum.blocks.rader_digit import RaderDigit, Shift, check_fermat, rader_bits, rader_digits
from quantum.ridgelet.frequency import frequency_amplitudes

__all__ = ["RaderEncoding"]


class RaderEncoding:
    """Digits x = g^p of Z_P as p in log2(P-1) qubits, and one qubit that marks x = 0.

    Every measured bit string is a node. The multiplication by 1/v is diagonal inside the transform, and v stays a
    discrete logarithm until its own transform.

    Parameters
    ----------
    prime
        The prime P: 3, 5, 17 or 257.

    Raises
    ------
    InputError
        If P - 1 is no power of two; the message names the binary encoding.
    """

    name = "rader"

    def __init__(self, prime: int) -> None:
        self.prime = check_fermat(prime)
        self.digit_qubits = (self.prime - 1).bit_length()

    def encode(self, digits: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Write digits (n, D) as the bits of the data registers (n, D digit_qubits), before `complete`.

        Raises
        ------
        InputError
            If a digit is no whole number 0..P-1.
        """
        return rader_bits(residues("digits", digits, self.prime, ndim=2), self.prime)

    def complete(self, digits: NDArray[np.int64]) -> QuantumCircuit:
        """Return what turns the basis states of digits (n, D) into the digits' states: zeros get a uniform p."""
        digits = residues("digits", digits, self.prime, ndim=2)
        circuit = QuantumCircuit(digits.shape[1] * self.digit_qubits)
        for j, column in enumerate(digits.T):
            *logarithm, zero = circuit.qubits[j * self.digit_qubits : (j + 1) * self.digit_qubits]
            if not np.any(column):
                circuit.h(logarithm)
            elif not np.all(column):
                for qubit in logarithm:
                    circuit.ch(zero, qubit)
        return circuit

    def decode(self, bits: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Read measured bits (n, (D+1) digit_qubits) as digits (n, D+1); every row is valid.

        Raises
        ------
        InputError
            If the bits are no rows of whole digits.
        """
        return rader_digits(check_bits(bits, self.digit_qubits), self.prime), np.ones(len(bits), dtype=bool)

    def encode_measured(self, digits: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.bool_]:
        """Write digits (n, D+1) as bits (n, (D+1) digit_qubits) that are measured for them; zeros draw a uniform p.

        Raises
        ------
        InputError
            If a digit is no whole number 0..P-1.
        """
        bits = self.encode(digits).reshape(-1, self.digit_qubits)
        zero = bits[:, -1]
        bits[zero, :-1] = rng.integers(0, 2, (np.count_nonzero(zero), self.digit_qubits - 1), dtype=bool)
        return bits.reshape(len(digits), -1)

    def schmidt_rank(self, terms: int) -> int:
        """Bound the Schmidt rank of every cut at every moment of the circuit, from the number of loaded terms.

        Each loaded term is a product over the registers, for each value of k. A cut inside a register multiplies by at
        most 2^(digit_qubits // 2), and by 2^(digit_qubits - 1) if v lends it clean qubits.
        """
        inside = self.digit_qubits // 2 if self.digit_qubits <= SEARCHED + 1 else self.digit_qubits - 1
        return terms * (self.prime - 1) * 2**inside

    def transform(
        self, dimension: int, ridgelet: NDArray[np.float64], exact: bool = True, fractional: bool = False
    ) -> QuantumCircuit:
        """Return the ridgelet transform on registers x_1, ..., x_D and v: |x>|0> -> sum R[delta_x](a,b)|a>|b>."""
        return self._transform(dimension, ridgelet, exact, fractional, None)

    def dynamic_transform(
        self, dimension: int, ridgelet: NDArray[np.float64], fractional: bool = False
    ) -> QuantumCircuit:
        """Return the transform with every register measured into `node`, its last Fourier transforms semiclassical."""
        node = ClassicalRegister((dimension + 1) * self.digit_qubits, "node")
        return self._transform(dimension, ridgelet, False, fractional, node)

    def _transform(
        self,
        dimension: int,
        ridgelet: NDArray[np.float64],
        exact: bool,
        fractional: bool,
        node: ClassicalRegister | None,
    ) -> QuantumCircuit:
        x = [QuantumRegister(self.digit_qubits, f"x{j + 1}") for j in range(dimension)]
        v = QuantumRegister(self.digit_qubits, "v")
        circuit = QuantumCircuit(*x, v, *([node] if node else []), name="ridgelet")
        walk = ParityWalk(circuit)
        digits = []
        for register in x:
            for qubit in register[:-1]:
                walk.start(qubit)
            digits.append(RaderDigit(walk, register[:-1], register[-1], self.prime, fractional))
            digits[-1].enter()
            digits[-1].gauss(clean=list(v))  # v has not begun
        # Step 0 needs no wire of k unless it is measured, so k can begin as step 1 needs it.
        added = self.prime > 3 and not node and not fractional
        walk.gate(self._frequency(ridgelet, added), *v[:-1])
        k = Shift(walk, v[:-1], added, fractional)
        for t in range(len(k.wires)):
            k.reach(t)
            # Back and forth, so that in a matrix product state k walks along the chain once a step.
            for j in range(dimension)[:: -1 if t % 2 == 0 else 1]:
                if node:
                    digits[j].measure(t, self._part(node, j), k)
                else:
                    digits[j].leave(t, k, exact)
        k.leave()
        last = RaderDigit(walk, v[:-1], v[-1], self.prime, fractional)
        if not node:
            for digit in digits:
                digit.settle(k, exact)
        last.enter()
        last.gauss(inverted=True)
        for t in range(len(k.wires)):
            if node:
                last.measure(t, self._part(node, dimension))
            else:
                last.leave(t, exact=exact)
        if node:
            for j, register in enumerate([*x, v]):
                walk.gate(Measure(), register[-1], clbits=(self._part(node, j)[-1],))
        else:
            last.settle(exact=exact)
        walk.finish(unseen=0 if exact else sum(digit.outcomes for digit in [*digits, last]))
        return circuit

    def _part(self, node: ClassicalRegister, j: int) -> Sequence[Clbit]:
        return node[j * self.digit_qubits : (j + 1) * self.digit_qubits]

    def _frequency(self, ridgelet: NDArray[np.float64], added: bool) -> StatePreparation:
        """Return the preparation of sum_k conj(r^(g^k))|k>, or with k_1 added to k_0."""
        spectrum = frequency_amplitudes(ridgelet)
        k = np.arange(len(spectrum))
        amplitudes = spectrum[k ^ (k >> 1 & 1)] if added else spectrum
        return StatePreparation(amplitudes)
