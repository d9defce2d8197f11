"""The report: sentences that follow the numbers, one table, one figure, and the page, all of records alone."""

import re
import shutil
from dataclasses import replace

import numpy as np
import pytest

from compare.engine import Runs
from compare.report import write_report
from compare.report.cells import estimate as cell
from compare.statistics import Estimate, RecordedTest
from compare.studies.ridgelet.noise import measures
from compare.studies.ridgelet.noise import report as reports
from compare.studies.ridgelet.noise.findings import Results, answer, difference, findings, gathered, notes
from compare.studies.ridgelet.noise.report import page
from compare.studies.ridgelet.noise.study import STUDY
from problems.errors import InputError
from tests.compare.studies.lightness import report_lightly
from tests.compare.studies.ridgelet.noise import run_in, small_run


@pytest.fixture
def results():
    """Results that a test may change."""
    runs = small_run()
    found = gathered(runs, runs.settings)
    arms = {encoding: {name: dict(row) for name, row in rows.items()} for encoding, rows in found.arms.items()}
    return Results(found.settings, dict(found.problem), dict(found.circuits), arms)


def estimate(best, half=0.01, samples=300):
    return Estimate(best - half, best, best + half, samples)


def change(results, encoding, arm, reading="raw", **numbers):
    """Put other numbers in the place of those of one reading."""
    row = results.arms[encoding][arm]
    row[reading] = replace(row[reading], **numbers)


def the(sentences, words):
    """The one sentence with these words."""
    (found,) = [sentence for sentence in sentences if words in sentence]
    return found


def table_of(results):
    (table,) = [table for section in page(results).sections for table in section.tables]
    return table


def figure_of(results):
    return page(results).card.picture.figure()


def outcome(pvalue):
    return RecordedTest(1.0, pvalue, 300, "chi-square", "divergence", 0.0, 0.1, 0.2)


def test_the_card_says_what_noise_leaves_and_what_helps(results):
    for encoding, left, gain in (("rader", 0.861, 0.034), ("binary", 0.7, 0.066)):
        change(results, encoding, "none", fidelity=estimate(left))
        change(results, encoding, "dd", fidelity=estimate(left + (0.1 if encoding == "rader" else -0.1)))
        results.arms[encoding]["none"]["gain"] = estimate(gain, 0.001)
    left, suppressed, mitigated = answer(results)
    assert left.startswith("Of the fidelity 1 of p*, the noise of fake_fez leaves 0.861 [0.846, 0.876] (rader), 0.700")
    assert left.endswith("300 shots each.")
    assert "above that without in 1 of 2 cases, below in 1, and in 0" in suppressed
    assert "the best is DD, rader (+0.100, interval" in suppressed
    assert "adds +0.034 [+0.033, +0.035] (rader), +0.066 [+0.065, +0.067] (binary)" in mitigated


@pytest.mark.parametrize(
    ("rader", "binary", "said"),
    [(0.9, 0.7, "above that of the binary one"), (0.7, 0.9, "below"), (0.8, 0.805, "not clearly different from")],
)
def test_the_encodings_are_compared_by_their_difference(results, rader, binary, said):
    change(results, "rader", "none", fidelity=estimate(rader))
    change(results, "binary", "none", fidelity=estimate(binary))
    sentence = the(findings(results), "as read, the fidelity of the rader encoding")
    assert f"is {said}" in sentence
    assert f"difference {rader - binary:+.3f}" in sentence
    assert "300 shots each" in sentence


def test_a_difference_has_the_error_of_both():
    found = difference(estimate(0.9, 0.03), estimate(0.5, 0.04))
    assert (found.low, found.best, found.high) == pytest.approx((0.35, 0.4, 0.45))
    assert found.samples == 600


@pytest.mark.parametrize(
    ("gain", "said"), [(0.05, "above the raw one"), (-0.05, "below"), (0.004, "not clearly different from")]
)
def test_mitigation_is_judged_by_its_paired_gain(results, gain, said):
    results.arms["rader"]["none"]["gain"] = estimate(gain)
    sentence = the(findings(results), "Readout mitigation puts the rader")
    assert said in sentence
    assert f"gain {gain:+.4f}" in sentence


@pytest.mark.parametrize(("dd", "said"), [(0.9, "above"), (0.5, "below"), (0.7, "not clearly different from")])
def test_suppression_is_held_against_running_without(results, dd, said):
    change(results, "rader", "none", fidelity=estimate(0.7))
    change(results, "rader", "dd", fidelity=estimate(dd))
    sentence = the(findings(results), "Raw fidelity of the rader")
    assert f"with DD it is {said} that without ({dd - 0.7:+.3f}" in sentence
    assert "scheduled alike" in sentence


