"""Tests of the study of size, and a small run that several of them read."""

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

SMALL = {
    "prime": 5, "points": [20, 40, 80], "dimension": 8, "dimensions": [8, 12], "fixed_points": 20, "samples": 4,
    "counted_points": [2, 3, 4], "counted_dimension": 4, "draws": 1, "dask_workers": 1,
    "dataset": "digits", "copies": [1, 2],
    "method": ["subspace-2", "uniform"], "nodes": 5, "repeats": 2,
}  # fmt: skip


@functools.cache
def made_runs():
    """Run the study small once a session, and return its runs."""
    import compare

    path = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return compare.run("size", out=path / "run", progress=False, **SMALL)
