"""Tables from rows: columns described once, groups, and a column for each value of one."""

import pytest

from compare.engine import Rows
from compare.report import Cell, Shown, cells
from compare.report.views import Column, pivot, table
from compare.report.views.table import plain
from compare.statistics import Estimate, summarize

ROWS = Rows(
    [
        {"method": method, "nodes": nodes, "fold": fold, "risk": risk + fold / 10}
        for method, nodes, risk in (("ticket", 8, 0.5), ("ticket", 4, 0.7), ("uniform", 4, 0.9))
        for fold in (0, 1)
    ],
    {"ticket": Shown("the ticket", "p*")},
)


def texts(made):
    return [[str(cell) for cell in row] for row in made.rows]


def values(made):
    return [[cell.value for cell in row] for row in made.rows]


def test_a_table_has_a_row_for_each_row_and_keeps_its_values():
    columns = ["method", "nodes", Column("held-out risk", "risk", lambda value: cells.number(value, ".2f"))]
    made = ROWS.table(columns, "Risks", "A note.", names={"nodes": "N"})
    assert (made.title, made.note, made.columns) == ("Risks", "A note.", ["method", "N", "held-out risk"])
    assert texts(made)[1] == ["the ticket", "8", "0.60"]
    assert values(made)[1] == ["the ticket", 8, 0.6]


def test_a_row_for_each_group_takes_functions_of_its_rows():
    risk = Column("risk", lambda group: summarize(group, "risk"), cells.estimate)
    made = table(ROWS, ["method", "nodes", risk], "Risks", group_by=("method", "nodes"))
    assert [row[:2] for row in values(made)] == [["ticket", 8], ["ticket", 4], ["uniform", 4]]
    assert [row[2] for row in values(made)] == pytest.approx([0.55, 0.75, 0.95])
    with pytest.raises(ValueError, match="several values in a group"):
        table(ROWS, ["risk"], "Risks", group_by=("method",))


def test_a_pivot_has_a_column_for_each_value_in_order():
    made = pivot(
        ROWS,
        lambda group: summarize(group, "risk").best,
        down=("method",),
        across="nodes",
        title="Risks",
        methods=ROWS.methods,
        names={"nodes": "N"},
    )
    assert made.columns == ["method", "N = 4", "N = 8"]
    assert texts(made) == [["the ticket", "0.75", "0.55"], ["uniform", "0.95", "-"]]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, Cell("-", None)),
        (Cell("3 of 8", 3), Cell("3 of 8", 3)),
        ("iris", Cell("iris", "iris")),
        (True, Cell("True", "True")),
        (1234, Cell("1,234", 1234)),
        (0.12345, Cell("0.123", 0.12345)),
        (Estimate(0.1, 0.2, 0.3, 4), Cell("0.200 [0.100, 0.300]", 0.2)),
        ((1, 2.5), Cell("1, 2.5", None)),
    ],
)
def test_values_are_written_plainly(value, cell):
    assert plain(value) == cell
