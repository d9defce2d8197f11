import copy
import io
import json

import numpy as np
import pytest
from compare.studies.ridgelet.samplers.page import report
from compare.studies.ridgelet.samplers.tables import (
    circuit_table,
    dimension_table,
    distribution_table,
    penalty_table,
    problem_table,
    risk_table,
)
from rich.console import Console

from compare.distributions import correct, goodness_of_fit, total_variation
from compare.statistics import mean_difference, mean_estimate
from compare.studies.ridgelet.samplers.findings import findings
from compare.studies.ridgelet.samplers.study import LABELS, Settings, plan
from compare.tables import Table, for_terminal, interval, pvalue_text, seconds_text
from problems.ridgelet import Nodes, SparseNetwork
from tests.compare import TINY, TINY_DIMENSIONS, tiny_run

# Text of single numbers


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (90, "90 s"),
        (1, "1 s"),
        (0.25, "250 ms"),
        (1.234e-3, "1.23 ms"),
        (5e-6, "5 µs"),
        (2e-9, "2 ns"),
        (0, "0 ns"),
    ],
)
def test_seconds_are_written_with_a_fitting_unit(seconds, text):
    assert seconds_text(seconds) == text


@pytest.mark.parametrize("seconds", [9.996e-7, 9.996e-4, 0.9996, 999.6, 12_345])
def test_seconds_are_written_without_powers_of_ten(seconds):
    assert "e" not in seconds_text(seconds)


def test_an_estimate_is_written_with_its_interval():
    assert interval({"low": 0.12345, "best": 0.5, "high": 1}) == "0.500 [0.123, 1.000]"
    assert interval({"low": -0.1, "best": 0.5, "high": 1}, digits=1) == "0.5 [-0.1, 1.0]"
    # A single value has an infinite interval, which JSON does not have.
    assert interval({"low": None, "best": 0.5, "high": None}) == "0.500"


@pytest.mark.parametrize(("pvalue", "text"), [(0.25, "0.250"), (1.0, "1.000"), (0.001, "0.001"), (3.2e-7, "3e-07")])
def test_a_p_value_is_written_with_three_digits_or_its_power(pvalue, text):
    assert pvalue_text({"pvalue": pvalue}) == text


def test_a_p_value_of_zero_is_not_written_as_a_number_it_is_not():
    assert "e+00" not in pvalue_text({"pvalue": 0.0})
    assert pvalue_text({"pvalue": 0.0}).startswith("<")


def test_a_table_is_printed_whole_on_a_terminal():
    table = Table("A title", ["name", "value"], [["first", "1.5"], ["second", "2.5"]], "A note.")
    output = io.StringIO()
    Console(file=output, width=60).print(for_terminal(table))
    for text in ("A title", "name", "value", "first", "1.5", "second", "2.5", "A note."):
        assert text in output.getvalue()


# Tables of a run


def record(key):
    return json.loads((tiny_run().folder / f"{key}.json").read_text())["result"]


def cells(table):
    """The cells of each row by its heading and the column."""
    return {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}


def written(estimate):
    return f"{estimate['best']:.3f} [{estimate['low']:.3f}, {estimate['high']:.3f}]"


@pytest.fixture
def results():
    """The tiny run's results, free to be doctored."""
    return copy.deepcopy(tiny_run().results)


TESTS = ("goodness_of_fit", "two_sample")
METHODS = {
    "small": ["enumeration", "dequantized", "rejection", "circuit_statevector", "circuit_mps", "leverage", "uniform"],
    "raw": ["dequantized", "leverage", "uniform"],
    "chain": ["dequantized", "circuit_mps", "uniform"],
}


@pytest.mark.parametrize("part", METHODS)
def test_every_method_has_a_row_with_the_numbers_of_its_record(results, part):
    rows = cells(distribution_table(results.parts[part]))
    assert list(rows) == [LABELS[name] for name in METHODS[part]]
    for name in METHODS[part]:
        row, found = rows[LABELS[name]], record(f"{part}-{name}")
        assert row["samples"] == str(TINY["chain_samples" if part == "chain" else "samples"])
        assert row["fidelity"] == written(found["fidelity"])
        assert row["prepare"] == seconds_text(found["time"]["prepare"])
        times = [seconds_text(found["time"]["per_sample"][end]) for end in ("best", "low", "high")]
        assert row["time a sample"] == f"{times[0]} [{times[1]}, {times[2]}]"
        if part == "small":
            assert row["total variation"] == written(found["total_variation"])
            assert row["chi-square p"] == pvalue_text(found["goodness_of_fit"])
            assert row["chi-square divergence"] == written(found["goodness_of_fit"])
            continue
        assert row["ranks p"] == pvalue_text(found["goodness_of_fit"])
        assert row["uniform share"] == written(found["goodness_of_fit"])
        reference = name == "dequantized"
        assert row["two-sample p"] == ("reference" if reference else f"{found['two_sample']['pvalue']:.3f}")


