"""The picture of the verdict: what is drawn of planted records, and how."""

import json

import pytest
from matplotlib.patches import Rectangle

from compare.verdict import picture as drawing
from compare.verdict import write_verdict
from compare.verdict.picture import plain_lanes, verdict_picture
from compare.verdict.words import card_sentences


def lanes(rows):
    return drawing.lanes(plain_lanes(rows))


def test_a_lane_has_a_mark_for_each_assumption(planted_rows):
    (lane,) = lanes([planted_rows["loses"]])
    assert [spot.label for spot in lane.spots] == [
        "one step a query or gate",
        "T gates one by one",
        "device with its errors",
        "T layers at once",
    ]
    step, gates, device, layers = lane.spots
    assert (step.best, gates.best) == pytest.approx((100, 1e4))
    assert (gates.low, gates.high) == pytest.approx((1e4 / 4, 1e4 * 4))
    assert [spot.deciding for spot in lane.spots] == [False, True, False, False]
    assert (device.open, layers.open) == ("never reached", "does not fit")
    assert device.best is None
    assert gates.measured
    assert not gates.hatched


def test_an_estimated_machine_has_looks_of_its_own():
    names = ["as estimated, sparse loader", "as estimated, free loader", "T one by one, sparse loader"]
    marks = [
        {"name": f"error-corrected, {name}", "low": 1.0, "best": 2.0, "high": 3.0, "open": "", "beyond": 1.0}
        for name in names
    ]
    lane = {"name": "Sampling", "size": "", "words": "", "marks": [one | {"deciding": False} for one in marks]}
    (found,) = drawing.lanes([lane])
    assert [spot.label for spot in found.spots] == [
        "error-corrected, as estimated",
        "free loader",
        "T gates one by one",
    ]
    assert len({(spot.style.color, spot.style.marker) for spot in found.spots}) == 3


def test_what_is_extrapolated_far_is_hatched(planted_rows):
    (lane,) = lanes([planted_rows["far"]])
    assert [spot.hatched for spot in lane.spots] == [False, True, False, False]
    assert not lane.spots[1].measured


def test_beyond_the_age_of_the_universe_marks_are_open(planted_rows):
    (lane,) = lanes([planted_rows["late"]])
    assert [spot.open for spot in lane.spots[:2]] == ["", "never reached"]


def test_a_row_without_numbers_says_so(planted_rows):
    (lane,) = lanes([planted_rows["missing"]])
    assert not lane.spots
    assert lane.words == "nothing is known; run tickets missing --preset verdict"


def test_what_is_drawn_stands_beside_the_page(planted_rows, tmp_path):
    rows = [planted_rows[name] for name in ("wins", "late", "missing")]
    write_verdict(rows, tmp_path)
    kept = json.loads((tmp_path / "verdict.json").read_text(encoding="utf-8"))
    assert kept["sentences"] == card_sentences(rows)
    assert drawing.lanes(kept["lanes"]) == lanes(rows)
    assert (tmp_path / "verdict.png").exists()


@pytest.mark.parametrize("narrow", [False, True])
def test_everything_is_drawn_in_both_arrangements(planted_rows, narrow):
    names = ("wins", "ties", "loses", "far", "missing")
    picture = verdict_picture([planted_rows[name] for name in names])
    figure = (picture.narrow if narrow else picture.figure)()
    (axes,) = figure.axes
    assert axes.get_xscale() == "log"
    hatched = [one for one in axes.patches if isinstance(one, Rectangle) and one.get_hatch()]
    assert len(hatched) == 1
    assert any("nothing is known" in text.get_text() for text in axes.texts)
    assert sum("never reached" in text.get_text() for text in axes.texts) == 4
    dashed = [line for line in axes.lines if line.get_linestyle() == "--"]
    assert len(dashed) == 1
    low, high = axes.get_xlim()
    for line in axes.lines:
        if line.get_marker() not in ("None", "", None):
            assert low < line.get_xdata()[0] < high
