"""`tickets circuit`: what it refuses, prints and writes; gates counted again from its files."""

import dataclasses
import json
import re
import sys

import pytest
from qiskit import QuantumCircuit, qasm3, qpy

from compare import circuits, cli
from compare.circuits import CircuitSettings
from quantum.resources import compile_to_basis
from quantum.ridgelet import LOADERS

TINY = ("--dataset", "digits", "--prime", 3, "--features", 2, "--points", 4)


@pytest.fixture(autouse=True)
def empty_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def circuit(capsys):
    """Run the command; return its exit code, its output and its errors."""

    def run(*arguments):
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            cli.main(["circuit", *map(str, arguments)])
        printed = capsys.readouterr()
        return stop.value.code, printed.out, printed.err

    return run


@pytest.fixture
def refused(circuit, tmp_path):
    """Run the command, see it refuse in one line and write nothing; return the line."""

    def run(*arguments):
        code, out, errors = circuit(*arguments)
        assert (code, out, errors.count("\n")) == (2, "", 1)
        assert errors.startswith("tickets: ")
        assert list(tmp_path.iterdir()) == []
        return errors

    return run


def result_of(folder):
    return json.loads((folder / "resources.json").read_text())["result"]


GATE = re.compile(r"^\s*(cx|rz|sx|x)(?:\([^)]*\))? (\S[^;]*);$", re.MULTILINE)


def recount(program):
    """Count an OpenQASM program by its lines: gates on one and on two qubits, and measurements."""
    operands = [len(match[2].split(",")) for match in GATE.finditer(program)]
    statements = [line.strip() for line in program.splitlines()]
    # Every line is understood: declarations, measurements, blocks and gates.
    known = re.compile(r"OPENQASM 3|include |bit\[|qubit\[|(?:\S+ = )?measure |barrier |if \(|}|$")
    assert sum(not known.match(line) for line in statements) == len(operands)
    measured = sum("= measure " in line for line in statements)
    return {"one_qubit": operands.count(1), "two_qubit": operands.count(2), "measurements": measured}


def loaded(path):
    with path.open("rb") as file:
        (program,) = qpy.load(file)
    return program


# Refusals

BAD = {
    "--prime 4": "prime = 4 is not prime; the nearest primes are 3 and 5",
    "--prime 37": "prime = 37 is above 31",
    "--points 0": "points = 0 is too small",
    "--features 0": "features = 0 is too small",
    "--features 11": "cannot be pooled to 11 equal cells",
    "--seed -1": "seed = -1 is too small",
    "--dataset digts": "no data set 'digts'. Did you mean 'digits'",
    "--encoding binry": "no encoding 'binry'. Did you mean 'binary'",
    "--loader sparze": "no loader 'sparze'. Did you mean 'sparse'",
    "--activation rellu": "no activation 'rellu'. Did you mean 'relu'",
    "--activation 1,x": "is no list of numbers",
    "--activation 0,1,2,3,4 --table": "several primes",
    "--regularization -1": "regularization = -1.0 is negative",
    "--dynamic": "dynamic=True needs transforms made of Hadamards",
    "--unknown 1": "No such option: --unknown",
    "surplus": "surplus",
}


@pytest.mark.parametrize(("arguments", "message"), BAD.items(), ids=BAD)
def test_bad_settings_are_refused_in_one_line(refused, arguments, message):
    assert message in refused(*arguments.split())


def test_targets_are_refused_before_anything_is_written(refused):
    pytest.importorskip("qiskit_ibm_runtime")
    assert "no target 'fake_fes'. Did you mean 'fake_fez'" in refused("--target", "fake_fes")
    assert "has 15 qubits, but fake_manila connects 5" in refused("--target", "fake_manila")


def test_a_missing_extra_is_named(refused, monkeypatch):
    monkeypatch.setitem(sys.modules, "qiskit_ibm_runtime.fake_provider", None)
    assert "pip install 'quantum-tickets[ibm]'" in refused("--target", "fake_fez")


def test_too_many_rotations_are_refused_before_anything_is_written(refused, monkeypatch):
    monkeypatch.setattr("quantum.resources.clifford_t.MAX_ROTATIONS", 100)
    assert "synthesizing more than 100 in Clifford+T takes many minutes" in refused("--clifford-t")


def test_a_folder_with_other_settings_or_foreign_files_is_refused(circuit, tmp_path):
    assert circuit(*TINY, "--out", "run")[0] == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "run").iterdir()}
    assert "other settings" in circuit(*TINY, "--seed", 1, "--out", "run")[2]
    assert {path.name: path.read_bytes() for path in (tmp_path / "run").iterdir()} == before
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "thesis.tex").write_text("mine")
    assert "is not empty and holds no run" in circuit(*TINY, "--out", "foreign")[2]
    (tmp_path / "file").write_text("mine")
    assert "cannot be made" in circuit(*TINY, "--out", "file")[2]


