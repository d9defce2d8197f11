"""The study's numbers at its smallest size: whatever is rebuilt, they stay."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.compare.studies.noise import small_run

GOLDEN = Path(__file__).parents[3] / "goldens" / "noise.json"


def flat(name, value) -> Iterator[tuple[str, float]]:
    """Yield every number of a result by its path."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from flat(f"{name}/{key}", item)
    elif isinstance(value, list):
        for key, item in enumerate(value):
            yield from flat(f"{name}/{key}", item)
    elif isinstance(value, int | float):
        yield name, float(value)


def numbers():
    folder, results, _ = small_run()
    found = dict(flat("problem", results.problem))
    for encoding, circuit in results.circuits.items():
        found |= flat(f"{encoding}/circuit", circuit)
        with np.load(folder / f"{encoding}-circuit.npz") as file:
            found |= flat(f"{encoding}/flips", file["flips"].tolist())
        for name, arm in results.arms[encoding].items():
            found |= flat(f"{encoding}/{name}", arm)
            with np.load(folder / f"{encoding}-{name}.npz") as file:
                for key, values in file.items():
                    found |= flat(f"{encoding}/{name}/{key} of repeat", values.tolist())
            for repeat in range(2):
                with np.load(folder / f"{encoding}-{name}-{repeat:02}.npz") as file:
                    found[f"{encoding}/{name}/repeat {repeat}/sum of bits"] = float(np.unpackbits(file["bits"]).sum())
    return found


def test_the_numbers_are_those_that_were_found_before():
    assert numbers() == pytest.approx(json.loads(GOLDEN.read_text()), rel=1e-9, abs=1e-12)
