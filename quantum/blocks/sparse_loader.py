"""The sparse loader: a listed state from |0...0>, in O(K n) two-qubit gates alone, or in fewer with ancillas."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import Gate

from quantum.blocks.linear_sums import MAX_BLOCK, independent_columns, linear_sums
from quantum.blocks.merging import merging
from quantum.blocks.prefix_rotations import prefix_cnots, prefix_rotations
from quantum.blocks.sparse_state import SparseState
from quantum.blocks.tree_loading import tree_loading

__all__ = ["UNAIDED", "SparseLoader", "counting_bound", "measured_loading", "predicted_two_qubit_gates"]

UNAIDED = 64
"""Terms up to which a loader takes no ancillas."""


class SparseLoader(Gate):
    """|0...0> -> the given sparse state.

    Parameters
    ----------
    state
        The state.
    ancillas
        Whether the loader may have qubits of its own, which it takes for more than `UNAIDED` terms, where that saves
        CNOTs.

    Attributes
    ----------
    ancillas
        How many qubits of its own the loader has.

    Notes
    -----
    Registers: the n qubits of the state, then the ancillas, clean before and after. Decomposition: r core qubits, of
    which the others are sums over Z_2, are prepared by `prefix_rotations`, by `merging` or by `tree_loading`, whichever
    takes the fewest CNOTs: the first where the K terms are many for their qubits, the last where K is large, merging
    where the terms are near each other. The other qubits follow by `linear_sums`, then a few NOTs.
    """

    def __init__(self, state: SparseState, ancillas: bool = True) -> None:
        aided = _aided(_Parts.of(state)) if ancillas and len(state) > UNAIDED else None
        self.state = state
        self.ancillas = 0 if aided is None else aided.num_qubits - state.num_qubits
        super().__init__("sparse_loader", state.num_qubits + self.ancillas, [])
        if aided is not None:
            self.definition = aided

    def _define(self) -> None:
        self.definition = _unaided(_Parts.of(self.state))


def measured_loading(state: SparseState) -> QuantumCircuit:
    """Prepare a sparse state with ancillas that are cleaned by measurement, which takes fewer CNOTs.

    Parameters
    ----------
    state
        The state.

    Returns
    -------
    QuantumCircuit
        The n qubits of the state, then ancillas, clean before and after, with a classical bit for each. If a
        `SparseLoader` takes no more two-qubit gates, each CZ that waits for an outcome counted, its circuit instead.
    """
    loader = SparseLoader(state).definition
    found = _tree(_Parts.of(state), measured=True)
    return loader if found is None or found.num_nonlocal_gates() >= loader.num_nonlocal_gates() else found


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
        sum to occur. No state is known that costs more, but that none does is not proved; where another method is
        cheaper, states cost less.
    """
    core = min(num_qubits, terms - 1)
    doubling = min(core, terms.bit_length())  # 2^j <= K for the qubits j before this one
    rotations = 2**doubling - 1 - doubling + (core - doubling) * (terms - 1)
    sums = min(-(-core // m) * (num_qubits - core + 2**m - 2) for m in range(1, MAX_BLOCK + 1))
    return rotations + sums


def counting_bound(num_qubits: int, terms: int) -> float:
    """Return about how many two-qubit gates a loader of most sets of K basis states must take: K n/(2 log2 n).

    Parameters
    ----------
    num_qubits, terms
        n >= 1 and K >= 1; for one qubit it is 0.

    Notes
    -----
    G gates, each on one of fewer than n^2 pairs of qubits, make at most n^(2G) sets up to the angles, and there are
    about 2^(K n) to be made if 2^n is far above K; a few ancillas change the logarithm little. Li and Luo 2024
    (arXiv:2406.16142) prove bounds with all conditions.
    """
    return terms * num_qubits / (2 * float(np.log2(num_qubits))) if num_qubits > 1 else 0.0


@dataclass(frozen=True, eq=False)
class _Parts:
    """A state seen from one of its points, where a qubit that never changes is the empty sum.

    Attributes
    ----------
    points, amplitudes
        The state, its points added to the origin.
    origin
        The point.
    core, others, sums
        The qubits that are no sums of those before them, the rest, and `sums[i, k]` tells whether `others[k]` has
        `core[i]` in its sum.
    """

    points: NDArray[np.bool_]
    amplitudes: NDArray[np.float64]
    origin: NDArray[np.bool_]
    core: list[int]
    others: list[int]
    sums: NDArray[np.bool_]

    @staticmethod
    def of(state: SparseState) -> "_Parts":
        origin = state.bits[0]
        points = state.bits ^ origin
        core, sums = independent_columns(points)
        others = [qubit for qubit in range(state.num_qubits) if qubit not in core]
        return _Parts(points, state.amplitudes, origin, core, others, sums[:, others])

    def finished(self, prepared: QuantumCircuit) -> QuantumCircuit:
        """Return the loader from a circuit that prepares the core qubits, with clean ones behind them."""
        width, core = len(self.origin), len(self.core)
        circuit = QuantumCircuit(width + prepared.num_qubits - core, name="sparse_loader")
        for register in prepared.cregs:
            circuit.add_register(register)
        circuit.compose(prepared, [*self.core, *range(width, circuit.num_qubits)], circuit.clbits, inplace=True)
        circuit.compose(linear_sums(self.sums), [*self.core, *self.others], inplace=True)
        return self.moved(circuit)

    def moved(self, circuit: QuantumCircuit) -> QuantumCircuit:
        """Add the origin to what a circuit prepares."""
        for qubit in np.flatnonzero(self.origin):
            circuit.x(int(qubit))
        return circuit


def _unaided(parts: _Parts) -> QuantumCircuit:
    found = [method(parts.points[:, parts.core], parts.amplitudes) for method in (prefix_rotations, merging)]
    prepared = min((circuit for circuit in found if circuit is not None), key=QuantumCircuit.num_nonlocal_gates)
    return parts.finished(prepared)


def _aided(parts: _Parts) -> QuantumCircuit | None:
    """Return a loader with ancillas, or None if one without them takes no more CNOTs."""
    found = _tree(parts, measured=False)
    if found is None:
        return None
    core = parts.points[:, parts.core]
    most = found.num_nonlocal_gates() - linear_sums(parts.sums).size()
    if prefix_cnots(core) <= most or merging(core, parts.amplitudes, most) is not None:
        return None
    return found


def _tree(parts: _Parts, measured: bool) -> QuantumCircuit | None:
    """Return the better of two: all qubits along the tree, or the core alone, the others as sums."""
    whole = tree_loading(parts.points, parts.amplitudes, measured=measured)
    found = None if whole is None else parts.moved(whole)
    if parts.others:
        narrow = tree_loading(parts.points[:, parts.core], parts.amplitudes, measured=measured)
        candidates = [found, None if narrow is None else parts.finished(narrow)]
        found = min(
            (circuit for circuit in candidates if circuit is not None),
            key=QuantumCircuit.num_nonlocal_gates,
            default=None,
        )
    return found
