"""Quantum neuron selection (Whitaker, arXiv:2302.05984): oracles, searches, QAOA, annealing, and their costs.

A new oracle is one new file here; `Oracle` has the whole numbers of a quadratic loss, `MaskOracle` what all share.
"""

from problems.neuron_selection import to_bqm
from quantum.neuron_selection.branch_and_bound import QueryBound, branch_and_bound_queries
from quantum.neuron_selection.error_count import ErrorCountOracle
from quantum.neuron_selection.fourier import FourierOracle
from quantum.neuron_selection.grover import (
    diagonal_oracle,
    exact_probabilities,
    grover_circuit,
    marking_oracle,
    measured_masks,
)
from quantum.neuron_selection.lookup import LookupOracle
from quantum.neuron_selection.minimum import DuerrHoyer, MinimumRuns, Search, simulated_rounds
from quantum.neuron_selection.oracle import MaskOracle, Oracle, OracleCost, oracle_cost
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
from quantum.neuron_selection.ripple import RippleOracle
from quantum.neuron_selection.rounds import best_rounds, expected_measurements, expected_rounds, search_costs
from quantum.neuron_selection.subspace import GroverSubspace

__all__ = [
    "DuerrHoyer",
    "ErrorCountOracle",
    "FourierOracle",
    "GroverSubspace",
    "LookupOracle",
    "MaskOracle",
    "MinimumRuns",
    "Oracle",
    "OracleCost",
    "QaoaResult",
    "QaoaState",
    "QueryBound",
    "RippleOracle",
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
    "oracle_cost",
    "qaoa_circuit",
    "reaches",
    "search_costs",
    "simulated_rounds",
    "to_bqm",
    "tune_qaoa",
]
