"""The report of the tiny run: its tables and sentences say what the records do, whatever these are."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from compare.distributions import correct, goodness_of_fit, total_variation
from compare.engine import Runs
from compare.report.cells import estimate, power, pvalue, seconds, signed
from compare.statistics import Estimate, mean_difference, mean_estimate
from compare.studies.ridgelet.methods import METHODS
from compare.studies.ridgelet.samplers.findings import answer, of_dimension, of_gates, of_part
from compare.studies.ridgelet.samplers.measures import load
from compare.studies.ridgelet.samplers.report import (
    circuit_table,
    dimension_table,
    distribution_table,
    made,
    penalty_table,
    problem_table,
    risk_table,
    time_table,
)
from compare.studies.ridgelet.samplers.rows import Part, parts, times
from compare.studies.ridgelet.samplers.study import OTHER_PENALTIES, PROBLEM, STUDY, Settings, tasks
from problems.ridgelet import Nodes, SparseNetwork
from tests.compare import TINY, tiny_run
from tests.compare.studies.lightness import report_lightly
from tests.compare.studies.ridgelet.samplers.test_study import METHODS as TAKE_PART

TESTS = ("goodness_of_fit", "two_sample")


def label(name):
    return METHODS[name].label


def copied(part):
    """A part whose rows may be doctored."""
    rows = (part.draws, part.tests, part.risks, part.times)
    own = ({name: {**row} for name, row in of.items()} for of in rows)
    found = Part(part.methods, {**part.problem}, *own)
    for row in found.risks.values():
        row |= {which: row[which].copy() for which in ("empirical", "held_out")}
    return found


@pytest.fixture
def found():
    """The tiny run's parts, free to be doctored."""
    return {part.problem["part"]: copied(part) for part in parts(tiny_run())}


@pytest.fixture
def timed():
    return times(tiny_run())


def fidelity_p(row):
    """The p-value of the normal test that the fidelity is 1, with the error of the side of the interval."""
    found = row["fidelity"]
    side = found.high - found.best if found.best < 1 else found.best - found.low
    return 2 * stats.norm.sf(abs(found.best - 1) / (side / stats.norm.isf(0.025)))


def cells(table):
    """The cells of each row by its heading and the column, as text."""
    return {str(row[0]): dict(zip(table.columns, map(str, row), strict=True)) for row in table.rows}


def doctor(part, name, test, **changes):
    part.tests[name][test] = replace(part.tests[name][test], **changes)


def afresh(part):
    """A doctored part, with nothing remembered of what it was before."""
    return Part(part.methods, part.problem, part.draws, part.tests, part.risks, part.times)


# Tables


@pytest.mark.parametrize("part", TAKE_PART)
def test_every_method_has_a_row_with_the_numbers_of_its_record(found, part):
    rows, own = cells(distribution_table(found[part])), found[part]
    assert list(rows) == [label(name) for name in TAKE_PART[part]]
    for name in TAKE_PART[part]:
        row, test, time = rows[label(name)], own.tests[name], own.times[name]
        assert row["samples"] == str(TINY["chain_samples" if part == "chain" else "samples"])
        assert row["fidelity"] == str(estimate(own.of_family(name, "fidelity")))
        assert row["fidelity p"] == str(pvalue(test["fidelity"].pvalue(1.0)))
        timed = cells(time_table(found[part]))[label(name)]
        assert timed["prepare"] == str(seconds(time["prepare"]))
        assert timed["time a sample"] == str(seconds(time["per_sample"]))
        if part == "small":
            assert row["total variation"] == str(estimate(test["total_variation"]))
            assert row["chi-square p"] == str(pvalue(test["goodness_of_fit"].pvalue))
            assert row["chi-square divergence"] == str(estimate(own.of_family(name, "goodness_of_fit").cut(0.0)))
            continue
        assert row["ranks p"] == str(pvalue(test["goodness_of_fit"].pvalue))
        assert row["uniform share"] == str(estimate(own.of_family(name, "goodness_of_fit")))
        reference = name == "dequantized"
        assert row["two-sample p"] == ("reference" if reference else f"{test['two_sample'].pvalue:.3f}")


