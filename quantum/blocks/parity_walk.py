"""Circuits of CNOTs, Hadamards and phases, written down by what each wire holds.

In the sum over paths (Dawson et al. 2004, arXiv:quant-ph/0408129; Amy, Azimzadeh, Mosca 2018, arXiv:1712.01859)
every wire holds a parity of variables, a Hadamard starts a new variable, and a phase on any parity costs one rotation
at a moment when some wire holds it. So the CNOTs are walked first, and the phases are placed at the end: the CNOT
count is the number of parities that must be visited, not twice the number of controlled phases. A gate RZZ by any angle
puts a phase on the sum of what two wires hold and moves nothing, so that no way back is needed.
"""

from collections import defaultdict
from itertools import product

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import CircuitInstruction, Clbit, Operation, Qubit
from qiskit.circuit.library import CXGate, HGate, PhaseGate, RZZGate

__all__ = ["ParityWalk"]

TOLERANCE = 1e-12
"""Phases below it, in radians, are rounding."""


class ParityWalk:
    """Records CNOTs and Hadamards, keeps account of phases, and writes both into a circuit.

    Parities are whole numbers: bit i is set if variable i is in the sum.

    Parameters
    ----------
    circuit
        The circuit that `finish` appends to.
    """

    def __init__(self, circuit: QuantumCircuit) -> None:
        self.circuit = circuit
        self._variables = 0
        self._held: dict[Qubit, int] = {}
        self._moves: list[CircuitInstruction] = []
        # Where a parity was first held: the number of moves before it, and the wire.
        self._seen: dict[int, tuple[int, Qubit]] = {}
        self._met: dict[int, tuple[int, Qubit, Qubit]] = {}
        self._phases: defaultdict[int, float] = defaultdict(float)
        self._couplings: defaultdict[tuple[int, int], float] = defaultdict(float)

    def start(self, qubit: Qubit, plus: int = 0) -> int:
        """Say that a wire holds a new variable, added to the parity `plus`; return the variable."""
        self._variables += 1
        variable = 1 << (self._variables - 1)
        self._hold(qubit, variable ^ plus)
        return variable

    def held(self, qubit: Qubit) -> int:
        """Return the parity that a wire holds."""
        return self._held[qubit]

    def phase(self, parity: int, angle: float) -> None:
        """Ask for e^(i angle) where the parity is 1."""
        self._phases[parity] += angle

    def couple(self, first: int, second: int, angle: float) -> None:
        """Ask for e^(i angle) where both variables are 1."""
        self._couplings[min(first, second), max(first, second)] += angle

    def cx(self, source: Qubit, target: Qubit) -> None:
        """Add what the source holds to the target."""
        self.gate(CXGate(), source, target)
        self._hold(target, self._held[target] ^ self._held[source])

    def meet(self, first: Qubit, second: Qubit) -> None:
        """Say that a phase on the sum of what two wires hold may be put here by an RZZ, if no wire ever holds it."""
        self._met.setdefault(self._held[first] ^ self._held[second], (len(self._moves), first, second))

    def h(self, qubit: Qubit, plus: int = 0) -> int:
        """Apply a Hadamard: the wire then holds a new variable, added to the parity `plus`; return the variable.

        The sign (-1)^(old new) that the gate makes is taken off the account: asking for the couplings of a Fourier
        transform, the one of pi included, is enough.
        """
        old = self._held[qubit]
        self.gate(HGate(), qubit)
        variable = self.start(qubit, plus)
        for first, second in product(_variables_of(old), _variables_of(variable ^ plus)):
            if first == second:
                self.phase(first, -np.pi)
            else:
                self.couple(first, second, -np.pi)
        return variable

    def gate(self, operation: Operation, *qubits: Qubit, clbits: tuple[Clbit, ...] = ()) -> None:
        """Apply any gate; what the wires hold must be the same again before the next `cx` or `h`."""
        self._moves.append(CircuitInstruction(operation, qubits, clbits))

    def take_table(self, variables: list[int]) -> NDArray[np.float64]:
        """Take the phases on these variables alone off the account, as a table over all their 2^n values."""
        inside = sum(variables)
        values = np.arange(2 ** len(variables))
        bit = {variable: values >> i & 1 for i, variable in enumerate(variables)}
        table = np.zeros(len(values))
        for parity in [parity for parity in self._phases if not parity & ~inside]:
            odd = sum(bit[variable] for variable in _variables_of(parity)) % 2
            table += self._phases.pop(parity) * odd
        for pair in [pair for pair in self._couplings if not (pair[0] | pair[1]) & ~inside]:
            table += self._couplings.pop(pair) * bit[pair[0]] * bit[pair[1]]
        return table

    def take(self, first: int, second: int) -> float:
        """Take what is asked for a pair of variables off the account, and return it in (-pi, pi]."""
        return _reduced(self._couplings.pop((min(first, second), max(first, second)), 0.0))

    def finish(self, unseen: int = 0) -> None:
        """Write the moves, with each phase placed where a wire first held its parity, else where two first met.

        Parameters
        ----------
        unseen
            Variables that are measured next: phases on these alone are left out.

        Raises
        ------
        RuntimeError
            If no wire ever held a parity that has a phase, and no two met for it: the walk misses a step.
        """
        phases = self._phases.copy()
        for (first, second), angle in self._couplings.items():
            # A product of bits is half of (sum - parity). The whole angle is reduced, since its halves may not be.
            half = _reduced(angle) / 2
            phases[first] += half
            phases[second] += half
            phases[first ^ second] -= half
        placed = defaultdict(list)
        for parity, angle in phases.items():
            angle = _reduced(angle)
            if abs(angle) > TOLERANCE and parity & ~unseen:
                found = self._seen.get(parity) or self._met.get(parity)
                if found is None:
                    raise RuntimeError(f"no wire held the parity {parity:b}, which needs the phase {angle}")
                position, *qubits = found
                placed[position].append((angle, qubits))
        for position in range(len(self._moves) + 1):
            for angle, qubits in placed[position]:
                if len(qubits) == 1:
                    self.circuit.append(PhaseGate(angle), qubits)
                else:
                    self.circuit.append(RZZGate(angle), qubits)
                    self.circuit.global_phase += angle / 2
            if position < len(self._moves):
                self.circuit.append(self._moves[position])

    def _hold(self, qubit: Qubit, parity: int) -> None:
        self._held[qubit] = parity
        self._seen.setdefault(parity, (len(self._moves), qubit))


def _variables_of(parity: int) -> list[int]:
    """Return the variables in a parity, each as a parity of its own."""
    return [1 << i for i in range(parity.bit_length()) if parity >> i & 1]


def _reduced(angle: float) -> float:
    """Return the angle in (-pi, pi]."""
    return float(np.pi - (np.pi - angle) % (2 * np.pi))
