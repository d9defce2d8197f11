"""The ideal loader: a simulator is handed the state."""

from qiskit.circuit import Instruction

from problems.errors import InputError
from quantum.blocks.sparse_state import SparseState

__all__ = ["IdealLoader"]


class IdealLoader(Instruction):
    """|0...0> -> the given sparse state, at no cost in gates: what the O(D) claim assumes of a quantum memory.

    It has no decomposition; a simulator backend replaces it by its own way to set a state.
    """

    def __init__(self, state: SparseState) -> None:
        # Qiskit names an instruction that it cannot compile: the name says what to do.
        name = "ideal_loader (simulators only; devices take loader='sparse')"
        super().__init__(name, state.num_qubits, 0, [], label="ideal loader")
        self.state = state

    def __eq__(self, other: object) -> bool:
        return isinstance(other, IdealLoader) and self.state == other.state

    def _define(self) -> None:
        raise InputError(
            "The ideal loader has no gates: it hands the state to a simulator. Use loader='sparse' for a circuit "
            "that runs anywhere."
        )
