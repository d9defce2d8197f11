"""Both sides as lines over a size: laws that are put in come out, far beyond what was counted."""

import math

import numpy as np
import pytest

from compare.machines import MACHINES, Assumptions, Line, Shot, classical_line, machine_seconds, quantum_line
from compare.statistics import Estimate

ASSUMED = Assumptions(reset=0.0, delay=1e-3, cycle=1e-6, distance=10, cores=1, drift=1.0)
GATE = 1e-7
SIZES = (4, 8, 16, 32, 64)
SHOTS = {x: [Shot(t=10 * x, t_depth=5 * x, duration=1e-6 * x, fidelity=0.99**x)] * 3 for x in SIZES}
EMPTY = dict.fromkeys(SIZES, Shot())


def measured(law, sizes=SIZES):
    return {x: Estimate(0.9 * law(x), law(x), 1.1 * law(x), 5) for x in sizes}


def test_a_line_goes_through_what_was_measured_and_no_further_unless_it_is_continued():
    line = Line(measured(lambda x: 2.0 * x), None)
    assert (line.smallest, line.largest) == (4, 64)
    found = line.at(16)
    assert (found.low, found.best, found.high, found.samples) == pytest.approx((28.8, 32, 35.2, 5))
    assert line.at(23).best == pytest.approx(46)  # between two sizes, by a straight line over the logarithms
    assert line.at(2) is None
    assert line.at(65) is None


@pytest.mark.parametrize(
    ("law", "sizes", "family", "rate", "at"),
    [
        (lambda x: 5 + 2.0 * x, SIZES, "power", 1.0, 1000),
        (lambda x: 7.0 + 1e-3 * 3.0**x, (4, 6, 8), "exponential", math.log(3), 300),
    ],
)
def test_a_classical_method_goes_on_as_it_is_made_to(law, sizes, family, rate, at):
    line = classical_line(measured(law, sizes), ASSUMED, family, rate)
    found = line.at(at)
    assert found.best == pytest.approx(law(at), rel=1e-3)
    assert found.samples == len(sizes)
    faster = classical_line(measured(law, sizes), Assumptions(classical_speedup=10.0, cores=1, drift=1.0), family, rate)
    assert faster.at(at).best == pytest.approx(law(at) / 10, rel=1e-3)
    assert faster.at(sizes[1]).low == pytest.approx(0.09 * law(sizes[1]))


def test_cores_divide_the_seconds_by_what_they_are_worth():
    shared = Estimate(0.8, 0.9, 0.95, 15)
    law = measured(lambda x: 2.0 * x)
    line = classical_line(law, Assumptions(cores=4, drift=1.0), efficiency=shared)
    found = line.at(16)
    assert (found.low, found.best, found.high) == pytest.approx((28.8 / 3.8, 32 / 3.6, 35.2 / 3.2))
    # And so it is where it is continued.
    one = classical_line(law, Assumptions(cores=1, drift=1.0), efficiency=shared).at(10**6)
    found = line.at(10**6)
    assert (found.low, found.best, found.high) == pytest.approx((one.low / 3.8, one.best / 3.6, one.high / 3.2))
    assert Assumptions(cores=4).speed().best == 4


def test_another_run_may_take_longer_or_shorter_by_the_drift_or_by_the_spread_of_rounds():
    law = measured(lambda x: 2.0 * x)
    for drift, spread in ((1.5, 1.1), (1.1, 1.5)):
        line = classical_line(law, Assumptions(cores=1, drift=drift), spread=spread)
        found, further = line.at(16), line.at(10**6)
        assert (found.low, found.best, found.high) == pytest.approx((28.8 / 1.5, 32, 35.2 * 1.5))
        assert further.low < further.best / 1.49
        assert further.high > further.best * 1.49


def test_what_leaves_the_floats_is_infinite():
    line = classical_line(measured(lambda x: 3.0**x, (4, 6, 8)), ASSUMED, "exponential", math.log(3))
    assert line.log_range([1000])[1, 0] == pytest.approx(1000 * math.log(3), rel=1e-4)
    assert line.at(1000).high == np.inf


def test_too_few_sizes_are_not_continued():
    assert classical_line(measured(lambda x: 3.0**x, (4, 8)), ASSUMED, "exponential", math.log(3)).at(9) is None
    assert classical_line({}, ASSUMED) is None
    few = {x: SHOTS[x] for x in (4, 8, 16)}
    line = quantum_line("device", few, EMPTY, ASSUMED, GATE)
    assert line.at(16).best == pytest.approx(1.016e-3)
    assert line.at(17) is None


@pytest.mark.parametrize(
    ("machine", "law"),
    [
        ("device", lambda x: 1e-3 + 1e-6 * x),
        ("device with errors", lambda x: (1e-3 + 1e-6 * x) / 0.99**x),
        ("one T at a time", lambda x: (10 * x + 1) * 1e-5),
        ("T layers at once", lambda x: (5 * x + 1) * 1e-5),
    ],
)
def test_circuits_go_on_by_a_power_law_above_what_does_not_grow(machine, law):
    line = quantum_line(machine, SHOTS, EMPTY, ASSUMED, GATE)
    assert (line.smallest, line.largest) == (4, 64)
    assert line.at(16).best == pytest.approx(law(16))
    assert line.at(1000).best == pytest.approx(law(1000), rel=1e-3)


@pytest.mark.parametrize("machine", MACHINES)
def test_a_shot_of_which_nothing_grows_goes_on_as_it_is(machine):
    fixed = {x: Shot(30, 6, 2e-6, 0.9) for x in SIZES}
    line = quantum_line(machine, {x: [shot] for x, shot in fixed.items()}, fixed, ASSUMED, GATE)
    assert line.at(10**9).best == pytest.approx(machine_seconds(machine, [fixed[4]], ASSUMED, GATE).best)


@pytest.mark.parametrize("machine", MACHINES)
def test_steps_that_are_not_built_are_added_at_every_size(machine):
    fixed = {x: Shot(30, 6, 2e-6, 0.9) for x in SIZES}
    shots = {x: [shot] for x, shot in fixed.items()}
    line = quantum_line(machine, shots, fixed, ASSUMED, GATE, lambda x: int(x))
    for size in (4, 32, 10**5):
        expected = machine_seconds(machine, [Shot(30, 6, 2e-6, 0.9, size)], ASSUMED, GATE).best
        assert line.at(size).best == pytest.approx(expected)


def test_what_the_device_holds_nowhere_has_no_line_and_lost_shots_are_left_out():
    wide = {x: [Shot(10 * x, x, None, None)] for x in SIZES}
    assert quantum_line("device", wide, EMPTY, ASSUMED, GATE) is None
    assert quantum_line("device with errors", wide, EMPTY, ASSUMED, GATE) is None
    assert quantum_line("one T at a time", wide, EMPTY, ASSUMED, GATE).at(1000) is not None
    assert quantum_line("device", wide | {4: SHOTS[4]}, EMPTY, ASSUMED, GATE).largest == 4
    lost = SHOTS | {64: [Shot(fidelity=0.0)]}
    assert quantum_line("device with errors", lost, EMPTY, ASSUMED, GATE).largest == 32