@pytest.mark.parametrize("part", TAKE_PART)
def test_every_method_has_a_p_value_adjusted_for_all_tests_of_its_table(found, part):
    own = found[part].tests
    raw = {name: [*(row[test].pvalue for test in TESTS if row[test]), fidelity_p(row)] for name, row in own.items()}
    pvalues = [p for of_method in raw.values() for p in of_method]
    assert len(pvalues) == {"small": 14, "raw": 8, "chain": 8}[part]
    table = distribution_table(found[part])
    assert f"for all {len(pvalues)} tests of this table (Holm)" in table.note
    adjusted = dict(zip(pvalues, correct(pvalues), strict=True))
    for name, of_method in raw.items():
        smallest = min(adjusted[p] for p in of_method)
        assert cells(table)[label(name)]["adjusted p"] == str(pvalue(smallest))


def test_an_infinite_divergence_and_a_missing_time_have_a_cell(found):
    doctor(found["small"], "uniform", "goodness_of_fit", low=None, best=None, high=None, pvalue=0.0)
    del found["small"].times["leverage"]
    rows = cells(distribution_table(found["small"]))
    assert rows["uniform"]["chi-square divergence"] == "infinite"
    assert "leverage (no labels)" not in cells(time_table(found["small"]))


def test_the_note_says_of_whose_fidelity_the_interval_is_not_to_be_relied_on(found):
    part = found["raw"]
    assert "Fidelity of" not in distribution_table(afresh(part)).note
    for name in ("dequantized", "uniform"):
        doctor(part, name, "fidelity", caution="9 samples are few.")
    names = f"{part.label('dequantized')}, {part.label('uniform')}"
    assert distribution_table(afresh(part)).note.endswith(f" Fidelity of {names}: 9 samples are few.")


def test_the_note_of_the_distribution_table_states_the_floor(found):
    floor = found["small"].tests["enumeration"]["total_variation"].floor
    assert str(estimate(floor)) in distribution_table(found["small"]).note
    assert "floor" not in distribution_table(found["raw"]).note


@pytest.mark.parametrize(("part", "quoted"), [("small", 4), ("raw", 80)])
def test_the_risk_table_quotes_means_of_the_records_beside_the_baselines(found, part, quoted):
    own = found[part]
    table = risk_table(own)
    rows, baselines = cells(table), own.problem["baselines"]
    for name in TAKE_PART[part]:
        row, risk = rows[label(name)], own.risks[name]
        at = risk["sizes"].index(quoted)
        assert row["N"] == str(quoted)
        assert row["empirical risk"] == str(estimate(mean_estimate(risk["empirical"][:, at])))
        assert row["held-out risk"] == str(estimate(mean_estimate(risk["held_out"][:, at])))
    for words, key in (
        ("whole network (exact)", "whole"),
        ("mean label a point", "labels"),
        ("no node at all", "zero"),
    ):
        assert rows[words]["empirical risk"] == f"{baselines[key][0]:.3f}"
        assert rows[words]["held-out risk"] == f"{baselines[key][1]:.3f}"
    assert f"{own.problem['coverage']:.2g}" in table.note


@pytest.mark.parametrize("part", ["small", "raw"])
def test_the_penalty_table_holds_both_risks_of_networks_fitted_again(found, part):
    (task,) = [one.task for one in tasks(Settings(**TINY)) if one.kind == PROBLEM and one.task.part == part]
    data, problem = load(task, {})
    own = found[part]
    table, drawn = penalty_table(own), own.draws["dequantized"]
    nodes = Nodes(drawn["a"].astype(int), drawn["b"].astype(int))
    assert list(cells(table)) == [label(name) for name in TAKE_PART[part]]
    for penalty in OTHER_PENALTIES:
        risks = []
        for i in range(5):
            chosen = nodes[i * own.quoted : (i + 1) * own.quoted]
            network = SparseNetwork.fit(problem, chosen, data.x_train, data.y_train, penalty)
            risks.append((network.risk(data.x_train, data.y_train), network.risk(data.x_test, data.y_test)))
        empirical, held_out = np.mean(risks, axis=0)
        assert cells(table)["dequantized"][f"penalty {penalty:g}"] == f"{empirical:.2f} / {held_out:.2f}"
    assert "means over 5 networks" in table.note


