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

NOISY = "circuit-noisy"
"""It is compiled for a device and simulated with noise, and the last digits of BLAS, others on another processor,
change its shots and nodes. Its numbers lie where those of all methods lie, widened by a quarter of that range, and no
fit is worse on its own points than none."""

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


def ranges(golden):
    """Of each measure and number of nodes the least and the greatest number of all methods of `digits-tiny`."""
    found = {}
    for key, value in golden.items():
        kind = kind_of(key)
        if kind:
            least, greatest = found.get(kind, (value, value))
            found[kind] = min(least, value), max(greatest, value)
    return found


def kind_of(key):
    """Return what a number of `digits-tiny` measures and for how many nodes; none for the problem's own numbers."""
    case, _, *rest = key.split("/")
    if case != "digits-tiny" or not rest or not rest[0].startswith("fold"):
        return None
    return "/".join(part for part in rest if part.split()[0] not in ("fold", "draw"))


def test_the_numbers_are_the_golden_ones(tmp_path):
    found = {}
    for number, settings in enumerate(RUNS):
        found |= numbers(compare.run(STUDY, out=tmp_path / str(number), progress=False, **settings))
    golden = json.loads(GOLDENS.read_text())
    assert found.keys() == golden.keys()
    strict = {key for key in golden if f"/{NOISY}/" not in key}
    assert len(golden) - len(strict) == 60
    assert {key: found[key] for key in strict} == pytest.approx({key: golden[key] for key in strict}, rel=1e-9)
    between = ranges(golden)
    for key in golden.keys() - strict:
        least, greatest = between[kind_of(key)]
        assert least - (greatest - least) / 4 <= found[key] <= greatest + (greatest - least) / 4, key
        if "/empirical/" in key:
            assert found[key] <= 1 + 1e-9
