"""The command: its flags are the study's settings, a run is written and continued, and bad input takes one line."""

import json
import shutil

import pytest
import typer

from compare.studies.ridgelet.crossover import study
from compare.studies.ridgelet.crossover.command import register
from compare.studies.ridgelet.crossover.study import Settings
from problems.errors import InputError
from tests.compare.studies.ridgelet.crossover import SMALL, small_run

FLAGS = [
    word
    for name, value in SMALL.items()
    for word in (f"--{name.replace('_', '-')}", ",".join(map(str, value)) if isinstance(value, tuple) else str(value))
]


@pytest.fixture
def crossover():
    app = typer.Typer()
    app.command()(lambda: None)  # with one command alone typer takes no name
    register(app)
    command = typer.main.get_command(app)
    return lambda *words: command.main(["crossover", *words], standalone_mode=False)


def test_the_flags_are_the_settings_and_their_defaults_the_same(crossover, monkeypatch):
    seen = []
    begun = "compare.studies.ridgelet.crossover.command.run_study"
    monkeypatch.setattr(begun, lambda kind, settings, out: seen.append(settings))
    crossover()
    crossover(*FLAGS)
    crossover("--t-rate", "1e5", "--machines", "3", "--delay", "0", "--device", "fake_torino")
    assert seen[0] == Settings()
    assert seen[1] == Settings(**SMALL)
    assert seen[2] == Settings(t_rate=1e5, machines=3, delay=0.0, device="fake_torino")


def test_a_run_is_written_and_continued(crossover, tmp_path, capsys, monkeypatch):
    """With the steps of the small run, so that nothing is timed twice."""
    shutil.copytree(small_run()[0], tmp_path / "run")
    monkeypatch.setattr(study, "time_over_sizes", None)
    crossover(*FLAGS, "--out", str(tmp_path / "run"))
    said = capsys.readouterr().out
    assert "This run was begun" in said
    assert "Every assumption" in said
    assert "Report:" in said
    assert (tmp_path / "run" / "report.html").exists()
    assert json.loads((tmp_path / "run" / "run.json").read_text())["kind"] == "crossover"


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--primes", "three"), "primes = 'three' is no list of whole numbers"),
        (("--dimensions", "4,,x"), "dimensions = '4,,x' is no list"),
        (("--primes", "6"), "prime = 6 is not prime"),
    ],
)
def test_bad_input_takes_one_line_and_leaves_no_folder(crossover, tmp_path, flags, said):
    with pytest.raises(InputError) as refused:
        crossover(*flags, "--out", str(tmp_path / "run"))
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "run").exists()
