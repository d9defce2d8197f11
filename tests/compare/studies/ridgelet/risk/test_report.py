"""The report: sentences that follow the numbers, cells that say why they are empty, one figure, and the page."""

import copy
import re

import numpy as np
import pytest

from compare.records import RunFolder
from compare.report import write_report
from compare.statistics import Compared, over_folds
from compare.studies.ridgelet.risk.findings import findings
from compare.studies.ridgelet.risk.methods import METHODS
from compare.studies.ridgelet.risk.page import report
from compare.studies.ridgelet.risk.plots import STYLES, candidates_figure
from compare.studies.ridgelet.risk.reading import TICKET, contrast, estimate, judged
from compare.studies.ridgelet.risk.study import CHOSEN, FIXED, load_results
from compare.studies.ridgelet.risk.tables import (
    case_table,
    claim_table,
    problems_table,
    same_table,
    signed,
    ticket_table,
)
from tests.compare.studies.ridgelet.risk import SMALL, small_run

EMPIRICAL, HELD_OUT, ACCURACY, HELD_OUT_ACCURACY = range(4)


@pytest.fixture
def results():
    """Results that a test may change."""
    return copy.deepcopy(load_results(RunFolder.open(small_run()[0])))


def the(sentences, words):
    """The one sentence with these words."""
    (found,) = [sentence for sentence in sentences if words in sentence]
    return found


def rows(table):
    return {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}


def shifted(results, name, method, other, measure, shift):
    """Make a method's numbers those of another one, but for a shift, a little different on each fold."""
    shifts = shift * np.array([0.99, 1.0, 1.01])[:, None, None, None]
    results.values[name][method][:, :, measure] = results.values[name][other][:, :, measure] + shifts


@pytest.mark.parametrize(("shift", "word"), [(-0.2, "below"), (0.2, "above"), (0.0, "not clearly different")])
def test_the_claim_follows_the_numbers(results, shift, word):
    for name in results.problems:
        shifted(results, name, "dequantized", "uniform", EMPIRICAL, shift)
    said = the(findings(results), "The papers' claim")
    by = f"{shift:+.3f} to {shift:+.3f}"
    assert f"): {word}{' from' if shift == 0 else ''} 0 on all 3 ({by})." in said
    found = rows(claim_table(results))
    assert {row["is"] for row in found.values()} == {word}
    assert found["iris"]["dequantized - uniform"].startswith(f"{shift:+.3f} [")
    shifted(results, "iris", "dequantized", "uniform", EMPIRICAL, 0.1)
    said = the(findings(results), "The papers' claim")
    assert ("above 0 on 1 of 3 (+0.100: iris)" in said) == (shift <= 0)


def test_cells_are_means_over_folds_with_their_intervals(results):
    folds = results.values["iris"]["enumeration"][:, FIXED, EMPIRICAL, :, -1].mean(axis=1)
    found = over_folds(folds, results.problems["iris"]["ratio"])
    assert rows(claim_table(results))["iris"]["enumeration"] == f"{found.best:.3f} [{found.low:.3f}, {found.high:.3f}]"
    assert results.problems["iris"]["ratio"] == pytest.approx(38 / 112)


def test_verdicts_are_adjusted_for_the_number_of_tests():
    one = Compared(over_folds([0.1, 0.3, 0.2], 0.0), 0.03)
    assert [verdict for *_, verdict in judged([("a", one)])] == ["above"]
    found = list(judged([("a", one), ("b", one)]))
    assert [verdict for *_, verdict in found] == ["not clearly different"] * 2
    assert [pvalue for _, _, pvalue, _ in found] == pytest.approx([0.06, 0.06])


def test_a_difference_that_prints_as_zero_is_none_however_sure_it_is():
    sure = [(str(size), Compared(over_folds([0.99 * size, 1.01 * size], 0.0), 1e-9)) for size in (4e-4, 6e-4, -6e-4)]
    assert [verdict for *_, verdict in judged(sure)] == ["not clearly different", "above", "below"]


def test_the_same_distribution_is_tested_draw_by_draw(results):
    table = same_table(results)
    assert [row[0] for row in table.rows] == [f"{name}, dequantized" for name in SMALL["datasets"]]
    assert {row["draws"] for row in rows(table).values()} == {"6"}
    shifted(results, "iris", "dequantized", "enumeration", EMPIRICAL, 0.01)
    assert rows(same_table(results))["iris, dequantized"]["is"] == "above"
    assert "told apart on iris" in the(findings(results), "Dequantized against enumeration")


def test_the_ticket_is_the_best_on_inner_folds_not_the_best_held_out(results):
    for choices in results.choices["iris"]:
        for method in ("dequantized", "candidates", "subspace-1", "subspace-3"):
            choices[method]["risks"][-1] = 0.5
        choices["subspace-3"]["risks"][-1] = 0.4
    results.choices["iris"][1]["candidates"]["risks"][-1] = 0.3
    results.values["iris"]["subspace-1"][:] = 0.0
    found = estimate(results, "iris", TICKET, CHOSEN, "held_out")
    picked = [results.values["iris"][method][fold, CHOSEN, HELD_OUT, :, -1] for fold, method in
              enumerate(("subspace-3", "candidates", "subspace-3"))]  # fmt: skip
    assert found.best == pytest.approx(np.mean(picked))


