"""How any study runs: refusals first, then the folder; what takes seconds to check is asked of new runs only."""

from dataclasses import dataclass

import pytest

from compare.cli import app
from compare.report import Report
from compare.studies import OLD_STUDIES as STUDIES
from compare.studies.running import run_study
from compare.studies.study import Study
from problems.errors import InputError


@dataclass(frozen=True)
class Settings:
    seed: int = 0


@pytest.fixture
def study(tmp_path, monkeypatch):
    """A study that writes down what is asked of it, in order."""
    asked = []

    def plan(settings):
        asked.append("plan")
        if settings.seed < 0:
            raise InputError("seed is negative")
        return settings

    def check(planned):
        asked.append("check")
        if planned.seed == 13:
            raise InputError("seed is 13")

    def run(planned, folder, track, workers=1):
        asked.append(f"run with {workers}")
        return folder.run

    def report(run):
        return Report("Title", ["Said."], [], run)

    made = Study("made", "made-up", Settings, plan, run, lambda folder: folder.run, report, check)
    monkeypatch.setattr("compare.studies.OLD_STUDIES", {"made": made})
    monkeypatch.chdir(tmp_path)
    return asked


def test_a_run_begins_after_all_is_checked_and_is_continued_without_the_slow_check(study, capsys, tmp_path):
    folder = run_study("made", Settings(), workers=3)
    assert folder.name.startswith("made-up-")
    assert study == ["plan", "check", "run with 3"]
    assert "was begun" not in capsys.readouterr().out
    assert run_study("made", Settings()) == folder
    assert study[3:] == ["plan", "run with 1"]
    printed = capsys.readouterr().out
    assert "its finished steps are read, not run again" in printed
    assert printed.endswith(f"Report: {folder}/report.html\nThe same again: tickets again {folder}/report.html\n")


@pytest.mark.parametrize("seed", [-1, 13])
def test_what_is_refused_leaves_no_folder(study, seed, tmp_path):
    with pytest.raises(InputError, match="seed is"):
        run_study("made", Settings(seed))
    assert list(tmp_path.iterdir()) == []


def test_another_runs_folder_is_left_alone(study, tmp_path):
    run_study("made", Settings(), tmp_path / "run")
    with pytest.raises(InputError, match="other settings"):
        run_study("made", Settings(1), tmp_path / "run")
    assert study[-1] == "plan"


def test_every_study_has_a_command_and_its_own_kind():
    commands = {command.name or command.callback.__name__ for command in app.registered_commands}
    for kind, known in STUDIES.items():
        assert known.kind == kind
        assert known.command in commands
        known.settings()  # every setting has a default
