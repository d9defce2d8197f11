"""The polynomial update: its increment, other coordinates, and what is refused."""

import numpy as np
import pytest

from problems.errors import InputError
from problems.sparse_training import PolynomialUpdate
from tests.problems.sparse_training.references import PAIR, SCALAR, increment, random_update


@pytest.mark.parametrize(("dimension", "degree"), [(1, 2), (2, 3), (3, 2), (3, 0)])
def test_increments_are_those_of_the_definition(dimension: int, degree: int) -> None:
    update = random_update(dimension, degree)
    points = np.random.default_rng(1).standard_normal((4, dimension))
    wanted = np.array([increment(update, u) for u in points])
    np.testing.assert_allclose(update(points), wanted, rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(update.update(points[0]), wanted[0], rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("degree", [1, 2, 3, 5])
def test_other_centers_and_units_are_the_same_update(degree: int) -> None:
    update = random_update(3, degree, seed=degree)
    at, v = np.random.default_rng(2).standard_normal((2, 3))
    np.testing.assert_allclose(update.recentred(at)(v), update(v + at), rtol=1e-12)
    np.testing.assert_allclose(update.recentred(at).recentred(-at)(v), update(v), rtol=1e-11)
    np.testing.assert_allclose(0.7 * update.rescaled(0.7)(v / 0.7), update(v), rtol=1e-12)


def test_a_single_weight_takes_plain_numbers() -> None:
    assert SCALAR(0.5) == pytest.approx(-0.2 * 0.5 + 0.1 * 0.25)
    assert [matrix.shape for matrix in SCALAR.coefficients] == [(1,), (1, 1), (1, 1)]


def test_an_update_keeps_its_own_arrays() -> None:
    given = np.zeros(2)
    update = PolynomialUpdate([given, np.zeros((2, 2))])
    given[0] = 1
    assert update.coefficients[0][0] == 0
    with pytest.raises(ValueError, match="read-only"):
        update.coefficients[0][0] = 1
    assert repr(PAIR) == "PolynomialUpdate(n = 2, q = 2)"


@pytest.mark.parametrize(
    ("coefficients", "message"),
    [
        ([], "of no coefficients"),
        ([np.zeros((2, 2))], "F_0 has shape"),
        ([np.zeros(0)], "F_0 has shape"),
        ([np.zeros(2), np.zeros((2, 3))], r"F_1 has shape \(2, 3\), but F_0 is for n = 2 weights; give \(2, 2\)"),
        ([np.zeros(2), np.zeros((2, 2)), np.zeros((2, 2, 2))], r"F_2 has shape .* give \(2, 4\)"),
        ([[0.0, np.nan]], r"F_0\[1\] = nan is not finite"),
        ([np.zeros(1), [[np.inf]]], r"F_1\[0, 0\] = inf is not finite"),
        ([["a", "b"]], "no real number"),
        ([np.zeros(2), np.zeros((2, 2)) + 1j], "no real number"),
    ],
)
def test_coefficients_that_do_not_fit_are_refused(coefficients: list, message: str) -> None:
    with pytest.raises(InputError, match=message) as refused:
        PolynomialUpdate(coefficients)
    assert "\n" not in str(refused.value)


def test_points_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InputError, match=r"u has shape \(3,\); give \(2,\)"):
        PAIR(np.zeros(3))
    with pytest.raises(InputError, match=r"at has shape \(1, 2\)"):
        PAIR.recentred(np.zeros((1, 2)))
    with pytest.raises(InputError, match=r"at\[0\] = nan"):
        PAIR.recentred([np.nan, 0])
    with pytest.raises(InputError, match="gamma"):
        PAIR.rescaled(0)
