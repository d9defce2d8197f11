"""The polynomial of a kernel reflection: its degree, its values at zero and away from it, and what is refused."""

import numpy as np
import pytest

from problems.errors import InputError
from quantum.blocks import reflection_polynomial, signal_response, symmetric_phases


def by_definition(x, kappa, half):
    """2 T_l(u)/T_l(u0) - 1, by the three-term recursion."""
    u, u0 = (1 + kappa**-2 - 2 * x**2) / (1 - kappa**-2), (1 + kappa**-2) / (1 - kappa**-2)
    before, now, before0, now0 = np.ones_like(u), u, 1.0, u0
    for _ in range(half - 1):
        before, now, before0, now0 = now, 2 * u * now - before, now0, 2 * u0 * now0 - before0
    return 2 * now / now0 - 1


@pytest.mark.parametrize(("kappa", "epsilon"), [(1.5, 0.3), (2.0, 0.01), (11.1359, 0.01), (40.0, 1e-3), (3.0, 1e-9)])
def test_it_is_one_at_zero_and_minus_one_beyond(kappa, epsilon):
    found = reflection_polynomial(kappa, epsilon)
    half = int(np.ceil(np.arccosh(2 / epsilon) / np.arccosh((kappa**2 + 1) / (kappa**2 - 1))))
    assert found.degree == 2 * half
    assert not found.coefficients[1::2].any()
    inside, beyond = np.linspace(0, 1 / kappa, 301), np.linspace(1 / kappa, 1, 2001)
    for x in (inside, beyond):
        np.testing.assert_allclose(found(x), by_definition(x, kappa, half), rtol=0, atol=1e-11)
    assert found(0) == pytest.approx(1, abs=1e-12)
    assert np.max(np.abs(found(beyond) + 1)) <= epsilon * (1 + 1e-9)
    assert found(np.linspace(0, 1, 4001)).min() == pytest.approx(found.minimum, abs=1e-4 * epsilon)
    assert found(beyond).min() >= found.minimum - 1e-12
    assert found.maximum > 1


def test_the_degree_of_the_example_of_two_weights_is_68():
    assert reflection_polynomial(11.1359, 0.01).degree == 68


@pytest.mark.parametrize(("kappa", "epsilon", "degree"), [(11.1359, 0.01, 68), (100.0, 0.01, 600), (2.0, 1e-12, 54)])
def test_its_phases_are_met_to_a_tenth_of_a_billionth(kappa, epsilon, degree):
    found = reflection_polynomial(kappa, epsilon)
    assert found.degree == degree
    scaled = 0.999 / found.maximum
    x = np.linspace(-1, 1, 401)
    response = signal_response(symmetric_phases(scaled * found.coefficients), x).imag
    np.testing.assert_allclose(response, scaled * found(x), rtol=0, atol=1e-10)


def test_a_condition_number_of_one_takes_degree_two():
    found = reflection_polynomial(1, 0.01)
    np.testing.assert_allclose(found([0, 0.5, 1]), [1, 0.5, -1], atol=1e-15)
    near = reflection_polynomial(1 + 1e-9, 0.5)
    np.testing.assert_allclose(near([0, 0.5, 1]), [1, 0.5, -1], atol=1e-6)


@pytest.mark.parametrize(
    ("kappa", "epsilon", "message"),
    [
        (0.9, 0.1, "kappa = 0.9 is below 1"),
        (np.nan, 0.1, "kappa = nan"),
        (2, 0.0, "epsilon = 0.0 is out of range"),
        (2, 1.0, "epsilon = 1.0 is out of range"),
        (1e9, 0.1, "above 10000000; precondition"),
    ],
)
def test_bad_requests_are_refused(kappa, epsilon, message):
    with pytest.raises(InputError, match=message):
        reflection_polynomial(kappa, epsilon)
