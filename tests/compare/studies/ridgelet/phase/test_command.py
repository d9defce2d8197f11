"""The command: what it prints and refuses, and how it continues."""

import json

import pytest

from compare.studies.ridgelet.phase.command import register
from compare.studies.ridgelet.phase.study import Settings
from problems.errors import InputError

SMALL = {
    "prime": 3,
    "dimensions": "2,16",
    "points": 9,
    "concentrations": "0,1",
    "thinnings": 2,
    "spreads": ",",
    "nodes": 2,
    "networks": 2,
    "repeats": 2,
    "samples": 10,
}
FLAGS = [word for name, value in SMALL.items() for word in (f"--{name}", value)]


@pytest.fixture
def phase(in_an_empty_folder):
    run = in_an_empty_folder(register)
    return lambda *arguments: " ".join(run(*arguments).split())


def test_a_finished_run_is_shown_again_and_not_run_again(phase, tmp_path):
    printed = phase(*FLAGS)
    assert "Known answer: on sin(2 pi sum(x)/P) on all 9 points of Z_P^2" in printed
    assert "The reason: p* over uniform is at most K P max r^2" in printed
    (folder,) = (tmp_path / "runs").iterdir()
    assert folder.name.startswith("phase-")
    assert (folder / "report.html").exists()
    settings = json.loads((folder / "run.json").read_text())["settings"]
    assert (settings["dimensions"], settings["concentrations"], settings["spreads"]) == ([2, 16], [0.0, 1.0], [])
    times = {path.name: path.stat().st_mtime_ns for path in folder.glob("d*.json")}
    assert "its finished steps are read, not run again" in phase(*FLAGS)
    assert {path.name: path.stat().st_mtime_ns for path in folder.glob("d*.json")} == times


def test_the_flags_have_the_defaults_of_the_study(phase, monkeypatch):
    asked = []
    begun = "compare.studies.ridgelet.phase.command.run_study"
    monkeypatch.setattr(begun, lambda kind, settings, out: asked.append(settings))
    phase()
    assert asked == [Settings()]


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ("--dimensions 1,two", "dimensions = '1,two' is no list of numbers"),
        ("--concentrations 0,2", "no ascending shares"),
        ("--prime 9", "9"),
        ("--samples 10", "at least 80"),
    ],
)
def test_bad_input_is_refused_before_a_folder_is_made(phase, tmp_path, flags, said):
    with pytest.raises(InputError, match=said):
        phase(*flags.split())
    assert list(tmp_path.iterdir()) == []
