"""Quantile levels of which no single value takes more than one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.estimators.balanced import BalancedQuantizer
from problems.quantizers import QuantileQuantizer


def levels(column, prime):
    return BalancedQuantizer(prime).fit_transform(np.asarray(column, dtype=float)[:, None])[:, 0]


def test_plain_quantiles_lose_a_rare_category_and_balanced_ones_keep_it():
    column = np.repeat([0.0, 1.0], [97, 3])[:, None]
    assert len(np.unique(QuantileQuantizer(11).fit_transform(column))) == 1
    assert np.unique(levels(column[:, 0], 11)).tolist() == [0, 5]


@given(st.data(), st.sampled_from([2, 3, 5, 11, 17]))
def test_few_distinct_values_get_a_level_each_however_rare(data, prime):
    values = np.sort(data.draw(st.lists(st.integers(-50, 50), unique=True, min_size=1, max_size=prime)))
    repeats = data.draw(st.lists(st.integers(1, 300), min_size=len(values), max_size=len(values)))
    quantizer = BalancedQuantizer(prime).fit(np.repeat(values, repeats)[:, None])
    found = quantizer.transform(values[:, None])[:, 0]
    assert np.all(np.diff(found) > 0)
    if prime * max(repeats) > sum(repeats):
        assert found.tolist() == [prime * i // len(values) for i in range(len(values))]


@given(st.lists(st.integers(-3, 30), min_size=1, max_size=80), st.sampled_from([2, 3, 5, 11]))
def test_levels_rise_with_the_values_and_stay_below_the_prime(column, prime):
    found = levels(column, prime)
    assert found.min() >= 0
    assert found.max() < prime
    assert np.all(np.diff(found[np.argsort(column, kind="stable")]) >= 0)


@given(st.integers(0, 2**32 - 1), st.sampled_from([2, 3, 11, 101]))
def test_features_without_frequent_values_are_cut_as_by_quantiles(seed, prime):
    x = np.random.default_rng(seed).permutation(np.repeat(np.arange(101.0), 3))[:, None]
    np.testing.assert_array_equal(BalancedQuantizer(prime).fit(x).edges, QuantileQuantizer(prime).fit(x).edges)


@pytest.mark.parametrize("spike", [0, 50.5, 1000])
def test_a_value_that_most_samples_have_takes_one_level_and_the_others_share_the_rest(spike):
    others = np.arange(1, 101)
    found = levels(np.concatenate([np.full(900, spike), others]), 11)
    at_spike = found[0]
    assert np.sum(found == at_spike) == 900
    assert np.unique(found[900:], return_counts=True)[1].tolist() == [10] * 10


def test_new_values_go_to_the_level_of_the_nearest_known_value_below():
    quantizer = BalancedQuantizer(5).fit(np.array([[0.0]] * 90 + [[1.0]] * 5 + [[7.0]]))
    assert quantizer.transform([[-9], [0], [0.9], [1], [6], [7], [1e300]])[:, 0].tolist() == [0, 0, 0, 1, 1, 3, 3]
