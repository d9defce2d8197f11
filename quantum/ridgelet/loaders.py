"""Loaders of the data: sum_x h(x)|x>, by gates or handed to a simulator. Their cost is counted apart."""

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit import Instruction

from problems.errors import InputError, choose
from problems.ridgelet.problem import RidgeletProblem
from quantum.blocks.digits import digits_to_bits
from quantum.blocks.filtered_loader import FilteredLoader, filtered_two_qubit_gates
from quantum.blocks.ideal_loader import IdealLoader
from quantum.blocks.sparse_loader import SparseLoader, predicted_two_qubit_gates
from quantum.blocks.sparse_state import SparseState

__all__ = ["LOADERS", "MAX_GATES", "DataEncoding", "loaded_state", "loader_gate"]

MAX_GATES = 1_000_000
"""Two-qubit gates of a loader that is still built: minutes, and a few hundred MB of files."""

MAX_AMPLITUDES = 2048
"""Amplitudes of a loader whose gates are still worked out, which takes time that grows with their cube: a minute or
two, and as long again to compile them for many qubits."""


class DataEncoding(Protocol):
    """How digits of Z_P are held in qubits: what a loader needs of it."""

    def encode(self, digits: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Write digits (n, D) as bits of the data registers."""
        ...


def loaded_state(problem: RidgeletProblem, encoding: DataEncoding) -> SparseState:
    """Return what the loader prepares: the amplitudes h over the data registers.

    With several outputs, the last ceil(log2 C) qubits hold the output, a class register that is never measured:
    the nodes are then the mixture over the outputs.
    """
    return _state(problem, encoding, problem.amplitudes)


def _state(problem: RidgeletProblem, encoding: DataEncoding, values: NDArray[np.float64]) -> SparseState:
    """Return values (K, C), normalized, over the data registers and the output's."""
    point, output = np.nonzero(problem.amplitudes)
    bits = encoding.encode(problem.points[point])
    class_bits = digits_to_bits(output[:, None], (problem.outputs - 1).bit_length())
    amplitudes = values[point, output]
    return SparseState(np.hstack([bits, class_bits]), amplitudes / np.linalg.norm(amplitudes))


def _ideal(problem: RidgeletProblem, encoding: DataEncoding, ancillas: bool) -> IdealLoader:
    return IdealLoader(loaded_state(problem, encoding))


def _sparse(problem: RidgeletProblem, encoding: DataEncoding, ancillas: bool) -> SparseLoader:
    state = loaded_state(problem, encoding)
    _require("sparse", len(state), predicted_two_qubit_gates(state.num_qubits, len(state)))
    return SparseLoader(state, ancillas)


def _filtered(problem: RidgeletProblem, encoding: DataEncoding, ancillas: bool) -> FilteredLoader:
    scaled = problem.labels / np.max(np.abs(problem.labels))
    state = _state(problem, encoding, problem.frequencies[:, None] * scaled)
    counts = problem.counts[np.nonzero(problem.amplitudes)[0]]
    gate = FilteredLoader(state, counts, problem.samples, problem.regularization)
    load = predicted_two_qubit_gates(state.num_qubits, len(state))
    # The sizes alone may do to refuse; the exact prediction looks at all pairs of points.
    _require("filtered", len(state), filtered_two_qubit_gates(load, state.num_qubits, gate.rounds))
    _require("filtered", len(state), gate.predicted_two_qubit_gates(load))
    return gate


LOADERS: dict[str, Callable[[RidgeletProblem, DataEncoding, bool], Instruction]] = {
    "ideal": _ideal,
    "sparse": _sparse,
    "filtered": _filtered,
}
"""Loaders by name. `ideal` hands the state to a simulator; `sparse` prepares it by gates; `filtered` prepares p f and
applies the filter 1/(p + lambda) by gates, for few points."""


def loader_gate(problem: RidgeletProblem, encoding: DataEncoding, loader: str, ancillas: bool = True) -> Instruction:
    """Return the loader by name; its gates are made when its definition is asked for, or before if it has ancillas.

    Its qubits are those of `loaded_state`, then the loader's own, which it leaves in |0>. `ancillas` says whether the
    sparse loader may have some.

    Raises
    ------
    InputError
        If the loader is unknown, has more than `MAX_AMPLITUDES` amplitudes, or is predicted to take more
        than `MAX_GATES` two-qubit gates.
    """
    return choose("loader", loader, LOADERS)(problem, encoding, ancillas)


def _require(loader: str, terms: int, gates: int) -> None:
    if terms > MAX_AMPLITUDES:
        raise InputError(
            f"loader={loader!r} has {terms:,} amplitudes to load, by about {gates:,} two-qubit gates; above "
            f"{MAX_AMPLITUDES:,} they take too long to work out. Take fewer points, or loader='ideal' on a simulator."
        )
    if gates > MAX_GATES:
        raise InputError(
            f"loader={loader!r} would take about {gates:,} two-qubit gates for {terms} amplitudes, above the limit of "
            f"{MAX_GATES:,}; take fewer points or features, or loader='ideal' on a simulator."
        )