@pytest.mark.parametrize("part", METHODS)
def test_every_method_has_a_p_value_adjusted_for_all_tests_of_its_table(results, part):
    methods = results.parts[part]["methods"]
    pvalues = [found[test]["pvalue"] for found in methods.values() for test in TESTS if test in found]
    assert len(pvalues) == {"small": 7, "raw": 5, "chain": 5}[part]
    assert f"for all {len(pvalues)} tests of this table (Holm)" in distribution_table(results.parts[part]).note
    adjusted = dict(zip(pvalues, correct(pvalues), strict=True))
    rows = cells(distribution_table(results.parts[part]))
    for name, found in methods.items():
        smallest = min(adjusted[found[test]["pvalue"]] for test in TESTS if test in found)
        assert rows[LABELS[name]]["adjusted p"] == pvalue_text({"pvalue": smallest})


def test_an_infinite_divergence_and_a_record_of_an_older_version_have_a_cell(results):
    methods = results.parts["small"]["methods"]
    methods["uniform"]["goodness_of_fit"] |= {"low": None, "best": None, "high": None, "pvalue": 0.0}
    for key in ("low", "best", "high"):
        del methods["leverage"]["goodness_of_fit"][key]
    rows = cells(distribution_table(results.parts["small"]))
    assert rows["uniform"]["chi-square divergence"] == "infinite"
    assert rows["leverage (no labels)"]["chi-square divergence"] == "-"
    del results.parts["raw"]["methods"]["uniform"]["goodness_of_fit"]
    assert cells(distribution_table(results.parts["raw"]))["uniform"]["ranks p"] == "-"


def test_the_note_of_the_distribution_table_states_the_floor(results):
    note = distribution_table(results.parts["small"]).note
    assert written(record("small-enumeration")["total_variation"]["floor"]) in note
    assert "floor" not in distribution_table(results.parts["raw"]).note


@pytest.mark.parametrize(("part", "quoted"), [("small", 4), ("raw", 80)])
def test_the_risk_table_quotes_the_records_beside_the_baselines(results, part, quoted):
    table = risk_table(results.parts[part])
    rows = cells(table)
    baselines = record(f"{part}-problem")["baselines"]
    for name in METHODS[part]:
        row, risk = rows[LABELS[name]], record(f"{part}-{name}")["risk"]
        at = risk["sizes"].index(quoted)
        assert row["N"] == str(quoted)
        assert row["empirical risk"] == written(risk["empirical"][at])
        assert row["held-out risk"] == written(risk["held_out"][at])
    for label, key in (
        ("whole network (exact)", "whole"),
        ("mean label a point", "labels"),
        ("no node at all", "zero"),
    ):
        assert rows[label]["empirical risk"] == f"{baselines[key][0]:.3f}"
        assert rows[label]["held-out risk"] == f"{baselines[key][1]:.3f}"
    assert f"{record(f'{part}-problem')['coverage']:.2g}" in table.note


def test_the_quoted_risks_are_means_of_the_arrays(results):
    for part, quoted in (("small", 4), ("raw", 80)):
        for name in METHODS[part]:
            risk = results.parts[part]["methods"][name]["risk"]
            at = risk["sizes"].index(quoted)
            for which in ("empirical", "held_out"):
                estimate = mean_estimate(results.arrays[f"{part}-{name}"][which][:, at])
                assert risk[which][at] == pytest.approx(
                    {"low": estimate.low, "best": estimate.best, "high": estimate.high, "samples": estimate.samples}
                )


def test_a_part_without_risks_has_no_risk_table(results):
    assert risk_table(results.parts["chain"]) is None
    assert penalty_table(results.parts["chain"]) is None


