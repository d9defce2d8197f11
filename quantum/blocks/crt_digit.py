"""One digit of Z_P in discrete logarithms, split by the Chinese remainder theorem.

Where N = P-1 is 2^a times distinct Fermat primes q, the logarithm p of a residue g^p is (p mod 2^a, p mod q, ...), and
the transform F_N of Rader's algorithm falls into one over 2^a points and one over each Z_q, without twiddle factors
(Good 1958, J. R. Stat. Soc. B 20, 361). The latter are Rader's again: p mod q is a digit of Z_q as in `rader_digit`,
with a flag z_q of its own. A digit has a qubits for p mod 2^a, those of each Z_q, and z; every bit string is a digit.
"""

from collections.abc import Sequence
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import Qubit
from qiskit.circuit.library import CHGate, CRYGate, DiagonalGate, XGate

from problems.errors import InputError
from problems.finite_field import check_prime, discrete_log_table, exponential_table
from quantum.blocks.digits import bits_to_digits, digits_to_bits
from quantum.blocks.gauss_stage import gauss_phases, separate
from quantum.blocks.parity_walk import ParityWalk
from quantum.blocks.rader_digit import RaderDigit, Shift, rader_bits, rader_digits
from quantum.blocks.rader_fourier import RaderFourier
from quantum.blocks.zero_rotation import ZeroRotation

__all__ = ["CRTDigit", "CRTLayout"]

LARGEST = 241
"""Above it the diagonal of Gauss sums, a two-qubit gate for each state of a digit, is no use to anybody."""


