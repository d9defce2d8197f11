"""The cross-entropy fidelity of nodes, at any dimension."""

from dataclasses import dataclass

import numpy as np

from classical.ridgelet.uniform import UniformSampler
from compare.distributions.exact import check_samples, exact_probabilities, is_enumerable
from compare.statistics import Estimate
from problems.errors import InputError
from problems.ridgelet import Nodes, RidgeletProblem
from problems.seeds import Seed

__all__ = ["UNIFORM_NODES", "Excess", "fidelity", "ideal_excess"]

UNIFORM_NODES = 100_000
"""Uniform nodes that estimate E_p*[w] where nothing can be enumerated."""


@dataclass(frozen=True)
class Excess:
    """E_p*[w] - 1 with w = P^(D+1) p*: what the fidelity divides by, and its standard error."""

    value: float
    error: float


def ideal_excess(problem: RidgeletProblem, seed: Seed = 0) -> Excess:
    """Return the excess of the ideal sampler: exact where nodes can be enumerated, else from uniform nodes.

    Raises
    ------
    InputError
        If p* is uniform, so that the fidelity is undefined.
    """
    if is_enumerable(problem):
        exact = exact_probabilities(problem, "Fidelity")
        found = Excess(float(problem.node_count * np.sum(exact**2)) - 1, 0.0)
    else:
        squares = problem.density(UniformSampler(problem).sample(UNIFORM_NODES, seed)) ** 2
        found = Excess(float(np.mean(squares)) - 1, float(np.std(squares, ddof=1) / np.sqrt(UNIFORM_NODES)))
    if found.value < 1e-9:
        raise InputError("p* is uniform for this problem, so no sampler differs from uniform; fidelity is undefined.")
    return found


def fidelity(
    problem: RidgeletProblem, nodes: Nodes, seed: Seed = 0, drawn_for: RidgeletProblem | str | None = None
) -> Estimate:
    """Return the cross-entropy fidelity: 1 for the ideal sampler, 0 for uniform nodes, at any dimension.

    With w = P^(D+1) p* it is (mean of w over the samples - 1)/(E_p*[w] - 1), and E_p*[w] = E_uniform[w^2].

    Parameters
    ----------
    problem
        Any problem.
    nodes
        Independent samples.
    seed
        Of the uniform nodes that estimate the ideal mean where nothing can be enumerated.
    drawn_for
        The problem (or its digest) that the samples were drawn for, where this is on record.

    Raises
    ------
    InputError
        If p* is uniform, so that the fidelity is undefined, or the samples are another problem's or fewer than two.
    """
    check_samples(problem, nodes, 2, "an interval", drawn_for)
    density = problem.density(nodes)
    ideal = ideal_excess(problem, seed)
    best = (float(np.mean(density)) - 1) / ideal.value
    own = float(np.std(density, ddof=1)) / np.sqrt(len(nodes))
    error = np.hypot(own / ideal.value, best * ideal.error / ideal.value)
    return Estimate.normal(best, float(error), len(nodes))