@pytest.mark.parametrize("part", ["small", "raw"])
def test_the_penalty_table_holds_both_risks_of_networks_fitted_again(results, part):
    planned = {part.key: part for part in plan(Settings(**TINY)).parts}[part]
    quoted = planned.quoted
    rows = cells(penalty_table(results.parts[part]))
    assert list(rows) == [LABELS[name] for name in METHODS[part]]
    arrays = results.arrays[f"{part}-dequantized"]
    nodes = Nodes(arrays["a"].astype(int), arrays["b"].astype(int))
    for penalty in (0.01, 0.1, 1.0):
        risks = []
        for i in range(5):
            chosen = nodes[i * quoted : (i + 1) * quoted]
            data = planned.data
            network = SparseNetwork.fit(planned.problem, chosen, data.x_train, data.y_train, penalty)
            risks.append((network.risk(data.x_train, data.y_train), network.risk(data.x_test, data.y_test)))
        empirical, held_out = np.mean(risks, axis=0)
        assert rows["dequantized"][f"penalty {penalty:g}"] == f"{empirical:.2f} / {held_out:.2f}"
    assert "means over 5 networks" in penalty_table(results.parts[part]).note


def test_the_problem_table_has_a_row_for_each_part(results):
    table = problem_table(results.parts)
    assert len(table.rows) == 3
    for row, part in zip(table.rows, METHODS, strict=True):
        found = record(f"{part}-problem")
        named = dict(zip(table.columns, row, strict=True))
        assert [named[column] for column in ("P", "D", "K", "outputs")] == [
            str(found[key]) for key in ("prime", "dimension", "points", "outputs")
        ]
        assert named["K/P^D"] == f"{found['coverage']:.2g}"
        assert named["hidden nodes"] == f"10^{(found['dimension'] + 1) * np.log10(found['prime']):.1f}"
    p = results.arrays["small-problem"]["probabilities"]
    p = p[p > 0]
    assert dict(zip(table.columns, table.rows[0], strict=True))["effective nodes"] == f"{np.exp(-p @ np.log(p)):.0f}"
    assert [row[table.columns.index("effective nodes")] for row in table.rows[1:]] == ["-", "-"]


def test_the_circuit_table_keeps_loader_and_transform_apart(results):
    table = circuit_table(results.parts)
    title = results.parts["chain"]["title"]
    rows = [row[1:] for row in table.rows if row[0] == title]
    found = record("chain-problem")["gates"]
    assert found.keys() == {"binary", "rader"}
    expected = [(encoding, piece) for encoding in ("binary", "rader") for piece in ("transform", "sparse loader")]
    assert [tuple(row[:2]) for row in rows] == expected
    for encoding, piece, *counts in rows:
        stated = [found[encoding][piece][key] for key in ("qubits", "depth", "one_qubit", "two_qubit")]
        assert counts == [f"{count:,}" for count in stated]


def test_the_dimension_table_spreads_the_preparation_over_the_samples(results):
    table = dimension_table(results.dimension)
    assert list(table.columns) == ["D", *(LABELS[name] for name in TINY_DIMENSIONS)]
    rows = cells(table)
    assert list(rows) == ["2", "3", "4", "6"]
    for name, largest in TINY_DIMENSIONS.items():
        found = record(f"dimension-{name}")
        timed = {str(row["dimension"]): row for row in found["rows"]}
        assert list(timed) == [d for d in rows if int(d) <= largest]
        for d, row in rows.items():
            expected = "-"
            if d in timed:
                expected = seconds_text(timed[d]["prepare"] / found["samples"] + timed[d]["sample_best"])
            assert row[LABELS[name]] == expected


def test_every_row_is_as_long_as_its_heading(results):
    tables = [table for section in report(results).sections for table in section.tables]
    assert len(tables) == 10
    assert all(len(row) == len(table.columns) for table in tables for row in table.rows)
    assert all(table.note.endswith(".") for table in tables)


# Findings


def said(results, key):
    return " ".join(findings(results)[key])


def sentence(results, key, start):
    return next(sentence for sentence in findings(results)[key] if sentence.startswith(start))


def set_risk(results, part, name, which, value, spread=1e-3):
    """Give every network of a method the risk `value`, in the arrays and in the estimates made from them."""
    values = results.arrays[f"{part}-{name}"][which]
    values[:] = value + spread * np.linspace(-1, 1, len(values))[:, None]
    risk = results.parts[part]["methods"][name]["risk"]
    for i, column in enumerate(values.T):
        estimate = mean_estimate(column)
        risk[which][i] |= {"low": estimate.low, "best": estimate.best, "high": estimate.high}


