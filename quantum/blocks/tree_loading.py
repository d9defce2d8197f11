"""A sparse state prepared along a tree of its terms, each branch under a flag on a clean qubit.

A flag is 1 on the terms of one branch. A branch splits in two by a rotation of a clean qubit, which is the flag of one
half: one CNOT. Bits that are 1 on a whole branch are written by one CNOT each from its flag. At the end a flag is the
product of the flag above it and of one bit, by which it is cleaned. So no index is kept, and none has to be undone.

At the leaves are bundles of g terms, whose flags are there at once. A bit of the g terms is a sum over Z_2 of g flags,
and sums that several bits need are formed once: n + 2^g CNOTs for g terms, instead of n g/2. With 2^g about n these
are O(K n/log n) in all, as in the constructions of Mao, Tian and Sun 2024 (arXiv:2404.05147) and of Li and Luo 2024
(arXiv:2406.16142), which are other circuits, and O(K) for what does not depend on n.
"""

import numpy as np
from numpy.typing import NDArray
from qiskit import ClassicalRegister, QuantumCircuit

from quantum.blocks.linear_sums import MAX_BLOCK, sum_steps
from quantum.blocks.split_tree import Bundle, Split, split_tree

__all__ = ["bundle_size", "tree_loading"]


def bundle_size(num_qubits: int, terms: int) -> int:
    """Return how many terms a bundle should have for about the fewest CNOTs on random points.

    Parameters
    ----------
    num_qubits, terms
        The state's n >= 1 and K >= 1.
    """

    def cost(size: int) -> float:
        """CNOTs a term: flags within a bundle, the split above it, the bits that differ, and forming their sums."""
        bits = max(0.0, num_qubits - max(0.0, np.log2(terms / size)))
        return (4 * (size - 1) + 6 + bits * (1 - 2.0**-size) + 2**size - 2) / size

    return min(range(1, MAX_BLOCK + 1), key=cost)


def tree_loading(
    points: NDArray[np.bool_], amplitudes: NDArray[np.float64], size: int | None = None, measured: bool = False
) -> QuantumCircuit | None:
    """Prepare sum_m amplitude_m |points_m> from |0...0> with the help of clean qubits.

    Parameters
    ----------
    points
        Distinct, shape (K, r).
    amplitudes
        Real, none of them zero, norm 1, shape (K,).
    size
        The terms of a bundle, at least 1; `bundle_size` by default.
    measured
        Clean each flag by a measurement and a CZ that depends on it, instead of three CNOTs.

    Returns
    -------
    QuantumCircuit or None
        r qubits, then the clean ones, a flag for each set of terms of the tree that lie within each other; with a
        classical bit for each of these if `measured`. None if the tree would be deeper than `split_tree` makes any.
    """
    terms, qubits = points.shape
    tree = split_tree(points, bundle_size(qubits, terms) if size is None else size)
    if tree is None:
        return None
    circuit = QuantumCircuit(qubits + tree.depth, name="tree_loading")
    if measured:
        circuit.add_register(ClassicalRegister(tree.depth, "flag"))
    loading = _Loading(circuit, points, amplitudes)
    root = qubits
    circuit.x(root)
    for bit in np.flatnonzero(points.all(axis=0)):
        circuit.x(int(bit))
    loading.visit(tree, root)
    circuit.x(root)
    if loading.value(tree.rows) < 0:
        circuit.global_phase += np.pi
    return circuit


class _Loading:
    """Writes the gates of a tree's branches; the flag below flag q is qubit q + 1."""

    def __init__(self, circuit: QuantumCircuit, points: NDArray[np.bool_], amplitudes: NDArray[np.float64]) -> None:
        self.circuit, self.points, self.amplitudes = circuit, points, amplitudes

    def value(self, rows: NDArray[np.int64]) -> float:
        """Return the amplitude of a set of terms: of one with its sign, of more their norm."""
        return float(self.amplitudes[rows[0]] if len(rows) == 1 else np.linalg.norm(self.amplitudes[rows]))

    def visit(self, node: Bundle | Split, flag: int) -> None:
        """Spread |flag = 1> over a set of terms, where bits that they share are already written."""
        if isinstance(node, Bundle):
            self._visit_bundle(node, flag)
            return
        half = flag + 1
        self._branch(flag, half, self.value(node.zero.rows), self.value(node.one.rows))
        for child in (node.zero, node.one):
            self._write_shared(node.rows, child.rows, half)
            self.visit(child, half)
            if child is node.zero:
                self.circuit.cx(flag, half)
        self._clean(flag, node.bit, True, half)

    def _visit_bundle(self, bundle: Bundle, flag: int) -> None:
        rows = bundle.rows
        flags = [flag + i for i in range(len(rows))]
        for i in range(1, len(rows)):
            # Flag i is 1 on rows[i:].
            self._branch(flags[i - 1], flags[i], self.value(rows[i:]), self.value(rows[i - 1 : i]))
        bits = self.points[rows]
        differing = np.flatnonzero(bits.any(axis=0) & ~bits.all(axis=0))
        # As sums of the flags: all of flags 0..i are 1 on the term rows[i].
        sums = bits[:, differing]
        sums[1:] ^= bits[:-1, differing]
        qubits = [*flags, *(int(bit) for bit in differing)]
        for source, target in sum_steps(sums):
            self.circuit.cx(qubits[source], qubits[target])
        for i in range(len(rows) - 1, 0, -1):
            bit = bundle.bits[i - 1]
            self._clean(flags[i - 1], bit, bool(self.points[rows[i], bit]), flags[i])

    def _branch(self, flag: int, half: int, one: float, zero: float) -> None:
        """Take a clean qubit to |0> where the flag is 0, and to zero|0> + one|1>, up to the norm, where it is 1."""
        # A NOT reflects the qubit about the state halfway between |0> and |1>.
        angle = np.pi / 2 - np.arctan2(one, zero)
        self.circuit.ry(angle, half)
        self.circuit.cx(flag, half)
        self.circuit.ry(-angle, half)

    def _write_shared(self, above: NDArray[np.int64], rows: NDArray[np.int64], flag: int) -> None:
        """Write the bits that are 1 on these rows, but not on all of the rows above."""
        for bit in np.flatnonzero(self.points[rows].all(axis=0) & ~self.points[above].all(axis=0)):
            self.circuit.cx(flag, int(bit))

    def _clean(self, flag: int, bit: int, value: bool, half: int) -> None:
        """Take a qubit that is 1 where the flag is 1 and the bit has the value, and else 0, to |0>."""
        circuit = self.circuit
        if not value:
            circuit.x(bit)
        if circuit.clbits:
            clbit = circuit.clbits[half - self.points.shape[1]]
            circuit.h(half)
            circuit.measure(half, clbit)
            with circuit.if_test((clbit, True)):
                circuit.cz(flag, bit)
                circuit.x(half)
        else:
            # A NOT with two controls up to a sign where the target is 1, the flag 1 and the bit not: that is nowhere.
            # Margolus; Song and Klappenecker 2004 (arXiv:quant-ph/0312225) show that fewer CNOTs are not enough.
            circuit.ry(np.pi / 4, half)
            circuit.cx(bit, half)
            circuit.ry(np.pi / 4, half)
            circuit.cx(flag, half)
            circuit.ry(-np.pi / 4, half)
            circuit.cx(bit, half)
            circuit.ry(-np.pi / 4, half)
        if not value:
            circuit.x(bit)
