import numpy as np
import pytest
from scipy import stats

from compare.statistics import Estimate, mean_estimate, skewed_mean
from compare.statistics.skewed import TAIL, mean_cumulants, pearson_quantile, studentized_ends


@pytest.mark.parametrize("skewness", [-3.0, -0.3, 0.021, 0.5, 2.0, 8.0])
@pytest.mark.parametrize("probability", [TAIL, 1 - TAIL])
def test_quantiles_are_those_of_a_shifted_gamma_law(skewness, probability):
    found = pearson_quantile(probability, np.array([skewness]))[0]
    assert found == pytest.approx(stats.pearson3(skewness).ppf(probability), rel=1e-6)


@pytest.mark.parametrize("sign", [-1, 1])
def test_quantiles_go_over_into_normal_ones(sign):
    below, above = pearson_quantile(1 - TAIL, sign * np.array([0.01999, 0.02001]))
    assert below == pytest.approx(above, abs=1e-4)
    assert pearson_quantile(TAIL, np.array([0.0]))[0] == pytest.approx(stats.norm.ppf(TAIL))


@pytest.mark.parametrize("skewness", [-0.7, -1e-12, 0.0, 1e-4, 0.4, 2.0])
def test_the_transformed_statistic_has_its_quantile_at_the_ends(skewness):
    ends = np.array(studentized_ends(np.array(skewness), 2.0))
    transformed = ends + skewness * ends**2 / 3 + skewness**2 * ends**3 / 27 + skewness / 6
    assert transformed == pytest.approx([-2.0, 2.0], abs=1e-6)


def test_cumulants_of_a_mean_are_those_of_the_values_over_powers_of_their_number():
    values = np.random.default_rng(0).exponential(2.0, 4000)
    variance, third = mean_cumulants(values)
    assert variance == pytest.approx(np.var(values, ddof=1) / 4000)
    assert third / variance**1.5 == pytest.approx(stats.skew(values) / np.sqrt(4000), rel=1e-3)


def test_without_skewness_the_interval_is_students():
    values = np.array([-3.0, -1.0, 1.0, 3.0]) + 5
    found, expected = skewed_mean(values), mean_estimate(values)
    assert (found.low, found.best, found.high, found.samples) == pytest.approx(
        (expected.low, expected.best, expected.high, 4)
    )


def test_one_value_says_nothing_and_equal_ones_everything():
    assert skewed_mean([2.0]) == Estimate(-np.inf, 2.0, np.inf, 1)
    assert skewed_mean([2.0] * 5) == Estimate(2.0, 2.0, 2.0, 5)


def test_it_reaches_further_where_the_rare_values_lie_and_covers_where_students_does_not():
    draws = np.random.default_rng(1).exponential(1.0, (2000, 20)) ** 1.5
    truth = float(stats.gamma(2.5).mean() / 2.5 * np.sqrt(np.pi) * 0.75)  # E[x^1.5] = Gamma(5/2)
    runs = [(skewed_mean(values), mean_estimate(values)) for values in draws]
    covered = np.mean([[one.low <= truth <= one.high for one in pair] for pair in runs], axis=0)
    assert covered[1] < 0.89
    assert covered[0] > covered[1] + 0.04
    assert np.mean([one.high - one.best > one.best - one.low for one, _ in runs]) > 0.99
