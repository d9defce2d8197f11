"""The study's numbers at its smallest size, which stay what they are."""

import json
from pathlib import Path

import pytest

from compare.engine import Seeds
from compare.studies.ridgelet.tickets.measures import judge
from compare.studies.ridgelet.tickets.study import Ticket

GOLDENS = Path(__file__).parents[4] / "goldens" / "study.json"

METHODS = sorted({key.split("/")[3] for key in json.loads(GOLDENS.read_text()) if key.startswith("digits/")})


def ticket(dataset, prime, features, method, nodes, repeat=0):
    return Ticket(dataset, prime, features, method, nodes, 1e-3, "relu", 1e-4, 0, repeat)


ASKED = {
    **{f"digits/P=3/D=2/{method}/N=8/repeat 0": ticket("digits", 3, 2, method, 8) for method in METHODS},
    **{
        f"{dataset}/P=5/D={features}/{method}/N={nodes}/repeat {repeat}": ticket(
            dataset, 5, features, method, nodes, repeat
        )
        for dataset, features in (("iris", 4), ("diabetes", 3), ("sine", 2), ("random", 3))
        for method in ("dequantized", "uniform", "refined-2")
        for nodes in (6, 12)
        for repeat in (0, 1)
    },
}


def numbers(result):
    for name, value in vars(result).items():
        if isinstance(value, int | float) and value == value:
            yield name, value
    yield "density", result.density.best


def test_the_numbers_are_the_golden_ones():
    found = {
        f"{name}/{key}": value for name, task in ASKED.items() for key, value in numbers(judge(task, Seeds(task), {}))
    }
    golden = json.loads(GOLDENS.read_text())
    assert found.keys() == golden.keys()
    assert found == pytest.approx(golden, rel=1e-9)
