"""Minimum finding on tables and on ranks, and Grover in its invariant subspace."""

from functools import partial

import numpy as np
import pytest

from problems.errors import InputError
from problems.neuron_selection import MaskProblem, mask_of, ticket_problem
from quantum.neuron_selection import (
    DuerrHoyer,
    FourierOracle,
    GroverSubspace,
    diagonal_oracle,
    expected_measurements,
    expected_rounds,
    simulated_rounds,
)


def standard_errors(values, expected):
    return abs(np.mean(values) - expected) / (np.std(values, ddof=1) / np.sqrt(len(values)))


@pytest.mark.parametrize("growth", [6 / 5, 1.34])
@pytest.mark.parametrize("bits", [4, 12, 18])
def test_two_thousand_runs_agree_with_the_closed_form(bits, growth):
    runs = simulated_rounds(2**bits, 2000, growth, seed=bits)
    assert standard_errors(runs.rounds, expected_rounds(2**bits, growth)) < 4
    assert standard_errors(runs.measurements, expected_measurements(2**bits, growth)) < 4


def test_runs_on_a_table_cost_what_runs_on_ranks_do():
    table = np.random.default_rng(0).random(64)
    found = [DuerrHoyer().search(table, seed) for seed in range(600)]
    assert {one.index for one in found} == {int(np.argmin(table))}
    assert all(one.reached and one.losses[-1] == one.loss == table.min() for one in found)
    assert standard_errors([one.rounds for one in found], expected_rounds(64)) < 4
    assert standard_errors([one.measurements for one in found], expected_measurements(64)) < 4


def test_the_minimum_of_a_ticket():
    problem = ticket_problem(12, 0)
    found = DuerrHoyer().solve(problem, seed=1)
    assert found.index == 169
    assert found.loss == pytest.approx(0.68930578, abs=1e-8)
    np.testing.assert_array_equal(found.mask, mask_of(169, 12))
    assert list(found.losses) == sorted(found.losses, reverse=True)


def test_masks_of_equal_losses_are_no_improvement():
    found = DuerrHoyer().search(np.array([1.0, 0.0, 0.0, 1.0]), seed=0)
    assert found.index in (1, 2)
    assert DuerrHoyer().search(np.zeros(8), seed=0).rounds == 0


def test_a_budget_ends_a_run_and_the_seed_decides_it():
    problem = ticket_problem(12, 0)
    runs = [DuerrHoyer(budget=20).solve(problem, seed) for seed in range(40)]
    assert all(run.rounds <= 20 for run in runs)
    assert {run.reached for run in runs} == {True, False}
    again = DuerrHoyer(budget=20).solve(problem, 7)
    assert (again.index, again.rounds, again.measurements) == (runs[7].index, runs[7].rounds, runs[7].measurements)


def test_ranks_need_no_table():
    runs = simulated_rounds(2**40, 200, seed=0)
    assert standard_errors(runs.rounds, expected_rounds(2**40)) < 4


def test_on_circuits_with_arithmetic():
    problem = ticket_problem(4, 0)
    bits = FourierOracle(problem, threshold=0.0).bits
    rounded = problem.quantized(bits)
    runs = [
        DuerrHoyer(budget=24).on_circuits(rounded, lambda t: FourierOracle(problem, t, bits).circuit, seed=seed)
        for seed in range(2)
    ]
    assert {run.index for run in runs} == {int(np.argmin(problem.table()))}
    assert all(run.rounds <= 24 and run.reached is None for run in runs)
    assert all(run.loss == pytest.approx(rounded.loss(run.mask)) for run in runs)


def test_a_seed_decides_a_run_on_circuits():
    table = np.random.default_rng(1).permutation(4) / 4
    problem = MaskProblem(table[0], table[1:3] - table[0], np.zeros((2, 2)))
    exact = problem.table()
    runs = [DuerrHoyer(budget=8).on_circuits(problem, partial(diagonal_oracle, exact), seed=seed) for seed in range(12)]
    again = DuerrHoyer(budget=8).on_circuits(problem, partial(diagonal_oracle, exact), seed=3)
    assert (again.rounds, again.losses) == (runs[3].rounds, runs[3].losses)
    assert np.mean([run.loss == exact.min() for run in runs]) > 0.8


@pytest.mark.parametrize("rounds", [0, 1, 3])
@pytest.mark.parametrize("marked", [0, 1, 5, 16])
def test_the_subspace_is_the_search_itself(marked, rounds):
    table = np.random.default_rng(marked).permutation(16).astype(float)
    state = np.full(16, 0.25)
    for _ in range(rounds):
        state = np.where(table < marked, -state, state)
        state = 2 * state.mean() - state
    search = GroverSubspace(table)
    assert search.marked(marked) == marked
    np.testing.assert_allclose(search.probabilities(marked, rounds), state**2, atol=1e-14)
    assert search.success(marked, rounds) == pytest.approx(np.sum(state[table < marked] ** 2), abs=1e-14)


def test_outcomes_are_drawn_with_their_probabilities():
    search = GroverSubspace(np.random.default_rng(0).random(8))
    outcomes = search.measure(0.3, 1, 20_000, seed=0)
    expected = search.probabilities(0.3, 1) * 20_000
    assert np.sum((np.bincount(outcomes, minlength=8) - expected) ** 2 / expected) < 30  # chi-square of 7


class _Large:
    neurons = 30


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: GroverSubspace(np.zeros(3)), r"shape \(3,\); give the losses of all 2\^N masks"),
        (lambda: GroverSubspace(np.array([0, np.nan])), "The loss of mask 1 is nan"),
        (lambda: GroverSubspace.of(_Large()), r"2\^30 entries, above 2\^28"),
        (lambda: DuerrHoyer().solve(_Large()), "simulated_rounds and expected_rounds, which need ranks alone"),
        (lambda: DuerrHoyer(growth=0.5), "growth = 0.5 lets no search grow"),
        (lambda: DuerrHoyer(budget=-1), "budget = -1 is too small"),
        (lambda: simulated_rounds(2**70, 1), r"are above 2\^62"),
        (lambda: simulated_rounds(16, 0), "runs = 0 is too small"),
        (lambda: GroverSubspace.of(MaskProblem(0.0, np.ones(2), np.eye(2))).success(0, -1), "rounds = -1"),
    ],
)
def test_refusals_are_one_line(call, message):
    with pytest.raises(InputError, match=message) as refusal:
        call()
    assert "\n" not in str(refusal.value)
