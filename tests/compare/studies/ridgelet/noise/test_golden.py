"""The study's numbers at its smallest size: whatever is rebuilt, they stay."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from compare.studies.ridgelet.noise.study import CIRCUIT, PROBLEM, READING, SHOTS
from tests.compare.studies.ridgelet.noise import small_run

GOLDEN = Path(__file__).parents[4] / "goldens" / "noise.json"


def flat(name, value) -> Iterator[tuple[str, float]]:
    """Yield every number of a result by its path."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from flat(f"{name}/{key}", item)
    elif isinstance(value, list | tuple):
        for key, item in enumerate(value):
            yield from flat(f"{name}/{key}", item)
    elif isinstance(value, int | float):
        yield name, float(value)


def numbers_of_reading(place, row):
    found = {f"{place}/shots": row["raw"].fidelity.samples, f"{place}/repeats": row["repeats"]}
    for key in ("raw", "mitigated", "gain", "gain_over_repeats"):
        if row[key] is not None:
            found |= flat(f"{place}/{key}", asdict(row[key]))
    for key, prefix in (("raw", ""), ("mitigated", "mitigated_")):
        for values, name in (("fidelities", "fidelity"), ("chi_squares", "chi_square")):
            if row[key] is not None:
                found |= flat(f"{place}/{prefix}{name} of repeat", getattr(row[key], values).tolist())
    return found


def numbers(runs):
    (record,) = runs.of_kind(PROBLEM)
    problem = asdict(record.result)
    problem["points"] = problem.pop("distinct")
    found = dict(flat("problem", {**problem, "prime": record.task.prime}))
    for record in runs.of_kind(CIRCUIT):
        circuit = asdict(record.result)
        circuit["seed"] = circuit.pop("transpiler_seed")
        assert circuit.pop("unknown") == 0
        found |= flat(f"{record.task.encoding}/flips", circuit.pop("flips").tolist())
        found |= flat(f"{record.task.encoding}/circuit", circuit)
    for row in runs[SHOTS]:
        place = f"{row['encoding']}/{row['arm']}/repeat {row['repeat']}"
        found[f"{place}/sum of bits"] = float(np.unpackbits(row["bits"]).sum())
    for row in runs[READING]:
        found |= numbers_of_reading(f"{row['encoding']}/{row['arm']}", row)
    return found


def test_the_numbers_are_those_that_were_found_before():
    assert numbers(small_run()) == pytest.approx(json.loads(GOLDEN.read_text()), rel=1e-9, abs=1e-12)
