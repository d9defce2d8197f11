"""Growth over rows: fits by method and group, in sentences and as a table of numbers."""

import numpy as np
import pytest

from compare.report import Shown
from compare.statistics import Estimate, growth

SIZES = (4, 8, 16, 32, 64)


def rows(sizes=SIZES, methods=(("linear", 1), ("square", 2)), machines=("here",), repeats=3):
    rng = np.random.default_rng(0)
    return [
        {
            "machine": machine,
            "method": method,
            "D": size,
            "seconds": 1e-6 * size**power * np.exp(0.01 * rng.standard_normal()),
        }
        for machine in machines
        for method, power in methods
        for size in sizes
        for _ in range(repeats)
    ]


def test_each_method_of_each_group_is_fitted_apart():
    found = growth(rows(machines=("here", "there")), "seconds", over="D", within=("machine",))
    assert [(one.within["machine"], one.name) for one in found] == [
        ("here", "linear"),
        ("here", "square"),
        ("there", "linear"),
        ("there", "square"),
    ]
    assert [one.fit.power.rate.best for one in found] == pytest.approx([1, 2, 1, 2], abs=0.02)
    assert {one.law for one in found} == {"power"}


def test_points_are_medians_with_their_range():
    first = next(iter(growth(rows(), "seconds", over="D")))
    numbers = [row["seconds"] for row in rows() if (row["method"], row["D"]) == ("linear", 8)]
    assert first.points[8] == Estimate(min(numbers), float(np.median(numbers)), max(numbers), 3)


def test_sentences_say_the_law_its_rate_and_the_range():
    linear, _ = growth(
        rows(), "seconds", over="D", what="seconds a sample", methods={"linear": Shown("the linear one")}
    ).sentences()
    assert linear.startswith("the linear one, seconds a sample: grows as D^0.99 [0.99, 1.00] (")
    assert linear.endswith("(D from 4 to 64, 5 sizes).")


def test_the_table_sorts_by_numbers():
    found = growth(rows(), "seconds", over="D")
    table = found.table("Times")
    assert table.columns[:3] == ["method", "D", "grows as"]
    for row, one in zip(table.rows, found, strict=True):
        assert (row[1].text, row[1].value) == ("4 to 64 (5)", 64)
        assert [row[3].value, row[4].value] == [one.fit.power.rate.best, one.fit.exponential.rate.best]
        assert row[5].value == one.points[64].best


def test_too_few_sizes_and_numbers_that_are_not_positive_are_not_fitted():
    few = next(iter(growth(rows(sizes=(4, 8)), "seconds", over="D")))
    assert (few.fit, few.law) == (None, "too few sizes")
    zero = next(iter(growth([row | {"seconds": 0.0} for row in rows()], "seconds", over="D")))
    assert (zero.fit, zero.law) == (None, "not fitted")
    assert growth(rows(sizes=(4, 8)), "seconds", over="D").sentences() == []


def test_rows_without_the_number_are_left_out_and_estimates_count_by_their_best():
    found = rows()
    gone = growth([*found, found[0] | {"seconds": None}], "seconds", over="D")
    as_estimates = [row | {"seconds": Estimate(0.0, row["seconds"], 1.0, 5)} for row in found]
    expected = [one.fit.power.rate for one in growth(found, "seconds", over="D")]
    assert [one.fit.power.rate for one in gone] == expected
    assert [one.fit.power.rate for one in growth(as_estimates, "seconds", over="D")] == expected
