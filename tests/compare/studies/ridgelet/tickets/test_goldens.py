"""The study's numbers at its smallest size, which stay what they are."""

import json
from pathlib import Path

import pytest

from compare.studies.ridgelet.tickets.task import METHODS, Settings, measure

GOLDENS = Path(__file__).parents[4] / "goldens" / "study.json"

ASKED = {
    **{
        f"digits/P=3/D=2/{method}/N=8/repeat 0": Settings("digits", 3, 2, method, 8)
        for method in METHODS
        if not method.endswith("_crt")  # takes no P = 3
    },
    **{
        f"{dataset}/P=5/D={features}/{method}/N={nodes}/repeat {repeat}": Settings(
            dataset, 5, features, method, nodes, repeat=repeat
        )
        for dataset, features in (("iris", 4), ("diabetes", 3), ("sine", 2), ("random", 3))
        for method in ("dequantized", "uniform", "refined-2")
        for nodes in (6, 12)
        for repeat in (0, 1)
    },
}


def numbers(result):
    for name, value in result.items():
        if isinstance(value, int | float) and value == value:
            yield name, value
    yield "density", result["density"].best


def test_the_numbers_are_the_golden_ones():
    found = {f"{name}/{key}": value for name, task in ASKED.items() for key, value in numbers(measure(task))}
    golden = json.loads(GOLDENS.read_text())
    assert found.keys() == golden.keys()
    assert found == pytest.approx(golden, rel=1e-9)
