"""The numbers of a small grid stay; times are nobody's."""

import itertools
import json
from pathlib import Path

import pytest

from compare.engine import Seeds
from compare.statistics import clocks, timing
from compare.studies.ridgelet.scale.measures import time_sampler
from compare.studies.ridgelet.scale.study import Time

GOLDEN = Path(__file__).parents[4] / "goldens" / "scale.json"

METHODS = ("dequantized", "rejection", "enumeration", "uniform", "leverage", "circuit_statevector")


def numbers():
    for method, (dimension, prime, points), repeat in itertools.product(
        METHODS, [(1, 3, 50), (3, 5, 20), (2, 2, 3)], range(2)
    ):
        task = Time(method, dimension, prime, points, samples=100, seed=1, repeat=repeat)
        result = time_sampler(task, Seeds(task))
        place = f"{method}/D={dimension} P={prime} K={points}/repeat {repeat}"
        yield f"{place}/points", result.distinct
        for end in ("low", "best", "high"):
            yield f"{place}/density/{end}", getattr(result.density, end)


def test_the_numbers_are_those_that_were_found_before(monkeypatch):
    monkeypatch.setattr(timing, "ROUNDS", 1)
    monkeypatch.setattr(clocks, "LONG_ENOUGH", 0)
    assert dict(numbers()) == pytest.approx(json.loads(GOLDEN.read_text()), rel=1e-9, abs=1e-12)
