"""Tests of times over a grid, and a small run that several of them read."""

import atexit
import functools
import shutil
import tempfile
from pathlib import Path


@functools.cache
def made_runs():
    """Run a small grid once a session, and return its runs."""
    import compare

    path = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    grid = {"method": ["uniform", "rejection"], "dimension": [2, 3], "points": 4, "samples": 20, "repeats": 2}
    return compare.run("scale", out=path / "run", progress=False, **grid)
