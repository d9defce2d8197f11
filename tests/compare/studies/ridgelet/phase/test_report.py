"""The report: sentences that follow the numbers, tables with intervals, figures that need no color, and the page."""

import copy
import re

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from compare.records import RunFolder
from compare.report import write_report
from compare.studies.ridgelet.phase import plots
from compare.studies.ridgelet.phase.findings import findings, reason, verdict
from compare.studies.ridgelet.phase.page import report
from compare.studies.ridgelet.phase.plots import phase_figure, reason_figure
from compare.studies.ridgelet.phase.study import load_results
from compare.studies.ridgelet.phase.tables import (
    concentration_table,
    coverage_text,
    directions_table,
    gain_table,
    gain_text,
    known_table,
    number,
    walked,
)
from tests.compare.studies.ridgelet.phase import small_run


@pytest.fixture
def results():
    """Results that a test may change."""
    return copy.deepcopy(load_results(RunFolder.open(small_run()[0])))


def estimate(best, factor=1.1, samples=5):
    return {"low": best / factor, "best": best, "high": best * factor, "samples": samples}


def the(sentences, words):
    """The one sentence with these words."""
    (found,) = [sentence for sentence in sentences if words in sentence]
    return found


def set_fresh_gains(results, gain):
    for walk in results.walks.values():
        for site in walk:
            for cell in site["cells"]:
                if cell["fresh-gain"]:
                    cell["fresh-gain"] = gain(site, cell)


def test_a_gain_is_clear_only_beyond_the_level_that_the_tests_share():
    assert [verdict(estimate(best), 1) for best in (1.2, 1.05, 0.8)] == [1, 0, -1]
    # 1.2 lies 1.9 half-widths above 1; with five draws, ten tests ask for 2.0 of them.
    assert verdict(estimate(1.2), 4) == 1
    assert verdict(estimate(1.2), 10) == 0
    assert verdict(estimate(0.8), 10) == -1


def test_the_known_answers_are_told(results):
    said = the(findings(results), "on sin(2 pi sum(x)/P) on all 125 points of Z_P^3")
    assert "optimized nodes win by an order of magnitude" in said
    results.walks["sine"][-1]["cells"][0]["empirical-gain"] = estimate(5.0)
    assert "optimized nodes win: risk" in the(findings(results), "on sin(2 pi")
    set_fresh_gains(results, lambda site, cell: estimate(1.01))
    assert "optimized and uniform nodes are not told apart on fresh points" in the(
        findings(results), "random labels of"
    )
    set_fresh_gains(results, lambda site, cell: estimate(0.5))
    assert "uniform nodes win on fresh points" in the(findings(results), "random labels of")


def test_where_optimized_nodes_win_is_read_off_the_fresh_gains(results):
    set_fresh_gains(
        results, lambda site, cell: estimate(2.0 if site["dimension"] == 8 and cell["concentration"] else 1)
    )
    said = the(findings(results), "clearly beat")
    assert "down to coverage 3.2e-4 at c = 1 (gain 2.00 [1.82, 2.20] there)" in said
    assert "nowhere at c = 0." in said
    assert "shared among 9 cells, 5 draws each" in said
    assert not [sentence for sentence in findings(results) if "clearly worse" in sentence]
    set_fresh_gains(results, lambda site, cell: estimate(0.5 if site["points"] == 31 else 1))
    assert "in 3 of these cells, worst at D = 3, K = 31" in the(findings(results), "clearly worse")


def test_the_reason_stands_in_numbers_of_the_least_coverage(results):
    said = reason(results)
    site = results.walks["dimension"][-1]
    assert site["dimension"] == 64
    assert "p* over uniform is at most K P max r^2, here 383" in said
    assert "coverage 2.3e-43" in said
    assert f"spread over at least 10^{65 * np.log10(5) - np.log10(site['bound']):.1f} nodes" in said
    assert "of N = 8 nodes" in said


def test_memory_is_told_only_where_the_target_is_never_drawn(results):
    said = the(findings(results), "is memory")
    site = results.walks["dimension"][-1]
    cell = site["cells"][-1]
    assert f"= {1 + 8 / 125 * (cell['density']['best'] - 1):.3f} is expected" in said
    cell["tickets"]["high"] = 0.1
    assert not [sentence for sentence in findings(results) if "is memory" in sentence]


def test_the_spread_of_p_is_told_apart_from_random_labels_or_not(results):
    cell = results.walks["dimension"][-1]["cells"][-1]
    cell["share"] = estimate(0.49)
    assert "has left no trace" in the(findings(results), "it is the share")
    cell["share"] = estimate(0.1)
    said = the(findings(results), "it is the share")
    assert "where the 0.482 is what random labels give." in said
    assert "no trace" not in said


def test_every_cell_of_every_table_has_its_interval(results):
    gains = [gain_table(results, kind) for kind in ("empirical", "fresh")]
    spread = [concentration_table(results, measure) for measure in ("density", "share", "tickets")]
    for table in (*gains, *spread):
        assert len(table.rows) == len(walked(results)) == 7
        assert {len(row) for row in table.rows} == {len(table.columns)}
        first = [column.startswith("c = ") for column in table.columns].index(True)
        for row in table.rows:
            assert all(re.search(r" \[\S+, \S+\]$|any nodes interpolate$", cell) for cell in row[first:])
        assert "5 independent draws" in table.note
    assert sum("interpolate" in cell for row in gains[0].rows for cell in row) == 2 * 3
    assert dict(zip(spread[0].columns, spread[0].rows[2], strict=True))["at most"] == "383"
    assert [len(row) for row in directions_table(results).rows] == [5, 5, 5]