class CRTLayout:
    """Where the parts of a digit are.

    Parameters
    ----------
    prime
        The prime P.

    Attributes
    ----------
    prime, bits, factors
        P, the exponent a >= 1, and the Fermat primes q, in order.
    width
        The qubits of a digit.

    Raises
    ------
    InputError
        If P - 1 is not 2^a times distinct Fermat primes, at least one, or P is above 241.
    """

    def __init__(self, prime: int) -> None:
        self.prime = prime = check_prime(prime)
        rest = prime - 1
        self.bits = (rest & -rest).bit_length() - 1
        self.factors = [q for q in (3, 5, 17) if rest % q == 0]
        if not self.factors or rest >> self.bits != np.prod(self.factors) or prime > LARGEST:
            raise InputError(
                f"prime = {prime} has no transform by the Chinese remainder theorem here: P - 1 must be a power of two "
                f"times distinct Fermat primes 3, 5, 17, at least one, and P at most {LARGEST}. Use encoding='rader' "
                "for 3, 5, 17 and 257, and encoding='binary' for primes up to 31."
            )
        self.width = self.bits + sum(q.bit_length() for q in self.factors) + 1

    @cached_property
    def parts(self) -> list[slice]:
        """The qubits of p mod 2^a, then of each p mod q, the flag z_q last."""
        ends = np.cumsum([self.bits, *(q.bit_length() for q in self.factors)])
        return [slice(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True)]

    def encode(self, digits: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Write digits (n,) as bits (n, width), with the bits of p at 0 where a flag is 1."""
        p = discrete_log_table(self.prime)[digits]  # what it is for zeros is overwritten below
        bits = np.zeros((len(digits), self.width), dtype=bool)
        bits[:, self.parts[0]] = digits_to_bits(p[:, None], self.bits)
        for q, part in zip(self.factors, self.parts[1:], strict=True):
            bits[:, part] = rader_bits(p[:, None] % q, q)
        bits[digits == 0] = np.eye(self.width, dtype=bool)[-1]
        return bits

    def decode(self, bits: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Read bits (n, width) as digits (n,); any bits are a digit."""
        return np.where(bits[:, -1], 0, exponential_table(self.prime)[self.logarithms(bits)])

    def logarithms(self, bits: NDArray[np.bool_], scaled: bool = False) -> NDArray[np.int64]:
        """Read the parts of bits (n, at least width - 1) as numbers modulo P-1.

        With `scaled`, each part counts (P-1)/n_i times modulo its n_i: so the frequencies of the parts are that of p.
        """
        order = self.prime - 1
        moduli = [2**self.bits, *self.factors]
        found = np.zeros(len(bits), dtype=np.int64)
        for n, part in zip(moduli, self.parts, strict=True):
            read = rader_digits(bits[:, part], n) if n in self.factors else bits_to_digits(bits[:, part], self.bits)
            # The number that is 1 modulo n and 0 modulo the others, or (P-1)/n.
            found += read[:, 0] * (order // n) * (1 if scaled else pow(order // n, -1, n))
        return found % order

    def complete(self, circuit: QuantumCircuit, qubits: Sequence[Qubit], digits: NDArray[np.int64]) -> None:
        """Turn the basis states of digits (n,) into the digits' states.

        Where z_q = 1 its bits become uniform; where z = 1 every part becomes the uniform superposition.
        """
        bits, zero = self.encode(digits), qubits[-1]
        for q, part in zip(self.factors, self.parts[1:], strict=True):
            *logarithm, flag = qubits[part]
            if np.any(bits[:, part.stop - 1]):
                for qubit in logarithm:
                    circuit.append(CHGate(), [flag, qubit])
            if np.any(bits[:, -1]):
                circuit.append(CRYGate(2 * np.arcsin(q**-0.5)), [zero, flag])
        if np.any(bits[:, -1]):
            flags = {part.stop - 1 for part in self.parts[1:]}
            for qubit in (qubits[i] for i in range(self.width - 1) if i not in flags):
                circuit.append(CHGate(), [zero, qubit])

    def states(self) -> NDArray[np.bool_]:
        """Return all values of the qubits before z, shape (2^(width-1), width-1), in the order of their numbers."""
        return _all_bits(self.width - 1)


class CRTDigit:
    """The transform of one digit, in steps that are written to a `ParityWalk`; see `RaderDigit`, whose steps it has.

    Parameters
    ----------
    walk
        Where the steps are written. The wires of p mod 2^a hold variables already.
    qubits
        The qubits of the digit.
    layout
        Their meaning.
    """

    def __init__(self, walk: ParityWalk, qubits: Sequence[Qubit], layout: CRTLayout) -> None:
        self.walk, self.qubits, self.layout = walk, list(qubits), layout
        self._power_of_two = RaderDigit(walk, self.qubits[layout.parts[0]], self.qubits[-1], layout.prime)

    @property
    def outcomes(self) -> int:
        """The variables of q mod 2^a, added up as a set."""
        return self._power_of_two.outcomes

    def enter(self) -> None:
        """Transform p to j, in all its parts."""
        self._power_of_two.enter()
        separate(self.walk, self.qubits[self.layout.parts[0]])
        self._fourier()

    def gauss(self, inverted: bool = False) -> None:
        """Apply the phases of the Gauss sums and the rotation of z."""
        layout, zero = self.layout, self.qubits[-1]
        low = self.qubits[layout.parts[0]][::-1]  # wire a-1-t holds j_t
        flags = [self.qubits[part][-1] for part in layout.parts[1:]]
        controls = [*low, *flags]
        rotation = ZeroRotation(layout.prime, turn=np.pi if len(controls) == 2 else np.pi / 2)
        for flag in flags:
            self.walk.gate(XGate(), flag)
        rotation.append(self.walk, controls, zero)
        for flag in flags:
            self.walk.gate(XGate(), flag)
        order = layout.prime - 1
        phases = gauss_phases(layout.prime) + np.pi * inverted * (np.arange(order) % 2)  # -1 = g^(N/2)
        # The first control alone is 1 where j mod 2^a is 1 and the rest 0, in the scaled numbers.
        table = rotation.corrected(phases, order >> layout.bits if len(controls) > 2 else None)
        j = layout.logarithms(layout.states(), scaled=True)
        self.walk.gate(DiagonalGate(list(np.exp(1j * table[j]))), *low, *self.qubits[layout.bits : -1])

    def shift(self, k: Sequence[Qubit]) -> None:
        """Multiply by g^(-k) in the parts over Z_q: e^(-2 pi i j k/q)."""
        for q, part in zip(self.layout.factors, self.layout.parts[1:], strict=True):
            values = rader_digits(_all_bits(q.bit_length()), q)[:, 0]
            phases = np.exp([-2j * np.pi * a * b / q for b, a in product(values, values)])
            self.walk.gate(DiagonalGate(list(phases)), *self.qubits[part], *k[part])

    def leave(self, t: int, shift: Shift | None = None, exact: bool = True) -> None:
        """Transform wire t of j mod 2^a, as `RaderDigit.leave` does."""
        self._power_of_two.leave(t, shift, exact)

    def settle(self, shift: Shift | None = None, exact: bool = True) -> None:
        """Transform the parts over Z_q, and bring the wires of q mod 2^a to their bits."""
        self._fourier()
        self._power_of_two.settle(shift, exact)

    def _fourier(self) -> None:
        for q, part in zip(self.layout.factors, self.layout.parts[1:], strict=True):
            self.walk.gate(RaderFourier(q), *self.qubits[part])


def _all_bits(width: int) -> NDArray[np.bool_]:
    """Return all values of some qubits, shape (2^width, width), in the order of their numbers."""
    return digits_to_bits(np.arange(2**width)[:, None], width)
