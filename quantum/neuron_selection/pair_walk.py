"""The order in which a wire visits parities of one or two neurons, one CNOT a step."""

from collections.abc import Iterator

from qiskit.circuit import Qubit

from quantum.blocks.parity_walk import ParityWalk
from quantum.neuron_selection.whole_loss import WholeLoss

__all__ = ["MaskWires", "visits"]


def visits(loss: WholeLoss) -> Iterator[int]:
    """Yield the parities that have phases, of one neuron and of pairs, bit i for neuron i, from the last neuron down.

    Neighbors in this order differ mostly by two neurons next to each other, or by one. With a neuron -1 that is never
    kept, singles are pairs too, and all together are a triangle whose rows are walked to and fro.
    """
    paired = {i for pair in loss.pairs for i in pair}
    upwards = False  # from the last neuron down, each difference is made by one CNOT
    for neuron in range(loss.neurons - 1, -1, -1):
        if neuron not in paired and not loss.linear[neuron]:
            continue
        partners = [i for i in range(neuron) if (i, neuron) in loss.pairs]
        row = [1 << neuron, *(1 << neuron | 1 << i for i in partners)]
        yield from row if upwards else reversed(row)
        upwards = not upwards


class MaskWires:
    """The wires of the mask, which hold whatever basis of parities the walkers need next.

    Parameters
    ----------
    walk
        Where CNOTs are written.
    wires
        One for each neuron, holding a variable of its own.
    """

    def __init__(self, walk: ParityWalk, wires: list[Qubit]) -> None:
        self._walk, self._wires = walk, wires
        self._variables = [walk.held(wire) for wire in wires]
        self._used = [0] * len(wires)
        self._clock = 0

    def holding(self, parity: int) -> Qubit:
        """Return a wire that holds a parity of neurons, made by CNOTs on the one longest unused if there is none."""
        needed = self._expansion(self.parity_of(parity))
        target = min(needed, key=lambda wire: (self._used[wire], -wire))
        for source in needed:
            if source != target:
                self._walk.cx(self._wires[source], self._wires[target])
        self._clock += 1
        self._used[target] = self._clock
        return self._wires[target]

    def parity_of(self, neurons: int) -> int:
        """Return a sum of neurons, bit i for neuron i, as the walk's sum of variables."""
        parity = 0
        for i, variable in enumerate(self._variables):
            if neurons >> i & 1:
                parity ^= variable
        return parity

    def _expansion(self, parity: int) -> list[int]:
        """Return the wires whose sum is the parity, by elimination over Z_2."""
        echelon: dict[int, tuple[int, int]] = {}  # by highest bit: a sum of wires, and which
        for number, wire in enumerate(self._wires):
            held, which = _reduced(self._walk.held(wire), 1 << number, echelon)
            echelon[held.bit_length()] = held, which
        _, which = _reduced(parity, 0, echelon)
        return [number for number in range(len(self._wires)) if which >> number & 1]


def _reduced(parity: int, which: int, echelon: dict[int, tuple[int, int]]) -> tuple[int, int]:
    while parity and parity.bit_length() in echelon:
        held, wires = echelon[parity.bit_length()]
        parity, which = parity ^ held, which ^ wires
    return parity, which
