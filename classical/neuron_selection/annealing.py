"""Simulated annealing (Kirkpatrick, Gelatt, Vecchi 1983), by dwave-samplers."""

import warnings
from typing import Any

from classical.neuron_selection.dwave import dwave_samplers, lowest, sampler_seed
from classical.neuron_selection.protocol import Selection, check_quadratic
from problems.errors import whole_number
from problems.neuron_selection import to_bqm
from problems.seeds import Seed

__all__ = ["Annealing"]


class Annealing:
    """Takes the best of several reads, each cooled over so many sweeps. Proves nothing.

    Work: "sweeps" over all neurons, summed over reads, and "reads".

    Parameters
    ----------
    reads, sweeps
        Runs, and sweeps of each.

    Raises
    ------
    InputError
        If one is no whole number of at least 1.
    """

    def __init__(self, reads: int = 50, sweeps: int = 1000) -> None:
        self.reads, self.sweeps = whole_number("reads", reads, 1), whole_number("sweeps", sweeps, 1)

    def solve(self, problem: Any, seed: Seed = None) -> Selection:
        """Return the best mask sampled; see `Solver.solve`.

        Raises
        ------
        InputError
            If the loss is not quadratic, or the extra ``[annealing]`` is not installed.
        """
        problem = check_quadratic(problem, "Annealing")
        sampler = dwave_samplers().SimulatedAnnealingSampler()
        model, settings = to_bqm(problem), {"num_reads": self.reads, "num_sweeps": self.sweeps}
        with warnings.catch_warnings():  # a constant loss is no mistake here: every mask of it is right
            warnings.filterwarnings("ignore", "All bqm biases are zero", UserWarning)
            samples = sampler.sample(model, seed=sampler_seed(seed), **settings)
        return lowest(problem, samples, {"sweeps": self.reads * self.sweeps, "reads": self.reads})
