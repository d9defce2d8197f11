"""What is counted for the smallest circuit and a small table: whatever is rebuilt, it stays."""

import json
from pathlib import Path

import pytest

from compare import circuits
from compare.records import plain
from tests.compare.studies.ridgelet.noise.test_golden import flat

GOLDEN = Path(__file__).parents[1] / "goldens" / "circuit.json"


def numbers(folder):
    found = {}
    for name, more in (("sparse", {"target": "fake_fez", "clifford_t": True}), ("dynamic", {"dynamic": True})):
        encoding = "rader" if name == "dynamic" else "binary"
        settings = circuits.CircuitSettings("digits", 3, 2, 4, encoding, table=name == "sparse", **more)
        result = plain(circuits.measure(circuits.plan(settings), folder).result)
        table = result.pop("table")
        found |= flat(name, result)
        if table is None:
            continue
        for row in table["transforms"]:
            how = "dynamic " if row["dynamic"] else ""
            found |= flat(f"transform/{how}{row['encoding']} P={row['prime']} D={row['dimension']}", row["counts"])
        for row in table["growth"]:
            how = "dynamic " if row["dynamic"] else ""
            found |= flat(f"growth/{how}{row['encoding']} P={row['prime']}", row["two_qubit"])
        for row in table["loaders"]:
            place = f"{row['encoding']} {row['loader']} P={row['prime']} D={row['dimension']} K={row['points']}"
            found |= flat(f"loader/{place}", {"data_qubits": row["data_qubits"], **(row["counts"] or {})})
    return found


def test_the_numbers_are_those_that_were_found_before(tmp_path, monkeypatch):
    monkeypatch.setattr(circuits, "TABLE_PRIMES", (2, 3))
    monkeypatch.setattr(circuits, "TABLE_DIMENSIONS", (1, 2, 3))
    monkeypatch.setattr(circuits, "TABLE_POINTS", (2, 4))
    assert numbers(tmp_path) == pytest.approx(json.loads(GOLDEN.read_text()), rel=1e-9, abs=1e-12)
