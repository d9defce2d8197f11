"""Tests of the risk study, and the small run that several of them read."""

import functools

from tests.compare.studies import run_study

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
    from compare.studies.ridgelet.risk import study

    settings = study.Settings(**SMALL)
    return run_study("risk", settings, lambda folder, track: study.run(study.plan(settings), folder, track))
