"""Seconds by stated assumptions: each machine by hand."""

import math
from dataclasses import replace

import pytest

from compare.engine.fields import make
from compare.machines import MACHINES, Assumptions, Shot, loader_steps, machine_seconds, shot_loss
from problems.errors import InputError

SHOT = Shot(t=40, t_depth=5, duration=4e-6, fidelity=0.96)
ASSUMED = Assumptions(reset=1e-5, delay=1e-4, cycle=1e-6, distance=10)
GATE = 1e-7


@pytest.mark.parametrize(
    ("machine", "seconds", "a_step"),
    [
        ("device", 4e-6 + 1.1e-4, GATE),
        ("device with errors", (4e-6 + 1.1e-4) / 0.96, GATE / 0.96),
        ("one T at a time", 41 * 1e-5, 1e-5),
        ("T layers at once", 6 * 1e-5, 1e-5),
    ],
)
def test_seconds_are_those_by_hand(machine, seconds, a_step):
    found = machine_seconds(machine, [SHOT], ASSUMED, GATE)
    assert (found.best, found.samples) == (pytest.approx(seconds), 1)
    assert machine_seconds(machine, [replace(SHOT, steps=3)], ASSUMED, GATE).best == pytest.approx(seconds + 3 * a_step)
    assert machine_seconds(machine, [SHOT], replace(ASSUMED, machines=2), GATE).best == pytest.approx(seconds / 2)


def test_an_empty_shot_is_what_every_shot_costs():
    empty = {machine: machine_seconds(machine, [Shot()], ASSUMED, GATE).best for machine in MACHINES}
    assert empty == pytest.approx(dict(zip(MACHINES, (1.1e-4, 1.1e-4, 1e-5, 1e-5), strict=True)))


@pytest.mark.parametrize("machine", ["one T at a time", "T layers at once"])
def test_t_states_that_come_slowly_are_waited_for(machine):
    slow = machine_seconds(machine, [SHOT], replace(ASSUMED, t_rate=1e3), GATE)
    assert slow.best == pytest.approx(40e-3 + 1e-5)
    fast = machine_seconds(machine, [SHOT], replace(ASSUMED, t_rate=1e9), GATE)
    assert fast == machine_seconds(machine, [SHOT], ASSUMED, GATE)


def test_the_range_is_that_of_the_problems():
    shots = [replace(SHOT, duration=duration) for duration in (1e-6, 2e-6, 7e-6)]
    found = machine_seconds("device", shots, ASSUMED, GATE)
    assert (found.low, found.best, found.high) == pytest.approx((1.11e-4, 1.12e-4, 1.17e-4))
    assert found.samples == 3


def test_a_share_that_floats_do_not_hold_is_waited_for_without_end():
    lost = [replace(SHOT, fidelity=0.0)] * 2
    assert machine_seconds("device with errors", lost, ASSUMED, GATE).best == math.inf
    assert shot_loss(lost) == math.inf
    assert shot_loss([SHOT]) == pytest.approx(-math.log(0.96))
    assert 0 < shot_loss([Shot()]) < 1e-9


def test_what_does_not_fit_on_the_device_has_no_seconds_there():
    wide = replace(SHOT, duration=None, fidelity=None)
    assert machine_seconds("device", [wide], ASSUMED, GATE) is None
    assert machine_seconds("T layers at once", [wide], ASSUMED, GATE).best == pytest.approx(6e-5)


@pytest.mark.parametrize(("points", "steps"), [(1, 0), (2, 1), (3, 2), (16, 4), (17, 5)])
def test_the_tree_over_k_points_has_log2_k_steps(points, steps):
    assert loader_steps("log", points) == steps
    assert loader_steps("free", points) == loader_steps("sparse", points) == 0


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"reset": -1.0}, "reset = -1.0 is too small"),
        ({"delay": math.nan}, "delay = nan is not a finite number"),
        ({"cycle": 0.0}, "cycle = 0.0 is too small; give a number above 0"),
        ({"distance": 0}, "distance = 0 is too small"),
        ({"t_rate": 0.0}, "t_rate = 0.0 is too small"),
        ({"synthesis_error": 1.0}, "synthesis_error = 1.0 is too large; give at most 0.5"),
        ({"machines": 0}, "machines = 0 is too small"),
        ({"classical_speedup": 0.0}, "classical_speedup = 0.0 is too small"),
    ],
)
def test_assumptions_out_of_range_are_refused_in_one_line(bad, said):
    with pytest.raises(InputError) as refused:
        make(Assumptions, bad)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
