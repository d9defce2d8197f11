"""Seconds by stated assumptions: each row of the table by hand."""

import math
from dataclasses import replace

import pytest

from compare.studies.ridgelet.crossover.machines import (
    LOADERS,
    MACHINES,
    Assumptions,
    loader_steps,
    quantum_seconds,
    shot_constant,
    shot_loss,
)
from problems.errors import InputError
from tests.compare.studies.ridgelet.crossover import counts

ROW = counts(dimension=4, points=8)  # 40 T gates in 5 layers; a loader of 160; 4 us, with the loader 12 us
ASSUMED = Assumptions(reset=1e-5, delay=1e-4, cycle=1e-6, distance=10)
GATE = 1e-7


@pytest.mark.parametrize(
    ("machine", "loader", "seconds"),
    [
        ("device", "sparse", 12e-6 + 1.1e-4),
        ("device", "free", 4e-6 + 1.1e-4),
        ("device", "log", 4e-6 + 1.1e-4 + 3 * GATE),
        ("device with errors", "sparse", (12e-6 + 1.1e-4) / 0.99**12),
        ("device with errors", "free", (4e-6 + 1.1e-4) / 0.99**4),
        ("one T at a time", "sparse", 201 * 1e-5),
        ("one T at a time", "free", 41 * 1e-5),
        ("one T at a time", "log", 44 * 1e-5),
        ("T layers at once", "sparse", 166 * 1e-5),
        ("T layers at once", "free", 6 * 1e-5),
        ("T layers at once", "log", 9 * 1e-5),
    ],
)
def test_seconds_are_those_by_hand(machine, loader, seconds):
    found = quantum_seconds(machine, loader, ROW, ASSUMED, GATE)
    assert found.best == pytest.approx(seconds)
    assert found.samples == (2 if loader == "sparse" else 1)
    halved = quantum_seconds(machine, loader, ROW, replace(ASSUMED, machines=2), GATE)
    assert halved.best == pytest.approx(seconds / 2)


def test_every_machine_takes_every_loader_and_free_is_fastest():
    for machine in MACHINES:
        free, log, sparse = (
            quantum_seconds(machine, loader, ROW, ASSUMED, GATE).best for loader in ("free", "log", "sparse")
        )
        assert free < log < sparse
    assert set(LOADERS) == {"free", "log", "sparse"}


@pytest.mark.parametrize("machine", ["one T at a time", "T layers at once"])
def test_t_states_that_come_slowly_are_waited_for(machine):
    slow = replace(ASSUMED, t_rate=1e3)
    assert quantum_seconds(machine, "free", ROW, slow, GATE).best == pytest.approx(40e-3 + 1e-5)
    fast = replace(ASSUMED, t_rate=1e9)
    assert quantum_seconds(machine, "free", ROW, fast, GATE) == quantum_seconds(machine, "free", ROW, ASSUMED, GATE)


def test_the_range_is_that_of_the_problems():
    row = counts(4, 8)
    row["loaders"] = [row["loaders"][0] | {"t": t} for t in (10, 20, 60)]
    found = quantum_seconds("one T at a time", "sparse", row, ASSUMED, GATE)
    assert (found.low, found.best, found.high) == pytest.approx((51e-5, 61e-5, 101e-5))
    assert found.samples == 3


def test_shots_that_floats_do_not_hold_take_for_ever():
    row = counts(4, 8)
    row["on_device"]["whole"] = [row["on_device"]["whole"][0] | {"fidelity": 0.0}] * 2
    assert quantum_seconds("device with errors", "sparse", row, ASSUMED, GATE).best == math.inf
    assert shot_loss(row, "sparse") == math.inf
    assert shot_loss(row, "free") == pytest.approx(-4 * math.log(0.99))


def test_what_does_not_fit_on_the_device_has_no_seconds_there():
    row = counts(4, 8, on_device=False)
    assert quantum_seconds("device", "free", row, ASSUMED, GATE) is None
    assert quantum_seconds("T layers at once", "free", row, ASSUMED, GATE).best == pytest.approx(6e-5)


def test_what_every_shot_costs():
    assert shot_constant("device", ASSUMED) == pytest.approx(1.1e-4)
    assert shot_constant("T layers at once", replace(ASSUMED, machines=4)) == pytest.approx(2.5e-6)
    assert shot_constant("device", ASSUMED, "log", 16, GATE) == pytest.approx(1.1e-4 + 4 * GATE)
    assert shot_constant("one T at a time", ASSUMED, "log", 16, GATE) == pytest.approx(5e-5)


@pytest.mark.parametrize(("points", "steps"), [(1, 0), (2, 1), (3, 2), (16, 4), (17, 5)])
def test_the_tree_over_k_points_has_log2_k_steps(points, steps):
    assert loader_steps("log", points) == steps
    assert loader_steps("free", points) == loader_steps("sparse", points) == 0


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"reset": -1.0}, "reset = -1.0 is negative"),
        ({"delay": math.nan}, "delay = nan"),
        ({"cycle": 0.0}, "cycle = 0.0 is zero"),
        ({"distance": 0}, "distance = 0 is too small"),
        ({"t_rate": 0.0}, "t_rate = 0.0 is zero"),
        ({"synthesis_error": 1.0}, "synthesis_error = 1.0 is out of range"),
        ({"machines": 0}, "machines = 0 is too small"),
        ({"classical_speedup": 0.0}, "classical_speedup = 0.0 is zero"),
    ],
)
def test_assumptions_out_of_range_are_refused_in_one_line(bad, said):
    with pytest.raises(InputError) as refused:
        Assumptions(**bad).check()
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    Assumptions().check()
