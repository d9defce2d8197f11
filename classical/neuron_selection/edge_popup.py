"""Edge-popup (Ramanujan et al., arXiv:1911.13299) over neurons: scores are trained, the best-scored ones are kept.

The forward pass keeps the k neurons of the highest scores; the backward pass goes straight through that choice, so that
every score follows the gradient of the loss by its mask entry, and training lets neurons pop up and drop out. The
paper fixes k; here several shares of N are trained, and the best mask seen counts.
"""

from collections.abc import Sequence

import numpy as np

from classical.neuron_selection.flips import keeping
from classical.neuron_selection.protocol import Problem, Selection, select
from problems.errors import InputError, whole_number
from problems.seeds import Seed, generator

__all__ = ["EdgePopup"]

SHARES = tuple(share / 10 for share in range(1, 10))
"""Shares of neurons to keep."""

RATE, MOMENTUM = 0.1, 0.9
"""First step of the scores, in units of the gradient's largest entry, and how much of the last step is kept."""


class EdgePopup:
    """Trains scores of neurons, for each share to keep. Proves nothing.

    Work: "sweeps" of the scores, each a gradient by all N entries.

    Parameters
    ----------
    shares
        Shares of the neurons to keep, between 0 and 1.
    sweeps
        Steps for each share.

    Raises
    ------
    InputError
        If a share is not between 0 and 1, or sweeps is no whole number of at least 1.
    """

    def __init__(self, shares: Sequence[float] = SHARES, sweeps: int = 200) -> None:
        self.shares, self.sweeps = tuple(shares), whole_number("sweeps", sweeps, 1)
        if not self.shares or not all(0 <= share <= 1 for share in self.shares):
            raise InputError(f"shares = {self.shares} are no shares of the neurons; give numbers between 0 and 1.")

    def solve(self, problem: Problem, seed: Seed = None) -> Selection:
        """Return the best mask seen; the first scores are drawn with the seed; see `Solver.solve`."""
        rng, neurons = generator(seed), problem.neurons
        sizes = sorted({round(share * neurons) for share in self.shares})
        best, lowest = np.zeros(neurons, dtype=np.uint8), float(problem.loss(np.zeros(neurons, dtype=np.uint8)))
        for size in sizes:
            scores, step = rng.uniform(0, 1, neurons), np.zeros(neurons)
            for sweep in range(self.sweeps):
                mask = np.zeros(neurons, dtype=np.uint8)
                mask[np.argsort(-scores, kind="stable")[:size]] = 1
                loss = float(problem.loss(mask))
                if loss < lowest:
                    best, lowest = mask, loss
                gradient = keeping(problem, mask)
                largest = np.max(np.abs(gradient)) or 1.0
                step = MOMENTUM * step - RATE * (1 - sweep / self.sweeps) * gradient / largest
                scores = scores + step
        return select(problem, best, False, {"sweeps": len(sizes) * self.sweeps})
