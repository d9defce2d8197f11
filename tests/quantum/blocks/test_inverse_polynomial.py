"""The polynomial close to 1/x: its definition, its degree, known values, and what is refused."""

from fractions import Fraction

import numpy as np
import pytest
from numpy.polynomial import chebyshev

from problems.errors import InputError
from quantum.blocks.chebyshev import largest_value
from quantum.blocks.inverse_polynomial import inverse_polynomial


def exact_value(x, kappa, terms):
    """(1 - T_d(u)/T_d(u_0))/x in exact fractions, by the three-term recurrence."""
    x, square = Fraction(x), Fraction(1, kappa**2)

    def residual(point):
        u = (1 + square - 2 * point**2) / (1 - square)
        before, value = Fraction(1), u
        for _ in range(terms - 1):
            before, value = value, 2 * u * value - before
        return value

    return float((1 - residual(x) / residual(Fraction(0))) / x)


@pytest.mark.parametrize(
    ("kappa", "epsilon", "degree"),
    [(2, 0.01, 9), (10, 0.01, 53), (40, 0.01, 211), (1, 0.5, 1), (6.4569942639, 0.01, 33), (1.1588742331, 0.01, 5)],
)
def test_degrees_are_those_that_are_known(kappa, epsilon, degree):
    polynomial = inverse_polynomial(kappa, epsilon)
    assert polynomial.degree == degree
    assert polynomial.coefficients.shape == (degree + 1,)
    assert not np.any(polynomial.coefficients[::2])


def test_known_coefficients_and_maximum():
    polynomial = inverse_polynomial(10, 0.01)
    np.testing.assert_allclose(polynomial.coefficients[[1, 3]], [1.936421683, -1.809612781], rtol=0, atol=5e-10)
    assert polynomial.maximum == pytest.approx(11.2391752, abs=5e-8)


@pytest.mark.parametrize("kappa", [2, 5, 16])
def test_the_coefficients_are_those_of_the_formula_in_exact_fractions(kappa):
    polynomial = inverse_polynomial(kappa, 1e-3)
    for x in (1e-6, 0.01, 1 / kappa, 0.3, 0.77, 1):
        expected = exact_value(x, kappa, (polynomial.degree + 1) // 2)
        assert polynomial(x) == pytest.approx(expected, abs=1e-13 * kappa)
        assert polynomial(-x) == -polynomial(x)


@pytest.mark.parametrize("epsilon", [0.5, 1e-2, 1e-6, 1e-12])
@pytest.mark.parametrize("kappa", [1, 1 + 1e-9, 1.16, 3, 40, 700])
def test_the_error_is_below_epsilon_and_the_degree_is_least(kappa, epsilon):
    polynomial = inverse_polynomial(kappa, epsilon)
    x = np.concatenate([[1 / kappa], np.linspace(1 / kappa, 1, 2001)])
    assert np.abs(x * polynomial(x) - 1).max() <= epsilon + 1e-13 * kappa
    if polynomial.degree > 1:
        u0 = (1 + kappa**-2) / (1 - kappa**-2)
        terms = (polynomial.degree + 1) // 2
        assert np.cosh((terms - 1) * np.arccosh(u0)) < 1 / epsilon <= np.cosh(terms * np.arccosh(u0)) * (1 + 1e-9)


@pytest.mark.parametrize("epsilon", [1e-2, 1e-6])
@pytest.mark.parametrize("kappa", [40, 100, 1000])
def test_the_degree_is_kappa_times_a_logarithm(kappa, epsilon):
    assert 0.99 < inverse_polynomial(kappa, epsilon).degree / (kappa * np.log(2 / epsilon)) < 1.02


def test_without_a_condition_the_polynomial_is_x():
    np.testing.assert_array_equal(inverse_polynomial(1, 0.1).coefficients, [0, 1])
    near = inverse_polynomial(1 + 1e-12, 0.1)
    np.testing.assert_allclose(near.coefficients, [0, 1], rtol=0, atol=1e-11)


@pytest.mark.parametrize("degree", [0, 1, 2, 9, 40, 201])
def test_the_largest_value_is_found(degree):
    series = np.random.default_rng(degree).normal(size=degree + 1)
    x = np.cos(np.linspace(0, np.pi, 200 * degree + 2))
    values = np.abs(chebyshev.chebval(x, series))
    assert values.max() - 1e-13 <= largest_value(series) <= values.max() * (1 + 1e-3 * (degree > 0))
    assert largest_value(np.eye(degree + 1)[degree]) == pytest.approx(1, abs=1e-13)


@pytest.mark.parametrize(
    ("refused", "message"),
    [
        (lambda: inverse_polynomial(0.5, 0.1), "kappa = 0.5 is below 1"),
        (lambda: inverse_polynomial(np.nan, 0.1), "kappa = nan"),
        (lambda: inverse_polynomial(np.inf, 0.1), "kappa = inf"),
        (lambda: inverse_polynomial(1e12, 0.1), "degree 2.99e.12, above 10000000"),
        (lambda: inverse_polynomial(2, 0), "epsilon = 0 is out of range"),
        (lambda: inverse_polynomial(2, 1), "epsilon = 1 is out of range"),
        (lambda: inverse_polynomial(2, 1e-17), "epsilon = 1e-17 is out of range"),
        (lambda: inverse_polynomial(2, np.nan), "epsilon = nan"),
        (lambda: largest_value([]), "give a list of real numbers"),
        (lambda: largest_value([1j]), "give a list of real numbers"),
        (lambda: largest_value([1, np.nan]), "coefficient 1 is nan"),
    ],
)
def test_what_makes_no_sense_is_refused(refused, message):
    with pytest.raises(InputError, match=message):
        refused()
