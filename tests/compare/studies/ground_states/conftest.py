"""One small run of the study for all tests of it, made once."""

import pytest

from tests.compare.once import run_once

SMALL = {
    "lattices": "2x2",
    "alphas": (2, 3),
    "seeds": (0, 1),
    "armed": (2,),
    "dense_steps": 40,
    "steps": 30,
    "arm_steps": 60,
    "layers": (1, 2),
    "drawn": 2,
    "ansatz": (1,),
    "adapted": 5,
    "bonds": (2,),
    "tickets": "1-gate",
}


@pytest.fixture(scope="session")
def runs():
    return run_once("states", **SMALL)
