import numpy as np
import pytest

from problems.ground_states import CRITICAL_FIELD, IsingModel


@pytest.fixture(scope="session")
def critical():
    """The page's lattice, and its exact ground state."""
    return IsingModel(3, 3, CRITICAL_FIELD)


@pytest.fixture(scope="session")
def ground_state(critical):
    _, states = np.linalg.eigh(critical.matrix().toarray())
    return states[:, 0]
