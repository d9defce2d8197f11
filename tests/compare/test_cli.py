import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from compare import cli
from compare.engine.fields import declared, make
from compare.engine.record import sealed
from compare.studies.ridgelet.samplers.study import Settings
from tests.compare import TINY, TINY_FLAGS, tiny_run
from tests.compare.studies.ridgelet.scale import made_runs


@pytest.fixture(autouse=True)
def empty_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def refused(tickets, tmp_path):
    """Run the command line, see it refuse in one line before anything is written; return the line."""

    def run(*arguments):
        before = sorted(tmp_path.rglob("*"))
        code, out, errors = tickets(*arguments)
        assert code == 2
        assert out == ""
        assert errors.startswith("tickets: ")
        assert errors.endswith("\n")
        assert errors.count("\n") == 1
        assert "Traceback" not in errors
        assert sorted(tmp_path.rglob("*")) == before
        return errors

    return run


# Refusals

BAD_SETTINGS = {
    "--prime 4": "prime = 4 is not prime; the nearest primes are 3 and 5",
    "--prime abc": "prime = 'abc' is not a whole number",
    "--prime 5.5": "prime = '5.5' is not a whole number",
    "--prime 1": "prime = 1 is too small",
    "--prime 1000003": "needs",
    "--raw-prime 4": "prime = 4 is not prime",
    "--chain-prime 257": "prime = 257 is above 31",
    "--dataset digts": "no data set 'digts'. Did you mean 'digits'",
    "--activation rellu": "no activation 'rellu'. Did you mean 'relu'",
    "--activation 1,1,1,1,1": "constant on Z_5",
    "--activation 1,x": "activation = '1,x' is neither a name nor a list of numbers",
    "--activation 1,2": "shape (2,), but one value for each residue is needed: (5,)",
    "--activation 1,nan,0,0,0": "is neither a name nor a list of numbers",
    "--regularization -1": "regularization = -1.0 is too small",
    "--regularization nan": "regularization = 'nan' is not a finite number",
    "--regularization inf": "regularization = 'inf' is not a finite number",
    "--ridge -1": "ridge = -1.0 is too small",
    "--ridge nan": "ridge = 'nan' is not a finite number",
    "--samples 0": "samples = 0 is too small",
    "--samples 10": "need at least 640",
    "--chain-samples 0": "chain_samples = 0 is too small",
    "--chain-samples 49": "need at least 50",
    "--chain-points 0": "chain_points = 0 is too small",
    "--nodes 0": "nodes = 0 is too small",
    "--nodes 100000": "samples = 20000 is too few",
    "--features 0": "features = 0 is too small",
    "--features 11": "cannot be pooled to 11 equal cells",
    "--features 16": "Enumerating 5^17 nodes needs 27.8 TiB",
    "--features 64": "bytes",
    "--raw-features 65": "cannot be pooled to 65 equal cells",
    "--dataset iris --features 5": "the data set 'iris' has 4",
    "--seed -1": "seed = -1 is too small",
    "--seed x": "seed = 'x' is not a whole number",
    "--method unifrom": "no method 'unifrom'. Did you mean 'uniform'",
    "--method candidates": "no method 'candidates'",
    "--method uniform,uniform": "method 'uniform' is there 2 times",
    "--target species": "targets of their own",
    "--workers 0": "workers = 0 is too small",
    "--unknown 1": "No such option: --unknown",
    "--sampels 700": "--samples",
    "--prime": "'--prime' requires an argument",
    "surplus": "surplus",
}


@pytest.mark.parametrize(("arguments", "message"), BAD_SETTINGS.items(), ids=BAD_SETTINGS)
def test_compare_refuses_in_one_line(refused, arguments, message):
    assert message in refused("compare", *arguments.split())


def test_a_state_vector_that_does_not_fit_is_refused_with_its_bytes(refused, monkeypatch):
    """On a machine where the enumeration would just fit."""
    monkeypatch.setattr("classical.ridgelet.enumeration.require_memory", lambda *arguments: None)
    line = refused("compare", "--features", 16)
    assert "state vector of 51 qubits needs 176 PiB" in line
    assert "are available" in line


@pytest.mark.parametrize(
    ("arguments", "message"),
    {
        "--method dequantised": "no sampler 'dequantised'. Did you mean 'dequantized'",
        "--samples 0": "samples = 0 is too small; give at least 1",
        "--prime 9": "prime = 9 is not prime; the nearest primes are 7 and 11",
        "--dataset wein": "Did you mean 'wine'",
        "--activation tan": "Did you mean 'tanh'",
        "--regularization -0.5": "regularization = -0.5 is too small; give at least 0",
        "--seed -3": "seed = -3 is too small",
        "--features 0": "features = 0 is too small",
        "--method enumeration": "Enumerating 17^65 nodes needs 10^81 bytes",
        "--method circuit_statevector": "A state vector of 325 qubits needs 10^99 bytes",
        "--method": "'--method' requires an argument",
    }.items(),
)
def test_sample_refuses_in_one_line(refused, arguments, message):
    assert message in refused("sample", *arguments.split())


