"""Phases for a polynomial: against the product of matrices, against another solver's values, at a large degree."""

import time

import numpy as np
import pytest
from numpy.polynomial import chebyshev

from problems.errors import InputError
from quantum.blocks.chebyshev import largest_value
from quantum.blocks.inverse_polynomial import inverse_polynomial
from quantum.blocks.symmetric_phases import signal_response, symmetric_phases

POINTS = np.cos(np.linspace(0, np.pi, 101))

# pyqsp 0.2, QuantumSignalProcessingPhases(..., method="sym_qsp", chebyshev_basis=True).
OTHER_SOLVER = [
    (
        [0, 0.3, 0, -0.2, 0, 0.4],
        [0.214819361358617, -0.11663291753661059, 0.163612943977143],
        [0.163612943977143, -0.11663291753661059, 0.214819361358617],
    ),
    (
        [0.2, 0, -0.5, 0, 0.1],
        [0.05607040698292984, -0.2821632846979858, 0.25082783463978103],
        [-0.2821632846979858, 0.05607040698292984],
    ),
    (
        [0, 0.7512142252328536, 0, -0.4750414902624898],
        [-0.31456234408914935, 0.45446718381925316],
        [0.45446718381925316, -0.31456234408914935],
    ),
]


def random_series(degree, height):
    series = np.zeros(degree + 1)
    series[degree % 2 :: 2] = np.random.default_rng(degree).normal(size=degree // 2 + 1)
    return series * height / largest_value(series)


def worst(series):
    phases = symmetric_phases(series)
    assert phases.shape == (len(series),)
    np.testing.assert_array_equal(phases, phases[::-1])
    return np.abs(signal_response(phases, POINTS).imag - chebyshev.chebval(POINTS, series)).max()


def test_the_response_is_the_product_of_matrices_as_they_are_written():
    phases, x = np.random.default_rng(0).normal(size=6), 0.3
    signal = np.array([[x, 1j * np.sqrt(1 - x**2)], [1j * np.sqrt(1 - x**2), x]])
    product = np.diag(np.exp([1j * phases[0], -1j * phases[0]]))
    for phase in phases[1:]:
        product = product @ signal @ np.diag(np.exp([1j * phase, -1j * phase]))
    assert signal_response(phases, x) == pytest.approx(product[0, 0], abs=1e-15)


@pytest.mark.parametrize("degree", [0, 1, 2, 3, 4, 5, 18, 61])
@pytest.mark.parametrize("height", [0.05, 0.9, 0.9999])
def test_the_imaginary_part_is_the_polynomial(degree, height):
    assert worst(random_series(degree, height)) < 1e-13


@pytest.mark.parametrize(("coefficients", "front", "back"), OTHER_SOLVER)
def test_another_solver_finds_the_same_phases(coefficients, front, back):
    np.testing.assert_allclose(symmetric_phases(coefficients), [*front, *back], rtol=0, atol=1e-14)


@pytest.mark.parametrize("kappa", [2, 12, 40])
def test_the_inverse_is_reached_up_to_its_whole_height(kappa):
    polynomial = inverse_polynomial(kappa, 1e-4)
    assert worst(0.999 * polynomial.coefficients / polynomial.maximum) < 1e-13


def test_a_degree_of_a_thousand_takes_seconds():
    began = time.process_time()
    for series in (random_series(1000, 0.9), random_series(1001, 0.9)):
        assert worst(series) < 1e-12
    assert time.process_time() - began < 5


def test_a_chebyshev_polynomial_itself_is_reached():
    for degree in (1, 2, 7):
        assert worst(-np.eye(degree + 1)[degree]) < 1e-11


def test_zeros_at_the_end_are_dropped_and_nothing_is_the_empty_circuit():
    assert symmetric_phases([0, 0.5, 0, 0]).shape == (2,)
    np.testing.assert_array_equal(symmetric_phases([0, 0, 0]), [0])
    np.testing.assert_allclose(symmetric_phases([0.5]), [np.arcsin(0.5)], rtol=0, atol=1e-15)


@pytest.mark.parametrize(
    ("coefficients", "message"),
    [
        ([0.1, 0.2], "even and odd terms .c_0 and c_1"),
        ([0, 1.001], "is above 1, out of reach"),
        ([0, 0.6, 0, 0.6], r"= 1.2 on \[-1, 1\]"),
        ([0, np.nan], "coefficient 1 is nan"),
        ([0, np.inf], "coefficient 1 is inf"),
        ([0, 1j], "give a list of real numbers"),
        ([[0, 1]], "give a list of real numbers"),
        ([], "give a list of real numbers"),
        (["x"], "give a list of real numbers"),
    ],
)
def test_what_makes_no_sense_is_refused(coefficients, message):
    with pytest.raises(InputError, match=message):
        symmetric_phases(coefficients)
