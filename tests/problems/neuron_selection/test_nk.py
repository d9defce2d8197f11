"""NK landscapes and the echo-state network behind them."""

import numpy as np
import pytest

from problems.errors import InputError, OutOfReach
from problems.neuron_selection import NKProblem, echo_state_problem, mask_of, masks_of, random_neighbours, ring
from problems.neuron_selection.echo_state import narma


@pytest.fixture(scope="module")
def page() -> NKProblem:
    return NKProblem(np.random.default_rng(0).random((12, 16)), ring(12, 4))


def test_the_ring_of_the_page(page: NKProblem) -> None:
    assert page.table().min() == pytest.approx(0.2504322176, abs=1e-10)
    assert page.conflicts.sum() == 10
    assert page.bound < page.table().min() <= page.loss(page.majority())


def test_the_table_has_the_loss_of_every_mask(page: NKProblem) -> None:
    rng = np.random.default_rng(1)
    for problem in (page, NKProblem(rng.standard_normal((3, 8)), np.array([[6, 0, 3], [1, 2, 0], [5, 6, 1]]))):
        masks = masks_of(range(1 << problem.neurons), problem.neurons)
        np.testing.assert_allclose(problem.table(), problem.loss(masks), atol=1e-14)
        mask = masks[-3]
        rows = [sum(int(mask[j]) << k for k, j in enumerate(seen)) for seen in problem.neighbours]
        direct = np.mean([table[row] for table, row in zip(problem.tables, rows, strict=True)])
        assert problem.loss(mask) == pytest.approx(direct)


def test_conflicts_and_votes_are_counted() -> None:
    # The first keeps both of its neurons, the second drops 1 and keeps 2; neuron 3 is seen by nobody but the third.
    tables = np.array([[1, 1, 1, 0], [1, 1, 0, 1], [0, 1, 1, 1]], dtype=float)
    problem = NKProblem(tables, np.array([[0, 1], [1, 2], [3, 2]]))
    np.testing.assert_array_equal(problem.local_optima, [[1, 1], [0, 1], [0, 0]])
    np.testing.assert_array_equal(problem.conflicts, [False, True, True, False])
    np.testing.assert_array_equal(problem.majority(), [1, 1, 1, 0])
    assert problem.bound == 0


def test_echo_states_order_as_on_the_page() -> None:
    levels = []
    for seed in range(5):
        problem = echo_state_problem(16, 6, seed, neighbours="random")
        best = mask_of(int(np.argmin(problem.table())), 16)
        every = np.ones(16, dtype=np.uint8)
        levels.append([problem.bound, *(problem.loss(mask) for mask in (best, problem.majority(), every))])
        assert problem.accuracy(best) == pytest.approx(1 - problem.held_out_loss(best))
        assert problem.conflicts.mean() > 0.5
    bound, best, majority, every = np.mean(levels, axis=0)
    assert bound < best < majority < every < 1
    assert bound > 0.6
    assert best < 0.9


def test_an_output_without_a_probe_explains_nothing() -> None:
    problem = echo_state_problem(6, 2, 0)
    np.testing.assert_allclose(problem.tables[:, 0], 1)
    assert np.all((problem.tables >= 0) & (problem.tables <= 1))


def test_without_fitted_outputs_the_best_mask_keeps_almost_nothing() -> None:
    kept = [mask_of(int(np.argmin(echo_state_problem(10, 4, seed, fitted=False).table())), 10) for seed in range(3)]
    assert np.mean(kept) < 0.1


def test_narma_follows_its_equation() -> None:
    u = np.random.default_rng(0).uniform(0, 0.5, 60)
    y = narma(u)
    t = 30
    assert y[t + 1] == pytest.approx(0.3 * y[t] + 0.05 * y[t] * sum(y[t - 9 : t + 1]) + 1.5 * u[t - 9] * u[t] + 0.1)
    assert np.all(y[:10] == 0)


def test_random_neighbors_are_different_ones() -> None:
    rows = random_neighbours(7, 7, np.random.default_rng(0))
    np.testing.assert_array_equal(np.sort(rows, axis=1), np.tile(np.arange(7), (7, 1)))
    np.testing.assert_array_equal(rows[:, 0], np.arange(7))


@pytest.mark.parametrize(
    ("tables", "neighbours", "said"),
    [
        (np.zeros((2, 4)), [[0, 1], [1, 1]], r"neighbours\[1\] = \[1, 1\] names a neuron twice, as K > N must"),
        (np.zeros((2, 4)), [[0, 1], [1, -2]], "no neuron"),
        (np.zeros((2, 4)), [[0, 1], [1, 0.5]], "no neuron"),
        (np.zeros((2, 3)), [[0, 1], [1, 2]], r"tables has shape \(2, 3\), .* need \(2, 4\)"),
        (np.full((1, 2), np.nan), [[0]], r"tables\[0, 0\] = nan"),
        (np.zeros((1, 2)), [0], r"neighbours has shape \(1,\)"),
        (np.zeros((0, 2)), np.zeros((0, 1)), "neighbours has shape"),
        (np.zeros((1, 2)), [list(range(30))], "K = 30"),
    ],
)
def test_bad_landscapes_are_refused(tables: np.ndarray, neighbours: list, said: str) -> None:
    with pytest.raises(InputError, match=said):
        NKProblem(tables, neighbours)  # type: ignore[arg-type]


def test_more_neighbors_than_neurons_are_refused() -> None:
    for make in (
        ring,
        lambda n, k: random_neighbours(n, k, np.random.default_rng(0)),
        lambda n, k: echo_state_problem(n, k, 0),
    ):
        with pytest.raises(InputError, match=r"K = 5 > N = 4"):
            make(4, 5)
    with pytest.raises(InputError, match="There is no kind of neighbours 'star'"):
        echo_state_problem(4, 2, 0, neighbours="star")  # type: ignore[arg-type]


def test_tables_and_masks_are_refused_as_ever(page: NKProblem) -> None:
    with pytest.raises(InputError, match="12 neurons"):
        page.loss([0, 1])
    with pytest.raises(OutOfReach, match=r"2\^45 masks"):
        NKProblem(np.zeros((45, 2)), ring(45, 1)).table()
