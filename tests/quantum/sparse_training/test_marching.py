"""Marching: the circuit step by step, its success in closed form, and what it reads."""

import numpy as np
import pytest

from problems.errors import InputError
from quantum.sparse_training import HistorySolver, MarchingSolver
from tests.quantum.blocks.branches import good_branch
from tests.quantum.sparse_training.examples import carleman, drawn, history, page


@pytest.mark.parametrize(
    ("update", "start", "steps", "order", "scale"),
    [(page(), None, 4, 2, None), (page(), (0.3, -0.1), 3, 1, 0.5), (drawn(3), (0.1, 0.2, 0.3), 2, 2, 1.5)],
)
def test_the_circuit_is_the_power_of_the_matrix(update, start, steps, order, scale):
    solver = MarchingSolver(update, start, steps, order, scale)
    branch = good_branch(solver.circuit, solver.flags, len(solver.branch))
    np.testing.assert_allclose(branch, solver.branch, rtol=0, atol=1e-12)
    gamma = scale or 1.0
    origin = np.zeros(update.dimension) if start is None else np.array(start) / gamma
    exact = history(update.rescaled(gamma), steps, order, origin)
    np.testing.assert_allclose(
        solver.solve(), gamma * exact[-1, 1 : update.dimension + 1] / exact[-1, 0], rtol=0, atol=1e-12
    )
    # Success: |y(T)|^2/(|B|^2T |y(0)|^2); the symmetric part of B has the norm that the circuit divides by.
    norm = solver.encoding.alpha
    assert norm <= np.linalg.norm(carleman(update.rescaled(gamma), order), 2) * (1 + 1e-12)
    grown = np.sum(exact[steps] ** 2) / np.sum(exact[0] ** 2)
    assert solver.success == pytest.approx(grown / norm ** (2 * steps), rel=1e-10)
    assert solver.qubits == solver.circuit.num_qubits == solver.layout.qubits + steps


def test_it_takes_a_query_a_step_and_says_what_a_good_shot_costs():
    marched, solved = MarchingSolver(page(), steps=4).cost, HistorySolver(page(), steps=4).cost
    assert marched.queries == marched.degree == 4
    assert marched.success == pytest.approx(0.9577, abs=1e-4)
    assert marched.queries_per_good_shot == pytest.approx(4 / marched.good)
    # With |B| = 1.012 and four steps nothing that inverts comes near.
    assert marched.queries_per_good_shot < solved.queries_per_good_shot / 20


def test_shots_and_backends_read_it_as_they_read_a_history():
    solver = MarchingSolver(page(), steps=2, order=1)
    found, errors = solver.sample(20_000, 1)
    assert np.all(np.abs(found - solver.solve()) < 5 * errors)
    measured = solver.measure("aer_statevector", 20_000, 1)
    assert np.all(np.abs(measured.values - solver.solve()) < 5 * measured.errors)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"update": 1.0}, "float is no polynomial update"),
        ({"steps": 0}, "steps T = 0 is too small"),
        ({"scale": 0}, "scale = 0.0 scales every weight away"),
        ({"start": [1.0, 2.0, 3.0]}, r"start has shape \(3,\)"),
    ],
)
def test_bad_requests_are_refused(changes, message):
    with pytest.raises(InputError, match=message):
        MarchingSolver(**{"update": page(), **changes})
