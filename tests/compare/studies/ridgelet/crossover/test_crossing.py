"""Lines and where they cross: known laws are continued exactly, and doubt is told."""

import numpy as np
import pytest

from compare.statistics import Estimate
from compare.studies.ridgelet.crossover.crossing import find_crossing
from compare.studies.ridgelet.crossover.curves import constant_line, known_line, lossy_line, power_line

SIZES = (4, 8, 16, 32, 64)


def each(value):
    return dict.fromkeys(SIZES, value)


def measured(law, spread=0.0, sizes=SIZES):
    return {x: Estimate(law(x) * (1 - spread), law(x), law(x) * (1 + spread), 5) for x in sizes}


def test_a_line_goes_through_what_was_measured():
    line = power_line(measured(lambda x: 2.0 * x, 0.1))
    assert (line.smallest, line.largest) == (4, 64)
    found = line.at(16)
    assert (found.low, found.best, found.high) == pytest.approx((28.8, 32, 35.2))
    assert found.samples == 5
    assert line.at(23).best == pytest.approx(46)  # between two sizes, by a straight line over the logarithms
    assert line.at(2) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (power_line(measured(lambda x: 2.0 * x)), 2000.0),
        (power_line(measured(lambda x: 7 + 2.0 * x), each(7.0)), 2007.0),
        (power_line(measured(lambda x: 3.0)), 3.0),
        (known_line(measured(lambda x: 5 + 2.0 * x, sizes=(4, 8, 16, 32, 64)), "power", 1.0), 2005.0),
        (constant_line(measured(lambda x: 3.0)), 3.0),
        (known_line(measured(lambda x: 1 + 1e-3 * 3.0**x, sizes=(4, 6, 8)), "exponential", np.log(3)), None),
        (
            lossy_line(
                measured(lambda x: (1 + x) * np.exp(0.1 * x)), {x: 0.1 * x for x in SIZES}, each(1.0), each(0.0)
            ),
            1001 * np.exp(100.0),
        ),
        (
            lossy_line(
                measured(lambda x: 5 * np.exp(1 + x**2 / 64)), {x: 1 + x**2 / 64 for x in SIZES}, each(0.0), each(1.0)
            ),
            None,
        ),
    ],
)
def test_beyond_it_a_line_goes_on_by_its_law(line, expected):
    if expected is None:  # in logarithms: the numbers leave the floats
        law = np.log(1e-3) + 1000 * np.log(3) if line.largest == 8 else np.log(5) + 1 + 1000**2 / 64
        assert line.log_range([1000])[1, 0] == pytest.approx(law, rel=1e-4)
        assert line.at(1000).high == np.inf
    else:
        assert line.at(1000).best == pytest.approx(expected, rel=1e-3)
        assert line.at(1000).samples == len(SIZES)


def test_too_few_sizes_are_not_continued():
    line = power_line(measured(lambda x: 2.0 * x, sizes=(4, 8, 16)))
    assert line.at(16).best == 32
    assert line.at(17) is None
    assert known_line(measured(lambda x: 3.0**x, sizes=(4, 8)), "exponential", np.log(3)).at(9) is None
    assert power_line({4: None, 8: Estimate(1.0, np.inf, np.inf, 5)}) is None


def test_lines_cross_where_their_laws_do():
    classical = power_line(measured(lambda x: 1e-6 * x**2))
    quantum = power_line(measured(lambda x: 1e-3 * x))
    crossing = find_crossing(classical, quantum, 10**6)
    assert crossing.start == pytest.approx(1000, abs=2)
    assert (crossing.smallest, crossing.measured, crossing.largest) == (4, 64, 10**6)
    assert crossing.to_the_end
    assert find_crossing(quantum, classical, 10**6).start == 4


def test_a_measured_crossing_is_told_from_an_extrapolated_one():
    crossing = find_crossing(power_line(measured(lambda x: 1.0 * x**2)), power_line(measured(lambda x: 20.0 * x)), 64)
    assert crossing.start == 21
    assert crossing.start < crossing.measured
    assert find_crossing(power_line(measured(lambda x: 1.0)), power_line(measured(lambda x: 2.0)), 64).start is None


def test_intervals_say_where_it_is_possible_and_where_it_is_sure():
    classical = power_line(measured(lambda x: 1.0 * x, 0.2))
    crossing = find_crossing(classical, power_line(measured(lambda x: 20.0, 0.2)), 64)
    assert crossing.start == 21
    assert crossing.low == pytest.approx(16 / 1.2, abs=1.01)
    assert crossing.high == pytest.approx(24 / 0.8, abs=1.01)
    wide = find_crossing(classical, power_line(measured(lambda x: 20.0, 0.9)), 64)
    assert wide.low == 4
    assert wide.high == pytest.approx(38 / 0.8, abs=1.01)
    never_sure = find_crossing(classical, power_line(measured(lambda x: 60.0, 0.2)), 64)
    assert (never_sure.start, never_sure.high) == (61, None)


def test_a_machine_may_win_for_a_while_only():
    classical = power_line(measured(lambda x: 1.0 * x**2))
    quantum = lossy_line(measured(lambda x: 10 * np.exp(0.1 * x)), {x: 0.1 * x for x in SIZES}, each(0.0), each(0.0))
    crossing = find_crossing(classical, quantum, 10**6)
    # x^2 = 10 e^(x / 10) at 3.8 and at 57.5, where between 32 and 64 the lines are straight over the logarithms.
    assert crossing.start == 4
    assert crossing.end == pytest.approx(57, abs=4)
    assert not crossing.to_the_end
