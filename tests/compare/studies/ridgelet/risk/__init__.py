"""Tests of the risk study, and the small run that several of them read."""

import atexit
import functools
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path

SMALL = {
    "datasets": ("iris", "digits-tiny", "sine"),
    "methods": ("enumeration", "dequantized", "uniform", "candidates", "subspace-1", "subspace-3", "rbf"),
    "seeds": 2,
    "folds": 3,
    "nodes": 16,
    "seed": 1,
}
"""Settings of a run of seconds."""


@functools.cache
def small_run():
    """Run the small study once a session; return its folder, its results and the progress that it showed."""
    from compare.records import RunFolder
    from compare.studies.ridgelet.risk import study

    path = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    settings, shown = study.Settings(**SMALL), []

    def track(title, steps):
        shown.append((title, steps, []))
        return shown[-1][2].append

    folder = RunFolder(path / "run", "risk", asdict(settings))
    return folder.path, study.run(settings, folder, track), shown
