"""`tickets circuit`: what it refuses, prints and writes; gates counted again from its files; its report."""

import random
import re
import sys

import pytest
from qiskit import qasm3, qpy

import compare
from compare.engine import Runs, running
from compare.engine.fields import declared
from compare.studies.ridgelet.circuit import measures, study
from compare.studies.ridgelet.circuit.report import GATES, LABELS
from compare.studies.ridgelet.circuit.study import DRAWING, LOADER, PIECE, STUDY, TRANSFORM, Settings
from problems.errors import InputError
from quantum.resources import compile_to_basis
from quantum.ridgelet import LOADERS
from tests.compare.studies.lightness import report_lightly

SMALL = {"dataset": "digits", "prime": 3, "features": 2, "points": 4}

TINY = tuple(word for name, value in SMALL.items() for word in (f"--{name}", value))


@pytest.fixture(autouse=True)
def in_an_empty_folder_and_this_process(tmp_path, monkeypatch):
    """Other processes would import everything anew for each run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(running, "importable", lambda kind: False)


@pytest.fixture
def circuit(tickets):
    """Run the command; return its exit code, its output and its errors."""
    return lambda *arguments: tickets("circuit", "--workers", 1, *arguments)


@pytest.fixture
def refused(circuit, tmp_path):
    """Run the command, see it refuse in one line and write nothing; return the line."""

    def run(*arguments):
        before = sorted(tmp_path.rglob("*"))
        code, out, errors = circuit(*arguments)
        assert (code, out, errors.count("\n")) == (2, "", 1)
        assert errors.startswith("tickets: ")
        assert sorted(tmp_path.rglob("*")) == before
        return errors

    return run


def run(out, **settings):
    return compare.run("circuit", out=out, progress=False, **(SMALL | settings))


def pieces_of(folder):
    return {row["piece"]: row for row in Runs.read(STUDY, folder)[PIECE]}


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
    "--activation 1,x": "neither a name nor a list of numbers",
    "--activation 0,1,2,3,4 --table": "several primes",
    "--regularization -1": "regularization = -1.0 is too small; give at least 0",
    "--dynamic": "dynamic=True needs transforms made of Hadamards",
    "--target species": "the data sets named here have targets of their own",
    "--physical --budget 0": "budget = 0.0 is too small; give at least 1e-08",
    "--physical --budget 0.5": "budget = 0.5 is too large; give at most 0.3",
    "--physical --model gate_ns_e5": "no qubit model 'gate_ns_e5'. Did you mean 'gate_ns_e",
    "--physical --budget nan": "is not a finite number",
    "--physical --budget -1e-3": "budget = -0.001 is too small",
    "--physical --budget 1e-3,": "has an empty place",
    "--physical --budget half": "is not a finite number",
    "--physical --most-qubits 0": "most_qubits = 0 is too small",
    "--physical --most-qubits 1e13": "most_qubits = ",
    "--physical --most-qubits 2.5": "is not a whole number",
    "--way togther": "no way 'togther'. Did you mean 'together'",
    "--unknown 1": "No such option: --unknown",
    "surplus": "surplus",
}


@pytest.mark.parametrize(("arguments", "message"), BAD.items(), ids=BAD)
def test_bad_settings_are_refused_in_one_line(refused, arguments, message):
    assert message in refused(*arguments.split())


def test_targets_are_refused_before_anything_is_written(refused):
    pytest.importorskip("qiskit_ibm_runtime")
    assert "no device 'fake_fes'. Did you mean 'fake_fez'" in refused("--device", "fake_fes")
    assert "has 15 qubits, but fake_manila connects 5" in refused("--device", "fake_manila")


def test_a_missing_extra_is_named(refused, monkeypatch):
    monkeypatch.setitem(sys.modules, "qiskit_ibm_runtime.fake_provider", None)
    assert "pip install 'quantum-tickets[ibm]'" in refused("--device", "fake_torino")


def test_too_many_rotations_are_refused_before_anything_is_written(refused, monkeypatch):
    monkeypatch.setattr("quantum.resources.clifford_t.MAX_ROTATIONS", 100)
    assert "synthesizing more than 100 in Clifford+T takes many minutes" in refused("--clifford-t")


def test_where_other_circuits_were_counted_nothing_is_added_by_one_that_is_refused(circuit, refused):
    assert circuit(*TINY)[0] == 0
    assert "prime = 37 is above 31" in refused("--prime", 37)
    assert "prime = 37 is above 31" in refused("--prime", 37)


def test_a_foreign_folder_is_refused(circuit, tmp_path):
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "thesis.tex").write_text("mine")
    assert "is not empty and holds no records" in circuit(*TINY, "--out", "foreign")[2]
    (tmp_path / "file").write_text("mine")
    assert "cannot be made" in circuit(*TINY, "--out", "file")[2]


# What is written

WITH_GATES = [name for name in LOADERS if name != "ideal"]


@pytest.mark.parametrize("loader", WITH_GATES)
@pytest.mark.parametrize("dataset", ["digits", "iris"])
def test_gates_counted_again_from_the_files_are_the_recorded_and_printed_ones(circuit, tmp_path, loader, dataset):
    code, out, errors = circuit(*TINY, "--dataset", dataset, "--loader", loader, "--out", "run")
    assert (code, errors) == (0, "")
    pieces = measures.build(Settings(dataset, None, 3, 2, 4, loader=loader), dataset).pieces
    found = pieces_of(tmp_path / "run")
    assert set(found) == set(pieces) == {"loader", "transform", "circuit"}
    for name, piece in pieces.items():
        counts = vars(found[name]["gates"])
        program = (tmp_path / "run" / f"{name}.qasm").read_text()
        assert recount(program) == {key: counts[key] for key in ("one_qubit", "two_qubit", "measurements")}
        compiled = loaded(tmp_path / "run" / f"{name}.qpy")
        assert compiled == compile_to_basis(piece)
        assert (compiled.num_qubits, compiled.depth()) == (counts["qubits"], counts["depth"])
        row = next(line for line in out.splitlines() if line.startswith(f"│ {LABELS[name]} "))
        cells = [cell.strip().replace(",", "") for cell in row.split("│")[2:-1]]
        assert cells == [str(counts[key]) for key in GATES]
    assert found["circuit"]["gates"].measurements == found["transform"]["gates"].qubits


def test_the_programs_load_in_another_parser(tmp_path):
    pytest.importorskip("qiskit_qasm3_import")
    run(tmp_path / "run")
    for name in ("loader", "transform", "circuit"):
        program = qasm3.load(str(tmp_path / "run" / f"{name}.qasm"))
        assert program.count_ops() == loaded(tmp_path / "run" / f"{name}.qpy").count_ops()


def test_the_ideal_loader_leaves_the_transform_alone(circuit, tmp_path):
    circuit(*TINY, "--out", "run")
    code, out, errors = circuit(*TINY, "--loader", "ideal", "--out", "run")
    assert (code, errors) == (0, "")
    assert "none (simulators only)" in out
    assert "The ideal loader has no gates, so the transform alone, without measurement, is written" in out
    # And files of what was counted before are gone.
    files = sorted(path.name for path in (tmp_path / "run").glob("*.q*"))
    assert files == ["transform.qasm", "transform.qpy"]
    assert list(pieces_of(tmp_path / "run")) == ["transform"]
    assert "ideal loader" in (tmp_path / "run" / "circuit.txt").read_text().lower()


@pytest.mark.parametrize("loader", ["sparse", "ideal"])
def test_feed_forward_is_counted_and_written(tmp_path, loader):
    run(tmp_path / "run", encoding="rader", loader=loader, dynamic=True)
    pieces = pieces_of(tmp_path / "run")
    assert pieces.keys() == ({"transform"} if loader == "ideal" else {"loader", "transform", "circuit"})
    for name in pieces.keys() - {"loader"}:
        counts = vars(pieces[name]["gates"])
        assert counts["conditioned"] >= 2
        program = (tmp_path / "run" / f"{name}.qasm").read_text()
        assert recount(program) == {key: counts[key] for key in ("one_qubit", "two_qubit", "measurements")}
        inside = "".join(re.findall(r"if \([^)]*\) \{(.*?)\}", program, re.DOTALL))
        assert len(GATE.findall(inside)) == counts["conditioned"]
        assert loaded(tmp_path / "run" / f"{name}.qpy").count_ops()["if_else"] >= 2


def test_a_device_and_clifford_t_are_counted_if_asked(circuit, tmp_path):
    pytest.importorskip("qiskit_ibm_runtime")
    code, out, errors = circuit(*TINY, "--device", "fake_fez", "--clifford-t", "--out", "run")
    assert (code, errors) == (0, "")
    for piece in pieces_of(tmp_path / "run").values():
        device, synthesized = piece["on_device"], piece["in_clifford_t"]
        assert 0 < device.fidelity < 1
        assert 0 < device.duration < 1e-3
        assert device.gates.two_qubit >= piece["gates"].two_qubit
        assert synthesized.t >= synthesized.t_depth > 0
        assert f"{synthesized.t:,}" in out
        assert f"{device.fidelity:.3g}" in out
    assert "On fake_fez" in out
    assert "up to 1e-06 in operator norm" in out
    for record in Runs.read(STUDY, tmp_path / "run").of_kind(PIECE):
        assert {"qiskit", "quantum-tickets", "python", "qiskit-ibm-runtime"} <= record.line.versions.keys()


@pytest.fixture
def small_table(monkeypatch):
    monkeypatch.setattr(study, "TABLE_PRIMES", (2, 3))
    monkeypatch.setattr(study, "TABLE_DIMENSIONS", (1, 2, 3))
    monkeypatch.setattr(study, "TABLE_POINTS", (2, 4))
    monkeypatch.setattr(study, "LARGE_POINTS", ())


def test_the_table_is_counted_if_asked(circuit, small_table, tmp_path):
    code, out, errors = circuit(*TINY, "--table", "--out", "run")
    assert (code, errors) == (0, "")
    runs = Runs.read(STUDY, tmp_path / "run")
    for row in runs[TRANSFORM]:
        if row["growth"].exact:
            counts = [counts.two_qubit for counts in row["counts"]]
            line = [row["growth"].constant + row["growth"].slope * dimension for dimension in (1, 2, 3)]
            assert counts == pytest.approx(line)
    assert set(runs[LOADER].unique("loader")) == set(LOADERS)
    for title in ("The transform over P and D", "gates grow with D", "Two-qubit gates of the loaders"):
        assert title in out
    assert "K = 4" in out
    # What was counted without the table is not counted again with it.
    more = compare.run("circuit", out=tmp_path / "run", progress=False, **SMALL)
    assert len(more.records.finished) == runs.asked
    assert more.asked == 4


def test_rzz_gates_and_measured_ancillas_are_counted_beside(tmp_path):
    pytest.importorskip("qiskit_ibm_runtime")
    runs = run(tmp_path / "run", features=10, points=66, encoding="rader", fractional=True)
    table = runs.made().sections[0].tables[0]
    assert table.columns[-2:] == ["two-qubit gates, ancillas measured", "two-qubit gates with RZZ"]
    assert "K n/(2 log2 n)" in table.note
    found = pieces_of(tmp_path / "run")
    loader = found["loader"]
    assert loader["bound"] < loader["measured"].two_qubit < loader["gates"].two_qubit
    assert {row["with_rzz"].two_qubit <= row["gates"].two_qubit for row in found.values()} == {True}
    assert {row["with_rzz_on_device"] for row in found.values()} == {None}
    assert found["transform"]["measured"] is found["transform"]["bound"] is None


def test_a_device_with_rzz_has_no_known_fidelity(tmp_path):
    pytest.importorskip("qiskit_ibm_runtime")
    runs = run(tmp_path / "run", prime=5, features=1, points=3, encoding="rader", device="fake_fez", fractional=True)
    (row,) = [row for row in runs[PIECE] if row["piece"] == "transform"]
    device = row["with_rzz_on_device"]
    assert (device.fidelity, device.duration) == (None, None)
    assert device.gates.two_qubit <= row["on_device"].gates.two_qubit
    titles = [table.title for table in runs.made().sections[0].tables]
    assert titles[1:] == ["On fake_fez", "On fake_fez, were it to have RZZ gates"]


def test_the_same_command_reads_its_records_and_a_new_folder_gets_the_same_files(circuit, tmp_path, monkeypatch):
    first = circuit(*TINY, "--activation", "0,1,-2", "--out", "one")[1]
    circuit(*TINY, "--activation", "0,1,-2", "--out", "two")
    for name in ("loader.qasm", "transform.qasm", "circuit.qasm", "circuit.txt"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    monkeypatch.setattr(measures, "build", None)
    code, again, errors = circuit(*TINY, "--activation", "0,1,-2", "--out", "one")
    assert (code, errors) == (0, "")
    assert again.splitlines()[1:] == first.splitlines()[1:]
    assert again.startswith("0 tasks run, 4 were finished before: one/records.jsonl")


def test_it_writes_below_runs_if_no_folder_is_named(circuit, tmp_path):
    circuit(*TINY)
    assert (tmp_path / "runs" / "circuit" / "circuit.qasm").exists()


def test_a_file_stands_where_a_data_set_does(circuit, refused, tmp_path):
    rng = random.Random(1)
    rows = [(rng.random(), rng.random()) for _ in range(60)]
    lines = [f"{a:.3f},{b:.3f},{'cat' if a + b > 1 else 'dog'}" for a, b in rows]
    (tmp_path / "my.csv").write_text("\n".join(["a,b,species", *lines]) + "\n")
    flags = ("--prime", 3, "--features", 2, "--dataset", "my.csv", "--target", "species")
    code, _, errors = circuit(*flags, "--points", 4, "--out", "run")
    assert (code, errors) == (0, "")
    (drawn,) = Runs.read(STUDY, tmp_path / "run")[DRAWING]
    assert drawn["description"].startswith("Rows of my.csv, dog (+1) against cat (-1)")
    assert "features = 3: the data set 'my.csv' has 2" in refused(*flags, "--features", 3, "--out", "other")


# Problems and drawings


def test_so_many_distinct_points_are_kept_in_the_order_of_the_split():
    def problem(dataset, features, points):
        return measures.build(Settings(dataset, None, 3, features, points), dataset).problem

    few, more = (problem("digits", 4, points) for points in (5, 20))
    assert (len(few.points), len(more.points)) == (5, 20)
    assert {tuple(point) for point in few.points} < {tuple(point) for point in more.points}
    assert len(problem("iris", 2, 10**6).points) <= 9


def test_a_small_circuit_is_drawn_on_the_terminal_and_a_larger_one_in_its_file(circuit, tmp_path, monkeypatch):
    _, out, _ = circuit(*TINY, "--out", "small")
    assert "x1_0" in out
    assert (tmp_path / "small" / "circuit.txt").read_text() in out
    monkeypatch.setattr("compare.terminal.console.width", 100)
    _, out, _ = circuit(*TINY, "--out", "small")
    assert "x1_0" in out
    assert max(len(line) for line in out.splitlines() if "x1_0" in line) <= 81
    _, out, _ = circuit(*TINY, "--features", 8, "--out", "larger")
    assert "Drawing: larger/circuit.txt" in out
    assert "x8_1" not in out
    assert "x8_1" in (tmp_path / "larger" / "circuit.txt").read_text()


def test_help_names_every_setting(tickets, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    code, out, _ = tickets("circuit", "--help")
    assert code == 0
    flags = [setting.flag for setting in declared(Settings).values()]
    assert [name for name in flags if f"--{name.replace('_', '-')} " not in out] == []


# The report


def test_the_card_has_the_drawing_and_three_sentences_of_numbers(small_table, tmp_path, look):
    pytest.importorskip("qiskit_ibm_runtime")
    report = run(tmp_path / "run", target="fake_fez", clifford_t=True, table=True).report()
    assert "Sparse_loader" in report.card.picture.text
    gates = {name: row["gates"] for name, row in pieces_of(tmp_path / "run").items()}
    counts = ", ".join(f"{found.two_qubit} of the {name}" for name, found in gates.items())
    cost, beyond, files = report.card.sentences
    assert cost.startswith(f"Two-qubit gates at P = 3, D = 2, K = 4: {counts}, which has 6 qubits")
    assert beyond.startswith("On fake_fez it takes ")
    assert beyond.endswith("transforms lie on a line in D exactly.")
    assert "circuit.qasm, circuit.qpy" in files
    numbers = report.sections[0].tables[0].rows[0]
    assert [cell.value for cell in numbers[1:]] == [getattr(gates["loader"], key) for key in GATES]
    look(tmp_path / "run" / "report.html")
    growth, loaders, measured = report.sections[1].tables[1:]
    assert [str(row[1]) for row in measured.rows] == ["sparse"] * len(measured.rows)
    assert growth.columns[2:] == ["exponent of D", "line", "on the line"]
    assert loaders.columns == ["encoding", "loader", "P", "D", "K = 2", "K = 4"]
    assert loaders.rows[-2][-1].value > loaders.rows[-2][-2].value > 0
    assert [str(cell) for cell in loaders.rows[-1]] == ["none (simulators only)", "ideal", "-", "-", "-", "-"]


def test_the_report_is_of_records_alone(tmp_path, monkeypatch):
    folder = run(tmp_path / "run").folder
    assert "Two-qubit gates at P = 3" in report_lightly(folder)
    for name in ("build", "loaded", "compile_to_basis"):
        monkeypatch.setattr(measures, name, None)
    monkeypatch.delitem(LOADERS, "sparse")
    assert Runs.read(STUDY, folder).made().verdict[0].startswith("Two-qubit gates at P = 3")


def test_a_circuit_that_is_refused_when_it_is_built_says_why(tmp_path, monkeypatch):
    def refuse(of, source):
        raise InputError("no room")

    monkeypatch.setattr(measures, "prepare", lambda settings, records: None)
    run(tmp_path, points=3)
    monkeypatch.setattr(measures, "build", refuse)
    assert run(tmp_path).made().verdict == ["No gate was counted: no room"]


def test_a_device_and_a_column_are_known_by_their_old_words_too(refused):
    from compare.engine.fields import make

    assert make(Settings, {"target": "species", "dataset": "my.csv"}).column == "species"
    assert make(Settings, {"column": "species", "dataset": "my.csv"}).column == "species"
    for words in ({"device": "fake_fez"}, {"target": "fake_fez"}):
        made = make(Settings, words)
        assert (made.column, made.device) == (None, "fake_fez")
    assert "no target 'fake_fes'. Did you mean 'fake_fez'" in refused("--target", "fake_fes")
