"""The interface of every sampler of hidden nodes, classical or quantum."""

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from problems.errors import InputError, whole_number
from problems.memory import require_memory
from problems.ridgelet.nodes import Nodes
from problems.ridgelet.problem import RidgeletProblem
from problems.seeds import Seed
from problems.showing import Shows

__all__ = ["NodeSampler", "ShownSampler", "check_count", "check_problem", "check_room", "room"]


class ShownSampler(Shows):
    """A sampler that shows itself by its problem."""

    problem: Any

    def _facts(self) -> Mapping[str, object]:
        return {"problem": self.problem}


@runtime_checkable
class NodeSampler(Protocol):
    """A sampler of hidden nodes: made from a problem (checks and preparation), then asked for nodes.

    Attributes
    ----------
    problem
        The problem whose nodes are drawn.
    """

    problem: RidgeletProblem

    def sample(self, n: int, seed: Seed = None) -> Nodes:
        """Draw `n` independent nodes.

        Raises
        ------
        InputError
            If n < 1 or the seed cannot seed a generator.
        """
        ...


def check_count(n: object) -> int:
    """Return the number of nodes to draw, or refuse it.

    Raises
    ------
    InputError
        If it is no whole number of at least 1.
    """
    return whole_number("n", n, 1)


def check_problem(problem: object) -> RidgeletProblem:
    """Return the problem, or refuse what is none.

    Raises
    ------
    InputError
        If it is no `RidgeletProblem`.
    """
    if not isinstance(problem, RidgeletProblem):
        raise InputError(
            f"A RidgeletProblem is needed, not {type(problem).__name__}; make one with "
            "RidgeletProblem.from_samples(x, y, prime=...)."
        )
    return problem


def room(n: int, dimension: int) -> int:
    """Return the bytes that nodes take while they are drawn: themselves, and as much again where batches are joined."""
    return 16 * n * (dimension + 1)


def check_room(n: int, dimension: int) -> None:
    """Refuse more nodes than memory holds, before any is drawn.

    Raises
    ------
    InputError
        If the predicted memory is not available.
    """
    require_memory(room(n, dimension), f"Drawing {n} samples of dimension {dimension}", "draw fewer samples")
