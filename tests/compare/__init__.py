"""Tests of `compare`, and the tiny run that several of them read."""

from tests.compare.once import report_once, run_once

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


def tiny_run():
    """Return the runs of the tiny study, whose page is written, and which nobody may change."""
    return report_once(run_once("compare", **TINY))
