"""Where lines cross: laws that are known, measured and extrapolated, and the doubt that intervals leave."""

import numpy as np
import pytest

from compare.machines import Line, find_crossing
from compare.statistics import Estimate

SIZES = (4, 8, 16, 32, 64)


def line(law, spread=0.0):
    """Measured at some sizes, and known beyond."""
    shares = (1 - spread, 1.0, 1 + spread)
    measured = {x: Estimate(*(law(x) * share for share in shares), 5) for x in SIZES}
    return Line(measured, lambda x: np.log([np.broadcast_to(law(x) * share, x.shape) for share in shares]))


def test_lines_cross_where_their_laws_do():
    classical, quantum = line(lambda x: 1e-6 * x**2), line(lambda x: 1e-3 * x)
    crossing = find_crossing(classical, quantum, 10**6)
    assert crossing.start == pytest.approx(1000, abs=2)
    assert (crossing.smallest, crossing.measured, crossing.largest) == (4, 64, 10**6)
    assert crossing.to_the_end
    assert find_crossing(quantum, classical, 10**6).start == 4


def test_a_measured_crossing_is_told_from_an_extrapolated_one():
    crossing = find_crossing(line(lambda x: 1.0 * x**2), line(lambda x: 20.0 * x), 64)
    assert crossing.start == 21
    assert crossing.start < crossing.measured
    assert find_crossing(line(lambda x: 1.0), line(lambda x: 2.0), 64).start is None


def test_a_line_that_goes_no_further_ends_the_comparison():
    short = Line(line(lambda x: 2.0).measured, None)
    assert find_crossing(line(lambda x: 1.0 * x), short, 10**6).largest == 64


def test_intervals_say_where_it_is_possible_and_where_it_is_sure():
    classical = line(lambda x: 1.0 * x, 0.2)
    crossing = find_crossing(classical, line(lambda x: 20.0, 0.2), 64)
    assert crossing.start == 21
    assert crossing.low == pytest.approx(16 / 1.2, abs=1.01)
    assert crossing.high == pytest.approx(24 / 0.8, abs=1.01)
    wide = find_crossing(classical, line(lambda x: 20.0, 0.9), 64)
    assert wide.low == 4
    assert wide.high == pytest.approx(38 / 0.8, abs=1.01)
    never_sure = find_crossing(classical, line(lambda x: 60.0, 0.2), 64)
    assert (never_sure.start, never_sure.high) == (61, None)


def test_a_machine_may_win_for_a_while_only():
    # x^2 = 10 e^(x / 10) at 3.8 and at 57.5, where between 32 and 64 the lines are straight over the logarithms.
    crossing = find_crossing(line(lambda x: 1.0 * x**2), line(lambda x: 10 * np.exp(0.1 * np.minimum(x, 5000))), 10**4)
    assert crossing.start == 4
    assert crossing.end == pytest.approx(57, abs=4)
    assert not crossing.to_the_end
