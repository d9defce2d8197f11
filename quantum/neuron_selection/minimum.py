"""Duerr and Hoyer's minimum finding: simulated on a loss table and on ranks alone, and run on circuits.

Duerr and Hoyer 1996 (arXiv:quant-ph/9607014), with the search of Boyer et al. 1998 (arXiv:quant-ph/9605034) inside. In
simulations, what a measurement gives is drawn exactly from the invariant subspace; rounds are the algorithm's.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.primitives import BaseSamplerV2
from qiskit.providers import BackendV2

from problems.errors import InputError, whole_number
from problems.memory import require_memory
from problems.neuron_selection import index_of, mask_of
from problems.seeds import Seed, generator
from problems.showing import Shows
from quantum.neuron_selection.grover import grover_circuit, measured_masks
from quantum.neuron_selection.rounds import GROWTH, check_growth, sizes
from quantum.neuron_selection.subspace import MOST_NEURONS, check_table, table_of

__all__ = ["DuerrHoyer", "MinimumRuns", "Search", "simulated_rounds"]

MOST_RANKS = 2**62
"""Ranks are whole numbers of 64 bits."""


@dataclass(frozen=True, eq=False, repr=False)
class Search(Shows):
    """The outcome of one run of minimum finding, and what it cost.

    Attributes
    ----------
    mask
        The best mask, uint8, shape (N,).
    loss
        Its loss.
    reached
        Whether this is the minimum: the simulation knows; None after circuits, which do not tell.
    rounds
        Grover rounds: a phase query each.
    measurements
        Outcomes, each checked by a query of the loss.
    losses
        The best loss from the first mask to the last, one for each improvement.
    """

    mask: NDArray[np.uint8]
    loss: float
    reached: bool | None
    rounds: int
    measurements: int
    losses: tuple[float, ...]

    def _facts(self) -> Mapping[str, object]:
        known = {} if self.reached is None else {"is the minimum": bool(self.reached)}
        return {"loss": float(self.loss), **known, "rounds": self.rounds, "measurements": self.measurements}

    @property
    def index(self) -> int:
        """The mask as a whole number, bit j for neuron j."""
        return index_of(self.mask)


@dataclass(frozen=True)
class DuerrHoyer:
    """Minimum finding over all masks of a problem.

    Attributes
    ----------
    growth
        How the range of rounds grows after an outcome that is no improvement.
    budget
        The rounds after which a run ends. None ends a simulation with the minimum, as `expected_rounds` counts, and a
        run of circuits, which does not know it, after 22.5 sqrt(M): Duerr and Hoyer's own limit, which finds it with a
        probability of 1/2 at least.

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

    def solve(self, problem: Any, seed: Seed = None) -> Search:
        """Simulate one run exactly, for at most 28 neurons.

        Raises
        ------
        InputError
            If the problem has more neurons, or its table does not fit in memory.
        """
        return self.search(table_of(problem), seed)

    def search(self, table: NDArray[np.float64], seed: Seed = None) -> Search:
        """Simulate one run exactly on the losses of all masks, shape (2^N,).

        Raises
        ------
        InputError
            If they are not 2^N finite numbers with N from 1 to 28, or memory is short.
        """
        losses, rng = check_table(table), generator(seed)
        items = len(losses)
        require_memory(9 * items, f"Ranks below a threshold among {items} masks", "take fewer neurons")
        best = int(rng.integers(items))
        run = _Run(items, self.growth, best, float(losses[best]))
        below = np.flatnonzero(losses < run.losses[-1])
        while len(below) and run.draw(rng, self.budget):
            if rng.random() < np.sin((2 * run.turns + 1) * np.arcsin(np.sqrt(len(below) / items))) ** 2:
                outcome = int(rng.choice(below))
                run.improve(outcome, float(losses[outcome]))
                below = below[losses[below] < run.losses[-1]]
        return run.result(reached=not len(below))

    def on_circuits(
        self,
        problem: Any,
        oracle: Callable[[float], QuantumCircuit],
        backend: str | BackendV2 | BaseSamplerV2 = "aer_statevector",
        seed: Seed = None,
    ) -> Search:
        """Run it once on circuits, a shot of each.

        Parameters
        ----------
        problem
            Checks outcomes: the loss that the oracle computes, `problem.quantized(bits)` where it does so with bits.
        oracle
            Makes the phase oracle of a threshold, as `grover_circuit` takes it.
        backend
            As `quantum.backends.resolve` takes it.
        seed
            The seed.

        Raises
        ------
        InputError
            If the problem has more than 28 neurons, or an oracle or the backend is refused.
        """
        neurons, rng = problem.neurons, generator(seed)
        if neurons > MOST_NEURONS:
            raise InputError(f"{neurons} neurons are too many to search by circuits; take {MOST_NEURONS} at most.")
        items = 1 << neurons
        best = int(rng.integers(items))
        run = _Run(items, self.growth, best, float(problem.loss(mask_of(best, neurons))))
        marking = oracle(run.losses[-1])
        while run.draw(rng, math.ceil(22.5 * math.sqrt(items)) if self.budget is None else self.budget):
            outcome = int(measured_masks(grover_circuit(marking, neurons, run.turns), backend, 1, rng)[0])
            loss = float(problem.loss(mask_of(outcome, neurons)))
            if loss < run.losses[-1]:
                run.improve(outcome, loss)
                marking = oracle(loss)
        return run.result(reached=None)


class _Run:
    """A run under way: the best mask so far, what it cost, and how many rounds come next."""

    def __init__(self, items: int, growth: float, best: int, loss: float) -> None:
        self.neurons, self.attempts = items.bit_length() - 1, sizes(items, growth)
        self.best, self.losses = best, [loss]
        self.rounds = self.measurements = self.failures = self.turns = 0

    def draw(self, rng: np.random.Generator, budget: int | None) -> bool:
        """Draw the next number of rounds, and tell whether the budget has them."""
        self.turns = int(rng.integers(self.attempts[min(self.failures, len(self.attempts) - 1)]))
        if budget is not None and self.rounds + self.turns > budget:
            return False
        self.rounds, self.measurements, self.failures = (
            self.rounds + self.turns,
            self.measurements + 1,
            self.failures + 1,
        )
        return True

    def improve(self, outcome: int, loss: float) -> None:
        """Take an outcome for the best so far; the next search begins anew."""
        self.best, self.failures = outcome, 0
        self.losses.append(loss)

    def result(self, reached: bool | None) -> Search:
        """Return what was found."""
        mask = mask_of(self.best, self.neurons)
        return Search(mask, self.losses[-1], reached, self.rounds, self.measurements, tuple(self.losses))


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