def test_tickets_stand_beside_uniform_nodes_and_the_peer(results):
    table = rows(ticket_table(results, "held_out"))
    assert list(table) == ["iris", "digits-tiny"]  # nothing is held out of the sine
    difference = contrast(results, "iris", TICKET, "rbf", CHOSEN, "held_out").difference
    assert table["iris"]["ticket - RBFSampler"].startswith(signed(difference))
    assert list(rows(ticket_table(results, "held_out_accuracy"))) == ["iris", "digits-tiny"]
    for found in results.values.values():
        found["rbf"][:] = np.nan
    assert rows(ticket_table(results, "held_out"))["iris"]["ticket - RBFSampler"] == "not run"


def test_every_method_has_a_row_and_one_that_does_not_apply_says_why(results):
    results.refused["iris"]["enumeration"] = "too many nodes"
    del results.values["iris"]["enumeration"]
    table = case_table(results, "iris")
    assert {len(row) for row in table.rows} == {len(table.columns)}
    assert [row[0] for row in table.rows] == [METHODS[name].label for name in SMALL["methods"]]
    assert rows(table)["enumeration"]["empirical risk"] == "does not apply: too many nodes"
    assert rows(table)["RBFSampler"]["held-out risk"] == "own penalty"
    assert rows(table)["uniform"]["less uniform"] == "-"
    assert rows(claim_table(results))["iris"]["enumeration"] == "too many nodes"
    assert "enumeration on 1" in the(findings(results), "do not apply")


def test_a_function_known_everywhere_has_no_held_out_columns(results):
    assert [*case_table(results, "sine").columns] == ["method", "empirical risk", "less uniform"]
    assert rows(problems_table(results))["sine"]["train / held out"] == "125 / 0"


def test_every_number_has_an_interval_and_says_what_it_rests_on(results):
    for section in report(results).sections:
        for table in section.tables:
            if table.title == "The problems":
                continue
            assert re.search("3 folds, 2 draws|folds x draws", table.note)
            for row in table.rows:
                for column, cell in zip(table.columns, row, strict=True):
                    if column not in ("N", "K/P^D", "draws", "p (Holm)") and re.fullmatch(r"[-+]?[0-9.]+", cell):
                        raise AssertionError(f"{table.title}, {column}: {cell} has no interval")


@pytest.mark.parametrize(("shift", "said"), [(0.0, False), (3.0, True)])
def test_a_penalty_that_explodes_is_said(results, shift, said):
    results.values["iris"]["dequantized"][:, FIXED, HELD_OUT] = results.problems["iris"]["zero"][1] - 0.1 + shift
    assert bool([one for one in findings(results) if "With the fixed penalty 0.0001" in one]) == said


@pytest.mark.parametrize(("shift", "word"), [(-0.2, "below"), (0.3, "above")])
def test_candidates_are_held_against_plain_draws(results, shift, word):
    for name in results.problems:
        shifted(results, name, "candidates", "dequantized", EMPIRICAL, shift)
    assert f"{word} 0 on all 3" in the(findings(results), "matching pursuit, empirical risk")


def test_the_best_accuracy_stands_beside_uniform_and_peer(results):
    results.values["iris"]["subspace-1"][:, CHOSEN, HELD_OUT_ACCURACY] = 0.999
    said = the(findings(results), "Held-out accuracy")
    assert "iris: subspace d = 1, optimized 0.999 [0.999, 0.999], uniform 0." in said
    assert "sine" not in said


def test_the_figure_has_a_panel_for_each_data_set_and_needs_no_color(results):
    figure = candidates_figure(results)
    assert [axes.get_title() for axes in figure.axes] == list(SMALL["datasets"])
    assert [len(axes.containers) for axes in figure.axes] == [6, 6, 3]
    for i, method in enumerate(STYLES):
        drawn = np.asarray(figure.axes[0].containers[2 * i][0].get_ydata(), float)
        values = results.values["iris"][method][:, FIXED, EMPIRICAL].mean(axis=(0, 1))
        np.testing.assert_allclose(drawn, values)
    assert len({style[1:] for style in STYLES.values()}) == len(STYLES)


def test_the_verdict_comes_first_on_the_page(results, tmp_path):
    page = write_report(report(results), tmp_path).read_text()
    assert page.index("The papers&#39; claim") < page.index("<h2 ") < page.index("<table>") < page.index("<figure>")
    assert (tmp_path / "candidates.png").stat().st_size > 10_000
    for name in SMALL["datasets"]:
        assert f"{name}: all methods" in page


def test_a_run_of_one_method_is_described_too(results):
    for name in results.problems:
        results.values[name] = {"rbf": results.values[name]["rbf"]}
        results.choices[name] = [{} for _ in results.choices[name]]
    results.run["settings"]["methods"] = ["rbf"]
    made = report(results)
    assert [section.title for section in made.sections][-3:] == list(SMALL["datasets"])
    assert not [sentence for sentence in made.verdict if "claim" in sentence]
