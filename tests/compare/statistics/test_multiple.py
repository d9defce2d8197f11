import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from compare.statistics import correct
from problems.errors import InputError

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
