import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from compare import cli
from tests.compare import TINY, TINY_DIMENSIONS, TINY_FLAGS, tiny_run


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
    "--prime abc": "'--prime'",
    "--prime 5.5": "'--prime'",
    "--prime 1": "prime = 1 is too small",
    "--prime 1000003": "needs",
    "--raw-prime 4": "prime = 4 is not prime",
    "--chain-prime 257": "prime = 257 is above 31",
    "--dataset digts": "no data set 'digts'. Did you mean 'digits'",
    "--activation rellu": "no activation 'rellu'. Did you mean 'relu'",
    "--activation 1,1,1,1,1": "constant on Z_5",
    "--activation 1,x": "activation = '1,x' is no list of numbers",
    "--activation 1,2": "shape (2,), but one value for each residue is needed: (5,)",
    "--activation 1,nan,0,0,0": "NaN or infinite",
    "--regularization -1": "regularization = -1.0 is negative",
    "--regularization nan": "regularization = nan",
    "--regularization inf": "regularization = inf",
    "--ridge -1": "ridge = -1.0 is negative",
    "--ridge nan": "ridge = nan",
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
    "--seed x": "'--seed'",
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
        "--sampler dequantised": "no sampler 'dequantised'. Did you mean 'dequantized'",
        "--samples 0": "samples = 0 is too small; give at least 1",
        "--prime 9": "prime = 9 is not prime; the nearest primes are 7 and 11",
        "--dataset wein": "Did you mean 'wine'",
        "--activation tan": "Did you mean 'tanh'",
        "--regularization -0.5": "regularization = -0.5 is too small; give at least 0",
        "--seed -3": "seed = -3 is too small",
        "--features 0": "features = 0 is too small",
        "--sampler enumeration": "Enumerating 17^65 nodes needs 10^81 bytes",
        "--sampler circuit_statevector": "A state vector of 325 qubits needs 10^99 bytes",
        "--sampler": "'--sampler' requires an argument",
    }.items(),
)
def test_sample_refuses_in_one_line(refused, arguments, message):
    assert message in refused("sample", *arguments.split())


@pytest.mark.parametrize("command", ["compare", "sample"])
@pytest.mark.parametrize("count", [10**15, 10**30])
def test_more_samples_than_memory_holds_are_refused(refused, command, count):
    assert "samples" in refused(command, "--samples", count)


@pytest.mark.parametrize("command", ["compare", "sample"])
def test_an_output_that_is_a_file_or_foreign_is_refused(refused, tmp_path, command):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "thesis.tex").write_text("mine")
    assert "cannot be made" in refused(command, "--out", "file")
    assert "cannot be made" in refused(command, "--out", "file/below")
    nothing = {"compare": "run", "sample": "records"}[command]
    assert f"is not empty and holds no {nothing}; choose another folder" in refused(command, "--out", "foreign")
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("seed", ["1", "-1"])
def test_a_folder_with_another_run_is_refused_and_left_alone(refused, tmp_path, seed):
    shutil.copy(tiny_run().folder / "run.json", tmp_path / "run.json")
    line = refused("compare", *TINY_FLAGS, "--seed", seed, "--out", ".")
    assert ("other settings" if seed == "1" else "seed = -1") in line


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
    assert "cannot be read" in refused("report", "file")
    (tmp_path / "started").mkdir()
    shutil.copy(tiny_run().folder / "run.json", tmp_path / "started" / "run.json")
    line = refused("report", "started")
    assert "not finished: the step 'small-problem' has no record." in line
    assert "Continue it with: tickets again started --out started" in line


def test_a_report_of_a_step_that_is_damaged_is_refused(refused, tmp_path):
    shutil.copytree(tiny_run().folder, tmp_path / "run")
    (tmp_path / "run" / "small-uniform.json").write_text("{")
    assert "'small-uniform'" in refused("report", "run")


@pytest.mark.parametrize("settings", [{"unknown": 1}, {}, [], {"prime": "five"}])
def test_a_report_of_settings_that_are_none_is_refused(refused, tmp_path, settings):
    run = json.loads((tiny_run().folder / "run.json").read_text())
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.json").write_text(json.dumps(run | {"settings": settings}))
    refused("report", "run")


def test_ctrl_c_is_one_line_and_exit_code_130(tickets, monkeypatch, tmp_path):
    def interrupted(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("compare.studies.ridgelet.samplers.study._run_part", interrupted)
    code, _, errors = tickets("compare", *TINY_FLAGS, "--out", "run")
    assert code == 130
    assert errors == "tickets: interrupted; finished steps are kept, and the same command continues.\n"
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["run.json"]


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
    settings = json.loads((tiny_run().folder / "run.json").read_text())["settings"]
    assert [name for name in settings if f"--{name.replace('_', '-')} " not in out] == []


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
    shutil.copytree(tiny_run().folder, tmp_path / "run")
    before = {path.name: path.read_bytes() for path in (tmp_path / "run").iterdir()}
    for path in [
        *(tmp_path / "run").glob("*.svg"),
        *(tmp_path / "run").glob("*.png"),
        tmp_path / "run" / "report.html",
    ]:
        path.unlink()
    code, out, errors = tickets("report", "run")
    assert (code, errors) == (0, "")
    after = {path.name: path.read_bytes() for path in (tmp_path / "run").iterdir()}
    assert set(after) == set(before)
    assert [name for name in before if after[name] != before[name]] == []
    assert "Report: run/report.html" in out
    for title in ("The problems", "are the nodes drawn from p*?", "Time over the dimension"):
        assert title in out
    verdict = [line for line in out.splitlines() if line.startswith("• ")]
    assert len(verdict) == 4


def test_compare_on_a_finished_run_computes_nothing(tickets, tmp_path, monkeypatch):
    """The same command again: only the report is written."""

    def never(*arguments):
        raise AssertionError("a finished step was computed again")

    shutil.copytree(tiny_run().folder, tmp_path / "run")
    monkeypatch.setattr("compare.studies.ridgelet.samplers.study.TIMED_UP_TO", TINY_DIMENSIONS)
    monkeypatch.setattr("compare.studies.ridgelet.samplers.study.timed_batches", never)
    code, out, errors = tickets("compare", *TINY_FLAGS, "--out", "run")
    assert (code, errors) == (0, "")
    assert "finished steps are read, not run again" in out
    assert "Report: run/report.html" in out


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
    run = json.loads((tiny_run().folder / "run.json").read_text())
    assert {name: run["settings"][name] for name in TINY} == TINY
