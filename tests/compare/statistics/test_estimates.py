import dataclasses

import numpy as np
import pytest
from scipy import stats

from compare.statistics import Z95, Cautioned, Estimate, Test, mean_difference, mean_estimate, median_range

SEEDED = [np.random.default_rng([7, n]).normal(3.0, 2.0, n) for n in (2, 3, 10, 500)]


@pytest.mark.parametrize("values", SEEDED, ids=len)
def test_the_interval_of_a_mean_is_scipys_student_interval(values):
    estimate = mean_estimate(values)
    low, high = stats.t.interval(0.95, len(values) - 1, loc=np.mean(values), scale=stats.sem(values))
    assert estimate.best == pytest.approx(np.mean(values))
    assert (estimate.low, estimate.high) == pytest.approx((low, high))
    assert estimate.samples == len(values)


@pytest.mark.parametrize("second", SEEDED, ids=len)
@pytest.mark.parametrize("first", SEEDED[:3], ids=len)
def test_the_interval_of_a_difference_is_welchs(first, second):
    first = first + 1
    estimate = mean_difference(first, second)
    # Welch and Satterthwaite, written out.
    parts = [np.var(side, ddof=1) / len(side) for side in (first, second)]
    freedom = sum(parts) ** 2 / sum(p**2 / (len(s) - 1) for p, s in zip(parts, (first, second), strict=True))
    half = stats.t.ppf(0.975, freedom) * np.sqrt(sum(parts))
    best = np.mean(first) - np.mean(second)
    assert estimate.best == pytest.approx(best)
    assert (estimate.low, estimate.high) == pytest.approx((best - half, best + half))
    assert estimate.samples == len(first) + len(second)


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.99])
def test_a_difference_takes_another_confidence(confidence):
    found = mean_difference(SEEDED[1], SEEDED[2], confidence)
    expected = stats.ttest_ind(SEEDED[1], SEEDED[2], equal_var=False).confidence_interval(confidence)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


def test_a_difference_changes_its_sign_with_the_order():
    one, other = mean_difference(SEEDED[1], SEEDED[2]), mean_difference(SEEDED[2], SEEDED[1])
    assert (one.low, one.best, one.high) == pytest.approx((-other.high, -other.best, -other.low))


def test_a_single_value_has_an_infinite_interval():
    assert mean_estimate([2.5]) == Estimate(-np.inf, 2.5, np.inf, 1)


@pytest.mark.parametrize(("first", "second"), [([1.0], [2.0]), ([1.0], [2.0, 3.0]), ([1.0, 3.0], [2.0])])
def test_a_difference_with_a_single_value_has_an_infinite_interval(first, second):
    estimate = mean_difference(first, second)
    assert estimate.best == pytest.approx(np.mean(first) - np.mean(second))
    assert (estimate.low, estimate.high) == (-np.inf, np.inf)


def test_equal_values_have_an_interval_of_no_width():
    assert mean_estimate([0.25] * 4) == Estimate(0.25, 0.25, 0.25, 4)
    assert mean_difference([0.75] * 4, [0.25] * 3) == Estimate(0.5, 0.5, 0.5, 7)


def test_a_difference_from_equal_values_is_the_interval_of_the_other_mean():
    values = [1.0, 2.0, 4.0]
    difference, mean = mean_difference([1.0] * 10, values), mean_estimate(values)
    assert (difference.low, difference.high) == pytest.approx((1 - mean.high, 1 - mean.low))


def test_values_that_differ_by_rounding_alone_give_a_difference():
    first, second = np.full(5, 0.5), np.full(5, 0.25)
    first[0] += 2e-16
    estimate = mean_difference(first, second)
    assert (estimate.low, estimate.best, estimate.high) == pytest.approx((0.25, 0.25, 0.25))


def test_a_normal_interval_is_95_percent_of_a_normal_distribution():
    assert stats.norm.cdf(Z95) - stats.norm.cdf(-Z95) == pytest.approx(0.95)
    assert Estimate.normal(1.0, 0.5, 9) == Estimate(1 - Z95 / 2, 1.0, 1 + Z95 / 2, 9)


@pytest.mark.parametrize("level", [0.3, 0.05, 1e-6])
@pytest.mark.parametrize("value", [0.2, 1.9])
def test_the_p_value_is_the_level_at_which_an_interval_of_uneven_sides_ends(level, value):
    reach = Z95 / stats.norm.isf(level / 2)  # of the 95% interval over that at the level
    found = Estimate(1 + reach * min(0.0, value - 1) - 0.1 * (value > 1), 1.0, 1 + reach * max(0.1, value - 1), 20)
    assert found.pvalue(value) == pytest.approx(level)
    judged = found.at_level(level)
    assert (judged.low if value < 1 else judged.high) == pytest.approx(value)


def test_a_cautioned_estimate_is_an_estimate_that_says_more():
    found = Cautioned(0.0, 1.0, 2.0, 3, "it may be too narrow")
    assert found.bare() == Estimate(0.0, 1.0, 2.0, 3)
    assert Cautioned(0.0, 1.0, 2.0, 3).caution == ""


@pytest.mark.parametrize("n", [2, 5, 40])
def test_95_percent_of_mean_intervals_hold_the_mean(n):
    rng = np.random.default_rng([1, n])
    runs = [mean_estimate(values) for values in rng.normal(1.0, 3.0, (2000, n))]
    covered = np.mean([run.low <= 1.0 <= run.high for run in runs])
    assert covered == pytest.approx(0.95, abs=0.02)


def test_95_percent_of_difference_intervals_hold_the_difference():
    rng = np.random.default_rng(2)
    runs = [mean_difference(rng.normal(1, 1, 10), rng.normal(0.5, 4, 15)) for _ in range(1000)]
    covered = np.mean([run.low <= 0.5 <= run.high for run in runs])
    assert covered == pytest.approx(0.95, abs=0.025)


@pytest.mark.parametrize("record", [Estimate(0.0, 1.0, 2.0, 3), Test(1.0, 0.5, 10, "a test", "a share", 0.0, 0.1, 0.2)])
def test_results_cannot_be_changed(record):
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.samples = 4


def test_a_geometric_mean_has_the_interval_of_the_mean_logarithm():
    values = np.array([0.5, 2.0, 4.0, 9.0])
    logarithm = mean_estimate(np.log(values))
    found = logarithm.exponential()
    assert found.best == pytest.approx(stats.gmean(values))
    assert np.log([found.low, found.high]) == pytest.approx([logarithm.low, logarithm.high])
    assert found.samples == 4


def test_an_estimate_is_multiplied_and_cut_where_the_number_ends():
    found = Estimate(-0.1, 0.5, 1.2, 8)
    assert found.times(10) == Estimate(-1, 5, 12, 8)
    assert found.cut(0) == Estimate(0, 0.5, 1.2, 8)
    assert found.cut(0, 1) == Estimate(0, 0.5, 1, 8)


def test_the_range_of_n_values_holds_the_median_as_often_as_said():
    found = median_range([3.0, 1.0, 2.0, 10.0, 4.0])
    assert (found.low, found.best, found.high, found.samples) == (1.0, 3.0, 10.0, 5)
    values = np.random.default_rng(3).exponential(size=(20_000, 5))
    held = np.mean((values.min(axis=1) < np.log(2)) & (np.log(2) < values.max(axis=1)))
    assert held == pytest.approx(1 - 2**-4, abs=4 * stats.bernoulli(2**-4).std() / np.sqrt(20_000))
