"""The loss as phases: no adder, no comparator, few CNOTs."""

from collections import defaultdict
from itertools import pairwise

import numpy as np
from qiskit import QuantumCircuit, QuantumRegister
from qiskit.circuit import Qubit

from quantum.blocks.parity_walk import ParityWalk
from quantum.neuron_selection.oracle import Oracle
from quantum.neuron_selection.pair_walk import MaskWires, visits
from quantum.neuron_selection.whole_loss import WholeLoss

__all__ = ["FourierOracle"]


class FourierOracle(Oracle):
    """Phase -1 on masks whose loss is below the threshold; the value V(m) = L(m) - T by an inverse Fourier transform.

    Parameters, attributes and refusals are those of `Oracle`.

    Notes
    -----
    Registers: `mask` (N qubits) and `value` (w, the width of V in two's complement; its last is the sign's).
    Action: |m>|0> -> (-1)^[V(m) < 0] |m>|0>.

    The sign is never written. As 2^(w-1) [V < 0] = (V mod 2^(w-1)) - V modulo 2^w,

        (-1)^[V < 0] = e^(i pi V/2^(w-1)) e^(-i pi (V mod 2^(w-1))/2^(w-1)),

    phases of one and two neurons, and one phase for each of the w-1 lower bits.

    Decomposition: bit j of these has a qubit in |+> that takes the phase pi V(m)/2^j, for which it visits the parities
    of itself with no, one and two neurons, one CNOT each (Draper 2000, arXiv:quant-ph/0008033, adds so; the parities
    are those of Amy, Azimzadeh, Mosca 2018, arXiv:1712.01859). All qubits walk in lock-step, so that the basis the
    mask's wires must hold is made once; |+> begins anywhere. Then the inverse transform: bit j is left as the sum of
    bits j and j-1, which makes the corrections of later ones a walk too, one CNOT each. Phases of the mask alone
    cancel between computing and uncomputing and are left out. The sign's qubit visits the pairs once, for V's phase.

    Cost: with Q pairs, about 2 (w-1) (N + Q + (w-2)/2) + N + Q CNOTs.
    """

    def _built(self) -> QuantumCircuit:
        circuit = self._computed(signed=True)
        circuit.compose(self._computed(signed=False).inverse(), inplace=True)
        return circuit

    def _computed(self, signed: bool) -> QuantumCircuit:
        """Write V mod 2^(w-1), up to phases of the mask alone; the phase of the sign is asked for or not."""
        mask, value = QuantumRegister(self.neurons, "mask"), QuantumRegister(self.width, "value")
        circuit = QuantumCircuit(mask, value)
        walk = ParityWalk(circuit)
        for qubit in mask:
            walk.start(qubit)
        wires = MaskWires(walk, list(mask))
        path = [*visits(self.loss), 0]
        *low, sign = value
        for qubit in low:
            circuit.h(qubit)
        variables = [walk.start(qubit, plus=wires.parity_of(path[0])) for qubit in low]
        walkers = list(low)
        # Also where nothing needs it, so that both passes leave the mask's wires alike; None for a constant loss.
        first = wires.holding(path[0]) if path[0] else None
        if signed:
            zero = walk.start(sign)  # it holds parities of the mask alone
            if first is not None:
                walk.cx(first, sign)
            walkers.append(sign)
            circuit.global_phase += np.pi * self.loss.constant / 2 ** len(low)
            for parity, angle in _mask_phases(self.loss, np.pi / 2 ** len(low)).items():
                walk.phase(wires.parity_of(parity) ^ zero, angle)
        for here, there in pairwise(path):
            source = wires.holding(here ^ there)
            for walker in walkers:
                walk.cx(source, walker)
        for j, variable in enumerate(variables):
            for parity, angle in _coupled_phases(self.loss, j).items():
                walk.phase(wires.parity_of(parity) ^ variable, angle)
        bits = _transform(walk, low, variables)
        if signed:
            _phase_bits(walk, low, bits)
        walk.finish()
        return circuit


def _mask_phases(loss: WholeLoss, unit: float) -> dict[int, float]:
    """Return the angles on parities of neurons that make e^(i unit V(m)), the constant apart."""
    angles: defaultdict[int, float] = defaultdict(float)
    for i, value in enumerate(loss.linear):
        angles[1 << i] += unit * value
    for (i, j), value in loss.pairs.items():
        for parity, sign in ((1 << i, 1), (1 << j, 1), (1 << i | 1 << j, -1)):
            angles[parity] += sign * unit * value / 2
    return angles


def _coupled_phases(loss: WholeLoss, j: int) -> dict[int, float]:
    """Return the angles on x and a parity of neurons that make e^(i pi x V(m)/2^j), up to phases of the mask alone."""
    angles: defaultdict[int, float] = defaultdict(float)
    angles[0] = np.pi * loss.constant / 2**j
    for i, value in enumerate(loss.linear):
        for parity, sign in ((0, 1), (1 << i, -1)):
            angles[parity] += sign * np.pi * _centred(value, j) / 2 ** (j + 1)
    for (i, k), value in loss.pairs.items():
        for parity, sign in ((0, 1), (1 << i, -1), (1 << k, -1), (1 << i | 1 << k, 1)):
            angles[parity] += sign * np.pi * _centred(value, j) / 2 ** (j + 2)
    return angles


def _centred(value: int, j: int) -> int:
    """Return the value modulo 2^(j+1), all that bit j and those below depend on, as near to 0 as it can be."""
    return (value + 2**j) % 2 ** (j + 1) - 2**j


def _transform(walk: ParityWalk, qubits: list[Qubit], variables: list[int]) -> list[int]:
    """Turn phases pi V/2^j into bits: qubit j then holds bit j plus bit j-1, the last one its bit alone."""
    bits: list[int] = []
    for j, (qubit, variable) in enumerate(zip(qubits, variables, strict=True)):
        for earlier in qubits[:j]:
            walk.cx(earlier, qubit)  # the sums telescope: the variable plus bit 0, plus bit 1, ...
        plus = bits[-1] if bits and j < len(qubits) - 1 else 0
        bit = walk.h(qubit, plus)
        walk.couple(variable, bit, -np.pi)
        walk.take(variable, bit)  # the Hadamard's own: nothing is left of it
        for k, known in enumerate(bits):
            walk.couple(variable, known, -np.pi * 2.0 ** (k - j))
            half = walk.take(variable, known) / 2
            walk.phase(variable, half)
            walk.phase(variable ^ known, -half)
        if bits:
            # Bits depend on the mask alone: their phases cancel.
            walk.take(bits[-1], bit)
            if plus:
                walk.phase(plus, np.pi)
        bits.append(bit)
    return bits


def _phase_bits(walk: ParityWalk, qubits: list[Qubit], bits: list[int]) -> None:
    """Ask for e^(-i pi V/2^n) of the n bits, and hold each alone for a moment."""
    for k, bit in enumerate(bits):
        walk.phase(bit, -np.pi * 2.0 ** (k - len(bits)))
    sums = list(pairwise(qubits[:-1]))
    for earlier, later in sums:
        walk.cx(earlier, later)
    for earlier, later in reversed(sums):
        walk.cx(earlier, later)
