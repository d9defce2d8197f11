"""Quantum neuron selection (Whitaker, arXiv:2302.05984): Grover, minimum finding, QAOA, annealing, their costs."""

from problems.neuron_selection import to_bqm
from quantum.neuron_selection.branch_and_bound import QueryBound, branch_and_bound_queries
from quantum.neuron_selection.grover import (
    diagonal_oracle,
    exact_probabilities,
    grover_circuit,
    marking_oracle,
    measured_masks,
)
from quantum.neuron_selection.minimum import DuerrHoyer, MinimumRuns, Search, simulated_rounds
from quantum.neuron_selection.qaoa import (
    QaoaResult,
    QaoaState,
    cost_operator,
    mixer_reach,
    neighbors,
    qaoa_circuit,
    reaches,
    tune_qaoa,
)
from quantum.neuron_selection.rounds import best_rounds, expected_measurements, expected_rounds, search_costs
from quantum.neuron_selection.subspace import GroverSubspace

__all__ = [
    "DuerrHoyer",
    "GroverSubspace",
    "MinimumRuns",
    "QaoaResult",
    "QaoaState",
    "QueryBound",
    "Search",
    "best_rounds",
    "branch_and_bound_queries",
    "cost_operator",
    "diagonal_oracle",
    "exact_probabilities",
    "expected_measurements",
    "expected_rounds",
    "grover_circuit",
    "marking_oracle",
    "measured_masks",
    "mixer_reach",
    "neighbors",
    "qaoa_circuit",
    "reaches",
    "search_costs",
    "simulated_rounds",
    "to_bqm",
    "tune_qaoa",
]
