"""Tests of `compare`, and the tiny run that several of them read."""

import atexit
import functools
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

TINY = {
    "dataset": "breast-cancer",
    "samples": 700,
    "nodes": 4,
    "raw_features": 9,
    "chain_samples": 200,
    "chain_points": 4,
}
"""Settings of a study of a few seconds: enumerable, past enumeration, and a circuit past enumeration."""

TINY_FLAGS = [word for name, value in TINY.items() for word in (f"--{name.replace('_', '-')}", str(value))]

TINY_DIMENSIONS = {
    "enumeration": 4,
    "rejection": 4,
    "dequantized": 6,
    "circuit_statevector": 3,
    "circuit_mps": 3,
    "uniform": 6,
}
"""In place of `TIMED_UP_TO`, which takes ten seconds."""


@dataclass(frozen=True)
class TinyRun:
    """A finished run that nobody may change: its folder, its results and the progress that it showed."""

    folder: Path
    results: Any
    progress: dict[str, tuple[int, list[str]]]


def recording_track(shown):
    """A progress display that remembers, by title, how many steps were announced and which were done."""

    def track(title, steps):
        shown[title] = (steps, [])
        return shown[title][1].append

    return track


@functools.cache
def tiny_run():
    """Run the tiny study once a session, and write its report."""
    from compare.records import RunFolder
    from compare.report import write_report
    from compare.studies.ridgelet.samplers import study
    from compare.studies.ridgelet.samplers.page import report

    path = Path(tempfile.mkdtemp(prefix="tickets-test-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    settings, progress = study.Settings(**TINY), {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(study, "TIMED_UP_TO", TINY_DIMENSIONS)
        folder = RunFolder(path, "ridgelet", asdict(settings))
        results = study.run(study.plan(settings), folder, recording_track(progress))
        write_report(report(results), path)
    return TinyRun(path, results, progress)
