"""One small run of the study for all tests of it, made once."""

import pytest

from tests.compare.once import run_once

SMALL = {
    "datasets": ("mnist-8-9", "digits"),
    "training": (8, 12, 16, 32),
    "others": 8,
    "depths": (2, 10, 40),
    "tests": 40,
    "repeats": 3,
    "circuits": (4, 8),
    "counted": (17,),
    "noisy": 2,
    "shots": 400,
    "rivals": ("nearest-neighbor", "nystroem"),
    "timed": ("cholesky", "cg"),
}


@pytest.fixture(scope="session")
def runs():
    return run_once("kernels", **SMALL)
