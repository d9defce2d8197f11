"""The report of times made by hand: growth and the fastest are named, tables and figures follow what varies."""

import pytest

from compare.engine import Rows
from compare.statistics import Estimate
from compare.studies.ridgelet.scale.report import report
from compare.studies.ridgelet.scale.study import TIME, Settings
from tests.compare.studies.ridgelet.scale import made_runs

SIZES = (4, 8, 16, 32, 64, 128, 256)


def row(seconds, **settings):
    task = {"method": "dequantized", "dimension": 8, "prime": 3, "points": 50, "samples": 1000, "seed": 0, "repeat": 0}
    task |= settings
    same = Estimate(seconds, seconds, seconds, 5)
    result = {"distinct": task["points"], "prepare": 0.0, "per_sample": same, "seconds": seconds}
    result |= {"density": same, "wall": seconds}
    return task | result


def grown(method, power, axis="dimension", repeats=3):
    """Times that grow as a power, a few percent apart."""
    return [
        row(1e-6 * size**power * (1 + 0.02 * repeat * power), method=method, repeat=repeat, **{axis: size})
        for size in SIZES
        for repeat in range(repeats)
    ]


def made(rows):
    return report({TIME: Rows(rows)}, Settings())


def tables(rows):
    return {table.title: table for section in made(rows).sections for table in section.tables}


def test_the_card_names_the_fastest_and_the_growth():
    fastest, ratio, growth = made(grown("dequantized", 1) + grown("rejection", 2)).card.sentences
    assert fastest.startswith("At D = 256, P = 3, K = 50, samples = 1,000, dequantized is the fastest with 261 µs a")
    assert ratio.startswith("Seconds a sample, rejection over dequantized: 261 [249, 273], above 1 (3 pairs")
    assert growth.startswith("dequantized, seconds a sample: grows as D^1.0")
    (section,) = made(grown("dequantized", 1) + grown("rejection", 2)).sections
    assert section.findings[-1].startswith("rejection, seconds a sample: grows as D^2.0")
    assert "D from 4 to 256" in section.findings[-1]


def test_an_exponential_is_told_from_a_power():
    rows = [
        row(1e-6 * 3.0**size * (1 + 0.02 * repeat), method="enumeration", dimension=size, repeat=repeat)
        for size in range(2, 10)
        for repeat in range(3)
    ]
    (growth,) = made(rows).card.sentences
    assert growth.startswith("enumeration, seconds a sample: grows as e^(k D), k = 1.1")


def test_a_table_has_a_row_for_each_combination_and_a_column_for_each_setting_that_varies():
    found = tables(grown("dequantized", 1) + grown("rejection", 2))["Seconds a sample"]
    assert list(found.columns[:2]) == ["method", "D"]
    assert len(found.rows) == 2 * len(SIZES)
    assert [str(cell) for cell in found.rows[0][:3]] == ["dequantized", "4", "4.08 µs [4 µs, 4.16 µs]"]
    assert {row[-1].value for row in found.rows} == {3}
    assert "Growth over D" in tables(grown("dequantized", 1))


def test_a_single_size_makes_no_figure_and_no_growth():
    one = [row(1e-6, repeat=repeat) for repeat in range(3)]
    assert list(tables(one)) == ["Seconds a sample"]
    assert made(one).pictures == []
    assert made(one).card.sentences == []
    assert "K = 50" in made(one).sections[0].paragraphs[0]


def test_figures_are_drawn_over_what_has_many_values_with_a_panel_for_each_other_setting():
    rows = [
        row(1e-6 * dimension, method=method, dimension=dimension, prime=prime)
        for method in ("dequantized", "rejection")
        for dimension in SIZES
        for prime in (3, 5)
    ]
    (picture,) = made(rows).pictures
    assert picture.name == "scale-dimension"
    assert [axes.get_title() for axes in picture.figure().axes] == ["P = 3", "P = 5"]
    assert [one.name for one in made(grown("dequantized", 1, "points")).pictures] == ["scale-distinct"]


@pytest.mark.parametrize("seconds", [0.0, 1e-6])
def test_a_clock_that_saw_no_time_pass_breaks_nothing(seconds):
    rows = [row(seconds, method=name, dimension=size) for name in ("uniform", "rejection") for size in SIZES]
    assert len(tables(rows)["Seconds a sample"].rows) == 2 * len(SIZES)


def test_the_report_of_a_run_is_made_from_its_records(monkeypatch):
    runs = made_runs()
    assert len(runs[TIME]) == 8
    assert len(runs.made().sections[0].tables[0].rows) == 4


def test_the_page_fits_every_screen(look):
    look(made_runs().folder / "report.html")
