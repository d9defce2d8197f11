"""The study's numbers at its smallest size: whatever is rebuilt, they stay."""

import json
from pathlib import Path

import numpy as np
import pytest

import compare
from compare.statistics import Comparison, Estimate
from compare.studies.ridgelet.phase.rows import estimated
from compare.studies.ridgelet.phase.study import CELL, Settings

GOLDEN = Path(__file__).parents[4] / "goldens" / "phase.json"

SETTINGS = Settings(
    prime=3,
    dimensions=(2, 12),
    points=9,
    concentrations=(0.0, 0.5, 1.0),
    thinnings=(2, 3),
    spreads=(2,),
    nodes=3,
    networks=2,
    repeats=2,
    samples=10,
    ridge=1e-2,  # so that no risk is but rounding
)


COLUMNS = {
    "empirical-optimized": "empirical_optimized",
    "empirical-uniform": "empirical_uniform",
    "fresh-optimized": "fresh_optimized",
    "fresh-uniform": "fresh_uniform",
    "density": "density",
    "share": "log_share",
    "tickets": "tickets",
}
"""Measurements, as the records call them; gains are logarithms of ratios."""


def values_of(row):
    found = {name: row[column] for name, column in COLUMNS.items() if row[column] is not None}
    for kind in ("empirical", "fresh"):
        if f"{kind}-uniform" in found:
            found[f"{kind}-gain"] = float(np.log(found[f"{kind}-uniform"] / found[f"{kind}-optimized"]))
    return found


def numbers(runs):
    found = {}
    for row in estimated(runs, SETTINGS):
        site = {name: row[name] for name in ("dimension", "points", "directions", "sine")}
        signal = "sine" if site["sine"] else f"m={site['directions']}"
        place = f"D={site['dimension']} K={site['points']} {signal}"
        for name in ("log10_coverage", "bound", "fresh"):
            found[f"{place}/{name}"] = row[name]
        here = f"{place}/c={row['concentration']:g}"
        for draw in runs[CELL].where(concentration=row["concentration"], **site):
            for name, value in values_of(draw).items():
                found[f"{here}/{name}/repeat {draw['repeat']}"] = value
        for name, value in row.items():
            estimate = value.estimate if isinstance(value, Comparison) else value
            for end in ("low", "best", "high") if isinstance(estimate, Estimate) else ():
                found[f"{here}/{name.replace('_', '-')}/{end}"] = getattr(estimate, end)
    return found


def test_the_numbers_are_those_that_were_found_before(tmp_path):
    runs = compare.run("phase", out=tmp_path, progress=False, **vars(SETTINGS))
    assert numbers(runs) == pytest.approx(json.loads(GOLDEN.read_text()), rel=1e-9, abs=1e-12)
