"""The study's numbers stay: counts at its smallest size, and lines and crossings of made-up times."""

import json
import math
from dataclasses import asdict
from pathlib import Path

import pytest

from compare.machines import LOADERS, MACHINES
from tests.compare.studies.ridgelet.crossover import known_results, small_run

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


def counts(results):
    yield "two-qubit seconds", results.gate
    for row in results.circuits.values():
        place = f"P={row['prime']} D={row['dimension']} K={row['points']}"
        yield f"{place}/rotation_error", row["rotation_error"]
        for part in ("transform", "loaders"):
            for draw, found in enumerate(row[part] if part == "loaders" else [row[part]]):
                for name, value in found.items():
                    yield f"{place}/{part}/{draw}/{name}", value
        for name, value in row["on_device"]["transform"].items():
            yield f"{place}/device/transform/{name}", value
        for draw, found in enumerate(row["on_device"]["whole"]):
            for name, value in found.items():
                yield f"{place}/device/whole/{draw}/{name}", value


def lines(name, results):
    for (varied, prime, machine, loader, rival), crossing in results.crossings.items():
        for end, value in asdict(crossing).items():
            if value is not None:
                yield f"{name}/{varied}/P={prime}/{machine}/{loader}/against {rival}/{end}", value
    found = {
        f"{varied}/{machine}/{loader}": results.quantum(varied, 3, machine, loader)
        for varied in ("dimension", "points")
        for machine in MACHINES
        for loader in LOADERS
    }
    for varied, rival in (("dimension", "dequantized"), ("dimension", "enumeration"), ("points", "dequantized")):
        found[f"{varied}/{rival}"] = results.classical(f"{varied}-3", rival)
    for key, line in found.items():
        for size in AT:
            for end, value in zip(("low", "best", "high"), line.log_range([size])[:, 0], strict=True):
                if not math.isnan(value):
                    yield f"{name}/{key}/ln seconds at {size}/{end}", value


def test_the_numbers_are_those_that_were_found_before():
    found = dict(counts(small_run()[1]))
    for name, changes in CHANGED.items():
        found |= lines(name, known_results(**changes))
    assert found == pytest.approx(json.loads(GOLDEN.read_text()), rel=1e-9, abs=1e-12)
