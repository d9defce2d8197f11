"""Samplers and studies of another package, which says by entry points that it has them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CODE = '''
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from compare.engine import Kind, Least, Study
from compare.report import Card, Report
from problems.ridgelet import Nodes


class ZeroSampler:
    """Draws zeros."""

    def __init__(self, problem):
        self.problem = problem

    def sample(self, n, seed=None):
        """Draw `n` nodes."""
        return Nodes(np.zeros((n, self.problem.dimension), dtype=np.int64), np.zeros(n, dtype=np.int64))


@dataclass(frozen=True)
class Settings:
    count: Annotated[int, Least(1, "how many")] = 3


@dataclass(frozen=True)
class Task:
    number: int


@dataclass(frozen=True)
class Result:
    square: int


KIND = Kind("squares/one", Task, Result, lambda task, seeds, inputs: Result(task.number**2))


def report(runs, settings):
    return Report("Squares", Card(None, [f"The last square is {runs[KIND][-1]['square']}."]), [])


STUDY = Study("squares", "Squares", "Squares of numbers.", Settings,
              lambda settings: KIND.product(settings, number=range(settings.count)), report, (KIND,))
'''

POINTS = """[quantum_tickets.samplers]
zeros = plugged.parts:ZeroSampler
dequantized = plugged.parts:ZeroSampler

[quantum_tickets.studies]
squares = plugged.parts:STUDY
broken = plugged.nowhere:STUDY
none = plugged.parts:ZeroSampler
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with the package as installers leave it."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "plugged").mkdir()
    (folder / "plugged" / "__init__.py").touch()
    (folder / "plugged" / "parts.py").write_text(CODE)
    known = folder / "plugged-1.0.dist-info"
    known.mkdir()
    (known / "METADATA").write_text("Metadata-Version: 2.1\nName: plugged\nVersion: 1.0\n")
    (known / "entry_points.txt").write_text(POINTS)
    return folder


def tickets(place, folder, *arguments):
    path = os.pathsep.join([str(place), str(Path(__file__).parents[2])])
    return subprocess.run(
        [sys.executable, "-m", "compare", *arguments],
        capture_output=True, text=True, check=False, cwd=folder, env=os.environ | {"PYTHONPATH": path},
    )  # fmt: skip


def test_a_study_of_another_package_is_a_command(place, tmp_path):
    done = tickets(place, tmp_path, "squares", "--count", "4", "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert "The last square is 9." in done.stdout
    assert "'broken' (plugged.nowhere:STUDY) of quantum_tickets.studies is left out" in done.stderr
    assert "'none' (plugged.parts:ZeroSampler) of quantum_tickets.studies is left out: it is no Study." in done.stderr
    assert (tmp_path / "runs" / "squares" / "report.html").exists()


def test_a_sampler_of_another_package_is_known_by_its_name_and_takes_no_place_of_ours(place, tmp_path):
    code = (
        "from compare.studies.ridgelet.methods import METHODS, SAMPLERS; import sys\n"
        "assert 'zeros' in SAMPLERS and 'plugged.parts' not in sys.modules\n"
        "assert METHODS['dequantized'].label == 'dequantized'\n"
        "from problems.ridgelet import RidgeletProblem; import numpy as np\n"
        "problem = RidgeletProblem.from_samples(np.array([[0, 1], [1, 2]]), np.array([1.0, -1.0]), prime=3)\n"
        "print(METHODS['zeros'].make(problem).sample(2, 0).a.shape, METHODS['dequantized'].make)"
    )
    path = os.pathsep.join([str(place), str(Path(__file__).parents[2])])
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": path},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("(2, 2)")
    assert "DequantizedSampler" in done.stdout
