"""Problems of every kind, small enough to look at every mask."""

import numpy as np

from classical.neuron_selection import Problem
from problems.neuron_selection import (
    ErrorCountProblem,
    MaskProblem,
    NKProblem,
    echo_state_problem,
    gadget_problem,
    random_neighbours,
    ring,
    subset_sum_problem,
    ticket_problem,
)
from tests.problems.neuron_selection import random_problem


def indefinite(neurons: int, seed: int) -> MaskProblem:
    """A loss that no convex relaxation describes well, of which some pairs are missing."""
    rng = np.random.default_rng([seed, neurons])
    half = np.triu(rng.standard_normal((neurons, neurons)) * (rng.random((neurons, neurons)) < 0.6))
    return MaskProblem(rng.standard_normal(), rng.standard_normal(neurons), half + half.T)


def quadratic_problems(seed: int) -> list[MaskProblem]:
    """Tickets, gadgets of low rank, problems of low rank, indefinite ones, and several parts."""
    blocks = [random_problem(4, seed), random_problem(5, seed)]
    apart = np.zeros((9, 9))
    apart[:4, :4], apart[4:, 4:] = (block.quadratic for block in blocks)
    return [
        ticket_problem(11, seed),
        random_problem(1, seed),
        random_problem(10, seed),
        random_problem(12, seed, rank=2),
        indefinite(10, seed),
        MaskProblem(0.5, np.concatenate([block.linear for block in blocks]), apart),
        gadget_problem(12, 1, seed, pairs=False),
        gadget_problem(11, 3, seed),
        subset_sum_problem(np.random.default_rng(seed).uniform(-1, 1, (14, 9)), np.ones(14)),
        ticket_problem(9, seed).quantized(4),
        MaskProblem(1.0, np.zeros(3), np.zeros((3, 3))),
    ]


def landscapes(seed: int) -> list[NKProblem]:
    """Rings and random neighbors, and what is not square."""
    rng = np.random.default_rng(seed)
    return [
        NKProblem(rng.random((10, 8)), ring(10, 3)),
        NKProblem(rng.random((9, 16)), random_neighbours(9, 4, rng)),
        NKProblem(rng.standard_normal((3, 4)), np.array([[7, 2], [0, 5], [5, 2]])),
        NKProblem(rng.random((5, 32)), ring(5, 5)),
        echo_state_problem(8, 3, seed),
    ]


def counts(seed: int) -> list[Problem]:
    """Numbers of errors."""
    return [ErrorCountProblem(np.random.default_rng(seed).integers(-15, 16, (40, 8)))]
