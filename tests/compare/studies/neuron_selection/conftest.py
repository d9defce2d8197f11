"""One small run of the study for all tests of it, made once."""

import pytest

from tests.compare.once import run_once

SMALL = {
    "problems": ["ticket", "gadget", "echo", "echo-ring", "errors"],
    "methods": ["branch-and-bound", "gray-code", "meet-in-the-middle", "elimination", "greedy"],
    "neurons": (4, 6, 8),
    "seeds": (0, 1),
    "scales": (0.6, 1.2),
    "degree": 3,
    "ranks": (1, 2),
    "hard": (6, 8),
    "landscapes": 1,
    "queried": (4, 5),
    "bits": (4, 6),
    "searched": (2, 4),
    "runs": 200,
    "layers": 1,
    "tuned": 4,
    "rounds": (1,),
    "noisy": 2,
    "shots": 50,
}


@pytest.fixture(scope="session")
def runs():
    return run_once("neurons", **SMALL)
