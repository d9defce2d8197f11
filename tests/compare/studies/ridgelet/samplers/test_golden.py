"""The numbers of the tiny run, times left out: whatever is rebuilt, they stay."""

import json
from pathlib import Path

import numpy as np
import pytest

from compare.engine.plain import plain
from compare.statistics import mean_estimate
from compare.studies.ridgelet.samplers.rows import parts, times
from compare.studies.ridgelet.samplers.study import OTHER_PENALTIES
from tests.compare import tiny_run

GOLDEN = Path(__file__).parents[4] / "goldens" / "compare.json"

LEFT_OUT = ("high", "samples", "depth", "one_qubit", "measurements")
"""Fields that follow from the rest."""

WHICH = ("empirical", "held_out")

PROBLEM = ("prime", "dimension", "outputs", "coverage", "log10_nodes", "train", "test", "held_out", "effective")


def numbers(runs):
    found = {}

    def add(name, value):
        if name.rsplit("/", 1)[-1] in LEFT_OUT:
            return
        if isinstance(value, dict):
            for key, item in value.items():
                add(f"{name}/{key}", item)
        elif isinstance(value, list):
            for key, item in zip(WHICH, value, strict=True):
                add(f"{name}/{key}", item)
        elif value is not None and not isinstance(value, str):
            found[name] = float(value)

    for part in parts(runs):
        key = part.problem["part"]
        problem = {name: part.problem[name] for name in (*PROBLEM, "baselines", "gates")}
        problem |= {"points": part.problem["distinct"], "effective_nodes": problem.pop("effective")}
        add(f"{key}/problem", plain({name: value for name, value in problem.items() if value != {}}))
        for name, row in part.tests.items():
            for test in ("fidelity", "goodness_of_fit", "total_variation", "two_sample"):
                add(f"{key}/{name}/{test}", plain(row[test]))
        for name, row in part.draws.items():
            add(f"{key}/{name}/nodes/sum of a", row["a"].sum(dtype=float))
            add(f"{key}/{name}/nodes/sum of b", row["b"].sum(dtype=float))
            add(f"{key}/{name}/nodes/first a", row["a"][:, 0].astype(float) @ np.arange(len(row["a"])))
        for name, row in part.risks.items():
            for which in WHICH:
                for size, risks in zip(row["sizes"], row[which].T, strict=True):
                    add(f"{key}/{name}/N={size}/{which}", plain(mean_estimate(risks)))
                for penalty, risks in zip(OTHER_PENALTIES, row[f"other_{which}"].T, strict=True):
                    add(f"{key}/{name}/penalty {penalty:g}/{which}", risks.mean())
    for row in times(runs):
        add(f"dimension/{row['method']}/D={row['dimension']}/points", row["distinct"])
    return found


def test_the_numbers_are_those_that_were_found_before():
    found, golden = numbers(tiny_run()), json.loads(GOLDEN.read_text())
    # More times over D are known now.
    assert all(name.startswith("dimension/") for name in found.keys() - golden.keys())
    assert {name: found[name] for name in golden} == pytest.approx(golden, rel=1e-9, abs=1e-12)
