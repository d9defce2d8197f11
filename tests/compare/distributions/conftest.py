import pytest

from problems.ridgelet import RidgeletProblem
from problems.ridgelet.data import load_residues


@pytest.fixture(scope="session")
def raw():
    """The raw digits: P = 17, D = 64, where nothing can be enumerated."""
    data = load_residues("digits", 17)
    return RidgeletProblem.from_samples(data.x_train, data.y_train, 17)


@pytest.fixture(scope="session")
def past_enumeration():
    """P = 3, D = 16, K = 14: 3^17 nodes."""
    data = load_residues("breast-cancer", 3, 16)
    return RidgeletProblem.from_samples(data.x_train[:16], data.y_train[:16], 3)
