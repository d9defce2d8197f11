"""The loss by additions: few Toffoli gates, and no rotation to synthesize."""

from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

from qiskit import AncillaRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit import Qubit

from quantum.blocks.ripple_addition import RippleAddition, RippleSign
from quantum.neuron_selection.oracle import Oracle
from quantum.neuron_selection.window_load import WindowLoad, product_qubits
from quantum.neuron_selection.windows import Window, coverings, windows_of

__all__ = ["RippleOracle"]

LARGEST_WINDOW = 4
"""Windows of 5 neurons have 26 products, which cost more than the additions they save."""


class RippleOracle(Oracle):
    """Phase -1 on masks whose loss is below the threshold; the value V(m) = L(m) - T by additions.

    Parameters, attributes and refusals are those of `Oracle`.

    Notes
    -----
    Registers: `mask` (N qubits), `value` (w, the width of V in two's complement) and, with more than one window,
    `addend` (w); `products` (at most 11, and at most w). Action: |m>|0> -> (-1)^[V(m) < 0] |m>|0>.

    Decomposition: every pair of neurons is in a window of at most 4 (`coverings`). What the loss says of a window's
    neurons is one number, loaded by `WindowLoad`, so that six pairs take one addition. Each window is shifted so that
    its least number is 0: the sums grow from narrow to wide, the narrow ones first. The first is loaded without an
    addition; the last, with all constants and the threshold, is never added, only the sign of the sum is taken by
    `RippleSign`. Then all is uncomputed.

    Cost: with W windows 2 (2w - 3) Toffoli gates or fewer for each but the first and the last, 2 (w - 2) for the
    last, and 4 times the products of each window, twice for the last.
    """

    @cached_property
    def windows(self) -> list[Window]:
        """The windows in their order, shifted: of all coverings the one that takes fewest Toffoli gates."""
        largest = max(k for k in range(1, LARGEST_WINDOW + 1) if product_qubits(k) <= max(self.width, 1))
        return min((self._ordered(covering) for covering in coverings(self.loss, largest)), key=self._toffoli)

    def _ordered(self, covering: list[tuple[int, ...]]) -> list[Window]:
        windows = windows_of(self.loss, covering) or [Window((), (0,))]
        windows.sort(key=lambda window: (max(window.values) - min(window.values), window.neurons))
        least = [min(window.values) for window in windows]
        shifted = [window.shifted(-value) for window, value in zip(windows, least, strict=True)]
        return [*shifted[:-1], shifted[-1].shifted(self.loss.constant + sum(least))]

    def _widths(self, windows: list[Window]) -> list[int]:
        """Return the bits of the sum after each window but the last."""
        bounds = accumulate(max(window.values) for window in windows[:-1])
        return [min(bound.bit_length(), self.width) for bound in bounds]

    def _toffoli(self, windows: list[Window]) -> int:
        """Predict the Toffoli gates, if no window leaves out a product."""
        *added, last = [product_qubits(len(window.neurons)) for window in windows]
        _, *additions = [0, *self._widths(windows)[1:]]
        carries = 2 * sum(2 * width - 3 for width in additions) + (2 * self.width - 4 if added else 0)
        return carries + 4 * sum(added) + 2 * last

    def _built(self) -> QuantumCircuit:
        *added, last = self.windows
        size = max(product_qubits(len(window.neurons)) for window in self.windows)
        mask, value = QuantumRegister(self.neurons, "mask"), QuantumRegister(self.width, "value")
        addend = AncillaRegister(self.width if added else 0, "addend")
        products = AncillaRegister(size, "products")
        empty = QuantumCircuit(*(register for register in (mask, value, addend, products) if register.size))

        def load(window: Window, target: Sequence[Qubit]) -> tuple[QuantumCircuit, QuantumCircuit]:
            """Return the window's products, and their sums."""
            qubits = [*(mask[i] for i in window.neurons), *products[: product_qubits(len(window.neurons))], *target]
            gate = WindowLoad(window.values, len(target))
            return empty.compose(gate.products, qubits), empty.compose(gate.sums, qubits)

        computed = empty.copy()
        for number, (window, width) in enumerate(zip(added, self._widths(self.windows), strict=True)):
            made, summed = load(window, addend[:width] if number else value[:width])
            steps = [made, summed, made.inverse()]
            if number:
                sum_qubits = [*addend[:width], *value[:width]]
                steps[2:2] = empty.compose(RippleAddition(width).definition, sum_qubits), summed.inverse()
            for step in steps:
                computed.compose(step, inplace=True)
        made, summed = load(last, addend if added else value)
        circuit = computed.compose(made).compose(summed)
        if added:
            circuit.compose(RippleSign(self.width).definition, [*addend, *value], inplace=True)
        else:
            circuit.z(value[-1])
        for step in (summed, made, computed):
            circuit.compose(step.inverse(), inplace=True)
        return circuit
