"""Tests of the noise study, and the small run that several of them read."""

import compare
from tests.compare.once import run_once

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


def small_run():
    """Return the runs of the small study; who asks for more works on a copy of their folder."""
    return run_once("noise", **SMALL)