@pytest.mark.parametrize("command", ["compare", "sample"])
@pytest.mark.parametrize("count", [10**15, 10**30])
def test_more_samples_than_memory_holds_are_refused(refused, command, count):
    assert "samples" in refused(command, "--samples", count)


@pytest.mark.parametrize(("command", "what"), [("compare", "holds no records"), ("sample", "holds no run")])
def test_an_output_that_is_a_file_or_foreign_is_refused(refused, tmp_path, command, what):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "thesis.tex").write_text("mine")
    assert "cannot be made" in refused(command, "--out", "file")
    assert "cannot be made" in refused(command, "--out", "file/below")
    assert "is not empty and holds no records; choose another folder" in refused(command, "--out", "foreign")
    assert (tmp_path / "file").read_text() == "mine"


def test_a_folder_of_an_earlier_version_is_refused_and_left_alone(refused, tmp_path):
    (tmp_path / "run.json").write_text("{}")
    assert "holds a run of an earlier version" in refused("compare", *TINY_FLAGS, "--out", ".")
    assert "seed = -1" in refused("compare", *TINY_FLAGS, "--seed", "-1", "--out", ".")


def test_an_unknown_command_is_refused_with_the_nearest(refused):
    assert "'compar'. Did you mean 'compare'" in refused("compar")
    assert "'sampel'. Did you mean 'sample'" in refused("sampel")
    assert "'frobnicate'" in refused("frobnicate")


def test_an_unknown_global_option_is_refused(refused):
    assert "No such option: --bogus" in refused("--bogus")


def test_a_report_needs_a_finished_run(refused, tmp_path):
    assert "RUN" in refused("report")
    assert "RUN" in refused("again")
    (tmp_path / "empty").mkdir()
    assert "holds no run" in refused("report", "empty")
    assert "holds no run" in refused("report", "nowhere")
    (tmp_path / "file").write_text("mine")
    assert "holds no run" in refused("report", "file")
    shutil.copytree(tiny_run().folder / "asks", tmp_path / "started" / "asks")
    assert "no task is finished yet, so there is nothing to report" in refused("report", "started")


