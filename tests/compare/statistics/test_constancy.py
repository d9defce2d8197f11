import numpy as np
import pytest
from scipy import stats

from compare.statistics import Estimate, constant_counts, constant_numbers


def test_chi_square_of_homogeneity_is_that_of_a_table_of_contingency():
    counts = np.array([[50, 30, 20], [40, 45, 25], [60, 20, 30]])
    found = constant_counts(counts)
    known = stats.chi2_contingency(counts, correction=False)
    assert np.isclose(found.statistic, known.statistic, rtol=1e-12)
    assert np.isclose(found.pvalue, known.pvalue, rtol=1e-10)
    assert (found.freedom, found.rounds, found.samples, found.cells) == (known.dof, 3, 320, 3)


def test_rare_outcomes_are_pooled_until_each_is_expected_five_times():
    # The second round has a quarter of all shots, so a cell needs 20 in all.
    found = constant_counts([[300, 15, 9, 3], [100, 5, 3, 1]])
    assert (found.cells, found.freedom) == (2, 1)  # 400, and 20 with 12 and 4, which are too few for a cell
    assert np.isclose(found.statistic, 0, atol=1e-12)
    assert constant_counts([[300, 2, 1], [100, 1, 0]]) is None  # all of it is one cell
    assert constant_counts([[10, 10]]) is None
    assert constant_counts([[10, 10], [0, 0]]) is None  # a round without shots is none


def test_numbers_are_held_against_their_weighted_mean():
    ends = [Estimate.normal(best, error, 100) for best, error in ((1.0, 0.1), (1.3, 0.2), (0.9, 0.1))]
    found = constant_numbers(ends)
    mean = (100 * 1.0 + 25 * 1.3 + 100 * 0.9) / 225
    wanted = 100 * (1.0 - mean) ** 2 + 25 * (1.3 - mean) ** 2 + 100 * (0.9 - mean) ** 2
    assert np.isclose(found.statistic, wanted, rtol=1e-10)
    assert np.isclose(found.pvalue, stats.chi2.sf(wanted, 2), rtol=1e-10)
    assert constant_numbers([ends[0], Estimate(-np.inf, 1.0, np.inf, 1)]) is None


@pytest.mark.parametrize(("drift", "low", "high"), [(0.0, 0.035, 0.066), (0.1, 0.8, 1.0)])
def test_alarms_come_at_the_level_and_drift_is_caught_at_a_stated_size(drift, low, high):
    # 1,000 runs of 8 rounds of 500 shots over 16 outcomes; with drift, a tenth of the law turns uniform by the end.
    rng = np.random.default_rng(26)
    law = 0.5 ** np.arange(1, 17)
    law /= law.sum()
    laws = [(1 - part) * law + part / 16 for part in drift * np.arange(8) / 7]
    alarms = [constant_counts([rng.multinomial(500, one) for one in laws]).pvalue < 0.05 for _ in range(1000)]
    assert low < np.mean(alarms) <= high  # 0.05 +- 2.2 standard errors