def test_the_problem_table_has_a_row_for_each_part(found):
    table = problem_table(list(found.values()))
    for row, part in zip(table.rows, found.values(), strict=True):
        named, problem = dict(zip(table.columns, map(str, row), strict=True)), part.problem
        assert named["part"] == part.title
        assert named["K"] == str(problem["distinct"])
        assert [named[column] for column in ("P", "D", "outputs")] == [
            str(problem[key]) for key in ("prime", "dimension", "outputs")
        ]
        assert named["K/P^D"] == f"{problem['coverage']:.2g}"
        assert named["hidden nodes"] == str(power((problem["dimension"] + 1) * np.log10(problem["prime"])))
    p = found["small"].problem["probabilities"]
    p = p[p > 0]
    shown = [str(row[table.columns.index("effective nodes")]) for row in table.rows]
    assert shown == [f"{np.exp(-p @ np.log(p)):.0f}", "-", "-"]


def test_the_circuit_table_keeps_loader_and_transform_apart(found):
    table = circuit_table(list(found.values()))
    rows = [list(map(str, row[1:])) for row in table.rows if str(row[0]) == found["chain"].title]
    gates = found["chain"].problem["gates"]
    assert gates.keys() == {"binary", "rader"}
    expected = [(encoding, piece) for encoding in ("binary", "rader") for piece in ("transform", "sparse loader")]
    assert [tuple(row[:2]) for row in rows] == expected
    for encoding, piece, *counts in rows:
        stated = [gates[encoding][piece][key] for key in ("qubits", "depth", "one_qubit", "two_qubit")]
        assert counts == [f"{count:,}" for count in stated]
    assert len(of_gates(list(found.values()))) == 4


def test_the_dimension_table_spreads_the_preparation_over_the_samples(timed):
    table = dimension_table(timed)
    rows = cells(table)
    assert list(rows) == ["2", "3", "4", "6"]
    assert set(table.columns[1:]) == {label(name) for name in TAKE_PART["small"] if name != "leverage"}
    for row in timed:
        expected = seconds(row["prepare"] / row["samples"] + row["per_sample"].best)
        assert rows[str(row["dimension"])][label(row["method"])] == str(expected)
    few = timed.where(lambda row: row["method"] == "uniform" or row["dimension"] < 4)
    assert cells(dimension_table(few))["6"]["rejection"] == "-"
    assert len(of_dimension(timed)) == 6


def test_every_row_is_as_long_as_its_heading_and_carries_numbers(found, timed):
    tables = [table for section in made(list(found.values()), timed).sections for table in section.tables]
    assert len([table for table in tables if not table.folded]) == 13
    assert all(len(row) == len(table.columns) for table in tables for row in table.rows)
    assert all(table.note.endswith(".") for table in tables)


# Sentences


def said(part):
    return " ".join(of_part(afresh(part)))


def sentence(part, start):
    return next(one for one in of_part(afresh(part)) if one.startswith(start))


def card(found, timed):
    return answer([afresh(part) for part in found.values()], timed)


def set_risk(part, name, which, value, spread=1e-3):
    """Give every network of a method the risk `value`, but for a spread that differs between methods."""
    values = part.risks[name][which]
    noise = np.random.default_rng(len(name)).permutation(np.linspace(-1, 1, len(values)))
    values[:] = value + spread * noise[:, None]


