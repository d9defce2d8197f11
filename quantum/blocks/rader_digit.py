"""One digit of Z_P in discrete logarithms, for a Fermat prime P, on its way through the Fourier transform.

Rader's algorithm (Rader 1968, Proc. IEEE 56, 1107): with g a generator of the multiplicative group, x = g^p and
u = g^q, the exponent x u = g^(p+q) makes the transform over Z_P a cyclic convolution over N = P-1 points, and so

    F_P = F_N . (stage of Gauss sums) . F_N,        F_N |p> = N^(-1/2) sum_j e^(-2 pi i j p/N)|j>.

N is a power of two for the Fermat primes 3, 5, 17 and 257, and everything is exact. A digit has m = log2 N qubits
for p, the lowest bit first, and one for z: x = g^p if z = 0; z = 1 stands for x = 0, with p in the uniform
superposition. Whatever p is measured with z = 1, the digit is 0: every bit string is a digit.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import Clbit, Gate, IfElseOp, Measure, Qubit
from qiskit.circuit.library import PhaseGate, ZGate

from problems.errors import InputError
from problems.finite_field import check_prime, discrete_log_table, exponential_table
from quantum.blocks.digits import bits_to_digits, digits_to_bits
from quantum.blocks.gauss_stage import SEARCHED, gauss_phases, gauss_stage
from quantum.blocks.parity_walk import ParityWalk

__all__ = ["FERMAT_PRIMES", "RaderDigit", "Shift", "check_fermat", "rader_bits", "rader_digits"]

FERMAT_PRIMES = (3, 5, 17, 257)


def check_fermat(prime: int) -> int:
    """Return the prime as an int if it is one of `FERMAT_PRIMES`.

    Raises
    ------
    InputError
        If it is not one of 3, 5, 17, 257.
    """
    prime = check_prime(prime)
    if prime not in FERMAT_PRIMES:
        raise InputError(
            f"prime = {prime} has no Rader transform here: P must be one of {', '.join(map(str, FERMAT_PRIMES))}. Use "
            "encoding='binary', which takes any prime up to 31, or encoding='crt', which takes 7, 11, 13, 31 and "
            "others up to 241, or quantize to one of these."
        )
    return prime


def rader_bits(digits: NDArray[np.int64], prime: int) -> NDArray[np.bool_]:
    """Write digits (n, D) as bits (n, D (m+1)): p, the lowest bit first, then z; a zero has p = 0."""
    logarithms = discrete_log_table(prime)[digits]
    # A zero is the number 2^m: p = 0, and z, the highest bit, is 1.
    return digits_to_bits(np.where(digits == 0, prime - 1, logarithms), (prime - 1).bit_length())


def rader_digits(bits: NDArray[np.bool_], prime: int) -> NDArray[np.int64]:
    """Read bits (n, D (m+1)) as digits (n, D); any bits are digits."""
    width = (prime - 1).bit_length()
    numbers = bits_to_digits(bits, width)
    return np.append(exponential_table(prime), np.zeros(prime - 1, dtype=np.int64))[numbers]


class RaderDigit:
    """The transform of one digit, in steps that are written to a `ParityWalk`.

    One wire carries bit b of p, then bit m-1-b of j, then bit b of q: no swaps. `enter` is the first F_N, `gauss` the
    stage of Gauss sums, `leave` the second F_N, a wire at a time, and `settle` undoes what is still added on the
    wires. The multiplication by g^(-k) is diagonal before the second F_N: `leave` takes its phases along, and with it
    a step t costs 2t + 1 CNOTs instead of t.

    Parameters
    ----------
    walk
        Where the steps are written. The wires hold variables already.
    logarithm, zero
        The qubits of p, the lowest bit first, and of z.
    prime
        A Fermat prime.
    fractional
        Make phases on pairs of wires by RZZ gates instead of CNOTs, as many in each step. Then nothing is left added on
        the wires: m-2 CNOTs fewer in `settle`, and m-1 fewer in `gauss` where it would take sums apart.
    """

    def __init__(
        self, walk: ParityWalk, logarithm: Sequence[Qubit], zero: Qubit, prime: int, fractional: bool = False
    ) -> None:
        self.walk, self.wires, self.zero, self.prime = walk, list(logarithm), zero, prime
        self.fractional = fractional
        self._characters: list[int] = []
        self._outcomes: list[int] = []

    @property
    def outcomes(self) -> int:
        """The variables q_0, ..., q_(m-1), added up as a set."""
        return sum(self._outcomes)

    def enter(self) -> None:
        """Transform p to j; wire m-1-t then holds j_t + j_(t-1), or j_t if `gauss` saves nothing with sums."""
        walk, m, j = self.walk, len(self.wires), self._characters
        plain = self.fractional and m > SEARCHED
        for t in range(m):
            wire = self.wires[m - 1 - t]
            p = walk.held(wire)
            for s in range(t):
                (walk.meet if plain else walk.cx)(self.wires[m - 1 - s], wire)  # now p + j_s
                walk.couple(p, j[s], self._angle(m - 1 - t, s))
            j.append(walk.h(wire, plus=j[-1] if t and not plain else 0))
            walk.couple(p, j[t], np.pi)

    def gauss(self, inverted: bool = False, clean: Sequence[Qubit] = ()) -> None:
        """Apply the phases of the Gauss sums and the rotation of z; see `gauss_stage`.

        `inverted` makes the whole the inverse transform: w^(+x u) instead of w^(-x u).
        """
        gauss_stage(self.walk, self.wires, self.zero, self._characters, gauss_phases(self.prime), clean)
        if inverted:  # -1 = g^(N/2), so the Gauss sums change by (-1)^j
            self.walk.phase(self._characters[0], np.pi)

    def leave(self, t: int, shift: "Shift | None" = None, exact: bool = True) -> None:
        """Transform j to q - k on wire t, by t CNOTs if k = 0, else 2t + 1, the one for t = 0 in `settle`.

        Parameters
        ----------
        t
            The wire; to be called for 0, 1, ..., m-1.
        shift
            The wires of k, `shift.reach(t)` done; None for k = 0.
        exact
            Without it, phases that depend on (q, z) alone may be left out.
        """
        walk, wire = self.walk, self.wires[t]
        self._ask(t, shift)
        if self.fractional:
            for partner in [*(shift.wires[: t + 1] if shift else []), *self.wires[:t]]:
                walk.meet(partner, wire)
            self._outcomes.append(walk.h(wire))
            walk.couple(self._character(t), self._outcomes[t], np.pi)
            return
        first = t == 0 and shift is not None
        if not first:
            # j + k_t, j + k_(t-1), ..., j + k_0, j + q_0, j + q_1, ...: the next is one wire away.
            for source in [*(shift.wires[t::-1] if shift else []), *self.wires[:t]]:
                walk.cx(source, wire)
        # Differences serve the steps that come; the last wire needs one for its phases only.
        differs = t > 0 and (exact or t < len(self.wires) - 1)
        plus = shift.variables[0] if shift and first else self._outcomes[-1] if differs else 0
        self._outcomes.append(walk.h(wire, plus=plus))
        walk.couple(self._character(t), self._outcomes[t], np.pi)

    def settle(self, shift: "Shift | None" = None, exact: bool = True) -> None:
        """Bring the wires to q_0, ..., q_(m-1); `shift.leave()` must be done."""
        if self.fractional:
            return
        if shift:
            self.walk.cx(shift.wires[0], self.wires[0])
        for t in range(1, len(self.wires) - (not exact)):
            self.walk.cx(self.wires[t - 1], self.wires[t])

    def measure(self, t: int, clbits: Sequence[Clbit], shift: "Shift | None" = None) -> None:
        """Do the same as `leave`, and measure wire t into clbits[t]: t + 1 CNOTs, none if k = 0.

        Outcomes are fed forward as phases on single qubits (Griffiths and Niu 1996, arXiv:quant-ph/9511007).
        """
        walk, wire, j = self.walk, self.wires[t], self._character(t)
        self._ask(t, shift)
        for s in range(t):
            walk.gate(_conditioned(clbits[s], PhaseGate(walk.take(j, self._outcomes[s]))), wire, clbits=(clbits[s],))
        for source in shift.wires[t::-1] if shift else []:
            (walk.meet if self.fractional else walk.cx)(source, wire)
        self._outcomes.append(walk.h(wire))
        walk.couple(j, self._outcomes[t], np.pi)
        walk.gate(Measure(), wire, clbits=(clbits[t],))
        if shift and not self.fractional:
            # The wire held j + k_0, so the Hadamard left (-1)^(k_0 q_t); k_0 is what the wires of k add up to.
            walk.take(shift.variables[0], self._outcomes[t])
            for source in shift.wires[: t + 1]:
                walk.gate(_conditioned(clbits[t], ZGate()), source, clbits=(clbits[t],))

    def _ask(self, t: int, shift: "Shift | None") -> None:
        """Ask for e^(-2 pi i j (q + k)/N), for j's bit m-1-t with q_0, ..., q_(t-1) and k_0, ..., k_t."""
        j, bit = self._character(t), len(self.wires) - 1 - t
        for s in range(t):
            self.walk.couple(j, self._outcomes[s], self._angle(bit, s))
        for s, k in enumerate(shift.variables[: t + 1] if shift else []):
            self.walk.couple(j, k, self._angle(bit, s))

    def _character(self, t: int) -> int:
        return self._characters[len(self.wires) - 1 - t]

    def _angle(self, first: int, second: int) -> float:
        """Return the angle between bits of p and j, or of j and q."""
        return -2 * np.pi * 2.0 ** (first + second - len(self.wires))


