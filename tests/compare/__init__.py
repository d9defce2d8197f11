"""Tests of `compare`, and the tiny run that several of them read."""

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

TINY = {
    "dataset": "breast-cancer",
    "samples": 700,
    "nodes": 4,
    "raw_features": 9,
    "chain_samples": 200,
    "chain_points": 4,
    "dimensions": (2, 3, 4, 6),
}
"""Settings of a study of a few seconds: enumerable, past enumeration, and a circuit past enumeration."""

TINY_FLAGS = [
    word
    for name, value in TINY.items()
    for word in (f"--{name.replace('_', '-')}", ",".join(map(str, value)) if isinstance(value, tuple) else str(value))
]


@functools.cache
def tiny_run():
    """Run the tiny study once a session, write its report, and return its runs, which nobody may change."""
    import compare

    folder = Path(tempfile.mkdtemp(prefix="tickets-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    runs = compare.run("compare", out=folder, progress=False, **TINY)
    runs.report()
    return runs
