"""The interface that solvers of linear systems need of a block encoding."""

from typing import Any, Protocol

from numpy.typing import NDArray

__all__ = ["BlockEncoding"]


class BlockEncoding(Protocol):
    """A gate with a matrix as its block where its ancillas, which come last, are 0; see `DenseEncoding`."""

    @property
    def num_qubits(self) -> int:
        """The number of qubits, of the system and of the ancillas."""
        ...

    @property
    def flags(self) -> tuple[int, ...]:
        """The ancillas."""
        ...

    @property
    def alpha(self) -> float:
        """The number by which the matrix is divided."""
        ...

    @property
    def condition(self) -> float:
        """Alpha over the least singular value."""
        ...

    @property
    def system_qubits(self) -> int:
        """Qubits that the block acts on, a level included."""
        ...

    def at_level(self, level: float | None) -> Any:
        """Return the gate with one system qubit more, and the block `level` where it is 1."""
        ...

    def matrix(self) -> NDArray[Any]:
        """Return the block."""
        ...

    def apply(self, x: NDArray[Any], adjoint: bool = False) -> NDArray[Any]:
        """Return the block, without the level, times a vector."""
        ...

    def solve(self, right_side: NDArray[Any]) -> NDArray[Any]:
        """Return x with (A/alpha) x = b."""
        ...
