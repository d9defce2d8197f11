"""R_min^2 = 2 h: the least Carleman number is the Newton-Kantorovich number, whatever the step size."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from problems.errors import InputError
from problems.sparse_training import PolynomialUpdate, carleman_r, dissipation, kantorovich
from tests.problems.sparse_training.references import PAIR, dissipative, random_update


def cubic_loss(dimension: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return gradient, positive Hessian and symmetric third derivative of a random cubic loss."""
    rng = np.random.default_rng(seed)
    gradient, root = rng.standard_normal(dimension), rng.standard_normal((dimension, dimension))
    drawn = rng.standard_normal((dimension,) * 3)
    orders = ((0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0))
    return gradient, root @ root.T + np.eye(dimension), sum(drawn.transpose(order) for order in orders)


@pytest.mark.parametrize("dimension", [1, 2, 4])
@pytest.mark.parametrize("eta", [0.01, 0.3])
def test_the_identity(dimension: int, eta: float) -> None:
    gradient, hessian, third = cubic_loss(dimension, dimension)
    update = PolynomialUpdate([-eta * gradient, -eta * hessian, -eta / 2 * third.reshape(dimension, -1)])
    least = np.linalg.eigvalsh(hessian)[0]
    h = np.linalg.norm(third.reshape(dimension, -1), 2) * np.linalg.norm(gradient) / least**2
    direction = np.ones(dimension) / np.sqrt(dimension)

    def r(length: float) -> float:
        found = carleman_r(update, length * direction)
        assert found is not None
        return found

    best = minimize_scalar(lambda logarithm: r(np.exp(logarithm)), bounds=(-20, 20), options={"xatol": 1e-12})
    assert best.fun**2 == pytest.approx(2 * h, rel=1e-12)
    assert carleman_r(update) == pytest.approx(best.fun, rel=1e-12)
    assert kantorovich(update) == pytest.approx(h, rel=1e-12)
    assert dissipation(update) == pytest.approx(eta * least, rel=1e-12)


def test_r_of_the_page() -> None:
    assert carleman_r(PAIR, np.array([0.4, -0.3])) == pytest.approx(0.7763281, abs=5e-8)


def test_r_is_not_defined_without_dissipation() -> None:
    assert carleman_r(dissipative(-0.5)) is None
    assert kantorovich(dissipative(0.0)) is None


def test_what_has_no_r_is_refused() -> None:
    with pytest.raises(InputError, match="q = 3"):
        kantorovich(random_update(2, 3))
    with pytest.raises(InputError, match="start = 0 has no R"):
        carleman_r(PAIR, np.zeros(2))
