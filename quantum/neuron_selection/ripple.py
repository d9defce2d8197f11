"""The loss by additions: few Toffoli gates, and no rotation to synthesize."""

from collections.abc import Sequence
from functools import cached_property

from qiskit import AncillaRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit import Qubit

from quantum.blocks.ripple_addition import RippleSign
from quantum.neuron_selection.oracle import Oracle
from quantum.neuron_selection.window_load import WindowLoad, product_qubits
from quantum.neuron_selection.window_sum import WindowSum
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
    def sum(self) -> WindowSum:
        """The windows in their order: of all coverings those that take fewest Toffoli gates."""
        largest = max(k for k in range(1, LARGEST_WINDOW + 1) if product_qubits(k) <= self.width)
        covered = (windows_of(self.loss, covering) for covering in coverings(self.loss, largest))
        sums = (WindowSum.ordered(windows, self.loss.constant, self.width) for windows in covered)
        return min(sums, key=lambda candidate: candidate.toffoli)

    def _built(self) -> QuantumCircuit:
        *added, last = self.sum.windows
        mask, value = QuantumRegister(self.neurons, "mask"), QuantumRegister(self.width, "value")
        addend = AncillaRegister(self.width if added else 0, "addend")
        size = max(product_qubits(len(window.neurons)) for window in self.sum.windows)
        products = AncillaRegister(size, "products")
        empty = QuantumCircuit(*(register for register in (mask, value, addend, products) if register.size))

        def load(window: Window, target: Sequence[Qubit]) -> tuple[QuantumCircuit, QuantumCircuit]:
            qubits = [*(mask[i] for i in window.neurons), *products[: product_qubits(len(window.neurons))], *target]
            gate = WindowLoad(window.values, len(target))
            return empty.compose(gate.products, qubits), empty.compose(gate.sums, qubits)

        computed = self.sum.but_last(empty, load, value, addend)
        for step in load(last, addend if added else value):
            computed.compose(step, inplace=True)
        circuit = computed.copy()
        if added:
            circuit.compose(RippleSign(self.width).definition, [*addend, *value], inplace=True)
        else:
            circuit.z(value[-1])
        return circuit.compose(computed.inverse())
