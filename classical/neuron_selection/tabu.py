"""Tabu search with restarts (Palubeckis 2004), by dwave-samplers."""

from typing import Any

from classical.neuron_selection.dwave import dwave_samplers, lowest, sampler_seed
from classical.neuron_selection.protocol import Selection, check_quadratic
from problems.errors import whole_number
from problems.neuron_selection import to_bqm
from problems.seeds import Seed

__all__ = ["Tabu"]

PATIENCE = 600_000
"""Milliseconds after which a read would be cut off: never, so that the seed alone decides what is found."""


class Tabu:
    """Takes the best of several reads, each of a number of restarts. Proves nothing.

    Work: "reads" and "restarts", summed over reads.

    Parameters
    ----------
    reads, restarts
        Runs, and restarts of each.

    Raises
    ------
    InputError
        If one is no whole number of at least 1.
    """

    def __init__(self, reads: int = 10, restarts: int = 20) -> None:
        self.reads, self.restarts = whole_number("reads", reads, 1), whole_number("restarts", restarts, 1)

    def solve(self, problem: Any, seed: Seed = None) -> Selection:
        """Return the best mask sampled; see `Solver.solve`.

        Raises
        ------
        InputError
            If the loss is not quadratic, or the extra ``[annealing]`` is not installed.
        """
        problem = check_quadratic(problem, "Tabu")
        sampler = dwave_samplers().TabuSampler()
        samples = sampler.sample(
            to_bqm(problem),
            num_reads=self.reads,
            num_restarts=self.restarts,
            timeout=PATIENCE,
            seed=sampler_seed(seed),
        )
        return lowest(problem, samples, {"reads": self.reads, "restarts": self.reads * self.restarts})
