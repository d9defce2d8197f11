import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from problems.errors import InputError
from problems.finite_field import is_prime
from problems.quantizers import LevelQuantizer, QuantileQuantizer

QUANTIZERS = [LevelQuantizer, QuantileQuantizer]
HUGE = 1.7e308

primes = st.sampled_from([2, 3, 5, 17, 29, 257])
numbers = st.floats(-1e300, 1e300) | st.integers(-3, 3).map(float)
features = arrays(float, array_shapes(min_dims=2, max_dims=2, max_side=5), elements=numbers)


@pytest.mark.parametrize("quantizer", QUANTIZERS)
@given(prime=primes, x=features)
def test_levels_are_residues(quantizer, prime, x):
    levels = quantizer(prime).fit_transform(x)
    assert levels.shape == x.shape
    assert levels.dtype == np.int64
    assert levels.min() >= 0
    assert levels.max() <= prime - 1


@pytest.mark.parametrize("quantizer", QUANTIZERS)
@given(prime=primes, x=features, column=st.lists(numbers, min_size=1, max_size=30))
def test_levels_never_decrease_with_the_value(quantizer, prime, x, column):
    fitted = quantizer(prime).fit(x)
    ascending = np.sort(np.r_[column, x.ravel()])
    levels = fitted.transform(np.tile(ascending[:, None], x.shape[1]))
    assert np.all(np.diff(levels, axis=0) >= 0)


@pytest.mark.parametrize("quantizer", QUANTIZERS)
@given(prime=primes, x=features)
def test_a_level_does_not_depend_on_the_other_rows(quantizer, prime, x):
    fitted = quantizer(prime).fit(x)
    np.testing.assert_array_equal(fitted.transform(x), np.vstack([fitted.transform([row]) for row in x]))


@pytest.mark.parametrize("quantizer", QUANTIZERS)
@given(prime=primes, x=features)
def test_values_outside_the_training_range_are_clipped(quantizer, prime, x):
    fitted = quantizer(prime).fit(x)
    assert np.all(fitted.transform(np.full((1, x.shape[1]), -HUGE)) == 0)
    assert np.all(fitted.transform(np.full((1, x.shape[1]), HUGE)) == prime - 1)


@pytest.mark.parametrize("quantizer", QUANTIZERS)
@pytest.mark.parametrize("prime", [2, 3, 17])
@pytest.mark.parametrize("middle", [[], [[0.0]], [[-HUGE / 2], [HUGE / 3]]])
def test_the_largest_floats_do_not_overflow(quantizer, prime, middle):
    levels = quantizer(prime).fit_transform([[-HUGE], *middle, [HUGE]]).ravel()
    assert levels.tolist() == sorted(levels)
    assert levels[0] == 0
    assert levels[-1] == prime - 1


def test_whole_grey_levels_are_their_own_residues():
    for prime in filter(is_prime, range(2, 300)):
        grey = np.arange(prime)[:, None]
        np.testing.assert_array_equal(LevelQuantizer(prime, low=0, high=prime).fit_transform(grey), grey)


@given(prime=primes, x=features)
def test_each_level_has_the_same_width(prime, x):
    x = x / 1e300
    fitted = LevelQuantizer(prime, low=0, high=1).fit(x)
    middles = (np.arange(prime) + 0.5) / prime
    levels = fitted.transform(np.tile(middles[:, None], x.shape[1]))
    np.testing.assert_array_equal(levels, np.tile(np.arange(prime)[:, None], x.shape[1]))


def test_without_a_range_each_feature_is_cut_in_its_own():
    x = np.array([[0.0, 100.0], [1.0, 200.0], [10.0, 1100.0]])
    levels = LevelQuantizer(5).fit(x).transform([[1.0, 200.0], [3.0, 399.0], [9.0, 1000.0], [5.0, 600.0]])
    assert levels.tolist() == [[0, 0], [1, 1], [4, 4], [2, 2]]


@pytest.mark.parametrize(
    ("low", "high", "message"),
    [
        (10, None, "The range from 10.* to 5.* is empty"),
        (None, -10, "The range from 1.* to -10.* is empty"),
        (0, np.inf, "inf"),
        (-np.inf, 0, "-inf"),
    ],
)
def test_a_range_without_width_for_the_training_data_is_refused(low, high, message):
    with pytest.raises(InputError, match=message):
        LevelQuantizer(5, low=low, high=high).fit([[1.0], [5.0]])


@given(
    prime=st.sampled_from([2, 3, 5, 17]),
    x=st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=200, unique=True),
)
def test_quantile_levels_hold_equally_many_training_values(prime, x):
    levels = QuantileQuantizer(prime).fit_transform(np.array(x, dtype=float)[:, None])
    counts = np.bincount(levels.ravel(), minlength=prime)
    assert np.max(np.abs(counts - len(x) / prime)) <= 1


@pytest.mark.parametrize("quantizer", QUANTIZERS)
def test_transform_learns_nothing_from_its_data(quantizer):
    rng = np.random.default_rng(0)
    train, test = rng.normal(size=(50, 2)), rng.normal(3, 5, size=(50, 2))
    fitted = quantizer(5).fit(train)
    before = fitted.transform(train)
    fitted.transform(test)
    np.testing.assert_array_equal(fitted.transform(train), before)
    np.testing.assert_array_equal(before, quantizer(5).fit_transform(train))


@pytest.mark.parametrize("quantizer", QUANTIZERS)
@pytest.mark.parametrize(
    ("x", "message"),
    [
        ([1.0, 2.0], "The features have shape (2,); give shape (n, D)"),
        (np.empty((0, 2)), "The features have shape (0, 2); give shape (n, D) with n, D >= 1"),
        ([[np.nan]], "The features hold NaN or infinite values; impute or drop those rows"),
        ([[np.inf]], "The features hold NaN or infinite values; impute or drop those rows"),
        ([["a"]], "The features are no array of real numbers; give shape (n, D)"),
        ([[1], [2, 3]], "x is no rectangular array; give rows of equal length"),
    ],
)
def test_bad_features_are_refused(quantizer, x, message):
    with pytest.raises(InputError, match=re.escape(message)):
        quantizer(5).fit(x)


@pytest.mark.parametrize("quantizer", QUANTIZERS)
def test_a_quantizer_must_be_fitted_to_as_many_features_first(quantizer):
    with pytest.raises(InputError, match="has no edges yet; call fit on training features first"):
        quantizer(5).transform([[1.0]])
    with pytest.raises(InputError, match="x has 2 features, but the quantizer was fitted on 1; give the same"):
        quantizer(5).fit([[1.0]]).transform([[1.0, 2.0]])


@pytest.mark.parametrize("quantizer", QUANTIZERS)
def test_a_quantizer_needs_a_prime(quantizer):
    with pytest.raises(InputError, match="prime = 6 is not prime; the nearest primes are 5 and 7"):
        quantizer(6)


@pytest.mark.parametrize(("low", "high"), [(1, 1), (2, 1), (np.nan, 1), (0, np.nan)])
def test_an_empty_range_is_refused(low, high):
    with pytest.raises(InputError, match=f"The range from {low} to {high} is empty; give low < high"):
        LevelQuantizer(5, low=low, high=high)
