"""Cells: one way to write each kind of number, and the value that travels with it."""

import math
from decimal import Decimal

import pytest

from compare.report import Cell, cells
from compare.report.order import has_numbers, order
from compare.statistics import Estimate

YEAR = cells.YEAR


@pytest.mark.parametrize(
    ("made", "text", "value"),
    [
        (cells.number(0.12345), "0.123", 0.12345),
        (cells.number(2.0, ".1f", " GHz"), "2.0 GHz", 2.0),
        (cells.count(12_345), "12,345", 12_345),
        (cells.share(0.943), "94.3%", 0.943),
        (cells.estimate(Estimate(0.1, 0.2, 0.3, 8)), "0.200 [0.100, 0.300]", 0.2),
        (cells.estimate({"low": None, "best": 0.2, "high": None}), "0.200", 0.2),
        (cells.estimate(Estimate(-math.inf, 0.2, math.inf, 1)), "0.200", 0.2),
        (cells.signed(0.5), "+0.500", 0.5),
        (cells.signed(Estimate(-0.1, 0.2, 0.5, 8)), "+0.200 [-0.100, +0.500]", 0.2),
        (cells.plus_minus(Estimate(0.1, 0.2, 0.3, 8)), "0.200 ±0.100", 0.2),
        (cells.seconds(0.0012), "1.2 ms", 0.0012),
        (cells.seconds(0.9996), "1 s", 0.9996),
        (cells.seconds(Estimate(1e-6, 2e-6, 3e-6, 5)), "2 µs [1 µs, 3 µs]", 2e-6),
        (cells.seconds(YEAR), "1 year", YEAR),
        (cells.seconds(1.4 * YEAR), "1 year", 1.4 * YEAR),
        (cells.seconds(1.6 * YEAR), "2 years", 1.6 * YEAR),
        (cells.seconds(3 * YEAR), "3 years", 3 * YEAR),
        (cells.seconds(math.inf), "> 10^300 s", math.inf),
        (cells.pvalue(0.0432), "0.043", 0.0432),
        (cells.pvalue(2.3e-43), "2e-43", 2.3e-43),
        (cells.pvalue(0.0), "< 1e-300", 0.0),
        (cells.memory(1536), "1.5 KiB", 1536.0),
        (cells.power(2), "100", Decimal(100)),
        (cells.power(-1), "0.1", Decimal("0.1")),
        (cells.power(-400), "1.0e-400", Decimal(10) ** -400),
        (cells.estimate(Estimate(0, 1106, 2.04e7, 8), cells.compact), "1,106 [0, 2.0e7]", 1106),
        (cells.several([cells.count(7), "9"]), "7 / 9", 7),
        (cells.count(7) + "*", "7*", 7),
    ],
)
def test_makers_write_a_number_and_keep_it(made, text, value):
    assert (made.text, str(made), made.value) == (text, text, value)


@pytest.mark.parametrize("nothing", [None, math.nan])
def test_what_is_not_known_is_a_dash_without_a_value(nothing):
    unknown = None if nothing is None else Estimate(nothing, nothing, nothing, 0)
    made = [cells.number(nothing), cells.share(nothing), cells.pvalue(nothing), cells.seconds(nothing)]
    made += [cells.estimate(unknown), cells.signed(unknown), cells.plus_minus(unknown), cells.power(nothing)]
    assert made == [Cell("-", None)] * len(made)


def test_rows_stand_by_value_and_not_by_text():
    assert order([Cell("few", 3), Cell("1e9", 1), Cell("2", 2.0)]) == [2, 0, 1]
    assert order([cells.power(-400), cells.power(-500), cells.number(0.0)]) == [2, 1, 0]
    assert order([Cell("half", 0.5), cells.share(0.5)]) == [0, 0]


def test_what_has_no_value_stays_last_and_so_does_text_among_numbers():
    column = [cells.count(3), cells.number(None), "refused", cells.count(1), Cell("nan", math.nan)]
    assert order(column) == [1, None, None, 0, None]
    assert has_numbers(column)


def test_text_with_a_value_is_sorted_as_people_expect_it():
    assert order([Cell("D = 16", "D = 16"), Cell("d = 4", "d = 4"), "-"]) == [1, 0, None]


def test_numbers_are_read_back_only_where_a_whole_column_is_text():
    assert order(["3 s", "1.2 ms"]) == [1, 0]
    assert order(["10 s", Cell("x", "x"), "9 s"]) == [1, 2, 0]


@pytest.mark.parametrize("value", [-0.0, -0.0004, 0.0004, 0.0])
def test_what_is_rounded_to_zero_has_no_sign(value):
    assert cells.number(value, ".3f").text == "0.000"
    assert cells.signed(value).text == "0.000"
    assert cells.signed({"low": -0.0002, "best": value, "high": 0.0001}).text == "0.000 [0.000, 0.000]"
    assert cells.signed(-0.0006).text == "-0.001"
    assert cells.share(-0.0004).text == "0.0%"
