"""The command: what it prints and writes, what it refuses, and how it continues."""

import json

import pytest

from compare.studies.ridgelet.risk.command import register
from problems.errors import InputError

SMALL = {"datasets": "iris", "methods": "dequantized,uniform", "folds": 2, "seeds": 1, "nodes": 8, "workers": 1}
FLAGS = [word for name, value in SMALL.items() for word in (f"--{name}", value)]


@pytest.fixture
def risk(in_an_empty_folder):
    run = in_an_empty_folder(register)
    return lambda *arguments: " ".join(run(*arguments).split())


def test_a_run_writes_its_report_and_is_read_again(risk, tmp_path):
    printed = risk(*FLAGS)
    assert "iris: all methods" in printed
    assert "The papers' claim" in printed
    (folder,) = (tmp_path / "runs").iterdir()
    assert folder.name.startswith("risk-")
    assert {path.name for path in folder.glob("*.json")} == {"run.json", "iris-00.json", "iris-01.json"}
    settings = json.loads((folder / "run.json").read_text())["settings"]
    assert (settings["datasets"], settings["methods"]) == (["iris"], ["dequantized", "uniform"])
    before = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.json")}
    assert "its finished steps are read, not run again" in risk(*FLAGS)
    assert {path.name: path.stat().st_mtime_ns for path in folder.glob("*.json")} == before
    assert (folder / "report.html").exists()


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ("--datasets iris,wein", "no data set 'wein'"),
        ("--methods uniform,uniform", "'uniform' is there 2 times"),
        ("--folds 1", "folds = 1 is too small"),
        ("--workers 0", "workers = 0 is too small"),
        ("--ridge 0", "ridge = 0 is too small"),
        ("--datasets iris --activation 1,2", "shape"),
    ],
)
def test_bad_input_is_refused_before_a_folder_is_made(risk, tmp_path, flags, said):
    with pytest.raises(InputError, match=said):
        risk(*flags.split())
    assert list(tmp_path.iterdir()) == []