def test_the_card_answers_with_one_picture_and_three_sentences(found, timed):
    report = made(list(found.values()), timed)
    assert report.card.picture.name == "small-risk"
    distribution, networks, cost = report.card.sentences
    assert distribution.startswith("Same distribution, as far as the tests see: ")
    assert networks.startswith("Few features, held-out risk at N = 4: dequantized 0.")
    assert " The others less dequantized: circuit (statevector) " in networks
    assert max(map(len, networks.split(". "))) < 300
    assert cost.startswith("Cost: classically a node takes ")
    assert all(part.title in networks for part in found.values() if part.risks)


def test_findings_are_sentences_for_every_part(found):
    assert all(one.endswith(".") for part in found.values() for one in of_part(part))
    apart = "Told apart from the exact p* at the 5% level over all"
    assert f"{apart} 14 tests (Holm): leverage (no labels) and uniform." in said(found["small"])
    assert f"{apart} 8 tests (Holm): leverage" in said(found["raw"])


def test_uniform_nodes_in_place_of_the_circuits_are_told_apart(found, timed):
    """The nodes themselves are exchanged and tested again, as a broken circuit would have it."""
    (task,) = [one.task for one in tasks(Settings(**TINY)) if one.kind == PROBLEM and one.task.part == "small"]
    problem, part = load(task, {})[1], found["small"]
    drawn = part.draws["uniform"]
    nodes = Nodes(drawn["a"].astype(int), drawn["b"].astype(int))
    test, distance = goodness_of_fit(problem, nodes), total_variation(problem, nodes)
    doctor(part, "circuit_mps", "goodness_of_fit", pvalue=test.pvalue, statistic=test.statistic)
    doctor(part, "circuit_mps", "total_variation", low=distance.low, best=distance.best, high=distance.high)
    part.tests["circuit_mps"]["fidelity"] = part.tests["uniform"]["fidelity"]
    assert "circuit (MPS)" in sentence(part, "Told apart")
    assert "circuit (MPS)" not in sentence(part, "Not to be told apart")
    assert card(found, timed)[0] == "Some samplers of p* were told apart from it: circuit (MPS)."
    fidelity = str(estimate(afresh(part).of_family("circuit_mps", "fidelity")))
    assert fidelity in sentence(part, "Cross-entropy fidelity of circuit (MPS)")
    assert cells(distribution_table(afresh(part)))["circuit (MPS)"]["total variation"] == str(estimate(distance))


@pytest.mark.parametrize("part", TAKE_PART)
def test_a_circuit_or_sampler_that_fails_in_any_part_reaches_the_card(found, timed, part):
    name = "circuit_mps" if part != "raw" else "dequantized"
    doctor(found[part], name, "two_sample" if part == "chain" else "goodness_of_fit", pvalue=1e-9)
    assert card(found, timed)[0] == f"Some samplers of p* were told apart from it: {label(name)}."


def test_a_p_value_is_judged_at_the_level_that_holm_gives_it(found):
    """Both tests of leverage and of uniform nodes are clear for certain, so ten are left."""
    doctor(found["small"], "rejection", "goodness_of_fit", pvalue=0.05 / 10 * 1.01)
    assert "rejection" in sentence(found["small"], "Not to be told apart")
    doctor(found["small"], "rejection", "goodness_of_fit", pvalue=0.05 / 10 * 0.99)
    assert "rejection" in sentence(found["small"], "Told apart")


@pytest.mark.parametrize("part", TAKE_PART)
@pytest.mark.parametrize("high", [0.96, 0.999, 1.001, 1.05])
def test_no_fidelity_leaves_1_out_beside_the_words_not_to_be_told_apart(found, part, high):
    """A fidelity whose own 95% interval leaves 1 out is one test of many: it is told apart, or its interval holds 1."""
    own = found[part]
    own.tests["dequantized"]["fidelity"] = Estimate(2 * 0.93 - high, 0.93, high, 700)
    own = afresh(own)
    shown = own.of_family("dequantized", "fidelity")
    assert own.told_apart("dequantized") == (shown.high < 1)
    assert str(estimate(shown)) in sentence(own, "Cross-entropy fidelity of dequantized")
    told = sentence(own, "Told apart" if shown.high < 1 else "Not to be told apart")
    assert "dequantized" in told
    effect = own.of_family("dequantized", "goodness_of_fit")
    assert effect.low <= 0 or own.family["dequantized", "goodness_of_fit"].clear


