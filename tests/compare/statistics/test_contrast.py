"""Contrasts: pairs found of pairs asked, families, folds that overlap, and what is said of it all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from compare.report import Shown
from compare.statistics import contrast, correct, mean_difference, over_folds
from problems.errors import InputError

FOLDS = range(8)
SHIFTS = {"uniform": 0.0, "ticket": -0.4, "same": 0.01}


def rows(datasets=("iris", "wine"), methods=SHIFTS, folds=FOLDS, seed=0):
    """Risks with a difficulty of each fold that all methods share, and little noise."""
    rng = np.random.default_rng(seed)
    hard = {(name, fold): 1 + rng.random() for name in datasets for fold in folds}
    return [
        {
            "dataset": name,
            "method": method,
            "fold": fold,
            "ratio": 1 / 3,
            "risk": hard[name, fold] + SHIFTS[method] + 0.02 * rng.standard_normal(),
        }
        for name in datasets
        for method in methods
        for fold in folds
    ]


def risks(found, dataset, method):
    return np.array([row["risk"] for row in found if (row["dataset"], row["method"]) == (dataset, method)])


ASK = {"control": "uniform", "pair_by": ("fold",), "within": ("dataset",)}


def test_differences_are_paired_by_fold_and_not_by_order():
    found = rows()
    shuffled = [found[i] for i in np.random.default_rng(1).permutation(len(found))]
    for one in contrast(shuffled, "risk", **ASK):
        difference = risks(found, one.within["dataset"], one.name) - risks(found, one.within["dataset"], "uniform")
        assert one.estimate == pytest.approx(over_folds(difference, 0.0))
        assert (one.found, one.asked, one.pairs) == (8, 8, "8")


def test_p_values_are_students_and_adjusted_within_the_family():
    found = rows()
    raw = {
        (dataset, method): stats.ttest_rel(risks(found, dataset, method), risks(found, dataset, "uniform")).pvalue
        for dataset in ("iris", "wine")
        for method in ("ticket", "same")
    }
    by_group = contrast(found, "risk", **ASK)
    for dataset in ("iris", "wine"):
        expected = correct([raw[dataset, "ticket"], raw[dataset, "same"]])
        assert [one.pvalue for one in by_group.of(dataset=dataset)] == pytest.approx(list(expected))
    together = contrast(found, "risk", family=(), **ASK)
    assert [one.pvalue for one in together] == pytest.approx(list(correct(list(raw.values()))))
    by_method = contrast(found, "risk", family=("method",), **ASK)
    expected = correct([raw["iris", "same"], raw["wine", "same"]])
    assert [one.pvalue for one in by_method.of("same")] == pytest.approx(list(expected))
    assert (by_group.family, together.family, by_method.family) == (2, 4, 2)
    assert [one.verdict for one in together] == ["below", "not clearly different"] * 2


@pytest.mark.parametrize("overlap", [1 / 3, "ratio"])
def test_folds_that_overlap_widen_the_interval(overlap):
    found = rows()
    plain, corrected = contrast(found, "risk", **ASK), contrast(found, "risk", overlap=overlap, **ASK)
    for one, other in zip(plain, corrected, strict=True):
        assert other.estimate.best == one.estimate.best
        widths = [each.estimate.high - each.estimate.low for each in (one, other)]
        assert widths[1] / widths[0] == pytest.approx(np.sqrt((1 / 8 + 1 / 3) / (1 / 8)))
        assert other.pvalue > one.pvalue


def test_a_ratio_is_that_of_the_logarithms():
    found = rows()
    logs = np.log(risks(found, "iris", "ticket") / risks(found, "iris", "uniform"))
    one = next(iter(contrast(found, "risk", scale="ratio", **ASK)))
    expected = over_folds(logs, 0.0)
    assert one.estimate.best == pytest.approx(np.exp(expected.best))
    assert (one.estimate.low, one.estimate.high) == pytest.approx((np.exp(expected.low), np.exp(expected.high)))
    assert one.verdict == "below"
    with pytest.raises(InputError, match="A ratio to 0"):
        contrast([row | {"risk": 0.0} for row in found], "risk", scale="ratio", **ASK)


def test_rows_of_one_fold_are_averaged_first():
    found = rows()
    twice = [row | {"draw": draw, "risk": row["risk"] + (0.5 - draw) * 0.1} for row in found for draw in (0, 1)]
    for one, other in zip(contrast(found, "risk", **ASK), contrast(twice, "risk", **ASK), strict=True):
        assert other.estimate == pytest.approx(one.estimate)


def test_a_value_may_be_a_function_of_the_row():
    found = rows()
    doubled = contrast(found, lambda row: 2 * row["risk"], what="twice the risk", **ASK)
    assert next(iter(doubled)).estimate.best == pytest.approx(
        2 * next(iter(contrast(found, "risk", **ASK))).estimate.best
    )
    assert doubled.what == "twice the risk"


def test_what_is_negligible_is_no_difference_however_sure():
    found = rows()
    assert contrast(found, "risk", **ASK).of("ticket").comparisons[0].verdict == "below"
    assert contrast(found, "risk", negligible=0.5, **ASK).of("ticket").comparisons[0].verdict == "not clearly different"


def test_a_missing_pair_leaves_no_verdict_and_is_said():
    found = [row for row in rows() if (row["dataset"], row["method"], row["fold"]) != ("iris", "ticket", 3)]
    one, *others = contrast(found, "risk", **ASK)
    assert (one.name, one.found, one.asked, one.pairs) == ("ticket", 7, 8, "7 of 8")
    assert (one.verdict, one.pvalue) == ("no verdict", None)
    assert one.estimate.samples == 7
    assert all(other.verdict != "no verdict" for other in others)
    assert "no verdict on 1 of 2" in " ".join(contrast(found, "risk", **ASK).sentences())


def test_a_missing_control_spoils_every_pair_and_one_that_failed_for_all_is_known_from_the_ask():
    asked = rows()
    found = [row for row in asked if row["fold"] != 3]
    assert all(one.asked == 7 for one in contrast(found, "risk", **ASK))
    assert all(
        (one.pairs, one.verdict) == ("7 of 8", "no verdict") for one in contrast(found, "risk", asked=asked, **ASK)
    )
    without = [row for row in asked if row["method"] != "uniform"]
    for one in contrast(without, "risk", asked=asked, **ASK):
        assert (one.pairs, one.verdict, one.estimate) == ("0 of 8", "no verdict", None)
    assert len(contrast(without, "risk", **ASK)) == 0


def test_a_number_that_a_method_does_not_have_makes_no_comparison_but_one_that_is_missing_does():
    found = rows()
    for row in found:
        if row["dataset"] == "iris" and row["method"] == "ticket":
            row["risk"] = None
        if row["dataset"] == "wine" and row["method"] == "ticket" and row["fold"] == 0:
            row["risk"] = float("nan")
    kept = contrast(found, "risk", **ASK)
    assert [(one.within["dataset"], one.name) for one in kept] == [
        ("iris", "same"),
        ("wine", "ticket"),
        ("wine", "same"),
    ]
    assert kept.comparisons[1].pairs == "7 of 8"


def test_a_ratio_of_a_number_that_is_missing_is_a_missing_pair():
    found = rows(datasets=("iris",))
    for row in found:
        if row["method"] == "ticket" and row["fold"] == 0:
            row["risk"] = float("nan")
    ticket, same = contrast(found, "risk", scale="ratio", **ASK)
    assert (ticket.pairs, ticket.verdict, same.pairs) == ("7 of 8", "no verdict", "8")


def test_estimates_are_compared_by_their_best_value():
    found = rows()
    estimates = [row | {"risk": {"low": None, "best": row["risk"], "high": None, "samples": 5}} for row in found]
    assert contrast(estimates, "risk", **ASK) == contrast(found, "risk", **ASK)


def test_a_single_pair_has_no_spread_and_no_verdict_by_chance():
    one = next(iter(contrast(rows(folds=[0]), "risk", **ASK)))
    assert (one.pvalue, one.verdict) == (1.0, "not clearly different")
    assert one.estimate.high == np.inf


def test_sentences_of_one_group_name_numbers_pairs_and_the_verdict():
    found = rows(datasets=("iris",), seed=1)
    labels = {"ticket": Shown("the ticket"), "uniform": Shown("uniform nodes")}
    said = contrast(found, "risk", control="uniform", pair_by=("fold",), methods=labels).sentences()
    assert len(said) == 2
    assert said[0].startswith("Risk, the ticket less uniform nodes: -0.399 [-0.417, -0.381], below 0 (8 pairs, p = ")
    assert said[0].endswith("; Holm over 2).")
    assert "not clearly different from 0 (8 pairs" in said[1]
    ratio = contrast(found, "risk", control="uniform", pair_by=("fold",), scale="ratio").sentences()
    assert ratio[0].startswith("Risk, ticket over uniform: 0.7")
    assert "below 1" in ratio[0]


def test_sentences_over_groups_count_them():
    said = contrast(rows(), "risk", what="held-out risk", **ASK).sentences()
    assert said[0].startswith("Held-out risk, ticket less uniform: below 0 on all 2 (-0.")
    assert said[0].endswith("(8 pairs each; Holm over 2).")


def test_many_methods_are_counted_in_at_most_three_sentences():
    found = rows()
    for name, shift in (("worse", 0.4), ("better", -0.2)):
        found += [row | {"method": name, "risk": row["risk"] + shift} for row in found if row["method"] == "uniform"]
    said = contrast(found, "risk", **ASK).sentences()
    assert said == [
        "Risk, 4 methods less uniform: below 0 in 4 of 8; above 0 in 2 of 8; not clearly different from 0 in 2 of 8 "
        "(Holm over 4).",
        "Below 0: ticket (2 of 2), better (2 of 2).",
        "Above 0: worse (2 of 2).",
    ]


def test_the_table_holds_every_comparison_as_numbers():
    found = contrast(rows(), "risk", **ASK)
    table = found.table("A title", "First.")
    assert table.columns == ["dataset", "method", "less uniform", "pairs", "p (Holm)", "is"]
    for row, one in zip(table.rows, found, strict=True):
        assert (row[0], row[1], row[5]) == (one.within["dataset"], one.name, one.verdict)
        assert [cell.value for cell in row[2:5]] == [one.estimate.best, one.found, one.pvalue]
    assert table.note.startswith("First. Risk, in pairs")


def test_an_unknown_column_is_refused_with_the_nearest():
    with pytest.raises(InputError, match="no column 'rsik'"):
        contrast(rows(), "rsik", **ASK)
    with pytest.raises(InputError, match="no column 'split'"):
        contrast(rows(), "risk", control="uniform", pair_by=("split",))


INTERVALS = " belong to the family: each at the level at which Holm's procedure judges its own test"


@given(
    st.integers(0, 10**6), st.integers(2, 6), st.sampled_from([0.0, 1 / 3]), st.sampled_from(["difference", "ratio"])
)
def test_an_interval_leaves_out_no_difference_exactly_where_the_verdict_does(seed, count, overlap, scale):
    rng = np.random.default_rng(seed)
    found = [
        {"method": f"m{m}", "fold": fold, "risk": float(np.exp(0.1 * m * shift + 0.2 * rng.standard_normal()))}
        for m, shift in enumerate(rng.normal(size=count))
        for fold in range(5)
    ]
    for paired in (True, False):
        known = contrast(found, "risk", control="m0", pair_by=("fold",), overlap=overlap, scale=scale, paired=paired)
        for one in known:
            assert (one.judged.low <= known.neutral <= one.judged.high) == (one.verdict == "not clearly different")
            assert one.judged.best == one.estimate.best
            assert one.judged.low <= one.estimate.low * (1 + 1e-12) or one.judged.low <= one.estimate.low + 1e-12
        assert (INTERVALS in known.intervals) == (count > 2)


def test_one_comparison_alone_has_its_95_percent_interval():
    found = contrast(rows(("iris",), ("uniform", "ticket")), "risk", **ASK)
    (one,) = found
    assert one.judged == one.estimate
    assert found.intervals == "Intervals of differences: 95%."


def test_without_any_spread_the_interval_holds_what_the_sign_alone_cannot_rule_out():
    same = [
        {"method": name, "fold": fold, "risk": fold + shift}
        for name, shift in (("uniform", 0.0), ("other", 0.25))
        for fold in range(4)
    ]
    (one,) = contrast(same, "risk", control="uniform", pair_by=("fold",))
    assert (one.pvalue, one.verdict, one.judged.low, one.judged.high) == (0.125, "not clearly different", 0, 0.25)


def test_what_is_negligible_is_said_beside_an_interval_that_leaves_zero_out():
    found = contrast(rows(("iris",), ("uniform", "ticket")), "risk", control="uniform", pair_by=("fold",), negligible=1)
    assert "not clearly different from 0, no more than 1 away (8 pairs, p = " in found.sentences()[0]
    assert found.table().note.endswith(
        "What is closer to 0 than 1 is called not clearly different. No verdict: a pair is missing."
    )


def test_repeats_that_share_nothing_are_compared_by_welch_and_holm():
    found = rows()
    apart = contrast(found, "risk", paired=False, **ASK)
    pairs = contrast(found, "risk", **ASK)
    for dataset in ("iris", "wine"):
        sides = [risks(found, dataset, name) for name in SHIFTS]
        raw = [stats.ttest_ind(side, sides[0], equal_var=False).pvalue for side in sides[1:]]
        assert [one.pvalue for one in apart.of(dataset=dataset)] == pytest.approx(list(correct(raw)))
        for one, side in zip(apart.of(dataset=dataset), sides[1:], strict=True):
            assert one.estimate == pytest.approx(mean_difference(side, sides[0]))
            assert (one.found, one.asked, one.pairs) == (16, 16, "16")
    for one, other in zip(apart, pairs, strict=True):
        assert one.estimate.best == pytest.approx(other.estimate.best)
        # Every fold is as hard for all methods, which pairs would have seen.
        assert one.judged.high - one.judged.low > 2 * (other.judged.high - other.judged.low)
    assert "(16 repeats each; Holm over 2)" in apart.sentences()[0]
    assert apart.table().columns[3] == "repeats"
    assert "means of independent repeats (Welch's t)" in apart.table().note


def test_repeats_need_not_be_as_many_on_both_sides_and_their_order_is_nothing():
    rng = np.random.default_rng(5)
    found = [
        {"method": name, "network": i, "risk": float(rng.normal(mean, spread))}
        for name, count, mean, spread in (("uniform", 10, 1.0, 0.3), ("other", 4, 0.2, 0.05))
        for i in range(count)
    ]
    ask = {"control": "uniform", "pair_by": ("network",), "paired": False}
    (one,) = contrast(found, "risk", asked=found, **ask)
    assert (one.pairs, one.verdict, one.estimate.samples) == ("14", "below", 14)
    last = [row for row in found if row["method"] == "uniform"]
    renumbered = [row | {"network": 9 - row["network"]} for row in last] + [r for r in found if r not in last]
    (other,) = contrast(renumbered, "risk", asked=found, **ask)
    assert (other.pvalue, other.verdict) == (pytest.approx(one.pvalue), one.verdict)
    (missing,) = contrast(found[1:], "risk", asked=found, **ask)
    assert (missing.pairs, missing.verdict, missing.pvalue) == ("13 of 14", "no verdict", None)


def test_repeats_without_any_spread_are_judged_by_how_they_could_have_been_dealt_out():
    same = [{"method": name, "i": i, "risk": risk} for name, risk in (("u", 1.0), ("o", 0.5)) for i in range(3)]
    (one,) = contrast(same, "risk", control="u", pair_by=("i",), paired=False)
    assert one.pvalue == pytest.approx(2 / 20)
    assert (one.verdict, one.judged.high) == ("not clearly different", 0)


def test_false_alarms_of_a_family_are_what_is_promised():
    """Nothing to find on 5 data sets: chance that any verdict is clear, in 300 runs."""
    alarms = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        found = [
            {"dataset": d, "method": m, "fold": f, "risk": rng.standard_normal()}
            for d in range(5)
            for m in ("uniform", "other")
            for f in range(6)
        ]
        alarms += any(one.verdict in ("below", "above") for one in contrast(found, "risk", family=(), **ASK))
    assert alarms <= 300 * 0.05 + 3 * np.sqrt(300 * 0.05 * 0.95)