# What is written

WITH_GATES = [name for name in LOADERS if name != "ideal"]


@pytest.mark.parametrize("loader", WITH_GATES)
@pytest.mark.parametrize("dataset", ["digits", "iris"])
def test_gates_counted_again_from_the_files_are_the_recorded_and_printed_ones(circuit, tmp_path, loader, dataset):
    code, out, errors = circuit(*TINY, "--dataset", dataset, "--loader", loader, "--out", "run")
    assert (code, errors) == (0, "")
    settings = CircuitSettings(dataset, 3, 2, 4, loader=loader)
    pieces = circuits.plan(settings).pieces
    found = result_of(tmp_path / "run")["pieces"]
    assert set(found) == set(pieces) == {"loader", "transform", "circuit"}
    for name, piece in pieces.items():
        counts = found[name]["gates"]
        program = (tmp_path / "run" / f"{name}.qasm").read_text()
        assert recount(program) == {key: counts[key] for key in ("one_qubit", "two_qubit", "measurements")}
        compiled = loaded(tmp_path / "run" / f"{name}.qpy")
        assert compiled == compile_to_basis(piece)
        assert (compiled.num_qubits, compiled.depth()) == (counts["qubits"], counts["depth"])
        row = next(line for line in out.splitlines() if line.startswith(f"│ {circuits.LABELS[name]} "))
        cells = [cell.strip().replace(",", "") for cell in row.split("│")[2:-1]]
        assert cells == [str(counts[key]) for key in circuits.GATES]
    assert found["circuit"]["gates"]["measurements"] == found["transform"]["gates"]["qubits"]


def test_the_programs_load_in_another_parser(circuit, tmp_path):
    pytest.importorskip("qiskit_qasm3_import")
    circuit(*TINY, "--out", "run")
    for name in ("loader", "transform", "circuit"):
        program = qasm3.load(str(tmp_path / "run" / f"{name}.qasm"))
        assert program.count_ops() == loaded(tmp_path / "run" / f"{name}.qpy").count_ops()


def test_the_ideal_loader_leaves_the_transform_alone(circuit, tmp_path):
    code, out, errors = circuit(*TINY, "--loader", "ideal", "--out", "run")
    assert (code, errors) == (0, "")
    assert "none (simulators only)" in out
    assert "The ideal loader has no gates, so the transform alone is written" in out
    assert {path.suffix: path.stem for path in (tmp_path / "run").glob("*.q*")} == {
        ".qasm": "transform",
        ".qpy": "transform",
    }
    assert list(result_of(tmp_path / "run")["pieces"]) == ["transform"]
    assert "ideal loader" in (tmp_path / "run" / "circuit.txt").read_text().lower()


@pytest.mark.parametrize("loader", ["sparse", "ideal"])
def test_feed_forward_is_counted_and_written(circuit, tmp_path, loader):
    assert circuit(*TINY, "--encoding", "rader", "--loader", loader, "--dynamic", "--out", "run")[0] == 0
    pieces = result_of(tmp_path / "run")["pieces"]
    assert pieces.keys() == ({"transform"} if loader == "ideal" else {"loader", "transform", "circuit"})
    for name in pieces.keys() - {"loader"}:
        counts = pieces[name]["gates"]
        assert counts["conditioned"] >= 2
        program = (tmp_path / "run" / f"{name}.qasm").read_text()
        assert recount(program) == {key: counts[key] for key in ("one_qubit", "two_qubit", "measurements")}
        inside = "".join(re.findall(r"if \([^)]*\) \{(.*?)\}", program, re.DOTALL))
        assert len(GATE.findall(inside)) == counts["conditioned"]
        assert loaded(tmp_path / "run" / f"{name}.qpy").count_ops()["if_else"] >= 2


def test_a_device_and_clifford_t_are_counted_if_asked(circuit, tmp_path):
    pytest.importorskip("qiskit_ibm_runtime")
    code, out, errors = circuit(*TINY, "--target", "fake_fez", "--clifford-t", "--out", "run")
    assert (code, errors) == (0, "")
    result = result_of(tmp_path / "run")
    for piece in result["pieces"].values():
        target, clifford_t = piece["target"], piece["clifford_t"]
        assert 0 < target["fidelity"] < 1
        assert 0 < target["duration"] < 1e-3
        assert target["gates"]["two_qubit"] >= piece["gates"]["two_qubit"]
        assert clifford_t["t"] >= clifford_t["t_depth"] > 0
        assert f"{clifford_t['t']:,}" in out
        assert f"{target['fidelity']:.3g}" in out
    assert "On fake_fez" in out
    assert "up to 1e-06 in operator norm" in out
    assert "qiskit-ibm-runtime" in result


