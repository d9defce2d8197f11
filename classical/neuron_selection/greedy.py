"""Greedy steps: add or drop the neuron that lowers the loss most, until none does."""

import numpy as np

from classical.neuron_selection.flips import keeping
from classical.neuron_selection.protocol import Problem, Selection, select
from problems.errors import choose
from problems.seeds import Seed

__all__ = ["Greedy"]

LEAST = 1e-14
"""A step counts if it lowers the loss by more than so much of it: below, steps could go in circles by rounding."""


class Greedy:
    """Ends where no single neuron, added or dropped, lowers the loss. Proves nothing.

    Work: "steps" taken, and "masks" whose loss they were chosen from.

    Parameters
    ----------
    start
        "empty" starts from no neuron, "all" from every one, "both" takes the better end of the two.

    Raises
    ------
    InputError
        If there is no such start.
    """

    def __init__(self, start: str = "both") -> None:
        self.start = start
        self._starts = choose("start", start, {"empty": (0,), "all": (1,), "both": (0, 1)})

    def solve(self, problem: Problem, seed: Seed = None) -> Selection:
        """Return the best end of the starts; see `Solver.solve`."""
        ends = [self._descend(problem, np.full(problem.neurons, kept, dtype=np.uint8)) for kept in self._starts]
        best = min(ends, key=lambda end: end.loss)
        work = {name: sum(end.work[name] for end in ends) for name in ("steps", "masks")}
        return Selection(best.mask, best.loss, False, work)

    @staticmethod
    def _descend(problem: Problem, mask: np.ndarray) -> Selection:
        steps = 0
        while True:
            change = (1 - 2.0 * mask) * keeping(problem, mask)
            neuron = int(np.argmin(change))
            if change[neuron] >= -LEAST * abs(float(problem.loss(mask))):
                return select(problem, mask, False, {"steps": steps, "masks": (steps + 1) * problem.neurons})
            mask[neuron] ^= 1
            steps += 1
