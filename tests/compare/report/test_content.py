"""Cards and reports: one picture and at most three sentences; old reports open with sentences."""

import subprocess
import sys

import pytest

from compare.report import Card, Drawing, Report, Section, Table, cells, write_report

CIRCUIT = Drawing("circuit", "q: --H--", "A circuit.")


def test_a_card_of_more_than_three_sentences_is_refused():
    assert Card(None, ["One."] * 3).sentences == ["One."] * 3
    with pytest.raises(ValueError, match="4 sentences is no answer"):
        Card(None, ["One."] * 4)
    with pytest.raises(ValueError, match="into brackets"):
        Card(None, "One.")


def test_a_verdict_is_what_the_card_says_or_a_list_of_sentences():
    assert Report("A title", Card(None, ["Said."]), []).verdict == ["Said."]
    assert Report("A title", ["Said."], []).verdict == ["Said."]
    assert Report("A title", ["Said."], []).run == {}


def test_the_card_opens_the_page_and_its_picture_is_drawn_once(tmp_path):
    report = Report("A title", Card(CIRCUIT, ["Said."]), [Section("All", pictures=[CIRCUIT])])
    assert report.pictures == [CIRCUIT, CIRCUIT]
    page = write_report(report, tmp_path).read_text()
    assert page.index("Said.") < page.index("q: --H--") < page.index("<h2")
    assert (tmp_path / "circuit.txt").read_text() == "q: --H--\n"


def test_the_page_has_ranks_by_value(tmp_path):
    rows = [["a", cells.power(-400)], ["b", cells.power(-500)], ["c", cells.number(None)]]
    table = Table("Chances", ["method", "chance"], rows)
    page = write_report(Report("A title", [], [Section("All", tables=[table])]), tmp_path).read_text()
    assert '<td data-rank="1" class="number">1.0e-400</td>' in page
    assert '<td data-rank="0" class="number">1.0e-500</td>' in page
    assert '<td class="number">-</td>' in page


def test_reports_views_and_statistics_import_nothing_heavy_and_no_engine_method_or_study():
    heavy = ("qiskit", "sklearn", "scipy.stats", "matplotlib", "jinja2", "classical", "quantum", "compare.studies")
    source = "import sys, compare.report.views, compare.statistics; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True).stdout.split()
    assert {name for name in found if name.startswith(heavy)} == set()
