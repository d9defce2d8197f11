"""Tests of the noise study, and the small run that several of them read."""

import functools

from tests.compare.studies import run_study

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
    from compare.studies.noise import study

    settings = study.Settings(**SMALL)
    return run_study("noise", settings, lambda folder, track: study.run(study.plan(settings), folder, track))
