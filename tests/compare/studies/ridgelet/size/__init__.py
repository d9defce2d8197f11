"""Tests of the study of size, and a small run that several of them read."""

from tests.compare.once import run_once

SMALL = {
    "prime": 5, "points": [20, 40, 80], "dimension": 8, "dimensions": [8, 12], "fixed_points": 20, "samples": 4,
    "counted_points": [2, 3, 4], "counted_dimension": 4, "draws": 1, "dask_workers": 1,
    "dataset": "digits", "copies": [1, 2],
    "method": ["subspace-2", "uniform"], "nodes": 5, "repeats": 2,
}  # fmt: skip


def made_runs():
    """Return the runs of the small study."""
    return run_once("size", **SMALL)
