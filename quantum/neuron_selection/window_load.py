"""A whole number for each mask of a few neurons, written into a register."""

from collections.abc import Collection, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import Gate

from quantum.blocks.linear_sums import linear_sums

__all__ = ["WindowLoad", "product_qubits", "products_of"]


def product_qubits(neurons: int) -> int:
    """Return how many products of two and more of so many neurons there are."""
    return 2**neurons - neurons - 1


def product_wires(neurons: int) -> dict[int, int]:
    """Return the qubit of each product of neurons, bit i for neuron i: neurons, then products, small ones first."""
    terms = sorted(range(1, 2**neurons), key=lambda term: (term.bit_count(), term))
    return {term: qubit for qubit, term in enumerate(terms)}


def products_of(neurons: int, needed: Collection[int] | None = None) -> QuantumCircuit:
    """Return |m>|0> -> |m>|p(m)>, up to phases that its inverse takes back, for some products or all.

    A product that is needed must come with the one that lacks its last neuron.
    """
    wires = product_wires(neurons)
    circuit = QuantumCircuit(len(wires))
    for term, wire in wires.items():
        if term.bit_count() > 1 and (needed is None or term in needed):
            rest = _without_last(term)
            circuit.rccx(wires[rest], wires[term ^ rest], wire)
    return circuit


class WindowLoad(Gate):
    """|m>|0>|y> -> |m>|p(m)>|y xor f(m)>, p the products of two and more neurons that f needs.

    Parameters
    ----------
    values
        f(m) modulo 2^n for each of the 2^k masks of k neurons.
    width
        The bits n of the register.

    Notes
    -----
    Registers: k neurons; `product_qubits(k)` for products, |0> before; n qubits, the lowest bit first. The products
    stay until the gate's inverse, which makes up for phases of them too. Decomposition: every bit of f is a sum over
    Z_2 of products, so that each product costs one relative-phase Toffoli gate, whatever n, and the sums CNOTs.
    """

    def __init__(self, values: Sequence[int], width: int) -> None:
        self.values, self.width = tuple(values), width
        self.neurons = len(self.values).bit_length() - 1
        super().__init__("window_load", self.neurons + product_qubits(self.neurons) + width, [])

    def classical_action(self, mask: int, products: int, y: int) -> tuple[int, int, int]:
        """Return what the gate makes of a basis state; products must be 0."""
        assert not products
        made = sum(1 << place for place, term in enumerate(self._several) if not term & ~mask and term in self._needed)
        return mask, made, y ^ self.values[mask] % 2**self.width

    @cached_property
    def _wires(self) -> dict[int, int]:
        return product_wires(self.neurons)

    @cached_property
    def _several(self) -> list[int]:
        return [term for term in self._wires if term.bit_count() > 1]

    @cached_property
    def _terms(self) -> NDArray[np.bool_]:
        """Whether a product of neurons is in a bit's sum, shape (2^k, n): the Moebius transform of f's bits."""
        terms = np.array([[value >> bit & 1 for bit in range(self.width)] for value in self.values], dtype=bool)
        terms = terms.reshape(len(self.values), self.width)
        for i in range(self.neurons):
            with_it = np.flatnonzero(np.arange(len(terms)) >> i & 1)
            terms[with_it] ^= terms[with_it ^ 1 << i]
        return terms

    @cached_property
    def _needed(self) -> set[int]:
        """The products that are computed: those in a sum, and what they are made of."""
        needed = {term for term in self._several if self._terms[term].any()}
        for term in reversed(self._several):
            rest = _without_last(term)
            if term in needed and rest.bit_count() > 1:
                needed.add(rest)
        return needed

    @property
    def products(self) -> QuantumCircuit:
        """The first half: |m>|0>|y> -> |m>|p(m)>|y>."""
        circuit = QuantumCircuit(self.num_qubits)
        made = products_of(self.neurons, self._needed)
        return circuit.compose(made, range(made.num_qubits))

    @property
    def sums(self) -> QuantumCircuit:
        """The second half: |m>|p(m)>|y> -> |m>|p(m)>|y xor f(m)>."""
        circuit = QuantumCircuit(self.num_qubits)
        register = range(self.num_qubits - self.width, self.num_qubits)
        for bit in np.flatnonzero(self._terms[0]):
            circuit.x(register[bit])
        summed = [term for term in self._wires if self._terms[term].any()]
        if summed:
            cnots = linear_sums(self._terms[summed])
            circuit.compose(cnots, [*(self._wires[term] for term in summed), *register], inplace=True)
        return circuit

    def _define(self) -> None:
        self.definition = self.products.compose(self.sums)
        self.definition.name = self.name


def _without_last(term: int) -> int:
    return term ^ 1 << (term.bit_length() - 1)
