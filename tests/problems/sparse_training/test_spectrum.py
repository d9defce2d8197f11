"""Spectra by deflated Lanczos quadrature, and the error proxy made of them."""

import numpy as np
import pytest

from problems.errors import InputError, OutOfReach
from problems.sparse_training import Perceptron, descend, error_proxy, magnitude_mask, spectrum


@pytest.fixture(scope="module")
def pruned() -> tuple[np.ndarray, np.ndarray]:
    """The Hessian of 241 of 2,410 weights of a trained perceptron, and its eigenvalues."""
    network = Perceptron.from_dataset("digits-classes")
    trained = descend(network, network.initial(0), 300, 0.5)[-1]
    mask = magnitude_mask(trained, 241)
    hessian = network.hessian(trained * mask, mask)
    return hessian, np.linalg.eigvalsh(hessian)


@pytest.mark.parametrize(("eta", "cut"), [(None, 0.4), (0.1, 0.02)])
@pytest.mark.parametrize("steps", [1, 10, 100])
def test_the_proxy_is_that_of_the_exact_spectrum(pruned: tuple, eta: float | None, cut: float, steps: int) -> None:
    hessian, exact = pruned
    found = spectrum(hessian.__matmul__, 241, seed=1)
    wanted = error_proxy(exact, np.ones(241), steps, eta, cut)
    assert error_proxy(found.eigenvalues, found.weights, steps, eta, cut) == pytest.approx(wanted, rel=0.05)
    assert found.weights.sum() == pytest.approx(241, rel=1e-12)


def test_without_deflation_the_proxy_is_missed(pruned: tuple) -> None:
    hessian, exact = pruned
    plain = spectrum(hessian.__matmul__, 241, outliers=0, vectors=1, seed=1)
    wanted = error_proxy(exact, np.ones(241), 100)
    assert abs(error_proxy(plain.eigenvalues, plain.weights, 100) / wanted - 1) > 0.3


def test_moments_are_those_of_the_matrix(pruned: tuple) -> None:
    hessian, exact = pruned
    some = [spectrum(hessian.__matmul__, 241, outliers=20, steps=40, seed=seed) for seed in range(4)]
    means = [one.weights @ one.eigenvalues for one in some]
    assert np.mean(means) == pytest.approx(exact.sum(), abs=4 * np.std(means) / 2 + 1e-9)


def test_small_matrices_are_diagonalized() -> None:
    matrix = np.diag(np.arange(10.0))
    found = spectrum(matrix.__matmul__, 10)
    np.testing.assert_allclose(found.eigenvalues, np.arange(10))
    np.testing.assert_array_equal(found.weights, 1)


def test_the_proxy_by_hand() -> None:
    values, weights = [-1.0, 0.1, 2.5], [3.0, 100.0, 1.0]
    # a = 1 and -2.5: growth by 2 and by 1.5 a step, weighted 3 to 1.
    assert error_proxy(values, weights, 4) == pytest.approx((3 * 2**4 + 1.5**4) / 4)
    np.testing.assert_allclose(error_proxy(values, weights, np.array([0, 1])), [1, (3 * 2 + 1.5) / 4])
    # a = .1, -.01 and -.25.
    assert error_proxy(values, weights, 2, eta=0.1, cut=0.02) == pytest.approx((3 * 1.1**2 + 0.75**2) / 4)


def test_what_has_no_proxy_is_refused() -> None:
    with pytest.raises(InputError, match=r"not defined: no \|a\| reaches the cut 0.4, the largest is 0.1"):
        error_proxy([0.1], [1.0], 3)
    with pytest.raises(InputError, match="have shapes"):
        error_proxy([0.1], [1.0, 2.0], 3)
    with pytest.raises(InputError, match="not finite"):
        error_proxy([np.nan], [1.0], 3)
    with pytest.raises(InputError, match="steps = 0 is too small"):
        spectrum(np.eye(3).__matmul__, 3, steps=0)


def test_a_spectrum_of_too_many_weights_is_refused_beforehand() -> None:
    def never(vector: np.ndarray) -> np.ndarray:
        raise AssertionError

    with pytest.raises(OutOfReach, match="A spectrum of 10,000,000,000 weights with 60 outliers needs"):
        spectrum(never, 10**10)
