"""Lines, contrasts and growth as pictures: what is drawn, before Matplotlib is asked to."""

import numpy as np
import pytest

from compare.engine import Rows
from compare.report import Shown, Style, figures
from compare.report.views import (
    Axis,
    Chart,
    Level,
    Panel,
    Points,
    Reading,
    contrast_picture,
    frequencies,
    growth_picture,
    lines,
    picture,
)
from compare.report.views.drawing import draw
from compare.statistics import growth, mean_estimate
from problems.errors import InputError

METHODS = {
    "uniform": Shown("uniform nodes", "control", Style("#000000", "D", ":")),
    "ticket": Shown("the ticket", "p*"),
}
SIZES = (4, 8, 16, 32)


def rows(datasets=("iris", "wine"), folds=4):
    rng = np.random.default_rng(0)
    return Rows(
        [
            {
                "dataset": dataset,
                "method": method,
                "fold": fold,
                "nodes": nodes,
                "risk": 1 / nodes + 0.3 * (method == "uniform") + 0.01 * rng.random(),
                "train": 0.5 / nodes,
            }
            for dataset in datasets
            for method in METHODS
            for fold in range(folds)
            for nodes in SIZES
        ],
        METHODS,
    )


def chart(picture):
    return picture.figure.args[0]


def test_lines_have_a_panel_for_each_group_and_a_line_for_each_method():
    found = rows()
    picture = found.lines("risk", over="nodes", panels="dataset", each=("fold",), caption="Risk.")
    drawn = chart(picture)
    assert [panel.title for panel in drawn.panels] == ["iris", "wine"]
    uniform, ticket = drawn.panels[0].marks
    assert (uniform.label, ticket.label) == ("uniform nodes", "the ticket")
    assert uniform.style == METHODS["uniform"].style
    expected = mean_estimate(found.where(dataset="iris", method="ticket", nodes=8).column("risk"))
    assert (ticket.low[1], ticket.best[1], ticket.high[1]) == (expected.low, expected.best, expected.high)
    assert ticket.x == pytest.approx(SIZES, rel=0.02)
    assert (drawn.y.label, drawn.panels[0].x.label) == ("risk", "nodes")
    assert drawn.panels[0].x.ticks == {4: "4", 8: "8", 16: "16", 32: "32"}


def test_a_second_reading_is_open_and_missing_numbers_leave_gaps():
    found = rows(["iris"]).derive(risk=lambda row: None if row["nodes"] == 8 else row["risk"])
    readings = [Reading("risk", "held out"), Reading("train")]
    picture = lines(found, readings, over="nodes", y=Axis("risk", "log"), extra=[Level(0.1, "bound")], methods=METHODS)
    held_out, train, *_, level = chart(picture).panels[0].marks
    assert (held_out.label, held_out.hollow, len(held_out.x)) == ("uniform nodes, held out", False, 3)
    assert (train.label, train.hollow, len(train.x)) == (None, True, 4)
    assert level.label == "bound"


def test_an_unknown_column_is_refused():
    with pytest.raises(InputError, match="no column 'rsik'"):
        rows().lines("rsik", over="nodes")


def test_a_contrast_is_drawn_with_crosses_where_there_is_no_verdict():
    found = rows().where(lambda row: (row["dataset"], row["method"], row["fold"]) != ("wine", "ticket", 2))
    compared = found.contrast("risk", control="uniform", pair_by=("fold", "nodes"), within=("dataset",))
    assert [one.verdict for one in compared] == ["below", "no verdict"]
    level, *points = chart(contrast_picture(compared)).panels[0].marks
    assert level.at == 0
    assert [(one.x[0], one.style.marker == "x") for one in points] == [
        (one.estimate.best, one.verdict == "no verdict") for one in compared
    ]
    assert [one.hollow for one in points] == [False, True]
    line = chart(found.lines("risk", over="nodes")).panels[0].marks[1]
    assert (line.label, line.style) == (points[0].label, points[0].style)


def test_growth_is_drawn_with_its_fit_and_beyond():
    found = [
        {"method": method, "D": size, "seconds": scale * size**power * (1 + 0.01 * repeat)}
        for method, scale, power in (("uniform", 1e-6, 1), ("ticket", 1e-5, 2))
        for size in (4, 8, 16, 32, 64)
        for repeat in range(3)
    ]
    grown = growth(found, "seconds", over="D", methods=METHODS)
    points, fit, *_ = chart(growth_picture(grown, beyond=4)).panels[0].marks
    assert points.x == [4, 8, 16, 32, 64]
    assert not points.line
    assert (fit.x[0], fit.x[-1]) == pytest.approx((4, 256))
    assert fit.best[-1] == pytest.approx(256e-6, rel=0.05)