def test_known_answers_stand_in_a_table_of_their_own(results):
    rows = known_table(results).rows
    assert [row[0] for row in rows] == [
        *(f"sin(2 pi sum(x)/P) on all of Z_P^{d}" for d in (1, 2, 3)),
        "random labels, D = 64",
    ]
    assert rows[0][3:7] == [gain_text(None), "", "no point left", ""]
    assert rows[3][6] == gain_text(results.walks["dimension"][-1]["cells"][0]["fresh-gain"])
    results.walks["dimension"][-1]["cells"][0]["concentration"] = 0.1
    assert len(known_table(results).rows) == 3


@pytest.mark.parametrize(
    ("value", "said"), [(107.4, "107"), (1234567, "1.2e6"), (0.0123, "0.0123"), (9.99e-6, "1.0e-5"), (0.0, "0")]
)
def test_numbers_are_written_with_few_digits(value, said):
    assert number(value) == said


def test_gains_and_coverages_keep_the_digits_that_matter():
    assert gain_text(estimate(1.007, 1.001)) == "1.007 [1.006, 1.008]"
    assert gain_text(estimate(2.5)) == "2.50 [2.27, 2.75]"
    assert gain_text(estimate(250.0)) == "250 [227, 275]"
    assert [coverage_text({"log10_coverage": x}) for x in (0, -1.2, -75.06, -400.001)] == [
        *("1", "0.0631", "8.7e-76", "1.0e-400"),
    ]


def test_the_diagram_shows_every_gain_and_marks_what_is_clear(results):
    set_fresh_gains(results, lambda site, cell: estimate(3.0 if cell["concentration"] == 1 else 0.2))
    figure = phase_figure(results)
    panels = [axes for axes in figure.axes if axes.get_title().startswith("gain")]
    assert [axes.get_title() for axes in panels] == [
        *("gain on training points: dimension D grows", "gain on training points: D = 3, points fewer"),
        *("gain on fresh points: dimension D grows", "gain on fresh points: D = 3, points fewer"),
    ]
    fresh = panels[2]
    said = {(round(text.get_position()[0]), round(text.get_position()[1] - 0.13, 2)): text for text in fresh.texts}
    assert (said[1, 2].get_text(), said[1, 2].get_weight()) == ("3.00", "bold")
    assert (said[1, 0].get_text(), said[1, 0].get_weight()) == ("0.20", "normal")
    assert said[0, 2].get_text() == "K ≤ N"
    hatched = [patch for patch in fresh.patches if isinstance(patch, Rectangle) and patch.get_hatch()]
    assert len(hatched) == 2 * 4
    # N c K/P^D = 1: at coverage 1 at c = 1/8, between the rows of 0 and 0.5; beyond coverage 1/8 above them all.
    heights = fresh.lines[-1].get_ydata()
    np.testing.assert_allclose(heights[[0, 4]], 0.25)
    assert min(heights[6:]) == 2.5
    labels = [label.get_text() for label in fresh.get_xticklabels()]
    assert labels[-1] == "2.3e-43\nD=64\nK=125"


def test_the_bounds_are_lines_that_no_marker_crosses(results):
    figure = reason_figure(results)
    spread, tickets, density = figure.axes
    (bound,) = [line for line in spread.lines if line.get_label() == "bound"]
    for container in spread.containers:
        x, y = container[0].get_data()
        assert np.all(y >= np.interp(x, *bound.get_data()) - 1e-6)
    (bound,) = [line for line in tickets.lines if line.get_label() == "bound"]
    np.testing.assert_array_equal(*bound.get_data())
    dashes = {line.get_xydata().tobytes() for line in density.lines if line.get_markersize() == 13}
    assert len(dashes) == 2
    assert len({(marker, size) for _, marker, size in plots.STYLES}) == len(plots.STYLES)
    assert all(axes.get_xlabel() and axes.get_ylabel() for axes in figure.axes)


@pytest.mark.parametrize("kept", [1, 2])
def test_fewer_concentrations_are_each_drawn_once(results, kept):
    for walk in results.walks.values():
        for site in walk:
            site["cells"] = site["cells"][-kept:]
    labels = reason_figure(results).axes[0].get_legend_handles_labels()[1]
    assert len(labels) == len(set(labels)) == 1 + 2 * kept


def test_without_a_covered_dimension_one_walk_makes_the_report(results):
    for walk in ("coverage", "directions", "sine"):
        del results.walks[walk]
    results.walks["dimension"] = results.walks["dimension"][3:]
    made = report(results)
    assert len(made.sections[1].tables) == 3
    assert "with all points there" not in " ".join(made.verdict)
    assert [len(section.pictures[0].figure.axes) for section in made.sections] == [3, 3]  # the color bar is one


def test_the_verdict_comes_first_on_the_page(results, tmp_path):
    made = report(results)
    page = write_report(made, tmp_path).read_text()
    assert page.index("Known answer") < page.index("<h2 ") < page.index("<table>") < page.index("<figure>")
    assert len(re.findall("<figure>", page)) == 2
    assert "none is taken from the papers" in page
    for name in ("phase", "phase-reason"):
        assert (tmp_path / f"{name}.png").stat().st_size > 10_000
    # Square brackets with letters in them would be read as markup on the terminal.
    assert not re.search(r"\[[a-z]", " ".join(made.verdict))