def test_what_cannot_help_is_said_once(results):
    assert len(notes(results)) == 1
    said = the(findings(results), "no slow phase noise to refocus")
    assert said.startswith(notes(results)[0])


def test_rejected_arms_are_told_from_accepted_ones(results):
    for encoding, arms in results.arms.items():
        for name in arms:
            change(results, encoding, name, goodness_of_fit=outcome(0.5))
            for reading in ("raw", "mitigated"):
                if results.arms[encoding][name][reading] is not None:
                    change(results, encoding, name, reading, fidelity=estimate(1.0))
    # That of uniform nodes is clear, and comes first: 16 of 17 tests are left.
    change(results, "binary", "dd", goodness_of_fit=outcome(0.05 / 16 - 1e-6))
    change(results, "binary", "none", goodness_of_fit=outcome(0.05 / 15 + 1e-6))
    change(results, "rader", "none", "mitigated", fidelity=estimate(1.043, 0.036))
    said = findings(results)
    assert the(said, "Told apart from p*").endswith("over 17 tests (Holm): binary, DD; uniform nodes.")
    accepted = the(said, "Not told apart from p*")
    assert "binary, noise" in accepted
    # Taken by itself it would leave 1 out.
    assert "rader, noise, M3" in accepted
    shown = results.readings["rader, noise, M3"]["fidelity"]
    assert shown.low < 1 < shown.high
    assert str(cell(shown)) in the(said, "Readout mitigation puts the rader")


@pytest.mark.parametrize("best", [0.95, 0.97, 0.99, 1.02, 1.06])
def test_a_fidelity_leaves_1_out_exactly_where_its_reading_is_told_apart(results, best):
    for encoding, arms in results.arms.items():
        for name in arms:
            change(results, encoding, name, goodness_of_fit=outcome(0.5), fidelity=estimate(best, 0.02))
    said = findings(results)
    for name, row in results.readings.items():
        found = row["fidelity"]
        words = "Not told apart from p*" if found.low <= 1 <= found.high else "Told apart from p*"
        (sentence,) = [one for one in said if one.startswith(words)]
        assert name in sentence.split(": ", 1)[1].rstrip(".").split("; ")


def test_a_difference_leaves_0_out_exactly_where_it_is_called_above_or_below(results):
    results.arms["rader"]["none"]["gain"] = estimate(0.02, 0.019)
    (said,) = [one for one in findings(results) if one.startswith("Readout mitigation puts the rader")]
    assert "not clearly different from the raw one" in said
    found = results.differences["rader", "none", "mitigated"]
    assert found.low < 0 < found.high
    assert f"{found.low:+.4f} to {found.high:+.4f}" in said


def test_risks_stand_beside_those_of_uniform_nodes(results):
    change(results, "rader", "none", held_out=estimate(0.777))
    results.problem["uniform"] = replace(results.problem["uniform"], held_out=estimate(0.888))
    results.problem["baselines"] = {"zero": (1.5, 0.999)}
    sentence = the(findings(results), "The held-out risk")
    assert "0.777 [0.767, 0.787] noisy" in sentence
    assert "uniform nodes 0.888 [0.878, 0.898], predicting 0 0.999." in sentence
    results.problem["held_out"] = False
    assert not [said for said in findings(results) if "held-out" in said]


def test_a_single_encoding_without_plain_noise_is_described_too(results):
    settings = replace(results.settings, suppressions=("dd",))
    arms = {"rader": {name: results.arms["rader"][name] for name in ("ideal", "dd")}}
    alone = Results(settings, results.problem, {"rader": results.circuits["rader"]}, arms)
    said = findings(alone)
    assert "Under the noise (with DD)" in said[0]
    assert not [sentence for sentence in said if "scheduled alike" in sentence]
    assert len(answer(alone)) == 2
    assert len(figure_of(alone).axes) == 1
    assert len(table_of(alone).rows) == 4


def test_the_table_has_a_row_for_each_reading_of_each_arm(results):
    table = table_of(results)
    assert [str(row[0]) for row in table.rows] == [
        *("rader, ideal", "rader, noise", "rader, noise, M3", "rader, DD", "rader, DD, M3"),
        *("binary, ideal", "binary, noise", "binary, noise, M3", "binary, DD", "binary, DD, M3"),
        "uniform nodes",
    ]
    assert {len(row) for row in table.rows} == {len(table.columns)}
    row = dict(zip(table.columns, table.rows[2], strict=True))
    found = results.readings["rader, noise, M3"]["fidelity"]
    assert found.best == results.arms["rader"]["none"]["mitigated"].fidelity.best
    assert str(row["fidelity"]) == f"{found.best:.3f} [{found.low:.3f}, {found.high:.3f}]"
    assert row["fidelity"].value == found.best
    assert row["M3 gains"].value == results.arms["rader"]["none"]["gain"].best
    assert "p" not in str(row["chi-square/dof"])
    assert "300 shots, 2 repeats of 150" in table.note


