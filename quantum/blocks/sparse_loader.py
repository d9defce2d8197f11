"""The sparse loader: a listed state from |0...0> in O(K n) two-qubit gates, without an ancilla."""

import numpy as np
from qiskit import QuantumCircuit
from qiskit.circuit import Gate

from quantum.blocks.linear_sums import MAX_BLOCK, independent_columns, linear_sums
from quantum.blocks.merging import merging
from quantum.blocks.prefix_rotations import prefix_rotations
from quantum.blocks.sparse_state import SparseState

__all__ = ["SparseLoader", "predicted_two_qubit_gates"]


class SparseLoader(Gate):
    """|0...0> -> the given sparse state.

    Notes
    -----
    Registers: the n qubits of the state. Decomposition: r core qubits, of which the others are sums over Z_2, are
    prepared by `prefix_rotations` or by `merging`, whichever takes fewer CNOTs: the first where the K terms are many
    for their qubits, the second otherwise. The other qubits follow by `linear_sums`, then a few NOTs.
    """

    def __init__(self, state: SparseState) -> None:
        super().__init__("sparse_loader", state.num_qubits, [])
        self.state = state

    def _define(self) -> None:
        # Seen from one of the points, a qubit that never changes is the empty sum.
        origin = self.state.bits[0]
        points = self.state.bits ^ origin
        core, sums = independent_columns(points)
        others = [qubit for qubit in range(self.num_qubits) if qubit not in core]
        found = [method(points[:, core], self.state.amplitudes) for method in (prefix_rotations, merging)]
        prepared = min((circuit for circuit in found if circuit is not None), key=QuantumCircuit.num_nonlocal_gates)
        circuit = QuantumCircuit(self.num_qubits, name=self.name)
        circuit.compose(prepared, core, inplace=True)
        circuit.compose(linear_sums(sums[:, others]), [*core, *others], inplace=True)
        for qubit in np.flatnonzero(origin):
            circuit.x(int(qubit))
        self.definition = circuit


def predicted_two_qubit_gates(num_qubits: int, terms: int) -> int:
    """Estimate from above what a sparse loader costs, from its sizes alone.

    Parameters
    ----------
    num_qubits, terms
        The state's n >= 1 and K >= 1.

    Returns
    -------
    int
        The CNOTs of `prefix_rotations`, min(2^j, K) - 1 for qubit j, and of `linear_sums`, were every prefix and every
        sum to occur. No state is known that costs more, but that none does is not proved; where `merging` is cheaper,
        states cost less.
    """
    core = min(num_qubits, terms - 1)
    doubling = min(core, terms.bit_length())  # 2^j <= K for the qubits j before this one
    rotations = 2**doubling - 1 - doubling + (core - doubling) * (terms - 1)
    sums = min(-(-core // m) * (num_qubits - core + 2**m - 2) for m in range(1, MAX_BLOCK + 1))
    return rotations + sums
