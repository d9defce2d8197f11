"""Intervals over overlapping folds: by their formula, and by how often they hold the truth."""

import numpy as np
import pytest
from scipy import stats

from compare.statistics import compared, mean_estimate, over_folds

VALUES = [0.3, 0.5, 0.45, 0.7]


def test_the_interval_is_that_of_the_corrected_resampled_t():
    found = over_folds(VALUES, 1 / 3)
    mean = sum(VALUES) / 4
    variance = sum((value - mean) ** 2 for value in VALUES) / 3
    half = 3.182446 * (variance * (1 / 4 + 1 / 3)) ** 0.5
    assert (found.low, found.best, found.high) == pytest.approx((mean - half, mean, mean + half))
    assert found.samples == 4


def test_independent_repeats_need_no_correction():
    assert over_folds(VALUES, 0.0) == pytest.approx(mean_estimate(VALUES))


def test_a_single_fold_says_nothing_of_its_spread():
    assert (over_folds([0.4], 0.3).low, over_folds([0.4], 0.3).high) == (-np.inf, np.inf)
    assert compared([0.4], [0.3], 0.3).pvalue == 1.0


@pytest.mark.parametrize(("shift", "clear"), [(-0.3, True), (0.3, True), (0.01, False)])
def test_the_p_value_is_below_a_twentieth_where_the_interval_leaves_out_zero(shift, clear):
    other = np.array([0.2, 0.45, 0.4, 0.5])
    found = compared(other + shift + np.array([0.01, -0.02, 0.02, 0.0]), other, 0.25)
    outside = not found.difference.low <= 0 <= found.difference.high
    assert outside == (found.pvalue < 0.05) == clear


def test_differences_are_paired_and_tested_as_scipy_does():
    first, second = np.array(VALUES), np.array([0.1, 0.4, 0.3, 0.4])
    assert compared(first, second, 0.0).pvalue == pytest.approx(stats.ttest_rel(first, second).pvalue)
    assert compared(first, second, 0.3).pvalue > compared(first, second, 0.0).pvalue


def test_equal_values_are_no_difference_and_of_constant_ones_only_the_sign_counts():
    assert compared(VALUES, VALUES, 0.3).pvalue == 1.0
    # As a coin that shows the same side in all of four throws, either side.
    assert compared(np.array(VALUES) + 0.1, VALUES, 0.3).pvalue == pytest.approx(2 * 0.5**4)


def test_the_correction_covers_where_the_plain_interval_does_not(record_property):
    """Mean of a label, estimated on overlapping quarters of one sample of 40, in 1,000 repeats."""
    rng = np.random.default_rng(0)
    held = {0.0: 0, 1 / 3: 0}
    for _ in range(1000):
        sample = rng.normal(size=40)
        folds = [rng.permutation(40) for _ in range(8)]
        # Error of the training mean on the held-out quarter; its expectation is 1 + 1/30.
        errors = [np.mean((sample[fold[30:]] - sample[fold[:30]].mean()) ** 2) for fold in folds]
        for ratio in held:
            found = over_folds(errors, ratio)
            held[ratio] += found.low <= 1 + 1 / 30 <= found.high
    record_property("measured", f"intervals over 8 folds hold the truth: {held[1 / 3]} corrected, {held[0.0]} plain")
    assert held[1 / 3] > 900 > held[0.0]
