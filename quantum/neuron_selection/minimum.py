"""Duerr and Hoyer's minimum finding, simulated: on a loss table, and on ranks alone, with any number of masks.

Duerr and Hoyer 1996 (arXiv:quant-ph/9607014), with the search of Boyer et al. 1998 (arXiv:quant-ph/9605034) inside, and
what every measurement gives drawn exactly from the invariant subspace. The rounds are the algorithm's, not the
simulation's.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from problems.errors import InputError, whole_number
from problems.memory import require_memory
from problems.neuron_selection import index_of, mask_of
from problems.seeds import Seed, generator
from quantum.neuron_selection.rounds import GROWTH, check_growth, sizes
from quantum.neuron_selection.subspace import check_table, table_of

__all__ = ["DuerrHoyer", "MinimumRuns", "Search", "simulated_rounds"]

MOST_RANKS = 2**62
"""Ranks are whole numbers of 64 bits."""


@dataclass(frozen=True, eq=False)
class Search:
    """What one run of minimum finding found, and what it cost.

    Attributes
    ----------
    mask
        The best mask, uint8, shape (N,).
    loss
        Its loss.
    reached
        Whether this is the minimum, which the simulation knows and a quantum computer would not.
    rounds
        Grover rounds: a phase query each.
    measurements
        Outcomes, each checked by a query of the loss.
    losses
        The best loss from the first mask to the last, one for each improvement.
    """

    mask: NDArray[np.uint8]
    loss: float
    reached: bool
    rounds: int
    measurements: int
    losses: tuple[float, ...]

    @property
    def index(self) -> int:
        """The mask as a whole number, bit j for neuron j."""
        return index_of(self.mask)


@dataclass(frozen=True)
class DuerrHoyer:
    """Minimum finding over all masks of a problem of at most 28 neurons, by exact simulation.

    Attributes
    ----------
    growth
        How the range of rounds grows after an outcome that is no improvement.
    budget
        The rounds after which a run ends; None ends it with the minimum, as `expected_rounds` counts.

    Raises
    ------
    InputError
        If the growth is no finite number above 1, or the budget no whole number of at least 0.
    """

    growth: float = GROWTH
    budget: int | None = None

    def __post_init__(self) -> None:
        check_growth(self.growth)
        if self.budget is not None:
            whole_number("budget", self.budget, 0)

    def solve(self, problem: object, seed: Seed = None) -> Search:
        """Run it once.

        Raises
        ------
        InputError
            If the problem has more than 28 neurons, or its table does not fit in memory.
        """
        return self.search(table_of(problem), seed)

    def search(self, table: NDArray[np.float64], seed: Seed = None) -> Search:
        """Run it once on the losses of all masks, shape (2^N,).

        Raises
        ------
        InputError
            If they are not 2^N finite numbers with N from 1 to 28, or memory is short.
        """
        losses, rng = check_table(table), generator(seed)
        items = len(losses)
        require_memory(9 * items, f"Ranks below a threshold among {items} masks", "take fewer neurons")
        attempts = sizes(items, self.growth)
        best = int(rng.integers(items))
        trail = [float(losses[best])]
        below = np.flatnonzero(losses < losses[best])
        rounds = measurements = attempt = 0
        while len(below):
            turns = int(rng.integers(attempts[min(attempt, len(attempts) - 1)]))
            if self.budget is not None and rounds + turns > self.budget:
                break
            rounds, measurements, attempt = rounds + turns, measurements + 1, attempt + 1
            if rng.random() < np.sin((2 * turns + 1) * np.arcsin(np.sqrt(len(below) / items))) ** 2:
                best, attempt = int(rng.choice(below)), 0
                below = below[losses[below] < losses[best]]
                trail.append(float(losses[best]))
        return Search(
            mask_of(best, items.bit_length() - 1), trail[-1], not len(below), rounds, measurements, tuple(trail)
        )


@dataclass(frozen=True, eq=False)
class MinimumRuns:
    """Runs of minimum finding until each has the minimum.

    Attributes
    ----------
    rounds
        Grover rounds, shape (runs,).
    measurements
        Outcomes, shape (runs,).
    """

    rounds: NDArray[np.int64]
    measurements: NDArray[np.int64]


def simulated_rounds(items: int, runs: int, growth: float = GROWTH, seed: Seed = None) -> MinimumRuns:
    """Simulate runs of minimum finding among distinct losses, whose ranks are all that it depends on.

    No table is needed: of an item of rank r, r items are marked, and a marked outcome has a uniform rank below r.

    Parameters
    ----------
    items
        M, at most 2^62.
    runs
        The number of runs.
    growth
        lambda.
    seed
        The seed.

    Raises
    ------
    InputError
        If there is no item, M is above 2^62, there is no run, or the growth is no finite number above 1.
    """
    total, many, rng = whole_number("items", items, 1), whole_number("runs", runs, 1), generator(seed)
    if total > MOST_RANKS:
        raise InputError(f"items = {total} are above 2^62, the ranks that can be drawn; take expected_rounds.")
    attempts = np.array(sizes(total, check_growth(growth)))
    ranks, attempt = rng.integers(total, size=many), np.zeros(many, dtype=np.int64)
    rounds, measurements = np.zeros(many, dtype=np.int64), np.zeros(many, dtype=np.int64)
    going = np.flatnonzero(ranks)
    while len(going):
        turns = rng.integers(attempts[np.minimum(attempt[going], len(attempts) - 1)])
        angles = np.arcsin(np.sqrt(ranks[going] / total))
        hit = rng.random(len(going)) < np.sin((2 * turns + 1) * angles) ** 2
        rounds[going] += turns
        measurements[going] += 1
        attempt[going] = np.where(hit, 0, attempt[going] + 1)
        better = going[hit]
        ranks[better] = rng.integers(ranks[better])
        going = going[ranks[going] > 0]
    return MinimumRuns(rounds, measurements)
