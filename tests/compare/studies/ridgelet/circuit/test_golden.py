"""Counts for the smallest circuit and a small table: whatever is rebuilt, they stay."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

import compare
from compare.engine import running
from compare.studies.ridgelet.circuit import study
from compare.studies.ridgelet.circuit.study import DRAWING, LOADER, PIECE, TRANSFORM
from tests.compare.studies.ridgelet.noise.test_golden import flat

GOLDEN = Path(__file__).parents[4] / "goldens" / "circuit.json"

ROUNDED = 0.05
"""Depth and one-qubit gates of a loader differ by so much at most: Qiskit's optimizer decides by the last bit of an
angle, which is another on another processor. Two-qubit gates do not differ."""

SMALL = {"dataset": "digits", "prime": 3, "features": 2, "points": 4}


def numbers(name, runs):
    (circuit,) = runs[DRAWING]
    parts = {"dimension": circuit["dimension"], "points": circuit["distinct"], "outputs": circuit["outputs"]}
    parts |= {"prime": circuit["prime"], "dynamic": circuit["dynamic"]}
    compiled = {key: circuit[key] for key in ("optimization_level", "seed_transpiler")}
    yield from flat(name, parts | {"compiled": compiled})
    for row in runs[PIECE]:
        found = {"gates": row["gates"], "target": row["on_device"], "clifford_t": row["in_clifford_t"]}
        for key, value in found.items():
            if value is not None:
                yield from flat(f"{name}/pieces/{row['piece']}/{key}", asdict(value))
    for row in runs[TRANSFORM]:
        place = f"{'dynamic ' if row['dynamic'] else ''}{row['encoding']} P={row['prime']}"
        for dimension, counts in zip(row["dimensions"], row["counts"], strict=True):
            yield from flat(f"transform/{place} D={dimension}", asdict(counts))
        yield from flat(f"growth/{place}", asdict(row["growth"]))
    for row in runs[LOADER]:
        place = f"{row['encoding']} {row['loader']} P={row['prime']} D={row['dimension']} K={row['points']}"
        counts = {} if row["counts"] is None else asdict(row["counts"])
        yield from flat(f"loader/{place}", {"data_qubits": row["data_qubits"], **counts})


def test_the_numbers_are_those_that_were_found_before(tmp_path, monkeypatch):
    pytest.importorskip("qiskit_ibm_runtime")
    monkeypatch.setattr(running, "importable", lambda kind: False)
    monkeypatch.setattr(study, "TABLE_PRIMES", (2, 3))
    monkeypatch.setattr(study, "TABLE_DIMENSIONS", (1, 2, 3))
    monkeypatch.setattr(study, "TABLE_POINTS", (2, 4))
    monkeypatch.setattr(study, "LARGE_POINTS", ())
    asked = {
        "sparse": {"target": "fake_fez", "clifford_t": True, "table": True},
        "dynamic": {"dynamic": True, "encoding": "rader"},
    }
    found = {}
    for name, more in asked.items():
        runs = compare.run("circuit", out=tmp_path / name, progress=False, **SMALL, **more)
        found |= dict(numbers(name, runs))
    golden = json.loads(GOLDEN.read_text())
    rounded = {name for name in golden if name.startswith("loader/") and name.endswith(("/depth", "/one_qubit"))}
    assert len(rounded) > 20
    for names, precision in ((golden.keys() - rounded, 1e-9), (rounded, ROUNDED)):
        expected = {name: golden[name] for name in names}
        assert {name: found[name] for name in names} == pytest.approx(expected, rel=precision, abs=1e-12)
    assert found.keys() == golden.keys()