def test_frequencies_lie_beside_exact_probabilities_a_panel_for_each_method():
    exact = np.array([0.5, 0.3, 0.2, 0.0])
    drawn = {"ticket": np.array([0, 0, 1, 2]), "uniform": np.array([3, 0, 0, 0])}
    found = frequencies(exact, drawn, "word", "words", METHODS)
    assert [panel.title for panel in chart(found).panels] == [METHODS[name].label for name in drawn]
    points, equality, upper, _ = chart(found).panels[0].marks
    assert (points.x, points.best) == ([0.5, 0.3, 0.2], [0.5, 0.25, 0.25])
    assert equality.x == equality.best
    assert all(high > best for high, best in zip(upper.best, equality.best, strict=True))
    assert chart(found).panels[1].marks[0].x == [0.5]  # what is impossible is not shown
    assert "frequency of each word" in found.caption
    assert len(found.figure().axes) == 2


def test_pictures_are_drawn_in_both_arrangements():
    picture = rows().lines("risk", over="nodes", panels="dataset")
    wide, narrow = picture.figure(), picture.narrow()
    assert len(wide.axes) == len(narrow.axes) == 2
    assert wide.get_figwidth() > narrow.get_figwidth()
    assert [axes.get_title() for axes in wide.axes] == ["iris", "wine"]


@pytest.mark.parametrize(
    ("ends", "written"),
    [
        ((1, 5), ["1", "2", "5"]),
        ((700, 9000), ["1,000", "2,000", "5,000", "10,000"]),
        ((11, 17), None),
        ((1, 1000), None),
    ],
)
def test_a_short_logarithmic_axis_has_round_numbers_written_out(ends, written):
    made = picture("short", Chart([Panel("", [Points(ends, ends)])], Axis("n", "log"), Axis("s")), "")
    axes = made.figure().axes[0]
    ticks = [tick.get_text() for tick in axes.get_xticklabels()]
    assert ticks == written if written else not {"2", "12", "20"} & set(ticks)


@pytest.mark.parametrize(("ends", "between"), [((1e-2, 10), True), ((1e-2, 1e4), False)])
def test_a_long_logarithmic_axis_has_powers_as_plain_text_and_no_crowd_between_them(ends, between):
    made = picture("long", Chart([Panel("", [Points([1, 2], ends)])], Axis("n"), Axis("s", "log")), "")
    figure = made.figure()
    figure.draw_without_rendering()
    axes = figure.axes[0]
    texts = [tick.get_text() for tick in axes.get_yticklabels()]
    assert {"10\u207b\u00b2", "10\u207b\u00b9"} <= set(texts)
    assert not any("$" in text for text in texts)
    assert bool(len(axes.yaxis.get_minorticklocs())) == between


def test_ticks_between_powers_are_plain_text_where_there_is_room():
    made = picture("short", Chart([Panel("", [Points([1, 2], [1e-7, 4e-7])])], Axis("n"), Axis("s", "log")), "")
    figure = made.figure()
    figure.draw_without_rendering()
    texts = {tick.get_text() for tick in figure.axes[0].get_yticklabels(which="both")}
    assert {"10\u207b\u2077", "2\N{MULTIPLICATION SIGN}10\u207b\u2077"} <= texts


def test_the_file_of_a_figure_does_not_depend_on_where_else_it_is_written(tmp_path):
    """Its parts are put in their places once, and are free to move again afterwards."""
    made = picture("one", Chart([Panel("", [Points([1, 2], [1, 2], label="a")])], Axis("n"), Axis("s")), "")
    figure = made.figure()
    engine = figure.get_layout_engine()
    first, again = figures.svg(figure), figures.svg(figure)
    figures.draw(made, tmp_path / "one")
    assert first == again == (tmp_path / "one.svg").read_bytes()
    assert figure.get_layout_engine() is engine


def test_long_labels_are_broken_on_phones():
    label = "accuracy by sign, in points, less diagonal (no pairs)"
    made = picture("long", Chart([Panel("", [Points([1], [1])])], Axis(label), tall=True), "")
    assert made.figure().axes[0].get_xlabel() == label
    assert made.narrow().axes[0].get_xlabel().split() == label.split()
    assert max(map(len, made.narrow().axes[0].get_xlabel().split("\n"))) <= 28


def test_nothing_to_draw_is_an_empty_panel():
    picture = lines([], "risk", over="nodes")
    assert len(picture.figure().axes) == 1


@pytest.mark.parametrize("width", [None, 5.2])
@pytest.mark.parametrize("narrow", [False, True])
def test_a_legend_is_no_wider_than_its_figure(width, narrow):
    labels = [f"error-corrected, T layers at once, {kind} loader" for kind in ("sparse", "free", "log2 K")]
    marks = [Points([1, 2], [1, 2], label=label) for label in (*labels, "dequantized", "enumeration")]
    chart = Chart([Panel("", marks)], Axis("D"), Axis("seconds"), width=width, legend=2)
    figure = draw(chart, narrow)
    figure.draw_without_rendering()
    (legend,) = figure.legends
    box, whole = legend.get_window_extent(), figure.bbox
    assert whole.x0 <= box.x0
    assert box.x1 <= whole.x1
