"""The one protocol of solvers: ``Solver().solve(problem, seed=None)`` returns a `Selection`."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.errors import InputError
from problems.neuron_selection import MaskProblem, index_of
from problems.neuron_selection.masks import Masks
from problems.seeds import Seed
from problems.showing import Shows

__all__ = ["Problem", "Selection", "Solver", "check_quadratic", "select"]


class Problem(Protocol):
    """Anything with a number of neurons and a loss of masks, to be minimized."""

    @property
    def neurons(self) -> int:
        """The number of neurons N."""

    def loss(self, masks: ArrayLike) -> NDArray[np.float64]:
        """Return the losses, shape (n,), of masks, shape (n, N); of one mask, shape (N,), one number."""

    def table(self) -> NDArray[np.float64]:
        """Return the losses of all 2^N masks, shape (2^N,)."""


@dataclass(frozen=True, eq=False, repr=False)
class Selection(Shows):
    """The best mask that a solver found.

    Attributes
    ----------
    mask
        Shape (N,), 1 for a neuron that is kept.
    loss
        Its loss.
    proven
        Whether no mask has a lower one, up to rounding.
    work
        What it took, by the name of what is counted ("masks", "nodes", "entries", "sweeps"); each solver says which.
    bound
        No mask has a lower loss than this, as far as the solver knows; -inf if it proves nothing.
    """

    mask: Masks
    loss: float
    proven: bool
    work: Mapping[str, int]
    bound: float = -math.inf

    def _facts(self) -> Mapping[str, object]:
        work = ", ".join(f"{count:,} {words}" for words, count in self.work.items())
        kept = f"{int(self.mask.sum())} of {len(self.mask)} neurons"
        return {"mask": kept, "loss": float(self.loss), "proven": bool(self.proven), "work": work}

    @property
    def index(self) -> int:
        """The mask as a whole number: bit j is neuron j."""
        return index_of(self.mask)

    @property
    def gap(self) -> float:
        """How much lower a mask could be, as far as the solver knows: 0 once it is proven."""
        return max(self.loss - self.bound, 0.0)


class Solver(Protocol):
    """A way to choose a mask."""

    def solve(self, problem: Any, seed: Seed = None) -> Selection:
        """Return the best mask found.

        Parameters
        ----------
        problem
            What is to be minimized.
        seed
            For solvers that draw; the others ignore it.

        Raises
        ------
        InputError
            If the solver cannot take the problem; in words, with another one that can.
        """


def select(
    problem: Problem, mask: ArrayLike, proven: bool, work: Mapping[str, int], bound: float | None = None
) -> Selection:
    """Return the selection of a mask, whose loss is taken from the problem itself and not from what the solver summed.

    Parameters
    ----------
    bound
        A lower bound; None takes the loss where it is proven, else -inf.
    """
    kept = np.asarray(mask, dtype=np.uint8)
    loss = float(problem.loss(kept))
    known = (loss if proven else -math.inf) if bound is None else bound
    return Selection(kept, loss, proven, dict(work), min(known, loss))


def check_quadratic(problem: Any, solver: str) -> MaskProblem:
    """Return the problem if its loss is c + b.m + m'Gm, or refuse it.

    Raises
    ------
    InputError
        If it is another one.
    """
    if not isinstance(problem, MaskProblem):
        raise InputError(
            f"{solver} needs a quadratic loss, which {type(problem).__name__} has not; take GrayCode, Greedy or "
            "EdgePopup, or Elimination for an NKProblem."
        )
    return problem
