"""Both sides as lines over a size: laws that are put in come out, far beyond what was counted."""

import numpy as np
import pytest

from compare.machines import MACHINES, Assumptions, Shot, classical_line, machine_seconds, quantum_line
from compare.statistics import Estimate

ASSUMED = Assumptions(reset=0.0, delay=1e-3, cycle=1e-6, distance=10)
GATE = 1e-7
SIZES = (4, 8, 16, 32, 64)
SHOTS = {x: [Shot(t=10 * x, t_depth=5 * x, duration=1e-6 * x, fidelity=0.99**x)] * 3 for x in SIZES}
EMPTY = dict.fromkeys(SIZES, Shot())


def test_a_faster_classical_machine_takes_less_and_grows_alike():
    measured = {x: Estimate(0.9 * x, 1.0 * x, 1.1 * x, 5) for x in SIZES}
    line = classical_line(measured, Assumptions(classical_speedup=10.0))
    assert (line.at(16).low, line.at(16).best, line.at(16).high) == pytest.approx((1.44, 1.6, 1.76))
    assert line.at(10_000).best == pytest.approx(1000)
    grown = classical_line(
        {x: Estimate(2.0**x, 2.0**x, 2.0**x, 5) for x in (4, 6, 8)}, ASSUMED, "exponential", np.log(2)
    )
    assert grown.at(100).best == pytest.approx(2.0**100, rel=1e-6)


@pytest.mark.parametrize(
    ("machine", "law"),
    [
        ("device", lambda x: 1e-3 + 1e-6 * x),
        ("device with errors", lambda x: (1e-3 + 1e-6 * x) / 0.99**x),
        ("one T at a time", lambda x: (10 * x + 1) * 1e-5),
        ("T layers at once", lambda x: (5 * x + 1) * 1e-5),
    ],
)
def test_what_grows_goes_on_above_what_does_not(machine, law):
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


def test_what_the_device_holds_nowhere_has_no_line():
    wide = {x: [Shot(10 * x, x, None, None)] for x in SIZES}
    assert quantum_line("device", wide, EMPTY, ASSUMED, GATE) is None
    assert quantum_line("device with errors", wide, EMPTY, ASSUMED, GATE) is None
    assert quantum_line("one T at a time", wide, EMPTY, ASSUMED, GATE).at(1000) is not None
    held = wide | {4: SHOTS[4]}
    assert quantum_line("device", held, EMPTY, ASSUMED, GATE).largest == 4
