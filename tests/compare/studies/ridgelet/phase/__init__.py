"""Tests of the phase study, and the small run that several of them read."""

import functools

from tests.compare.studies import run_study

SMALL = {
    "prime": 5,
    "dimensions": (1, 2, 3, 8, 64),
    "points": 125,
    "concentrations": (0.0, 0.5, 1.0),
    "thinnings": (4, 16),
    "spreads": (2, 8),
    "nodes": 8,
    "networks": 4,
    "repeats": 5,
    "samples": 60,
    "seed": 3,
}
"""Settings of a run of seconds. At D = 1, and with 125/16 points at D = 3, K <= N."""


@functools.cache
def small_run():
    """Run the small study once a session; return its folder, its results and the progress that it showed."""
    from compare.studies.ridgelet.phase import study

    settings = study.Settings(**SMALL)
    return run_study("phase", settings, lambda folder, track: study.run(study.plan(settings), folder, track))