def test_findings_are_sentences_for_every_part(results):
    found = findings(results)
    assert set(found) == {"small", "raw", "chain", "dimension", "circuit", "verdict"}
    assert all(sentences for sentences in found.values())
    assert all(sentence.endswith(".") for sentences in found.values() for sentence in sentences)


def test_findings_of_the_tiny_run(results):
    assert (
        "Told apart from the exact p* at the 5% level over all 7 tests (Holm): leverage (no labels) and uniform."
        in said(results, "small")
    )
    assert "Told apart from the exact p* at the 5% level over all 5 tests (Holm): leverage" in said(results, "raw")
    assert "Same distribution, as far as the tests see" in said(results, "verdict")


def test_uniform_nodes_in_place_of_the_circuits_are_told_apart(results):
    """The nodes themselves are exchanged and tested again, as a broken circuit would have it."""
    settings = Settings(**TINY)
    problem = plan(settings).parts[0].problem
    arrays = results.arrays["small-uniform"]
    nodes = Nodes(arrays["a"].astype(int), arrays["b"].astype(int))
    test, distance = goodness_of_fit(problem, nodes), total_variation(problem, nodes)
    circuit = results.parts["small"]["methods"]["circuit_mps"]
    circuit["goodness_of_fit"] |= {"pvalue": test.pvalue, "statistic": test.statistic}
    circuit["total_variation"] |= {"low": distance.low, "best": distance.best, "high": distance.high}
    circuit["fidelity"] = results.parts["small"]["methods"]["uniform"]["fidelity"]
    told_apart = sentence(results, "small", "Told apart")
    assert "circuit (MPS)" in told_apart
    assert "circuit (MPS)" not in sentence(results, "small", "Not to be told apart")
    assert "told apart from it: circuit (MPS)" in said(results, "verdict")
    assert "Same distribution" not in said(results, "verdict")
    assert written(circuit["fidelity"]) in sentence(results, "small", "Cross-entropy fidelity of circuit (MPS)")
    rows = cells(distribution_table(results.parts["small"]))
    assert rows["circuit (MPS)"]["total variation"] == written(vars(distance))


@pytest.mark.parametrize("part", METHODS)
def test_a_circuit_or_sampler_that_fails_in_any_part_reaches_the_verdict(results, part):
    name = "circuit_mps" if part != "raw" else "dequantized"
    test = "two_sample" if part == "chain" else "goodness_of_fit"
    results.parts[part]["methods"][name][test] |= {"pvalue": 1e-9}
    assert f"Some samplers of p* were told apart from it: {LABELS[name]}." in said(results, "verdict")


def test_a_p_value_is_judged_at_the_level_that_holm_gives_it(results):
    """Leverage and uniform nodes are told apart for certain, so five tests are left."""
    methods = results.parts["small"]["methods"]
    methods["rejection"]["goodness_of_fit"]["pvalue"] = 0.05 / 5 * 1.01
    assert "rejection" in sentence(results, "small", "Not to be told apart")
    methods["rejection"]["goodness_of_fit"]["pvalue"] = 0.05 / 5 * 0.99
    assert "rejection" in sentence(results, "small", "Told apart")
    assert "told apart from it: rejection" in said(results, "verdict")


def test_the_controls_are_never_called_failed_samplers(results):
    assert "uniform" not in sentence(results, "verdict", "Same distribution")
    for found in results.parts["small"]["methods"].values():
        found["goodness_of_fit"]["pvalue"] = 1e-9
    verdict = sentence(results, "verdict", "Some samplers")
    assert LABELS["leverage"] not in verdict
    assert LABELS["uniform"] not in verdict
    assert all(LABELS[name] in verdict for name in METHODS["small"][:5])


def test_a_verdict_of_same_distribution_says_where_the_control_was_not_told_apart_either(results):
    """A test that cannot see uniform nodes proves nothing about the circuit."""
    assert "prove nothing" not in said(results, "verdict")
    for part, test in (("small", "goodness_of_fit"), ("chain", "two_sample"), ("chain", "goodness_of_fit")):
        results.parts[part]["methods"]["uniform"][test]["pvalue"] = 0.6
    blind = sentence(results, "verdict", "These tests do not tell even uniform nodes from p*, so they prove nothing")
    assert results.parts["small"]["title"] in blind
    assert results.parts["chain"]["title"] in blind
    assert results.parts["raw"]["title"] not in blind


