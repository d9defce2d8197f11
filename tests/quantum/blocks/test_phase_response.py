"""The closed form of HHL on a walk: windows, filters, and the walks that an accuracy takes."""

import doctest

import numpy as np
import pytest

from problems.errors import InputError
from quantum.blocks import phase_response
from quantum.blocks.phase_response import PhaseResponse


@pytest.mark.parametrize("window", ["sine", "uniform"])
def test_the_response_is_the_sum_written_out(window):
    response = PhaseResponse(4, 3.0, window)
    cosines = np.array([1.0, 0.8, 0.4, -0.35, -1.0])
    for cosine, amplitude, flagged in zip(
        cosines, response.amplitudes(cosines), response.flagged(cosines), strict=True
    ):
        theta, expected, expected_flagged = np.arccos(cosine), 0.0, 0.0
        for y in range(16):
            start = [1 / 4 if window == "uniform" else np.sin(np.pi * (x + 0.5) / 16) / np.sqrt(8) for x in range(16)]
            estimate = sum(a * np.exp(1j * x * (theta - 2 * np.pi * y / 16)) for x, a in enumerate(start)) / 4
            inverse = 1 / (3 * np.cos(2 * np.pi * y / 16)) if y not in (4, 12) else 0.0
            expected += abs(estimate) ** 2 * np.clip(inverse, -1, 1)
            expected_flagged += abs(estimate) ** 2 * np.clip(inverse, -1, 1) ** 2
        assert amplitude == pytest.approx(expected, abs=1e-13)
        assert flagged == pytest.approx(expected_flagged, abs=1e-13)


@pytest.mark.parametrize("window", ["sine", "uniform"])
def test_probabilities_sum_to_one_and_the_response_is_odd(window):
    response = PhaseResponse(6, 5.0, window)
    cosines = np.linspace(-1, 1, 41)
    np.testing.assert_allclose(response.probabilities(cosines).sum(axis=1), 1, rtol=0, atol=1e-12)
    np.testing.assert_allclose(response.amplitudes(cosines), -response.amplitudes(-cosines), rtol=0, atol=1e-13)
    assert np.linalg.norm(response.start) == pytest.approx(1, abs=1e-13)
    np.testing.assert_array_equal(response.filter, np.roll(response.filter[::-1], 1))


def test_an_exact_phase_is_inverted_exactly_by_the_uniform_window():
    """There cos theta is that of an estimate, and every other estimate has probability 0."""
    response = PhaseResponse(5, 2.0, "uniform")
    for y in (0, 2, 5, 11, 14):
        cosine = np.cos(2 * np.pi * y / 32)
        assert response.amplitudes([cosine])[0] == pytest.approx(1 / (2 * cosine), abs=1e-12)


def test_one_more_bit_divides_the_error_by_four_with_the_sine_window():
    cosines = np.linspace(0.3, 0.97, 23)
    errors = []
    for bits in (8, 9, 10, 11):
        errors.append(np.abs(PhaseResponse(bits, 8.0).amplitudes(cosines) * 8 * cosines - 1).max())
    np.testing.assert_allclose(np.array(errors[:-1]) / errors[1:], 4, rtol=0.1)


def test_nine_bits_take_1022_walks():
    assert [PhaseResponse(bits, 2.0).walks for bits in (2, 8, 9)] == [6, 510, 1022]


@pytest.mark.parametrize(
    ("refused", "message"),
    [
        (lambda: PhaseResponse(1, 2.0), "bits = 1 is too small"),
        (lambda: PhaseResponse(25, 2.0), "bits = 25 is out of reach"),
        (lambda: PhaseResponse(4, 0.5), "kappa = 0.5 is no condition number"),
        (lambda: PhaseResponse(4, np.nan), "kappa = nan is no condition number"),
        (lambda: PhaseResponse(4, 2.0, "kaiser"), "There is no window 'kaiser'"),
        (lambda: PhaseResponse(4, 2.0).amplitudes([1.5]), r"real numbers in \[-1, 1\]"),
        (lambda: PhaseResponse(4, 2.0).amplitudes([np.nan]), r"real numbers in \[-1, 1\]"),
    ],
)
def test_what_makes_no_sense_is_refused(refused, message):
    with pytest.raises(InputError, match=message):
        refused()


def test_examples():
    assert doctest.testmod(phase_response).failed == 0
