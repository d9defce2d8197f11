"""The number of wrong samples, counted: an oracle of a loss that is not quadratic."""

from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import AncillaRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit import Qubit

from problems.errors import InputError, whole_number
from problems.neuron_selection import ErrorCountProblem
from quantum.blocks.ripple_addition import RippleAddition, RippleTopBit
from quantum.neuron_selection.oracle import MaskOracle
from quantum.neuron_selection.whole_loss import WholeLoss, ceiling, finite_number, signed_width
from quantum.neuron_selection.window_load import WindowLoad, product_qubits, products_of
from quantum.neuron_selection.window_sum import WindowSum
from quantum.neuron_selection.windows import Window

__all__ = ["ErrorCountOracle"]

WINDOW = 3
"""Neurons of a window: their products stay for all samples, and 4 neurons would have 11 instead of 4."""


class ErrorCountOracle(MaskOracle):
    """Phase -1 on masks whose subnetwork gets fewer samples wrong than a threshold says.

    Parameters
    ----------
    problem
        Whole contributions z_ij; a sample i is wrong where sum_j z_ij m_j <= 0.
    threshold
        Of the count.
    bits
        Magnitude bits of a contribution: where some z has more, all are rounded to multiples of
        max |z|/(2^bits - 1). None takes them as they are.

    Attributes
    ----------
    problem
        The contributions as they are computed with.

    Raises
    ------
    InputError
        If the threshold is no finite number, or the bits are no whole number of at least 1.

    Notes
    -----
    Registers: `mask` (N qubits), `count` (the narrowest two's complement that holds n - T and -T, T the threshold
    rounded up), `value` and `addend` (as wide as the widest sample's sum less 1), `carries` (for the count),
    `products` (of every window of three neurons). Action: |m>|0> -> (-1)^[count(m) < T] |m>|0>.

    Decomposition: products once; the count begins at -T; for each sample the sum less 1 by additions, window by
    window, of the last only the sign (`RippleTopBit`), which is added to the count, and the sum uncomputed. Then
    the count's sign as a phase, and all uncomputed. Cost: with n samples, about 4 n (N/3 - 1) (2w - 3) Toffoli gates
    for sums of w bits, and 2 n (2 c - 3) for a count of c.
    """

    def __init__(self, problem: ErrorCountProblem, threshold: float, bits: int | None = None) -> None:
        if not isinstance(problem, ErrorCountProblem):
            raise InputError(f"{type(problem).__name__} counts no errors; give an ErrorCountProblem.")
        self.threshold = finite_number("threshold", threshold)
        votes = problem.contributions
        largest = int(np.max(np.abs(votes)))
        if bits is not None and largest.bit_length() > whole_number("bits", bits, 1):
            step = largest / (2**bits - 1)
            problem = ErrorCountProblem(np.rint(votes / step).astype(np.int64), problem.network)
        self.problem, self.neurons = problem, problem.neurons
        self.bits = max(1, largest.bit_length()) if bits is None else int(bits)
        bound = ceiling(self.threshold, 1.0, problem.samples)
        self._bound = min(max(bound, 0), problem.samples + 1)

    def marked(self, masks: ArrayLike) -> NDArray[np.bool_]:
        """Tell of masks, shape (n, N), which have the phase -1, shape (n,)."""
        return self.problem.loss(np.atleast_2d(masks)) < self.threshold

    @property
    def width(self) -> int:
        """Bits of the count in two's complement."""
        return signed_width(-self._bound, self.problem.samples - self._bound)

    @cached_property
    def sums(self) -> list[WindowSum]:
        """Each sample's sum less 1, negative where it is wrong."""
        return [self._sum(row.tolist()) for row in self.problem.contributions]

    def _sum(self, votes: list[int]) -> WindowSum:
        whole = WholeLoss(-1, tuple(votes), {})
        windows = [
            Window(chunk, tuple(WholeLoss(0, tuple(votes[i] for i in chunk), {}).all_values().tolist()))
            for chunk in self._chunks
        ]
        return WindowSum.ordered(windows, -1, whole.width)

    @property
    def _chunks(self) -> list[tuple[int, ...]]:
        return [tuple(range(i, min(i + WINDOW, self.neurons))) for i in range(0, self.neurons, WINDOW)]

    def _built(self) -> QuantumCircuit:
        widest = max(each.width for each in self.sums)
        several = any(len(each.windows) > 1 for each in self.sums)
        sizes = [product_qubits(len(chunk)) for chunk in self._chunks]
        mask, count = QuantumRegister(self.neurons, "mask"), QuantumRegister(self.width, "count")
        value, addend = AncillaRegister(widest, "value"), AncillaRegister(widest if several else 0, "addend")
        carries, products = AncillaRegister(self.width - 1, "carries"), AncillaRegister(sum(sizes), "products")
        registers = (mask, count, value, addend, carries, products)
        empty = QuantumCircuit(*(register for register in registers if register.size))
        places: dict[tuple[int, ...], list[Qubit]] = {(): []}
        places |= {
            chunk: [*(mask[i] for i in chunk), *products[end - size : end]]
            for chunk, size, end in zip(self._chunks, sizes, accumulate(sizes), strict=True)
        }

        def load(window: Window, target: Sequence[Qubit]) -> tuple[QuantumCircuit, QuantumCircuit]:
            sums = WindowLoad(window.values, len(target)).sums
            return empty, empty.compose(sums, [*places[window.neurons], *target])

        computed = empty.copy()
        for chunk, qubits in places.items():
            computed.compose(products_of(len(chunk)), qubits, inplace=True)
        for i, bit in enumerate(count):
            if -self._bound >> i & 1:
                computed.x(bit)
        for each in self.sums:
            *added, last = each.windows
            signed = each.but_last(empty, load, value, addend)
            signed.compose(load(last, (addend if added else value)[: each.width])[1], inplace=True)
            if added:
                both = [*addend[: each.width], *value[: each.width]]
                signed.compose(RippleTopBit(each.width).definition, both, inplace=True)
            counted = empty.compose(RippleAddition(self.width).definition, [value[each.width - 1], *carries, *count])
            for step in (signed, counted, signed.inverse()):
                computed.compose(step, inplace=True)
        circuit = computed.copy()
        circuit.z(count[-1])
        return circuit.compose(computed.inverse())
