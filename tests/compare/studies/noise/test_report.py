"""The report: sentences that follow the numbers, one table, one figure, and the page."""

import copy
import re

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from compare.records import RunFolder
from compare.report import write_report
from compare.studies.noise.findings import difference, findings, notes
from compare.studies.noise.page import report
from compare.studies.noise.plots import STYLES, fidelity_figure
from compare.studies.noise.study import load_results
from compare.studies.noise.tables import arms_table
from tests.compare.studies.noise import small_run


@pytest.fixture
def results():
    """Results that a test may change."""
    return copy.deepcopy(load_results(RunFolder.open(small_run()[0])))


def estimate(best, half=0.01, samples=300):
    return {"low": best - half, "best": best, "high": best + half, "samples": samples}


def the(sentences, words):
    """The one sentence with these words."""
    (found,) = [sentence for sentence in sentences if words in sentence]
    return found


@pytest.mark.parametrize(
    ("rader", "binary", "said"),
    [(0.9, 0.7, "above that of the binary one"), (0.7, 0.9, "below"), (0.8, 0.805, "not clearly different from")],
)
def test_the_encodings_are_compared_by_their_difference(results, rader, binary, said):
    results.arms["rader"]["none"]["raw"]["fidelity"] = estimate(rader)
    results.arms["binary"]["none"]["raw"]["fidelity"] = estimate(binary)
    sentence = the(findings(results), "as read, the fidelity of the rader encoding")
    assert f"is {said}" in sentence
    assert f"difference {rader - binary:+.3f}" in sentence
    assert "300 shots each" in sentence


def test_a_difference_has_the_error_of_both():
    found = difference(estimate(0.9, 0.03), estimate(0.5, 0.04))
    assert (found["low"], found["best"], found["high"]) == pytest.approx((0.35, 0.4, 0.45))
    assert found["samples"] == 600


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
    results.arms["rader"]["none"]["raw"]["fidelity"] = estimate(0.7)
    results.arms["rader"]["dd"]["raw"]["fidelity"] = estimate(dd)
    sentence = the(findings(results), "Raw fidelity of the rader")
    assert f"with DD it is {said} that without ({dd - 0.7:+.3f}" in sentence
    assert "scheduled alike" in sentence


def test_what_cannot_help_is_said_once(results):
    assert len(notes(results)) == 1
    said = the(findings(results), "no slow phase noise to refocus")
    assert said.startswith(notes(results)[0])


def test_rejected_arms_are_told_from_accepted_ones(results):
    for arms in results.arms.values():
        for arm in arms.values():
            arm["raw"]["goodness_of_fit"]["pvalue"] = 0.5
    results.arms["binary"]["dd"]["raw"]["goodness_of_fit"]["pvalue"] = 0.05 / 6 - 1e-6
    results.arms["binary"]["none"]["raw"]["goodness_of_fit"]["pvalue"] = 0.05 / 6 + 1e-6
    said = findings(results)
    assert the(said, "Told apart from p*").endswith("shared among 6 tests: binary, DD.")
    assert "binary, noise" in the(said, "Not told apart from p*")


def test_risks_stand_beside_those_of_uniform_nodes(results):
    results.arms["rader"]["none"]["raw"]["held_out"] = estimate(0.777)
    results.problem["uniform"]["held_out"] = estimate(0.888)
    results.problem["baselines"]["zero"] = [1.5, 0.999]
    sentence = the(findings(results), "The held-out risk")
    assert "0.777 [0.767, 0.787] noisy" in sentence
    assert "uniform nodes 0.888 [0.878, 0.898], predicting 0 0.999." in sentence
    results.problem["held_out"] = False
    assert not [said for said in findings(results) if "held-out" in said]


def test_a_single_encoding_without_plain_noise_is_described_too(results):
    del results.arms["binary"], results.circuits["binary"]
    del results.arms["rader"]["none"]
    said = findings(results)
    assert "Under the noise (with DD)" in said[0]
    assert not [sentence for sentence in said if "scheduled alike" in sentence]
    assert len(fidelity_figure(results).axes) == 1
    assert len(arms_table(results).rows) == 4


def test_the_table_has_a_row_for_each_reading_of_each_arm(results):
    table = arms_table(results)
    assert [row[0] for row in table.rows] == [
        *("rader, ideal", "rader, noise", "rader, noise, M3", "rader, DD", "rader, DD, M3"),
        *("binary, ideal", "binary, noise", "binary, noise, M3", "binary, DD", "binary, DD, M3"),
        "uniform nodes",
    ]
    assert {len(row) for row in table.rows} == {len(table.columns)}
    row = dict(zip(table.columns, table.rows[2], strict=True))
    found = results.arms["rader"]["none"]["mitigated"]["fidelity"]
    assert row["fidelity"] == f"{found['best']:.3f} [{found['low']:.3f}, {found['high']:.3f}]"
    assert float(row["M3 gains"].split(" ")[0]) == pytest.approx(
        results.arms["rader"]["none"]["gain"]["best"], abs=1e-4
    )
    assert "p" not in row["chi-square/dof"]
    assert "300 shots, 2 repeats of 150" in table.note


def test_without_enumeration_there_is_no_chi_square(results):
    results.problem["enumerable"] = False
    table = arms_table(results)
    assert "chi-square/dof" not in table.columns
    assert "Chi-square" not in table.note
    assert {len(row) for row in table.rows} == {len(table.columns)}
    assert not [sentence for sentence in findings(results) if "chi-square" in sentence]


def test_an_infinite_chi_square_is_said(results):
    results.arms["rader"]["none"]["raw"] |= {"chi_square": None, "goodness_of_fit": {"pvalue": 0.0}}
    assert arms_table(results).rows[1][5] == "infinite, p < 0.001"


def test_the_figure_shows_every_interval_and_needs_no_color(results):
    figure = fidelity_figure(results)
    assert [axes.get_title().split(":")[0] for axes in figure.axes] == ["rader", "binary"]
    for axes, (encoding, arms) in zip(figure.axes, results.arms.items(), strict=True):
        raw, mitigated = axes.containers
        np.testing.assert_allclose(
            np.asarray(raw[0].get_xdata(), float), [arm["raw"]["fidelity"]["best"] for arm in arms.values()]
        )
        expected = [arm["mitigated"]["fidelity"]["best"] for arm in arms.values() if "mitigated" in arm]
        np.testing.assert_allclose(np.asarray(mitigated[0].get_xdata(), float), expected)
        ends = [segment[:, 0].tolist() for segment in raw[2][0].get_segments()]
        intervals = [arm["raw"]["fidelity"] for arm in arms.values()]
        np.testing.assert_allclose(ends, [(one["low"], one["high"]) for one in intervals])
        lines = {line.get_linestyle(): line.get_xdata()[0] for line in axes.lines if len(set(line.get_xdata())) == 1}
        assert lines[":"] == results.circuits[encoding]["fidelity"]
    assert len({marker for _, marker, _, _ in STYLES.values()}) == len(STYLES)
    assert len({to_rgb(filling) for _, _, filling, _ in STYLES.values()}) == len(STYLES)


def test_the_verdict_comes_first_on_the_page(results, tmp_path):
    made = report(results)
    page = write_report(made, tmp_path).read_text()
    assert page.index("rader encoding is") < page.index("<h2 ") < page.index("<table>") < page.index("<figure>")
    assert len(re.findall("<figure>", page)) == 1
    assert len([section for section in made.sections for _ in section.tables]) == 1
    assert (tmp_path / "fidelity.png").stat().st_size > 10_000
    assert "4 qubits, depth" in page
    assert "microseconds a shot" in page
