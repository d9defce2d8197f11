"""The command: the figures that it has to reach, what it refuses, and how it continues."""

import json
import subprocess
import sys

import pytest

from compare.studies.noise.command import register
from problems.errors import InputError

SMALL = {
    "features": 1,
    "points": 2,
    "shots": 100,
    "repeats": 2,
    "encoding": "rader",
    "suppression": "none",
    "nodes": 2,
}
SMALL_FLAGS = [word for name, value in SMALL.items() for word in (f"--{name}", value)]


@pytest.fixture
def noise(in_an_empty_folder):
    return in_an_empty_folder(register)


def test_on_fake_fez_rader_is_above_binary_and_mitigated_above_raw(noise, tmp_path, record_property):
    """P = 3, D = 3, K = 4 of the digits: 3 repeats of 4,000 shots of each circuit."""
    printed = noise("--shots", 4000, "--repeats", 3, "--suppression", "none", "--seed", 0, "--out", tmp_path / "run")
    rader, binary = (
        json.loads((tmp_path / "run" / f"{encoding}-none.json").read_text())["result"]
        for encoding in ("rader", "binary")
    )
    problem = json.loads((tmp_path / "run" / "problem.json").read_text())["result"]
    assert (problem["prime"], problem["dimension"], problem["points"]) == (3, 3, 4)
    for reading in ("raw", "mitigated"):
        assert rader["shots"] == binary["shots"] == rader[reading]["fidelity"]["samples"] == 12_000
        # By the bootstrap over shots and by the spread of the repeats.
        assert rader[reading]["fidelity"]["low"] > binary[reading]["fidelity"]["high"]
        assert rader[reading]["fidelity_over_repeats"]["low"] > binary[reading]["fidelity_over_repeats"]["high"]
    for encoding, found in (("rader", rader), ("binary", binary)):
        assert found["gain"]["low"] > 0.02
        assert found["gain_over_repeats"]["low"] > 0.02
        words = [
            f"{name} {found[key]['best']:.3f} [{found[key]['low']:.3f}, {found[key]['high']:.3f}]"
            for name, key in (("gain", "gain"), ("over repeats", "gain_over_repeats"))
        ]
        ends = [(name, found[name]["fidelity"]) for name in ("raw", "mitigated")]
        fidelities = [f"{name} {one['best']:.3f} [{one['low']:.3f}, {one['high']:.3f}]" for name, one in ends]
        record_property("measured", f"noise of fake_fez, {encoding}, 12,000 shots: {', '.join(fidelities + words)}")
    assert rader["raw"]["surviving"]["best"] > 0.999 > binary["raw"]["surviving"]["high"]
    assert "of the rader encoding is above that of the binary one" in " ".join(printed.split())
    assert (tmp_path / "run" / "report.html").exists()


def test_a_finished_run_is_shown_again_and_not_run_again(noise, tmp_path):
    noise(*SMALL_FLAGS)
    ((folder, before),) = [(path, _times(path)) for path in (tmp_path / "runs").iterdir()]
    assert folder.name.startswith("noise-")
    again = noise(*SMALL_FLAGS)
    assert "its finished steps are read, not run again" in " ".join(again.split())
    assert _times(folder) == before
    assert json.loads((folder / "run.json").read_text())["settings"]["encodings"] == ["rader"]


def _times(folder):
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("*.json")}


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ("--encoding rader,,radar", "no encoding 'radar'"),
        ("--encoding ,", "no encoding to compare"),
        ("--suppression none,xy4", "no suppression 'xy4'"),
        ("--backend fake_fes", "Did you mean 'fake_fez'"),
        ("--backend fake_manila --features 3 --encoding rader --suppression none", "connects 5"),
        ("--activation 1,2", "shape \\(2,\\)"),
    ],
)
def test_bad_input_is_refused_before_a_folder_is_made(noise, tmp_path, flags, said):
    with pytest.raises(InputError, match=said):
        noise(*flags.split())
    assert list(tmp_path.iterdir()) == []


def test_importing_the_command_imports_neither_qiskit_nor_scikit_learn():
    code = "import sys, compare.studies.noise.command; print({'qiskit', 'sklearn', 'mthree'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
