"""The study's numbers at its smallest size, which stay what they are."""

import json
from pathlib import Path

import pytest

from compare.records import RunFolder
from compare.studies.ridgelet.risk.methods import METHODS
from compare.studies.ridgelet.risk.study import MEASURES, Settings, plan, run

GOLDENS = Path(__file__).parents[4] / "goldens" / "risk.json"

FEW = ("enumeration", "dequantized", "uniform", "residual-1", "subspace-3", "rbf")
"""Without pursuit: among the nodes of a sine many are equally good, and rounding decides."""

ALL = tuple(name for name in METHODS if name != "pruned")
"""Training a dense network takes seconds, and every rounding is seen in it."""

RUNS = (
    Settings(("digits-tiny",), ALL, folds=2, nodes=12, seed=1),
    Settings(("iris", "sine", "sine-part", "random"), FEW, seeds=2, folds=2, nodes=12, seed=1),
)


def numbers(results, settings):
    found = {}
    for name, problem in results.problems.items():
        for key in ("prime", "dimension", "outputs", "points", "coverage", "train", "test", "ratio"):
            found[f"{name}/{key}"] = problem[key]
        found[f"{name}/zero/empirical"], found[f"{name}/zero/held_out"] = problem["zero"]
        for fold, choices in enumerate(results.choices[name]):
            for method, choice in choices.items():
                for i, size in enumerate(problem["sizes"]):
                    found[f"{name}/{method}/fold {fold}/inner/penalty/N={size}"] = choice["penalties"][i]
                    found[f"{name}/{method}/fold {fold}/inner/risk/N={size}"] = choice["risks"][i]
        for method, values in results.values[name].items():
            for fold in range(settings.folds):
                for p, penalty in enumerate(("fixed", "chosen")):
                    for m, measure in enumerate(MEASURES):
                        for draw in range(settings.seeds):
                            for i, size in enumerate(problem["sizes"]):
                                value = float(values[fold, p, m, draw, i])
                                if value == value:
                                    key = f"{name}/{method}/fold {fold}/draw {draw}/{measure}/{penalty}/N={size}"
                                    found[key] = value
    return found


def test_the_numbers_are_the_golden_ones(tmp_path):
    found = {}
    for number, settings in enumerate(RUNS):
        folder = RunFolder(tmp_path / str(number), "risk", {"run": number})
        found |= numbers(run(plan(settings), folder), settings)
    golden = json.loads(GOLDENS.read_text())
    assert found.keys() == golden.keys()
    assert found == pytest.approx(golden, rel=1e-9)
