"""Tests of the studies, and how a small run is made that several of them read."""

import atexit
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path


def run_study(kind, settings, run):
    """Run a study with `run(folder, track)`; return its folder, its results and the progress that it showed."""
    from compare.records import RunFolder

    path, shown = Path(tempfile.mkdtemp()), []
    atexit.register(shutil.rmtree, path, ignore_errors=True)

    def track(title, steps):
        shown.append((title, steps, []))
        return shown[-1][2].append

    folder = RunFolder(path / "run", kind, asdict(settings))
    return folder.path, run(folder, track), shown
