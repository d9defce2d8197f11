"""The numbers of the tiny run, times left out: whatever is rebuilt, they stay."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.compare import tiny_run

GOLDEN = Path(__file__).parents[4] / "goldens" / "compare.json"

LEFT_OUT = ("high", "samples", "depth", "one_qubit", "measurements")
"""What follows from the rest."""


def numbers():
    found = {}

    def add(name, value):
        if name.rsplit("/", 1)[-1] in LEFT_OUT:
            return
        if isinstance(value, dict):
            for key, item in value.items():
                add(f"{name}/{key}", item)
        elif isinstance(value, list | tuple):
            for key, item in zip(("empirical", "held_out"), value, strict=True):
                add(f"{name}/{key}", item)
        elif value is not None and not isinstance(value, str):
            found[name] = float(value)

    results = tiny_run().results
    for key, part in results.parts.items():
        add(f"{key}/problem", part["problem"])
        for name, method in part["methods"].items():
            for test in ("fidelity", "goodness_of_fit", "total_variation", "two_sample"):
                add(f"{key}/{name}/{test}", method.get(test))
            arrays = results.arrays[f"{key}-{name}"]
            add(f"{key}/{name}/nodes/sum of a", arrays["a"].sum(dtype=float))
            add(f"{key}/{name}/nodes/sum of b", arrays["b"].sum(dtype=float))
            add(f"{key}/{name}/nodes/first a", arrays["a"][:, 0].astype(float) @ np.arange(len(arrays["a"])))
            for which in ("empirical", "held_out"):
                if "risk" not in method:
                    continue
                for size, risk in zip(method["risk"]["sizes"], method["risk"][which], strict=True):
                    add(f"{key}/{name}/N={size}/{which}", risk)
                for penalty, risk in zip(method["penalties"]["penalties"], method["penalties"][which], strict=True):
                    add(f"{key}/{name}/penalty {penalty:g}/{which}", risk["best"])
    for name, times in results.dimension.items():
        for row in times["rows"]:
            add(f"dimension/{name}/D={row['dimension']}/points", row["points"])
    return found


def test_the_numbers_are_those_that_were_found_before():
    assert numbers() == pytest.approx(json.loads(GOLDEN.read_text()), rel=1e-9, abs=1e-12)
