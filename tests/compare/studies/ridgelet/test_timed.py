"""A method that is timed by its name is that method, and not NumPy in its place."""

from types import SimpleNamespace

import pytest

from classical.ridgelet import DequantizedSampler
from compare.engine import Seeds
from compare.studies.ridgelet.crossover.measures import share_cores, time_curve
from compare.studies.ridgelet.crossover.study import CORES, Cores, Curve
from compare.studies.ridgelet.drawn import drawn_problem
from compare.studies.ridgelet.methods import SAMPLERS
from compare.studies.ridgelet.samplers import measures
from compare.studies.ridgelet.samplers.study import Draw
from compare.studies.ridgelet.scale.measures import time_sampler
from compare.studies.ridgelet.scale.study import Time
from compare.studies.ridgelet.timed import sampler_to_time
from problems.errors import OutOfReach

CORES_TASK = Cores(prime=5, dimension=2, points=4, seed=0)


@pytest.fixture
def nothing_compiled(monkeypatch):
    for module in ("problems.compiling", "classical.ridgelet.dequantized.sampler"):
        monkeypatch.setattr(f"{module}.why_not_compiled", lambda: "numba is not there")


def test_a_sampler_says_that_it_fell_back(nothing_compiled):
    problem = drawn_problem(5, 2, 4, 0, 0)
    assert DequantizedSampler(problem).fell_back
    assert not DequantizedSampler(problem, compiled=False).fell_back  # as it was asked for
    assert not DequantizedSampler(drawn_problem(1031, 2, 4, 0, 0)).fell_back  # as its documentation says


def test_it_did_not_where_there_is_a_compiler():
    assert not DequantizedSampler(drawn_problem(5, 2, 4, 0, 0)).fell_back


def test_timed_measures_refuse_a_sampler_that_fell_back(nothing_compiled, monkeypatch):
    curve = Curve("dequantized", "dimension", 5, None, 4, (2, 3), 10, 2, 1.0, 0)
    with pytest.raises(OutOfReach, match="nothing is compiled: numba is not there"):
        time_curve(curve, Seeds(curve))
    time = Time("dequantized", 2, 5, 4, 10, 0, 0)
    with pytest.raises(OutOfReach, match="run it where numba works"):
        time_sampler(time, Seeds(time))
    with pytest.raises(OutOfReach):
        share_cores(CORES_TASK, Seeds(CORES_TASK))
    part = Draw("small", "iris", 5, 2, None, 0.1, "relu", 0, "dequantized", 10)
    monkeypatch.setattr(measures, "load", lambda *given: (None, drawn_problem(5, 2, 4, 0, 0)))
    with pytest.raises(OutOfReach):
        measures.time_part(part, Seeds(part), {})


def test_what_needs_no_compiler_is_timed_without_one(nothing_compiled):
    time = Time("uniform", 2, 5, 4, 10, 0, 0)
    assert time_sampler(time, Seeds(time)).seconds > 0


def test_a_sampler_made_of_one_that_fell_back_is_refused_too(nothing_compiled):
    with pytest.raises(OutOfReach):
        sampler_to_time(SAMPLERS["candidates"], drawn_problem(5, 2, 4, 0, 0))
    holder = SimpleNamespace(sampler=SimpleNamespace(fell_back=False))
    assert sampler_to_time(SimpleNamespace(make=lambda problem: holder), None) is holder


def test_two_cores_are_held_against_one_in_processor_seconds():
    found = share_cores(CORES_TASK, Seeds(CORES_TASK))
    assert CORES.timed
    assert CORES.threads == 2
    assert 0 < found.efficiency.low <= found.efficiency.best <= found.efficiency.high
    assert found.wall.best > 0
    assert found.nodes == 2048
