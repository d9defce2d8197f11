import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from compare.statistics import LEVEL, Estimate, correct, judged, mean_estimate
from problems.errors import InputError


def family(pvalues, level=LEVEL):
    """Judge p-values that are named by their places."""
    return list(judged(dict(enumerate(pvalues)), level).values())


LISTS = st.lists(st.floats(0, 1), min_size=1, max_size=30)


def stepwise_holm(pvalues, level):
    """Holm's procedure as he states it: the smallest against level/m, the next against level/(m - 1), ... and stop."""
    rejected = set()
    for step, i in enumerate(sorted(range(len(pvalues)), key=lambda i: pvalues[i])):
        if pvalues[i] * (len(pvalues) - step) > level:
            break
        rejected.add(i)
    return rejected


@given(LISTS, st.floats(0.01, 0.5))
def test_holm_rejects_what_the_procedure_rejects(pvalues, level):
    assert {i for i, p in enumerate(correct(pvalues)) if p <= level} == stepwise_holm(pvalues, level)


@given(LISTS)
def test_corrected_p_values_keep_their_order_and_are_no_smaller(pvalues):
    for method in ("holm", "fdr"):
        found = correct(pvalues, method)
        assert np.all(found >= np.array(pvalues) * (1 - 1e-12))
        assert np.all(found <= 1)
        order = np.argsort(pvalues, kind="stable")
        assert np.all(np.diff(found[order]) >= 0)


def test_known_values():
    assert correct([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert correct([0.01, 0.04, 0.03, 0.005], "fdr") == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert correct([0.2]) == pytest.approx([0.2])
    assert len(correct([])) == 0


def test_false_alarms_of_a_whole_table_are_what_is_promised():
    """20 tests, 15 of them with nothing to find: chance of any false alarm, and share of false ones among alarms."""
    rng = np.random.default_rng(0)
    any_false, shares, raw = [], [], []
    for _ in range(400):
        pvalues = np.r_[rng.random(15), stats.norm.sf(rng.normal(3, 1, 5))]
        raw.append(np.any(pvalues[:15] < 0.05))
        any_false.append(np.any(correct(pvalues)[:15] < 0.05))
        alarms = correct(pvalues, "fdr") < 0.05
        shares.append(np.sum(alarms[:15]) / max(1, np.sum(alarms)))
    assert np.mean(raw) > 0.4
    assert np.mean(any_false) < 0.08
    assert np.mean(shares) < 0.06


@pytest.mark.parametrize("pvalues", [[0.1, -0.1], [1.5], [np.nan]])
def test_what_is_no_p_value_is_refused(pvalues):
    with pytest.raises(InputError, match="is no p-value; give numbers from 0 to 1"):
        correct(pvalues)


def test_an_unknown_correction_or_a_table_of_p_values_is_refused():
    with pytest.raises(InputError, match="no correction 'bonferroni'"):
        correct([0.1], "bonferroni")
    with pytest.raises(InputError, match=r"shape \(1, 2\) cannot be corrected"):
        correct([[0.1, 0.2]])


@given(LISTS, st.floats(0.01, 0.5))
def test_a_family_judges_as_holm_does_and_leaves_each_test_a_level_of_its_own(pvalues, level):
    found = family(pvalues, level)
    assert [one.pvalue for one in found] == list(correct(pvalues))
    assert [one.clear for one in found] == [bool(p < level) for p in correct(pvalues)]
    for one, pvalue in zip(found, pvalues, strict=True):
        assert level / len(pvalues) * (1 - 1e-9) <= one.level <= level * (1 + 1e-9)
        if not np.isclose(pvalue, one.level, rtol=1e-9):
            assert one.clear == (pvalue < one.level)


def test_the_levels_of_a_family_are_those_of_the_steps():
    assert [LEVEL / one.level for one in family([0.001, 0.5, 0.01])] == pytest.approx([3, 1, 2])
    assert [LEVEL / one.level for one in family([0.0, 0.0])] == pytest.approx([2, 1])
    assert family([]) == []


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=12))
def test_a_normal_interval_of_a_family_leaves_its_value_out_exactly_where_it_is_clear(scores):
    estimates = [Estimate.normal(1 + score / 10, 0.1, 50) for score in scores]
    for one, found in zip(family([found.pvalue(1.0) for found in estimates]), estimates, strict=True):
        inside = one.interval(found, 1.0)
        assert one.clear == (not inside.low <= 1 <= inside.high)
        assert inside.low <= found.low + 1e-9
        assert inside.high >= found.high - 1e-9


def test_an_interval_holds_the_value_that_another_test_of_it_does_not_rule_out():
    clear, open_ = family([0.0001, 0.3])
    found = Estimate(0.01, 0.02, 0.03, 100)
    assert open_.interval(found, 0.0).low == 0.0
    assert clear.interval(found, 0.0).low == pytest.approx(0.02 - 0.01 * stats.norm.isf(0.0125) / stats.norm.isf(0.025))


@pytest.mark.parametrize("tests", [1, 4, 14])
def test_the_chance_that_any_interval_of_a_family_leaves_out_what_holds_is_the_level(tests):
    """2,000 families of means of 10, half of the hypotheses true: any of these left out in at most 5%."""
    families = np.random.default_rng(tests).standard_normal((2000, tests, 10))
    families += np.where(np.arange(tests) % 2, 2.0, 0.0)[:, None]
    wrong = 0
    for values, raw in zip(families, stats.ttest_1samp(families, 0.0, axis=2).pvalue, strict=True):
        means = [mean_estimate(row) for row in values]
        inside = [one.interval(mean, 0.0, 9) for one, mean in zip(family(raw), means, strict=True)]
        wrong += any(not one.low <= 0 <= one.high for one in inside[::2])
    assert wrong <= 2000 * LEVEL + 3 * np.sqrt(2000 * LEVEL * (1 - LEVEL))
