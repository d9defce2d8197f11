"""`tickets circuit --way`: rotations made, written, and counted again from the files by their lines."""

import math
import re
from collections import Counter

import pytest
from qiskit import qasm3

import compare
from compare.engine import Runs, running
from compare.studies.ridgelet.circuit import measures
from compare.studies.ridgelet.circuit.study import MADE, STUDY, Settings
from quantum.names import ROTATION_WAYS
from quantum.resources import rotation_cost

SMALL = {"prime": 3, "features": 4, "points": 2, "encoding": "rader", "loader": "ideal", "budgets": (1e-2,)}


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch):
    monkeypatch.setattr(running, "importable", lambda kind: False)


GATE = re.compile(r"(cx|cz|rz|sx|x|y|z|h|s|sdg|t|tdg)(?:\(([^)]*)\))? (\w+\[\d+\](?:, \w+\[\d+\])*);")
OTHER = re.compile(
    r'OPENQASM 3\.0;|include "stdgates\.inc";|bit\[\d+\] |qubit\[\d+\] |\w+\[\d+\] = measure |barrier |if \(|}|$'
)


def recount(program):
    """Count an OpenQASM program by its lines; every line is understood."""
    found, depth = Counter(), 0
    for line in (line.strip() for line in program.splitlines()):
        gate = GATE.fullmatch(line)
        depth += line.endswith("{") - line.startswith("}")
        if gate is None:
            assert OTHER.match(line), line
            found["measurements"] += " = measure " in line
            found["qubits"] += int(line[6 : line.index("]")]) if line.startswith("qubit[") else 0
            continue
        found["two_qubit"] += gate[3].count(",")
        found["conditioned"] += depth > 0
        if gate[1] == "rz":
            eighths = 4 * eval(gate[2], {"pi": math.pi}) / math.pi
            whole = abs(eighths - round(eighths)) < 1e-8
            found["t"] += whole and round(eighths) % 2
            found["rotations"] += not whole
        found["t"] += gate[1] in ("t", "tdg")
    return {name: found[name] for name in ("qubits", "two_qubit", "measurements", "t", "rotations", "conditioned")}


def test_t_gates_and_rotations_are_those_of_the_written_files(tickets, tmp_path):
    flags = [word for name, value in SMALL.items() if name != "budgets" for word in (f"--{name}", value)]
    ways = ",".join(ROTATION_WAYS)
    code, out, errors = tickets(
        "circuit", "--workers", 1, *flags, "--way", ways, "--budget", "1e-2", "--out", tmp_path / "run"
    )
    assert (code, errors) == (0, "")
    piece = measures.build(Settings(**SMALL), "digits").pieces["transform"]
    rows = {row["way"]: row for row in Runs.read(STUDY, tmp_path / "run")[MADE]}
    assert list(rows) == list(ROTATION_WAYS)
    for way, row in rows.items():
        cost, _ = rotation_cost(piece, 1e-2, way)
        assert row["cost"] == cost
        names = (f"transform.{way}-0.01.qasm", f"transform.{way}-0.01.run.qasm")
        before, run = (recount((tmp_path / "run" / name).read_text()) for name in names)
        assert before == vars(row["before"])
        assert run == vars(row["run"])
        assert before["rotations"] == cost.rotations
        assert run["rotations"] == 0
        # A mixture's two syntheses differ by some T gates; a single one is what it is.
        assert run["t"] == cost.t if way == "single" else abs(run["t"] - cost.t) < 0.25 * cost.t
        assert before["qubits"] == run["qubits"] == cost.qubits
        assert before["measurements"] == cost.measurements
        assert all(name in out.replace("\n", "") for name in names)
    assert rows["together"]["cost"].ands > 0
    assert rows["measured"]["before"].conditioned == 2 * rows["measured"]["cost"].ands
    # What is written is the circuit: another parser's has the same gates.
    pytest.importorskip("qiskit_qasm3_import")
    program = qasm3.load(str(tmp_path / "run" / "transform.together-0.01.qasm"))
    assert program.count_ops() == rotation_cost(piece, 1e-2, "together")[1].circuit.count_ops()


def test_files_that_nobody_asks_for_any_more_go(tmp_path):
    def run(**more):
        found = compare.run("circuit", out=tmp_path / "run", progress=False, **(SMALL | more))
        return sorted(path.name for path in found.folder.glob("*.qasm"))

    (tmp_path / "run").mkdir()
    own = "transform.qasm"
    assert run(ways=("single",)) == [own, "transform.single-0.01.qasm", "transform.single-0.01.run.qasm"]
    assert run(ways=("single",), features=1, budgets=(0.1,)) == [
        own,
        "transform.single-0.1.qasm",
        "transform.single-0.1.run.qasm",
    ]
    (tmp_path / "run" / "mine.own.qasm").write_text("mine")
    assert run() == ["mine.own.qasm", own]


def test_measured_ands_beside_feed_forward_are_refused(tickets, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, errors = tickets("circuit", "--encoding", "rader", "--dynamic", "--way", "measured")
    assert (code, out, errors.count("\n")) == (2, "", 1)
    assert "does not go with the feed-forward" in errors
    code, out, errors = tickets("circuit", "--way", "measures")
    assert (code, out) == (2, "")
    assert "Did you mean 'measured'" in errors
    assert list(tmp_path.iterdir()) == []
