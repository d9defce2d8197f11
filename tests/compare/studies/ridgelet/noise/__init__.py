"""Tests of the noise study, and the small run that several of them read."""

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

import compare

SMALL = {
    "features": 1,
    "points": 2,
    "shots": 150,
    "repeats": 2,
    "encodings": ("rader", "binary"),
    "suppressions": ("none", "dd"),
    "nodes": 2,
    "seed": 1,
}
"""Settings of a run of seconds: circuits of four qubits. Twirling takes longer and has a test of its own."""


def run_in(folder, workers=1, **changes):
    """Run the small study, or one that differs a little."""
    return compare.run("noise", out=folder, workers=workers, progress=False, **SMALL | changes)


@functools.cache
def small_run():
    """Run the small study once a session; return its runs. Who asks for more works on a copy of their folder."""
    path = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return run_in(path / "run", workers=2)
