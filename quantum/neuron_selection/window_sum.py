"""Windows in the order they are added in: narrow sums first, each as wide as it can get, constants in the last."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Self

from qiskit import QuantumCircuit
from qiskit.circuit import Qubit

from quantum.blocks.ripple_addition import RippleAddition
from quantum.neuron_selection.window_load import product_qubits
from quantum.neuron_selection.windows import Window

__all__ = ["Load", "WindowSum"]

Load = Callable[[Window, Sequence[Qubit]], tuple[QuantumCircuit, QuantumCircuit]]
"""Returns what a window's products take, and how they are summed into a register."""


@dataclass(frozen=True)
class WindowSum:
    """A sum of windows, modulo 2^w.

    Attributes
    ----------
    windows
        The least number of each is 0, but for the last, which has all constants; at least one.
    width
        w.
    """

    windows: tuple[Window, ...]
    width: int

    @classmethod
    def ordered(cls, windows: Sequence[Window], constant: int, width: int) -> Self:
        """Put windows in order, narrow ones first, and shift them; those that are constant are constants."""
        constant += sum(min(window.values) for window in windows)
        shifted = [window.shifted(-min(window.values)) for window in windows]
        varying = sorted((each for each in shifted if any(each.values)), key=lambda each: max(each.values))
        *added, last = varying or [Window((), (0,))]
        return cls((*added, last.shifted(constant)), width)

    @property
    def widths(self) -> list[int]:
        """Bits of the sum after each window but the last."""
        bounds = accumulate(max(window.values) for window in self.windows[:-1])
        return [min(bound.bit_length(), self.width) for bound in bounds]

    @property
    def toffoli(self) -> int:
        """Toffoli gates to take the sign and to uncompute, if no window can do without one of its products."""
        *added, last = [product_qubits(len(window.neurons)) for window in self.windows]
        carries = 2 * sum(2 * width - 3 for width in self.widths[1:]) + (2 * self.width - 4 if added else 0)
        return carries + 4 * sum(added) + 2 * last

    def but_last(
        self, empty: QuantumCircuit, load: Load, value: Sequence[Qubit], addend: Sequence[Qubit]
    ) -> QuantumCircuit:
        """Return the sum of all windows but the last in `value`: the first is loaded, the others are added.

        Parameters
        ----------
        empty
            A circuit of the right registers without gates.
        load
            Loads a window into a register.
        value, addend
            Registers, w qubits each; with a single window none is needed.
        """
        circuit = empty.copy()
        for number, (window, width) in enumerate(zip(self.windows, self.widths, strict=False)):
            products, sums = load(window, addend[:width] if number else value[:width])
            steps = [products, sums, products.inverse()]
            if number:
                added = empty.compose(RippleAddition(width).definition, [*addend[:width], *value[:width]])
                steps[2:2] = added, sums.inverse()
            for step in steps:
                circuit.compose(step, inplace=True)
        return circuit
