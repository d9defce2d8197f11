"""The study's numbers at its smallest size: whatever is rebuilt, they stay."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from compare.records import RunFolder
from compare.studies.ridgelet.phase.study import MEASURES, Settings, plan, run

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


def numbers(folder):
    results, found = run(plan(SETTINGS), folder), {}
    for walk, sites in results.walks.items():
        for site in sites:
            signal = "sine" if walk == "sine" else f"m={site['directions']}"
            place = f"D={site['dimension']} K={site['points']} {signal}"
            for name in ("log10_coverage", "bound", "fresh"):
                found[f"{place}/{name}"] = site[name]
            key = next(
                one.key
                for one in plan(SETTINGS).walks[walk]
                if (one.dimension, one.points, one.directions)
                == (site["dimension"], site["points"], site["directions"])
            )
            with np.load(folder.path / f"{key}.npz") as file:
                values = file["values"]
            for i, cell in enumerate(site["cells"]):
                for j, name in enumerate(MEASURES):
                    for repeat, value in enumerate(values[:, i, j]):
                        if np.isfinite(value):
                            found[f"{place}/c={cell['concentration']:g}/{name}/repeat {repeat}"] = float(value)
                    for end in ("low", "best", "high") if cell[name] else ():
                        found[f"{place}/c={cell['concentration']:g}/{name}/{end}"] = cell[name][end]
    return found


def test_the_numbers_are_those_that_were_found_before(tmp_path):
    found = numbers(RunFolder(tmp_path, "phase", asdict(SETTINGS)))
    assert found == pytest.approx(json.loads(GOLDEN.read_text()), rel=1e-9, abs=1e-12)