def test_what_does_not_claim_p_star_is_no_failure(found, timed):
    """Uniform and leverage nodes are told apart, as they should be, and are not counted among the samplers of p*."""
    same = card(found, timed)[0]
    assert label("leverage") not in same
    assert label("uniform") not in same
    assert all(label(name) in same for name in TAKE_PART["small"][:5])


def test_tests_that_see_nothing_prove_nothing(found, timed):
    for part, test in (("small", "goodness_of_fit"), ("chain", "two_sample"), ("chain", "goodness_of_fit")):
        doctor(found[part], "uniform", test, pvalue=0.6)
        found[part].tests["uniform"]["fidelity"] = Estimate(0.2, 0.9, 1.6, 200)
    blind = "These tests do not tell even uniform nodes from p*, so they prove nothing."
    assert [blind in said(part) for part in found.values()] == [True, False, True]
    assert card(found, timed)[0].count("where not even uniform nodes are") == 2


def test_the_card_says_what_was_tested_with_how_many_samples(found, timed):
    same = card(found, timed)[0]
    exact = "enumeration, dequantized, rejection, circuit (statevector) and circuit (MPS) not told from p*"
    assert f"{exact} with 700 samples" in same
    assert "dequantized not told from p* with 700 samples" in same
    assert "dequantized and circuit (MPS) not told from p* with 200 samples" in same


@pytest.mark.parametrize(
    ("optimized", "uniform", "verdict"),
    [(0.2, 0.5, "below 0"), (0.5, 0.2, "above 0"), (0.3, 0.3, "not clearly different from 0")],
)
@pytest.mark.parametrize(("which", "words"), [("empirical", "Empirical risk"), ("held_out", "Held-out risk")])
def test_the_comparison_with_uniform_nodes_follows_the_risks(found, which, words, optimized, uniform, verdict):
    for part in (found["small"], found["raw"]):
        set_risk(part, "dequantized", which, optimized)
        set_risk(part, "uniform", which, uniform)
        quoted = sentence(part, f"{words} at N = {part.quoted}, dequantized less uniform: ")
        assert f": {signed(optimized - uniform)} [" in quoted
        assert f"], {verdict} ({2 * len(part.risks['uniform'][which])} repeats" in quoted
        count = len(part.risks["uniform"]["sizes"])
        assert f": {verdict} on all {count} (" in sentence(part, f"{words}, dequantized less uniform")


def test_the_comparison_with_leverage_nodes_follows_the_risks(found):
    part, start = found["small"], "Held-out risk at N = 4, dequantized less leverage (no labels): "
    set_risk(part, "dequantized", "held_out", 0.7)
    set_risk(part, "leverage", "held_out", 0.6)
    assert "above 0" in sentence(part, f"{start}+0.100")
    set_risk(part, "leverage", "held_out", 0.8)
    assert "below 0" in sentence(part, f"{start}-0.100")


@pytest.mark.parametrize(("circuit", "verdict"), [(0.2, "not clearly different"), (0.1, "below"), (0.4, "above")])
def test_the_card_says_what_networks_the_circuits_bought(found, timed, circuit, verdict):
    for name in ("dequantized", "circuit_statevector"):
        set_risk(found["small"], name, "held_out", 0.2)
    set_risk(found["small"], "circuit_mps", "held_out", circuit)
    networks = card(found, timed)[1]
    assert f"circuit (MPS) {signed(circuit - 0.2)} [" in networks
    assert f"] ({verdict}), uniform" in networks