def test_the_verdict_of_same_distribution_says_what_was_tested_with_how_many_samples(results):
    same = sentence(results, "verdict", "Same distribution")
    exact = "enumeration, dequantized, rejection, circuit (statevector) and circuit (MPS) not told from p*"
    assert f"{exact} with 700 samples" in same
    assert "dequantized not told from p* with 700 samples" in same
    assert "dequantized and circuit (MPS) not told from p* with 200 samples" in same


@pytest.mark.parametrize(
    ("optimized", "uniform", "word"), [(0.2, 0.5, "lower"), (0.5, 0.2, "higher"), (0.3, 0.3, "not clearly different")]
)
@pytest.mark.parametrize(("which", "name"), [("empirical", "empirical risk"), ("held_out", "held-out risk")])
def test_the_comparison_with_uniform_nodes_follows_the_risks(results, which, name, optimized, uniform, word):
    for part in ("small", "raw"):
        set_risk(results, part, "dequantized", which, optimized)
        set_risk(results, part, "uniform", which, uniform)
        quoted = results.parts[part]["quoted"]
        found = sentence(results, part, f"Against uniform nodes, the {name} of optimized ones at N = {quoted}")
        assert f" is {word} (difference {optimized - uniform:+.3f}, 95% interval" in found
        sizes = ", ".join(str(size) for size in results.parts[part]["methods"]["uniform"]["risk"]["sizes"])
        assert f"over N: {word} at N = {sizes}." in sentence(results, part, f"{name.capitalize()} of optimized nodes")
    tickets = [line for line in findings(results)["verdict"] if line.startswith("Tickets")]
    assert len(tickets) == 2
    for line in tickets:
        assert f"{name} {optimized:.2f} against {uniform:.2f} for uniform nodes ({word})" in line


def test_optimized_nodes_equal_to_uniform_ones_do_not_differ(results):
    for part in ("small", "raw"):
        for which in ("empirical", "held_out"):
            results.arrays[f"{part}-dequantized"][which] = results.arrays[f"{part}-uniform"][which].copy()
        results.parts[part]["methods"]["dequantized"]["risk"] = results.parts[part]["methods"]["uniform"]["risk"]
        for name in ("empirical", "held-out"):
            found = sentence(results, part, f"Against uniform nodes, the {name} risk")
            assert "is not clearly different (difference +0.000" in found
    assert "(lower)" not in said(results, "verdict")
    assert "(higher)" not in said(results, "verdict")


def test_the_comparison_with_leverage_nodes_follows_the_risks(results):
    start = "Against leverage nodes, which ignore the labels, the held-out risk"
    set_risk(results, "small", "dequantized", "held_out", 0.7)
    set_risk(results, "small", "leverage", "held_out", 0.6)
    assert "is higher (difference +0.100" in sentence(results, "small", start)
    set_risk(results, "small", "leverage", "held_out", 0.8)
    assert "is lower (difference -0.100" in sentence(results, "small", start)


@pytest.mark.parametrize(
    ("risk", "spread", "in_the_part", "in_the_verdict"),
    [
        (0.5, 1e-3, "the optimized ticket generalizes", "the ticket generalizes"),
        (1.5, 1e-3, "the optimized ticket does not help", "the ticket memorizes, and is no help on held-out data"),
        (None, 0.1, "is not clearly better or worse than predicting 0", "no clear use on held-out data"),
    ],
)
@pytest.mark.parametrize("part", ["small", "raw"])
def test_the_worth_of_a_ticket_is_measured_by_predicting_zero(results, part, risk, spread, in_the_part, in_the_verdict):
    zero = results.parts[part]["problem"]["baselines"]["zero"][1]
    set_risk(results, part, "dequantized", "held_out", zero if risk is None else risk * zero, spread)
    worth = sentence(results, part, "On held-out data")
    assert in_the_part in worth
    assert f"against {zero:.3f}" in worth
    line = next(
        line
        for line in findings(results)["verdict"]
        if line.startswith(f"Tickets of N = {results.parts[part]['quoted']} ")
    )
    assert f"{zero:.2f} for predicting 0: {in_the_verdict}." in line


