"""The command: the figures that it has to reach, what it refuses, and how it continues."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from compare.engine import Runs
from compare.studies.ridgelet.noise.study import CIRCUIT, PROBLEM, READING, STUDY
from tests.compare.studies.ridgelet.noise import small_run

FEW = {
    "features": 1,
    "points": 2,
    "shots": 150,
    "repeats": 2,
    "encoding": "rader",
    "suppression": "none",
    "nodes": 2,
    "seed": 1,
}
"""A part of the small run."""

FLAGS = [word for name, value in FEW.items() for word in (f"--{name}", value)]


@pytest.fixture
def noise(tickets, tmp_path, monkeypatch):
    """Run the command in an empty folder; return its exit code, its output and its errors.

    One process runs all tasks: a second one would fit the same circuits to the same device.
    """
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: tickets("noise", "--workers", 1, *arguments)


def test_on_fake_fez_rader_is_above_binary_and_mitigated_above_raw(noise, undrawn, record_property):
    """P = 3, D = 3, K = 4 of the digits: 3 repeats of 2,000 shots of each circuit."""
    code, printed, _ = noise("--shots", 2000, "--repeats", 3, "--suppression", "none", "--seed", 0, "--out", "run")
    assert code == 0
    runs = Runs.read(STUDY, Path("run"))
    (problem,) = runs[PROBLEM]
    assert (problem["prime"], problem["dimension"], problem["distinct"]) == (3, 3, 4)
    (rader,), (binary,) = (runs[READING].where(encoding=encoding, arm="none") for encoding in ("rader", "binary"))
    for reading in ("raw", "mitigated"):
        first, second = rader[reading], binary[reading]
        assert first.fidelity.samples == second.fidelity.samples == 6_000
        # By the bootstrap over shots and by the spread of the repeats.
        assert first.fidelity.low > second.fidelity.high
        assert first.fidelity_over_repeats.low > second.fidelity_over_repeats.high
    for encoding, found in (("rader", rader), ("binary", binary)):
        assert found["gain"].low > 0.02
        assert found["gain_over_repeats"].low > 0.02
        words = [
            f"{name} {one.best:.3f} [{one.low:.3f}, {one.high:.3f}]"
            for name, one in (
                ("raw", found["raw"].fidelity),
                ("mitigated", found["mitigated"].fidelity),
                ("gain", found["gain"]),
                ("over repeats", found["gain_over_repeats"]),
            )
        ]
        record_property("measured", f"noise of fake_fez, {encoding}, 6,000 shots: {', '.join(words)}")
    assert rader["raw"].surviving.best > 0.999 > binary["raw"].surviving.high
    assert "the noise of fake_fez leaves" in " ".join(printed.split())
    assert "of the rader encoding is above that of the binary one" in Path("run/report.html").read_text()


def test_a_finished_run_is_shown_again_and_not_run_again(noise, undrawn):
    folder = Path("runs/noise")
    shutil.copytree(small_run().folder, folder)
    before = (folder / "records.jsonl").read_bytes()
    code, again, _ = noise(*FLAGS)
    assert code == 0
    assert "0 tasks run, 8 were finished before" in " ".join(again.split())
    assert (folder / "records.jsonl").read_bytes() == before
    assert Runs.read(STUDY, folder).settings.encodings == ("rader",)
    # Another device is fitted to and measured; without noise nothing is run again.
    code, other, _ = noise(*FLAGS, "--device", "fake_manila")
    assert code == 0
    assert "4 tasks run, 4 were finished before" in " ".join(other.split())
    assert Runs.read(STUDY, folder)[CIRCUIT].unique("backend") == ["fake_manila"]


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ("--encoding rader,radar", "no encoding 'radar'"),
        ("--encoding ,", "has an empty place"),
        ("--suppression none,xy4", "no suppression 'xy4'"),
        ("--device fake_fes", "Did you mean 'fake_fez'"),
        ("--device fake_manila --features 3 --encoding rader --suppression none", "connects 5"),
        ("--activation 1,2", "shape (2,)"),
        ("--shots 99", "shots = 99 is too few"),
        ("--dataset nowhere.csv", "nowhere.csv"),
    ],
)
def test_bad_input_is_refused_in_one_line_before_a_folder_is_made(noise, tmp_path, flags, said):
    code, printed, errors = noise(*flags.split())
    assert (code, printed) == (2, "")
    assert said in errors
    assert errors.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_declaring_the_study_imports_neither_qiskit_nor_scikit_learn():
    heavy = (
        "{'qiskit', 'sklearn', 'mthree', 'scipy', 'matplotlib', 'classical', 'quantum.backends', 'quantum.ridgelet'}"
    )
    code = f"import sys, compare.studies.ridgelet.noise.study; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
