"""The study's numbers at its smallest size, which stay what they are."""

import json
from pathlib import Path

import pytest

import compare
from compare.studies.ridgelet.methods import METHODS
from compare.studies.ridgelet.risk.study import CELL, MEASURES, PROBLEM, STUDY

GOLDENS = Path(__file__).parents[4] / "goldens" / "risk.json"

FEW = ("enumeration", "dequantized", "uniform", "residual-1", "subspace-3", "rbf")
"""Without pursuit: among the nodes of a sine many are equally good, and rounding decides."""

ALL = tuple(name for name, method in METHODS.items() if not method.extra and name != "pruned")
"""Training a dense network takes seconds, and every rounding is seen in it."""

RUNS = (
    {"datasets": ("digits-tiny",), "methods": ALL, "folds": 2, "nodes": 12, "seed": 1},
    {
        "datasets": ("iris", "sine", "sine-part", "random"),
        "methods": FEW,
        "seeds": 2,
        "folds": 2,
        "nodes": 12,
        "seed": 1,
    },
)


def numbers(runs):
    found = {}
    for case, folds in ((case, folds) for (case,), folds in runs[PROBLEM].group("case").items()):
        for key in ("prime", "dimension", "outputs", "train", "test"):
            found[f"{case}/{key}"] = folds[0][key]
        for key in ("points", "coverage", "ratio"):
            found[f"{case}/{key}"] = sum(folds.column(key)) / len(folds)
        found[f"{case}/zero/empirical"] = sum(folds.column("zero")) / len(folds)
        found[f"{case}/zero/held_out"] = sum(folds.column("held_out_zero")) / len(folds)
    for row in runs[CELL]:
        begin = f"{row['case']}/{row['method']}/fold {row['fold']}"
        for i, size in enumerate(row["sizes"]):
            if row["inner"]:
                found[f"{begin}/inner/penalty/N={size}"] = row["penalties"][i]
                found[f"{begin}/inner/risk/N={size}"] = row["inner"][i]
            for penalty in ("fixed", "chosen"):
                for m, measure in enumerate(MEASURES):
                    for draw in range(row["seeds"]):
                        value = float(row[penalty][m, draw, i])
                        if value == value:
                            found[f"{begin}/draw {draw}/{measure}/{penalty}/N={size}"] = value
    return found


def test_the_numbers_are_the_golden_ones(tmp_path):
    found = {}
    for number, settings in enumerate(RUNS):
        found |= numbers(compare.run(STUDY, out=tmp_path / str(number), progress=False, workers=2, **settings))
    golden = json.loads(GOLDENS.read_text())
    assert found.keys() == golden.keys()
    assert found == pytest.approx(golden, rel=1e-9)
