import dataclasses

import numpy as np
import pytest

from problems.errors import InputError
from quantum.resources import growth


def test_a_line_is_recognized_with_its_numbers():
    found = growth([1, 2, 5, 9], [12, 21, 48, 84])
    assert (found.constant, found.slope, found.exact) == (3, 9, True)


@pytest.mark.parametrize("exponent", [0.5, 1, 2, 3])
def test_a_power_law_is_recognized_with_its_exponent(exponent):
    sizes = np.array([1, 2, 3, 8])
    found = growth(sizes, 7.0 * sizes**exponent)
    assert found.exponent == pytest.approx(exponent, abs=1e-12)
    assert found.exponent_error == pytest.approx(0, abs=1e-6)
    assert found.exact == (exponent == 1)


def test_what_is_paid_once_is_taken_off_the_power_law_of_a_line():
    found = growth([2, 4, 8, 64], [1018, 1036, 1072, 1576])
    assert (found.constant, found.slope, found.exact) == (1000, 9, True)
    assert found.exponent == pytest.approx(1, abs=1e-9)


def test_a_count_that_does_not_grow_has_no_power_law():
    found = growth([1, 2, 3], [7, 7, 7])
    assert (found.constant, found.slope, found.exact, found.exponent) == (7, 0, True, None)


def test_a_count_off_the_line_is_noticed():
    sizes, counts = np.arange(1, 6), np.array([10, 20, 30, 40, 51])
    found = growth(sizes, counts)
    assert not found.exact
    np.testing.assert_allclose([found.slope, found.constant], np.polyfit(sizes, counts, 1))


def test_the_standard_error_is_that_of_least_squares():
    sizes, counts = np.array([1, 2, 4, 8, 16]), np.array([5, 11, 19, 43, 80])
    (slope, _), covariance = np.polyfit(np.log(sizes), np.log(counts), 1, cov=True)
    found = growth(sizes, counts)
    assert found.exponent == pytest.approx(slope)
    assert found.exponent_error == pytest.approx(np.sqrt(covariance[0, 0]))


def test_zero_has_no_power_law():
    found = growth([1, 2, 3], [0, 0, 0])
    assert (found.exponent, found.exponent_error, found.constant, found.slope, found.exact) == (None, None, 0, 0, True)


def test_sizes_may_come_in_any_order_and_twice():
    one, other = growth([4, 1, 2, 4], [9, 3, 5, 9]), growth([1, 2, 4, 4], [3, 5, 9, 9])
    assert dataclasses.astuple(one) == pytest.approx(dataclasses.astuple(other))


@pytest.mark.parametrize(
    ("sizes", "counts", "message"),
    [
        ([1, 2, 3], [1, 2], "do not match"),
        ([1, 2], [1, 2], "2 different sizes say nothing about growth; give at least 3"),
        ([1, 1, 2], [1, 1, 2], "2 different sizes"),
        ([0, 1, 2], [1, 1, 2], "must be positive"),
        ([1, 2, 3], [1, -1, 2], "at least 0"),
        ([1, 2, float("nan")], [1, 1, 2], "finite"),
        ([1, 2, 3], [1, float("inf"), 2], "finite"),
        ([[1, 2, 3]], [[1, 2, 3]], "do not match"),
    ],
)
def test_what_cannot_be_fitted_is_refused(sizes, counts, message):
    with pytest.raises(InputError, match=message):
        growth(sizes, counts)
