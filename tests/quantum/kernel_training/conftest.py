"""Predictors that several tests read, made once."""

import pytest

from problems.kernel_training import ErfNtk, KernelTask
from quantum.kernel_training import KernelPredictor


@pytest.fixture(scope="package")
def small():
    """Four training images, L = 4, with an error that still leaves short circuits."""
    return KernelPredictor(KernelTask.draw(4, 0, tests=40), ErfNtk(4), 1e-2)