def test_a_record_that_is_damaged_is_named_and_its_task_counts_as_not_run(tickets, tmp_path):
    shutil.copytree(made_runs().folder, tmp_path / "run")
    lines = (tmp_path / "run" / "records.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "run" / "records.jsonl").write_bytes(b"{\n" + b"".join(lines[1:]))
    assert tickets("report", "run")[0] == 0
    page = (tmp_path / "run" / "report.html").read_text()
    assert "records.jsonl, line 1 (no JSON" in page
    assert re.search(r"\b1 of \d+ tasks has no result yet; the same command goes on\.", page)


@pytest.mark.parametrize("settings", [{"unknown": 1}, {}, {"prime": "five"}])
def test_a_report_of_settings_that_are_none_is_refused(refused, tmp_path, settings):
    shutil.copytree(tiny_run().folder, tmp_path / "run")
    (path,) = (tmp_path / "run" / "asks").iterdir()
    ask = json.loads(path.read_text()) | {"settings": [settings]}
    path.write_text(json.dumps(ask | {"digest": sealed(ask)}))
    refused("report", "run")


def test_ctrl_c_is_one_line_and_exit_code_130(tickets, monkeypatch, tmp_path):
    def interrupted(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("compare.engine.processes.Processes.run", interrupted)
    code, _, errors = tickets("compare", *TINY_FLAGS, "--out", "run")
    assert code == 130
    assert errors == "tickets: interrupted; finished steps are kept, and the same command continues.\n"
    assert not (tmp_path / "run" / "report.html").exists()


# Help


@pytest.mark.parametrize("arguments", [["--help"], ["compare", "--help"], ["again", "--help"], ["report", "--help"]])
def test_help_is_printed(tickets, arguments):
    code, out, errors = tickets(*arguments)
    assert code == 0
    assert errors == ""
    assert "Usage: tickets" in out


def test_help_names_every_command_and_every_setting(tickets, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    assert all(command in tickets("--help")[1] for command in ("again", "circuit", "compare", "report", "sample"))
    out = tickets("compare", "--help")[1]
    flags = [setting.flag for setting in declared(Settings).values()] + [
        "workers",
        "scheduler",
        "dry-run",
        "grid",
        "out",
    ]
    assert [name for name in flags if f"--{name.replace('_', '-')} " not in out] == []


def test_no_command_prints_help(tickets):
    code, out, errors = tickets()
    assert "Usage: tickets" in out
    assert code == 2
    assert errors.count("\n") == 1


# Sampling


def test_sample_says_where_the_nodes_are_and_reads_them_the_next_time(tickets, tmp_path):
    flags = ["sample", "--prime", 3, "--features", 2, "--samples", 50, "--activation", "0,1,-2"]
    code, out, errors = tickets(*flags)
    assert (code, errors) == (0, "")
    assert "50 nodes: runs/sample/nodes.npz (a, b, density = P^(D+1) p*)" in out
    assert "• 50 nodes of dequantized (law: p*) on digits with P = 3, D = 2" in out
    first = (tmp_path / "runs" / "sample" / "nodes.npz").read_bytes()
    code, out, errors = tickets(*flags)
    assert (code, errors) == (0, "")
    assert "0 tasks run, 1 were finished before" in out
    assert (tmp_path / "runs" / "sample" / "nodes.npz").read_bytes() == first


# Reports


def test_report_writes_a_finished_run_again(tickets, tmp_path):
    shutil.copytree(made_runs().folder, tmp_path / "run")
    before = {path.name: path.read_bytes() for path in (tmp_path / "run").iterdir() if path.is_file()}
    for path in [
        *(tmp_path / "run").glob("*.svg"),
        *(tmp_path / "run").glob("*.png"),
        tmp_path / "run" / "report.html",
    ]:
        path.unlink()
    code, out, errors = tickets("report", "run")
    assert (code, errors) == (0, "")
    after = {path.name: path.read_bytes() for path in (tmp_path / "run").iterdir() if path.is_file()}
    assert set(after) == set(before)
    assert [name for name in before if after[name] != before[name]] == []
    assert "Report: run/report.html" in out
    assert "Seconds a sample" in out
    answers = made_runs().made().card.sentences
    assert len([line for line in out.splitlines() if line.startswith("• ")]) == len(answers) > 0


def test_compare_on_a_finished_run_computes_nothing(tickets, undrawn, tmp_path):
    """The same command again: only the report is written."""
    shutil.copytree(tiny_run().folder, tmp_path / "run")
    before = (tmp_path / "run" / "records.jsonl").read_bytes()
    code, out, errors = tickets("compare", *TINY_FLAGS, "--out", "run")
    assert (code, errors) == (0, "")
    assert (tmp_path / "run" / "records.jsonl").read_bytes() == before
    assert "0 tasks run, " in out
    assert "Report: run/report.html" in out
    assert "0 tasks are left" in tickets("compare", *TINY_FLAGS, "--out", "run", "--dry-run")[1]


# The installed command


def test_the_installed_command_runs_in_a_process_of_its_own(tmp_path):
    script = Path(sys.executable).with_name("tickets")
    if not script.exists():
        pytest.skip("the package's scripts are not installed beside the interpreter")
    asked = subprocess.run([script, "--help"], capture_output=True, text=True, timeout=60)
    assert (asked.returncode, asked.stderr) == (0, "")
    wrong = subprocess.run([script, "compare", "--dataset", "digts"], capture_output=True, text=True, timeout=60)
    assert wrong.returncode == 2
    assert wrong.stdout == ""
    assert wrong.stderr.count("\n") == 1
    assert "Did you mean 'digits'" in wrong.stderr
    assert os.listdir(tmp_path) == []


def test_the_recorded_command_can_be_pasted_into_a_shell(capsys, monkeypatch, tmp_path):
    words = ["tickets", "sample", "--prime", "3", "--features", "2", "--samples", "5", "--out", "my run; rm *"]
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit, match="0"):
        cli.main()
    (ask,) = (tmp_path / "my run; rm *" / "asks").iterdir()
    command = json.loads(ask.read_text())["command"]
    assert shlex.split(command) == words


def test_a_folder_with_brackets_is_printed_as_it_is(tickets):
    _, out, _ = tickets("sample", "--prime", 3, "--features", 2, "--samples", 5, "--out", "run[draft]")
    assert "run[draft]/nodes.npz" in out


def test_the_tiny_flags_are_the_tiny_settings():
    flags = dict(zip(TINY_FLAGS[::2], TINY_FLAGS[1::2], strict=True))
    given = {name.removeprefix("--").replace("-", "_"): value for name, value in flags.items()}
    assert make(Settings, given) == make(Settings, TINY) == tiny_run().settings


def test_what_the_suite_warns_of_is_one_line(tickets, monkeypatch):
    from problems import compiling

    def warn(*_arguments, **_options):
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn("Nothing is compiled:\n no reason.", compiling.SlowPath, stacklevel=1)
        return []

    monkeypatch.setattr("compare.listing._hardware", warn)
    code, _, errors = tickets("runs")
    assert (code, errors) == (0, "tickets: Nothing is compiled: no reason.\n")


@pytest.mark.parametrize("name", ["a" * 300, "a/" * 3000], ids=["long", "deep"])
@pytest.mark.parametrize(
    "arguments", [("report",), ("merge", "--out", "x"), ("scale", "--samples", 10, "--repeats", 1, "--out")]
)
def test_paths_that_no_file_system_takes_are_refused_in_one_line(refused, name, arguments):
    assert "cannot be" in refused(*arguments, name)


def test_a_record_is_printed_by_the_first_digits_of_its_hash(tickets):
    runs = tiny_run()
    task = min(runs.records.finished)
    code, out, _ = tickets("record", runs.folder, task[:12])
    printed = json.loads(out)
    assert (code, printed["task"], printed["kind"]) == (0, task, runs.records.finished[task].planned.kind.name)
    for begin in ("ffff0000ffff", task[:2]):
        code, out, error = tickets("record", runs.folder, begin)
        assert (code, out) == (2, "")
        assert f"{begin!r} names no record of" in error
