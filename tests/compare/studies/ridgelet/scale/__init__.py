"""Tests of times over a grid, and a small run that several of them read."""

from tests.compare.once import report_once, run_once

SMALL = {"method": ["uniform", "rejection"], "dimension": [2, 3], "points": 4, "samples": 20, "repeats": 2}


def made_runs():
    """Return the runs of the small grid; their page is written."""
    return report_once(run_once("scale", **SMALL))
