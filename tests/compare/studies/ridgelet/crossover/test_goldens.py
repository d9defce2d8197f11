"""The study's numbers stay: counts at its smallest size, and lines and crossings of made-up times."""

import json
import math
from dataclasses import asdict
from pathlib import Path

import pytest

from compare.studies.ridgelet.crossover.study import COUNT, DEVICE
from tests.compare.studies.ridgelet.crossover import known_sides, small_run

GOLDEN = Path(__file__).parents[4] / "goldens" / "crossover.json"

AT = (4, 16, 1000)
"""Sizes at which lines are asked."""

CHANGED = {
    "made up": {},
    "made up, other assumptions": {
        "noise": 0.1,
        "reset": 1e-5,
        "delay": 0.0,
        "cycle": 5e-7,
        "distance": 15,
        "t_rate": 1e5,
        "machines": 40,
        "classical_speedup": 0.01,
    },
}


def counts(runs):
    yield "two-qubit seconds", runs[DEVICE][0]["gate"]
    for row in runs[COUNT]:
        place = f"P={row['prime']} D={row['dimension']} K={row['points']}"
        yield f"{place}/rotation_error", row["rotation_error"]
        named = [("transform/0", row["transform"])]
        named += [(f"loaders/{draw}", found) for draw, found in enumerate(row["loaders"])]
        for part, found in named:
            yield f"{place}/{part}/rotation_error", row["rotation_error"]
            for name, value in asdict(found).items():
                yield f"{place}/{part}/{name}", value
        named = [("transform", row["transform_on_device"])]
        named += [(f"whole/{draw}", found) for draw, found in enumerate(row["whole_on_device"])]
        for part, found in named:
            for name, value in asdict(found).items():
                yield f"{place}/device/{part}/{name}", value


def lines(name, sides):
    for (varied, prime, machine, loader, rival), crossing in sides.crossings.items():
        for end, value in asdict(crossing).items():
            if value is not None:
                yield f"{name}/{varied}/P={prime}/{machine}/{loader}/against {rival}/{end}", value
    found = {f"{varied}/{machine}/{loader}": line for (varied, _, machine, loader), line in sides.quantum.items()}
    found |= {f"{varied}/{rival}": line for (varied, _, rival), line in sides.classical.items()}
    for key, line in found.items():
        for size in AT:
            for end, value in zip(("low", "best", "high"), line.log_range([size])[:, 0], strict=True):
                if not math.isnan(value):
                    yield f"{name}/{key}/ln seconds at {size}/{end}", value


def test_the_numbers_are_those_that_were_found_before():
    found = dict(counts(small_run()))
    for name, changes in CHANGED.items():
        found |= lines(name, known_sides(**changes))
    assert found == pytest.approx(json.loads(GOLDEN.read_text()), rel=1e-9, abs=1e-12)