def test_a_single_network_claims_nothing(results):
    risk = results.parts["small"]["methods"]["dequantized"]["risk"]["held_out"]
    for estimate in risk:
        estimate |= {"low": None, "best": 0.01, "high": None, "samples": 1}
    assert "not clearly better or worse" in sentence(results, "small", "On held-out data")


def test_nothing_is_said_of_held_out_data_where_nothing_is_held_out(results):
    results.parts["small"]["problem"]["held_out"] = False
    assert "No point is held out here" in said(results, "small")
    assert "generalizes" not in said(results, "small")
    assert "no point is held out here" in said(results, "verdict")


def test_the_verdict_cautions_where_optimized_nodes_are_worse_at_some_n(results):
    set_risk(results, "small", "dequantized", "held_out", 0.2)
    set_risk(results, "small", "uniform", "held_out", 0.5)
    line = sentence(results, "verdict", "Tickets of N = 4 ")
    assert "higher" not in line
    values = results.arrays["small-uniform"]["held_out"]
    values[:, -1] = 0.1 + 1e-3 * np.arange(len(values))
    line = sentence(results, "verdict", "Tickets of N = 4 ")
    assert "(lower)" in line
    assert "higher at N = 32" in line


def test_a_chance_hit_at_one_n_of_many_makes_no_sentence(results):
    """Intervals over all N hold together: what is clear at 95% alone need not be clear beside six others."""
    for name in ("dequantized", "uniform"):
        set_risk(results, "small", name, "held_out", 0.5, spread=0.1)
    lone = results.arrays["small-dequantized"]["held_out"]
    lone[:, 0] = results.arrays["small-uniform"]["held_out"][:, 0]
    clear = mean_difference(lone[:, 0] + 1, lone[:, 0] + 1).high * 1.1  # just beyond one 95% interval
    lone[:, 0] += clear
    assert mean_difference(lone[:, 0], results.arrays["small-uniform"]["held_out"][:, 0]).low > 0
    over_n = sentence(results, "small", "Held-out risk of optimized nodes against uniform ones over N")
    assert "higher" not in over_n


def test_only_a_ticket_that_learned_the_training_data_is_said_to_memorize(results):
    zero = results.parts["raw"]["problem"]["baselines"]["zero"]
    set_risk(results, "raw", "dequantized", "held_out", 2 * zero[1])
    set_risk(results, "raw", "dequantized", "empirical", 0.5 * zero[0])
    assert "memorizes, and is no help" in sentence(results, "verdict", "Tickets of N = 80 ")
    set_risk(results, "raw", "dequantized", "empirical", 1.5 * zero[0])
    line = sentence(results, "verdict", "Tickets of N = 80 ")
    assert "memorizes" not in line
    assert "is no help on held-out data" in line


def test_times_over_the_dimension_are_quoted_from_the_rows(results):
    row = {"points": 16, "prepare": 0.0, "sample_low": 1e-6, "sample_high": 1e-6}
    results.dimension["enumeration"] = {
        "samples": 1000,
        "prime": 3,
        "points": 16,
        "rows": [
            row | {"dimension": 2, "sample_best": 1e-6},
            row | {"dimension": 12, "prepare": 3.0, "sample_best": 2e-3},
        ],
    }
    assert sentence(results, "dimension", "Enumeration") == (
        "Enumeration went from 1 µs a sample at D = 2 to 5 ms at D = 12."
    )
    results.dimension["enumeration"]["rows"].pop()
    assert "Enumeration" not in said(results, "dimension")


def test_the_cost_in_the_verdict_is_the_dequantized_samplers_at_the_largest_dimension(results):
    last = results.dimension["dequantized"]["rows"][-1]
    last |= {"sample_best": 7e-3, "prepare": 0.0}
    assert f"a node takes 7 ms at D = 6 with K = {last['points']} points" in sentence(results, "verdict", "Cost")
    results.dimension["dequantized"]["rows"] = []
    assert "Cost" not in said(results, "verdict")


def test_gates_are_quoted_from_the_counts(results):
    gates = results.parts["chain"]["problem"]["gates"]["rader"]
    gates["transform"]["two_qubit"], gates["sparse loader"]["two_qubit"] = 1000, 2500
    line = "the transform takes 1,000 two-qubit gates, the sparse loader 2,500, 2.5 times as many."
    assert line in said(results, "circuit")