@pytest.mark.parametrize(
    ("risk", "spread", "in_the_part", "on_the_card"),
    [
        (0.5, 1e-3, "the optimized ticket generalizes", ", below the "),
        (1.5, 1e-3, "the optimized ticket memorizes, and does not help", ", above the "),
        (None, 0.1, "is not clearly better or worse than predicting 0", ", not clearly different from the "),
    ],
)
@pytest.mark.parametrize("part", ["small", "raw"])
def test_the_worth_of_a_ticket_is_measured_by_predicting_zero(
    found, timed, part, risk, spread, in_the_part, on_the_card
):
    own = found[part]
    zero = own.zero("held_out")
    set_risk(own, "dequantized", "held_out", zero if risk is None else risk * zero, spread)
    worth = sentence(own, "On held-out data")
    assert in_the_part in worth
    assert f"against {zero:.3f}" in worth
    networks = card(found, timed)[1]
    assert on_the_card in networks[networks.index(f"{own.title}, held-out") :].split(" of predicting 0.", 1)[0]


def test_only_a_ticket_that_learned_the_training_data_is_said_to_memorize(found):
    part = found["raw"]
    set_risk(part, "dequantized", "held_out", 2 * part.zero("held_out"))
    set_risk(part, "dequantized", "empirical", 0.5 * part.zero("empirical"))
    assert "memorizes, and does not help" in said(part)
    set_risk(part, "dequantized", "empirical", 2 * part.zero("empirical"))
    assert "memorizes" not in said(part)
    assert "does not help" in said(part)


def test_a_single_network_claims_nothing(found):
    row = found["small"].risks["dequantized"]
    row["held_out"] = np.full((1, len(row["sizes"])), 0.01)
    assert "not clearly better or worse" in sentence(found["small"], "On held-out data")


def test_nothing_is_said_of_held_out_data_where_nothing_is_held_out(found, timed):
    found["small"].problem["held_out"] = False
    assert "No point is held out here" in said(found["small"])
    assert "generalizes" not in said(found["small"])
    assert card(found, timed)[1].startswith("Few features, empirical risk at N = 4: dequantized 0.")


def test_some_n_at_which_optimized_nodes_are_worse_are_named(found):
    part = found["small"]
    set_risk(part, "dequantized", "held_out", 0.2)
    set_risk(part, "uniform", "held_out", 0.5)
    part.risks["uniform"]["held_out"][:, -1] -= 0.4
    over_sizes = sentence(part, "Held-out risk, dequantized less uniform")
    assert "below 0 on 5 of 6" in over_sizes
    assert "above 0 on 1 of 6 (+0.100: N = 32)" in over_sizes


def test_a_chance_hit_at_one_n_of_many_makes_no_sentence(found):
    """Over all N the tests share their level: what is clear alone need not be clear beside five others."""
    part = found["small"]
    for name in ("dequantized", "uniform"):
        set_risk(part, name, "held_out", 0.5, spread=0.1)
    lone, uniform = (part.risks[name]["held_out"] for name in ("dequantized", "uniform"))
    difference = mean_difference(lone[:, 0], uniform[:, 0])
    lone[:, 0] += 1.1 * (difference.best - difference.low) - difference.best
    assert mean_difference(lone[:, 0], uniform[:, 0]).low > 0
    assert "above 0" not in sentence(part, "Held-out risk, dequantized less uniform")


# Made of records alone


def test_the_report_loads_no_data_and_makes_no_sampler():
    """It imports nothing that could, and still is the same."""
    report_lightly(tiny_run().folder)


def test_records_of_a_method_that_is_gone_are_still_reported(monkeypatch):
    for name in ("leverage", "circuit_mps"):
        monkeypatch.delitem(METHODS, name)
    report = Runs.read(STUDY, tiny_run().folder).made()
    shown = {str(row[0]) for section in report.sections for table in section.tables for row in table.rows}
    assert {"leverage (no labels)", "circuit (MPS)"} <= shown


def test_the_page_fits_every_screen_and_shows_a_circuit(look):
    text = look(tiny_run().folder / "report.html")
    assert "Sparse_loader" in text
