import re

import pytest

from compare import run
from compare.report import Card, Cell, Drawing, Report, Section, Table
from compare.report.cells import count
from compare.report.inline import SHOWN, figure_html, picture_html, report_html, table_html
from compare.report.views import Axis, Chart, Panel, Points, beside, picture
from quantum.blocks.block_cost import BlockCost
from tests.compare.engine import toy

EVIL = '<script>alert("1")</script>'


def chart(name):
    return picture(name, Chart([Panel("p", [Points([1, 2], [3, 4])])], Axis("x"), Axis("y")), f"Of {name} {EVIL}")


def alone(page):
    """Nothing is run, and nothing loaded from outside."""
    return EVIL not in page and not re.search(r'<script|<link|(?:src|href)="(?!data:)', page)


def test_things_stand_side_by_side_by_what_they_show_of_themselves():
    cost = BlockCost(qubits=3, queries=2, two_qubit=1500, one_qubit=4)
    table = Table.of("Costs", {"one": cost, 2: {"queries": 7, "shown": Cell("many", 3.0)}}, first="block", note="N.")
    assert table.columns == ["block", "qubits", "queries", "two qubit", "one qubit", "shown"]
    assert [[str(cell) for cell in row] for row in table.rows] == [
        ["one", "3", "2", "1,500", "4", "-"],
        ["2", "-", "7", "-", "-", "many"],
    ]
    assert table.rows[0][3].value == 1500
    assert repr(table).splitlines()[0].strip() == "Costs"
    assert "│ one   │      3 │       2 │     1,500 │" in repr(table)
    assert repr(cost) == "BlockCost(qubits = 3, queries = 2, two qubit = 1,500, one qubit = 4)"


def test_a_table_is_escaped_and_numbers_stand_on_the_right():
    page = table_html(Table(EVIL, ["name", "n<"], [[EVIL, count(1234)]], f"Note {EVIL}"))
    assert alone(page)
    assert re.search(r'text-align:right[^>]*">1,234<', page)
    assert "n&lt;" in page
    assert page == Table(EVIL, ["name", "n<"], [[EVIL, count(1234)]], f"Note {EVIL}")._repr_html_()


def test_long_and_folded_tables_stay_short():
    page = table_html(Table("T", ["n"], [[Cell(str(i), i)] for i in range(SHOWN + 3)], folded=True))
    assert page.startswith("<details>")
    assert page.count("<tr>") == SHOWN + 1
    assert "3 more rows are not shown" in page


def test_pictures_hold_what_they_show():
    page = picture_html(chart("c"))
    assert alone(page)
    assert "data:image/svg+xml;base64," in page
    assert alone(picture_html(Drawing("d", EVIL, EVIL)))
    assert alone(figure_html(chart("c").figure(), EVIL))
    assert "data:image/svg" in chart("c").figure()._repr_html_()


def test_charts_stand_beside_each_other():
    both = beside("both", [chart("a"), chart("b")])
    assert len(both.figure().axes) == 2
    with pytest.raises(ValueError, match="no charts"):
        beside("x", [Drawing("d", "", "")])


def test_a_report_says_its_answer_and_folds_the_rest():
    table = Table("T", ["n"], [["1"]])
    report = Report(EVIL, Card(chart("c"), [EVIL]), [Section(EVIL, [EVIL], [EVIL], [table], [chart("d")])])
    page = report_html(report)
    assert alone(page)
    assert page.count("<img") == 1
    assert page.count("<details>") == 1
    assert "1 picture stands on the page" in page
    assert report._repr_html_() == page


def test_runs_show_how_far_they_are_and_their_report(tmp_path):
    runs = run(toy.STUDY, out=tmp_path / "<b>", progress=False, repeats=1)
    page = runs._repr_html_()
    assert alone(page)
    assert "<b>" not in page.split("<h3>")[0]
    assert "4 of 4 tasks finished" in page or "tasks finished" in page
    assert runs.made().title in page
