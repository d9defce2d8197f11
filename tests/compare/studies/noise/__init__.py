"""Tests of the noise study, and the small run that several of them read."""

import atexit
import functools
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path

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


@functools.cache
def small_run():
    """Run the small study once a session; return its folder, its results and the progress that it showed."""
    from compare.records import RunFolder
    from compare.studies.noise import study

    path = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    settings, shown = study.Settings(**SMALL), []

    def track(title, steps):
        shown.append((title, steps, []))
        return shown[-1][2].append

    folder = RunFolder(path / "run", "noise", asdict(settings))
    return folder.path, study.run(study.plan(settings), folder, track), shown