def test_without_enumeration_there_is_no_chi_square(results):
    results.problem["enumerable"] = False
    for encoding, arms in results.arms.items():
        for name in arms:
            change(results, encoding, name, goodness_of_fit=None)
    table = table_of(results)
    assert "chi-square/dof" not in table.columns
    assert "Chi-square" not in table.note
    assert {len(row) for row in table.rows} == {len(table.columns)}
    assert not [sentence for sentence in findings(results) if "chi-square" in sentence]


def test_an_infinite_chi_square_is_said(results):
    change(results, "rader", "none", chi_square=None, goodness_of_fit=outcome(0.0))
    assert str(table_of(results).rows[1][5]) == "infinite, p < 0.001"


def test_the_figure_shows_every_interval_and_needs_no_color(results):
    figure = figure_of(results)
    assert [axes.get_title().split(":")[0] for axes in figure.axes] == ["rader", "binary"]
    assert figure.axes[0].get_xlim() == figure.axes[1].get_xlim()
    for axes, (encoding, arms) in zip(figure.axes, results.arms.items(), strict=True):
        expected = [row["fidelity"] for row in results.readings.values() if row["encoding"] == encoding]
        assert len(expected) == 2 * len(arms) - 1
        drawn = [container[0].get_xdata()[0] for container in axes.containers]
        np.testing.assert_allclose(drawn, [one.best for one in expected])
        ends = [container[2][0].get_segments()[0][:, 0].tolist() for container in axes.containers]
        np.testing.assert_allclose(ends, [(one.low, one.high) for one in expected])
        lines = {line.get_linestyle(): line.get_xdata()[0] for line in axes.lines if len(line.get_xdata()) == 2}
        assert lines[":"] == results.circuits[encoding]["fidelity"]
        assert lines["-"] == 1
    assert reports.READ.marker != reports.MITIGATED.marker
    fillings = {axes.containers[i][0].get_markerfacecolor() for axes in figure.axes for i in (1, 2)}
    assert len(fillings) == 2


def test_the_answer_comes_first_on_the_page(results, tmp_path):
    made = page(results)
    text = write_report(replace(made, run=small_run().origin()), tmp_path).read_text()
    assert text.index("leaves") < text.index("<figure>") < text.index("rader encoding is") < text.index("<table>")
    assert len(re.findall("<figure>", text)) == 1
    assert (tmp_path / "fidelity.png").stat().st_size > 10_000
    assert "4 qubits, depth" in text
    assert "microseconds a shot" in text
    assert ", calibrated 20" in text


def test_the_report_imports_nothing_that_could_measure_and_decodes_no_device():
    report_lightly(small_run().folder)


def test_the_report_of_a_run_that_was_cut_off_says_what_there_is(tmp_path):
    shutil.copytree(small_run().folder, tmp_path / "run")
    path = tmp_path / "run" / "records.jsonl"
    lines = path.read_text().splitlines(keepends=True)

    def report_without(*words):
        path.write_text("".join(line for line in lines if not all(word in line for word in words)))
        return Runs.read(STUDY, tmp_path / "run").made()

    (said,) = report_without('"noise/reading"').card.sentences
    assert "No arm on the device has all its shots yet" in said
    made = report_without('"noise/reading"', '"arm":"none"', '"encoding":"binary"')
    assert made.card.sentences[0].endswith("(rader); 300 shots each.")
    assert "1 of 21 tasks has no result yet" in " ".join(made.sections[-1].findings)


def test_a_refusal_that_comes_late_is_the_answer(tmp_path, monkeypatch):
    """A new ask is checked beforehand, in a folder with other runs too; what is refused all the same says why."""
    shutil.copytree(small_run().folder, tmp_path / "run")
    asked = {"backend": "fake_manila", "features": 3, "encodings": "rader", "suppressions": "none"}
    with pytest.raises(InputError, match="fake_manila connects 5 by working gates"):
        run_in(tmp_path / "run", **asked)
    monkeypatch.setattr(measures, "prepare", lambda settings, records: None)
    runs = run_in(tmp_path / "run", **asked)
    (said,) = runs.made().card.sentences
    assert "fake_manila connects 5 by working gates" in said


def test_the_page_fits_every_screen(look, tmp_path):
    small_run().report(tmp_path)
    look(tmp_path / "report.html")
