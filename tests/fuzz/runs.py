"""Small finished runs of every study, a simulator and a device, each made once, as the contents of their files."""

import functools
import shutil
import tempfile
from pathlib import Path

from compare.hardware.create import create
from compare.hardware.fetch import fetch
from tests.compare import TINY
from tests.compare.hardware.runs import bring, connect, small_plan, submitted
from tests.compare.once import report_once, run_once
from tests.compare.studies.ground_states.conftest import SMALL as STATES
from tests.compare.studies.kernel_training.conftest import SMALL as KERNELS
from tests.compare.studies.neuron_selection.conftest import SMALL as NEURONS
from tests.compare.studies.ridgelet import crossover, noise
from tests.compare.studies.ridgelet.size import SMALL as SIZE
from tests.compare.studies.sparse_training.conftest import SMALL as TRAINING
from tests.loopback import RuntimeServer
from tests.loopback.environment import no_account

HARDWARE, DEVICE = "hardware", "device"
"""Runs of `tickets submit`: on a simulator here, and on a device at a service."""

TWO = {"dataset": "iris", "prime": 3, "features": 2}

SETTINGS = {
    "circuit": TWO | {"points": 3, "target": "fake_fez", "clifford_t": True},
    "compare": TINY,
    "crossover": crossover.SMALL,
    "kernels": KERNELS
    | {"datasets": "digits", "training": (8, 16), "depths": (2, 10), "repeats": 2, "tests": 10}
    | {"circuits": 4, "noisy": 2, "shots": 50, "counted": 17},
    "neurons": NEURONS,
    "noise": noise.SMALL,
    "phase": {
        "prime": 3,
        "dimensions": (1, 2),
        "points": 9,
        "concentrations": (0.0, 1.0),
        "thinnings": 2,
        "spreads": 2,
        "nodes": 2,
        "networks": 2,
        "repeats": 2,
        "samples": 20,
    },
    "risk": {"datasets": "iris", "methods": ("uniform", "dequantized", "rbf"), "folds": 2, "nodes": 4},
    "sample": TWO | {"samples": 600},
    "size": SIZE,
    "states": STATES
    | {"seeds": 0, "alphas": 2, "dense_steps": 10, "steps": 10, "arm_steps": 10}
    | {"adapted": 2, "layers": 1, "drawn": 1, "lattices": "2x2"},
    "scale": {"dimensions": (2, 4), "points": 3, "samples": 20, "repeats": 2},
    "study": {
        "datasets": "iris",
        "methods": ("uniform", "dequantized"),
        "primes": 3,
        "features": 2,
        "nodes": (2, 4),
        "repeats": 2,
    },
    "training": TRAINING
    | {"seeds": 0, "kept": 2, "steps": 4, "upload": 4, "every": 4, "classical": 0, "marks": 0, "least": 1.0}
    | {"conditioned": (4, 8), "rounds": 1, "shots": 1000},
}
"""Settings of runs of a second or a few; their reports have every table that needs no more."""

LONG = ("kernels", "size", "states", "training")
"""Runs of ten seconds, whose files only `make fuzz` changes."""


@functools.cache
def finished(kind):
    """Return the files of a finished run by their path, "records.jsonl", of a study or of a job on a backend."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "run"
        if kind == HARDWARE:
            run = create(small_plan("aer_statevector", 2), folder)
            fetch(run)
            folder = run.path
        elif kind == DEVICE:
            folder = _on_a_device(Path(temporary))
        else:
            shutil.copytree(report_once(run_once(kind, **SETTINGS[kind])).folder, folder)
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name != ".lock" and path.suffix not in (".png", ".svg")
        }


def _on_a_device(temporary):
    """Submit two jobs and fetch them; of the second one the answer is there as it came, and is to be read."""
    with RuntimeServer() as server, no_account(temporary) as patch:
        for name, value in server.environ.items():
            patch.setenv(name, value)
        account = connect()
        run = submitted(small_plan("ibm_fez", 2, account=account), account, temporary / "run")
        bring(run, account)
    for ending in ("json", "npz"):
        (run.path / f"result-001.{ending}").unlink()
    return run.path
