"""One small run of the study for all tests of it, made once."""

import pytest

from tests.compare.once import run_once

SMALL = {
    "datasets": "breast-cancer",
    "seeds": (0, 1),
    "kept": (2, 4),
    "etas": (0.1,),
    "orders": 2,
    "steps": 6,
    "share": 0.25,
    "upload": 12,
    "every": (4, 12),
    "classical": (0, 2),
    "marks": (0, 4),
    "least": (1.0, -0.5),
    "conditioned": (4, 8),
    "solvers": ("kernel-reflection", "marching"),
    "counted": 2,
    "shots": (1000, 0),
    "rounds": 2,
    "looped": (2,),
}


@pytest.fixture(scope="session")
def runs():
    return run_once("training", **SMALL)
