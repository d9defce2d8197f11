"""Grover's circuit around an oracle that computes, on Aer, against the formula."""

import numpy as np
import pytest

from problems.neuron_selection import ticket_problem
from quantum.neuron_selection import (
    FourierOracle,
    GroverSubspace,
    RippleOracle,
    best_rounds,
    exact_probabilities,
    grover_circuit,
)


@pytest.mark.parametrize(
    ("neurons", "make"), [(3, RippleOracle), (4, FourierOracle), (6, FourierOracle), (8, FourierOracle)]
)
def test_probabilities_are_those_of_the_formula(neurons, make):
    problem = ticket_problem(neurons, 0)
    oracle = make(problem, threshold=float(np.sort(problem.table())[5]))
    marked = oracle.loss.all_values() < 0
    rounds = best_rounds(2**neurons, np.count_nonzero(marked))
    search = GroverSubspace(np.where(marked, 0.0, 1.0))
    found = exact_probabilities(grover_circuit(oracle.circuit, neurons, rounds, measured=False), neurons)
    np.testing.assert_allclose(found, search.probabilities(0.5, rounds), atol=1e-10)
