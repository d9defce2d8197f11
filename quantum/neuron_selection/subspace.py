"""Grover's search over all masks, exactly, in the two-dimensional subspace that it never leaves.

The state stays a |marked> + b |unmarked>, each uniform over its masks. A round turns it by 2 theta, sin^2 theta = k/M.

Whitaker (arXiv:2302.05984) prints the oracle with its sign inverted, -1 on the masks that are not sought: -1 times the
operator meant, which no outcome of a search shows but every controlled query does. And |s> is printed with the factor
1/N, which makes no unit vector. Here the marked masks are those with a loss strictly below the threshold, they get the
sign -1, and |s> = 2^(-N/2) sum_m |m>.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.errors import InputError, whole_number
from problems.seeds import Seed, generator
from quantum.blocks.amplitude_amplification import amplified_probability

__all__ = ["MOST_NEURONS", "GroverSubspace", "check_table", "table_of"]

MOST_NEURONS = 28
"""Tables of 2^28 losses take 2 GiB; beyond, `simulated_rounds` needs the ranks of the losses alone."""


@dataclass(frozen=True, eq=False)
class GroverSubspace:
    """Grover's search for masks whose loss is strictly below a threshold, among all of a table.

    Attributes
    ----------
    table
        The losses of all masks, shape (2^N,); bit j of the index is neuron j.

    Raises
    ------
    InputError
        If there are not 2^N losses, N is above 28, or a loss is not finite.
    """

    table: NDArray[np.float64]

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", check_table(self.table))

    @classmethod
    def of(cls, problem: object) -> "GroverSubspace":
        """Return the search over the masks of a problem of at most 28 neurons.

        Raises
        ------
        InputError
            If it has more neurons, or its table does not fit in memory.
        """
        return cls(table_of(problem))

    @property
    def items(self) -> int:
        """The number of masks M = 2^N."""
        return len(self.table)

    def marked(self, threshold: float) -> int:
        """Return k, the number of masks whose loss is strictly below the threshold."""
        return int(np.count_nonzero(self.table < threshold))

    def success(self, threshold: float, rounds: int) -> float:
        """Return sin^2((2 rounds + 1) theta), the probability that the outcome is marked.

        Raises
        ------
        InputError
            If the number of rounds is no whole number of at least 0.
        """
        return amplified_probability(self.marked(threshold) / self.items, rounds)

    def probabilities(self, threshold: float, rounds: int) -> NDArray[np.float64]:
        """Return the probabilities of all masks, shape (2^N,).

        Raises
        ------
        InputError
            As `success` does.
        """
        below = self.table < threshold
        count, success = int(np.count_nonzero(below)), self.success(threshold, rounds)
        each = [share / max(number, 1) for share, number in ((1 - success, self.items - count), (success, count))]
        return np.where(below, each[1], each[0])

    def measure(self, threshold: float, rounds: int, shots: int, seed: Seed = None) -> NDArray[np.int64]:
        """Return outcomes, shape (shots,): whole numbers whose bit j is neuron j.

        Raises
        ------
        InputError
            As `success` does, or if the number of shots is no whole number of at least 1.
        """
        shots, rng = whole_number("shots", shots, 1), generator(seed)
        success, below = self.success(threshold, rounds), self.table < threshold
        hits = rng.random(shots) < success
        outcomes = np.empty(shots, dtype=np.int64)
        for side, wanted in ((hits, below), (~hits, ~below)):
            if np.any(side):
                outcomes[side] = rng.choice(np.flatnonzero(wanted), np.count_nonzero(side))
        return outcomes


def table_of(problem: object) -> NDArray[np.float64]:
    """Return a problem's table of losses, shape (2^N,), of at most 28 neurons.

    Raises
    ------
    InputError
        If it has more neurons, or the table does not fit in memory.
    """
    neurons = problem.neurons  # type: ignore[attr-defined]
    if neurons > MOST_NEURONS:
        raise InputError(
            f"A loss table of {neurons} neurons has 2^{neurons} entries, above 2^{MOST_NEURONS}; take fewer, or "
            "simulated_rounds and expected_rounds, which need ranks alone."
        )
    return np.asarray(problem.table())  # type: ignore[attr-defined]


def check_table(table: ArrayLike) -> NDArray[np.float64]:
    """Return a table of losses, shape (2^N,), as floating-point numbers.

    Raises
    ------
    InputError
        If there are not 2^N losses with N from 1 to 28, or one is not finite.
    """
    losses = np.asarray(table, dtype=float)
    neurons = len(losses).bit_length() - 1 if losses.ndim == 1 else 0
    if neurons < 1 or len(losses) != 1 << neurons:
        raise InputError(f"The loss table has shape {losses.shape}; give the losses of all 2^N masks, N >= 1.")
    if neurons > MOST_NEURONS:
        raise InputError(f"The loss table has 2^{neurons} entries, above 2^{MOST_NEURONS}; take fewer neurons.")
    if not math.isfinite(np.min(losses)) or not math.isfinite(np.max(losses)):
        where = int(np.argmin(np.isfinite(losses)))
        raise InputError(f"The loss of mask {where} is {losses[where]}; give finite losses alone.")
    return losses