class Shift:
    """The wires of k, which every digit is multiplied by g^(-k) with as it leaves.

    For step t wire s < t holds k_s + k_(s+1) and wire t holds k_t: one CNOT a step, whatever the number of digits.

    Parameters
    ----------
    walk
        Where the steps are written.
    wires
        The qubits of k, the lowest bit first. They hold k, but for the first, which with `added` holds k_0 + k_1.
    fractional
        Leave the wires at k: digits with RZZ gates need no sums.
    """

    def __init__(self, walk: ParityWalk, wires: Sequence[Qubit], added: bool = False, fractional: bool = False) -> None:
        self.walk, self.wires, self._reached, self._plain = walk, list(wires), int(added), fractional
        others = [walk.start(wire) for wire in self.wires[1:]]
        self.variables = [walk.start(self.wires[0], plus=others[0] if added else 0), *others]

    def reach(self, t: int) -> None:
        """Prepare step t; to be called for 0, 1, ..., m-1."""
        if t > self._reached and not self._plain:
            self.walk.cx(self.wires[t], self.wires[t - 1])

    def leave(self) -> None:
        """Bring the wires back to k."""
        for t in range(len(self.wires) - 1, 0, -1) if not self._plain else ():
            self.walk.cx(self.wires[t], self.wires[t - 1])


def _conditioned(clbit: Clbit, gate: Gate) -> IfElseOp:
    """Return the gate on one qubit, applied where the bit is 1."""
    body = QuantumCircuit([Qubit()], [clbit])
    body.append(gate, [0])
    return IfElseOp((clbit, 1), body)
