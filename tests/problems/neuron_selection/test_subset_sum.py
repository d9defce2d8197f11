"""Gadgets: losses that keep their digits near zero."""

from fractions import Fraction

import numpy as np
import pytest

from problems.errors import InputError, OutOfReach
from problems.neuron_selection import gadget_problem, masks_of, subset_sum_problem


def test_the_residual_keeps_digits_that_the_quadratic_form_loses() -> None:
    vectors = np.random.default_rng(0).uniform(-1, 1, (1, 20))
    problem = subset_sum_problem(vectors, [1.0])
    table = problem.table()
    assert int(np.argmin(table)) == 184187
    assert np.sqrt(table.min()) == pytest.approx(1.228629e-6, abs=1e-12)
    mask = masks_of([184187], 20)
    exact = 1 - sum(Fraction(float(value)) for value in vectors[0][mask[0] == 1])
    assert problem.loss(mask)[0] == pytest.approx(float(exact**2), rel=1e-8)


def test_the_table_has_the_loss_of_every_mask() -> None:
    problem = gadget_problem(9, 3, 1)
    masks = masks_of(range(512), 9)
    direct = np.sum((problem.w - masks @ problem.A.T) ** 2, axis=1)
    np.testing.assert_allclose(problem.table(), direct, rtol=1e-12)
    np.testing.assert_allclose(problem.loss(masks), direct, rtol=1e-12)
    quadratic = problem.constant + masks @ problem.linear + np.sum((masks @ problem.quadratic) * masks, axis=1)
    np.testing.assert_allclose(quadratic, direct, atol=1e-13)
    assert problem.accuracy(masks[0]) == 0
    assert (problem.rank, problem.neurons) == (3, 9)


def test_pairs_of_neurons_multiply_two_weights() -> None:
    rng = np.random.default_rng(4)
    vectors = rng.uniform(-1, 1, (2, 7))
    np.testing.assert_array_equal(gadget_problem(7, 2, 4, pairs=False).A, vectors)
    np.testing.assert_array_equal(gadget_problem(7, 2, 4).A, vectors * rng.uniform(-1, 1, 7))


@pytest.mark.parametrize(
    ("vectors", "target", "said"),
    [
        (np.zeros((0, 3)), [], "rank 0"),
        ([[1.0, 2.0]], [1.0, 2.0], "A has 1 rows, but w has 2"),
        ([[np.nan, 1.0]], [1.0], r"A\[0, 0\] = nan"),
        ([[1.0]], [np.inf], r"w\[0\] = inf"),
        ([1.0, 2.0], [1.0], "2 axes"),
        (np.zeros((1, 0)), [1.0], "no neuron"),
    ],
)
def test_bad_gadgets_are_refused(vectors: object, target: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        subset_sum_problem(vectors, target)  # type: ignore[arg-type]


def test_bad_sizes_are_refused() -> None:
    with pytest.raises(InputError, match="rank r = 0"):
        gadget_problem(4, 0, 0)
    with pytest.raises(OutOfReach, match="table of 2"):
        gadget_problem(50, 1, 0).table()
