"""A loss as dimod's model: its energies are losses; without dimod the extra is named."""

import sys

import numpy as np
import pytest

from problems.errors import InputError, OutOfReach
from problems.neuron_selection import MaskProblem, NKProblem, masks_of, ring, ticket_problem, to_bqm


@pytest.mark.parametrize(
    "problem", [ticket_problem(8, 0), MaskProblem(2.0, np.arange(3.0), np.diag([1.0, 0, 0]) + np.eye(3)[::-1])]
)
def test_energies_are_losses(problem):
    pytest.importorskip("dimod")
    model, table = to_bqm(problem), problem.table()
    masks = masks_of(np.arange(len(table)), problem.neurons)
    np.testing.assert_allclose(model.energies((masks, range(problem.neurons))), table, atol=1e-12)
    assert list(model.variables) == list(range(problem.neurons))
    assert model.num_interactions == np.count_nonzero(np.triu(problem.quadratic, 1))


def test_without_dimod_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "dimod", None)
    with pytest.raises(OutOfReach, match=r"pip install 'quantum-tickets\[annealing\]'"):
        to_bqm(ticket_problem(4, 0))


def test_a_loss_of_larger_terms_is_refused():
    with pytest.raises(InputError, match="A loss of type NKProblem is not quadratic"):
        to_bqm(NKProblem(np.zeros((4, 4)), ring(4, 2)))