def test_the_table_is_counted_if_asked(circuit, tmp_path, monkeypatch):
    monkeypatch.setattr(circuits, "TABLE_PRIMES", (2, 3))
    monkeypatch.setattr(circuits, "TABLE_DIMENSIONS", (1, 2, 3))
    monkeypatch.setattr(circuits, "TABLE_POINTS", (2, 4))
    code, out, errors = circuit(*TINY, "--table", "--out", "run")
    assert (code, errors) == (0, "")
    table = result_of(tmp_path / "run")["table"]
    for row in table["growth"]:
        if row["two_qubit"]["exact"]:
            counts = [
                found["counts"]["two_qubit"]
                for found in table["transforms"]
                if all(found[key] == row[key] for key in ("encoding", "dynamic", "prime"))
            ]
            line = [row["two_qubit"]["constant"] + row["two_qubit"]["slope"] * dimension for dimension in (1, 2, 3)]
            assert counts == pytest.approx(line)
    assert {row["loader"] for row in table["loaders"]} == set(LOADERS)
    for title in ("The transform over P and D", "gates grow with D", "Two-qubit gates of the loaders"):
        assert title in out
    assert "K = 4" in out


def test_the_record_has_settings_and_versions(circuit, tmp_path):
    circuit(*TINY, "--activation", "0,1,-2", "--out", "run")
    record = json.loads((tmp_path / "run" / "resources.json").read_text())
    assert record["settings"]["activation"] == [0, 1, -2]
    assert record["settings"]["points"] == 4
    assert {"qiskit", "quantum-tickets", "python"} <= record["versions"].keys()
    compiled = {"basis": ["cx", "rz", "sx", "x"], "optimization_level": 2, "seed_transpiler": 0}
    assert record["result"]["compiled"] == compiled
    assert json.loads((tmp_path / "run" / "run.json").read_text())["kind"] == "circuit"


def test_the_same_command_reads_its_record_and_a_new_folder_gets_the_same_files(circuit, tmp_path, monkeypatch):
    first = circuit(*TINY, "--out", "one")[1]
    circuit(*TINY, "--out", "two")
    for name in ("loader.qasm", "transform.qasm", "circuit.qasm", "circuit.txt"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    monkeypatch.setattr(circuits, "measure", None)
    assert circuit(*TINY, "--out", "one") == (0, first, "")


def test_it_writes_below_runs_if_no_folder_is_named(circuit, tmp_path):
    circuit(*TINY)
    assert len(list((tmp_path / "runs").glob("circuit-*/circuit.qasm"))) == 1


# Problems and drawings


def test_so_many_distinct_points_are_kept_in_the_order_of_the_split():
    few, more = (circuits.plan(CircuitSettings("digits", 3, 4, points)).problem for points in (5, 20))
    assert (len(few.points), len(more.points)) == (5, 20)
    assert {tuple(point) for point in few.points} < {tuple(point) for point in more.points}
    everything = circuits.plan(CircuitSettings("iris", 3, 2, 10**6)).problem
    assert len(everything.points) <= 9


def test_a_small_circuit_is_drawn_on_the_terminal_and_a_larger_one_in_its_file(circuit, tmp_path):
    _, out, _ = circuit(*TINY, "--out", "small")
    assert "x1_0" in out
    assert (tmp_path / "small" / "circuit.txt").read_text().strip().splitlines()[0].strip() in out
    _, out, _ = circuit(*TINY, "--features", 8, "--out", "larger")
    assert "Drawing: larger/circuit.txt" in out
    assert "x8_1" not in out
    assert "x8_1" in (tmp_path / "larger" / "circuit.txt").read_text()


def test_a_huge_circuit_is_not_drawn():
    small, huge = QuantumCircuit(1), QuantumCircuit(1000)
    small.x(0)
    for qubit in range(101):
        huge.x(qubit)
    assert "┤ X ├" in circuits.draw(small, 80)
    assert circuits.draw(huge, 80) == "The circuit, of 1000 qubits, is too large to be drawn."


def test_help_names_every_setting(circuit, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    code, out, _ = circuit("--help")
    assert code == 0
    names = [field.name for field in dataclasses.fields(CircuitSettings)]
    assert [name for name in names if f"--{name.replace('_', '-')} " not in out] == []
