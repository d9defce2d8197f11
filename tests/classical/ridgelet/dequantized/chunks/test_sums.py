import numpy as np
import pytest

from classical.ridgelet.dequantized.chunks import kernels, reference
from classical.ridgelet.dequantized.chunks.part import level_dots
from classical.ridgelet.dequantized.chunks.sums import LOW_BITS, carried, roots, to_complex, whole_amplitudes

PRIMES = [2, 3, 17, 257, 1021]


def literal(sums):
    """The whole numbers that high and low parts stand for."""
    return [int(high) * 2**LOW_BITS + int(low) for high, low in sums.reshape(-1, 2)]


@pytest.mark.parametrize("count", [1, 5, 1000])
def test_amplitudes_are_whole_multiples_of_a_power_of_two_that_add_up_to_52_bits(count):
    h = np.random.default_rng(count).normal(size=(count, 2)) * 10.0 ** np.random.default_rng(0).uniform(
        -9, 0, (count, 2)
    )
    whole = whole_amplitudes(h)
    total = int(np.sum(np.abs(whole)))
    assert 2**51 - count <= total <= 2**52 + count
    step = np.max(np.abs(h)) / np.max(np.abs(whole))
    assert np.log2(step) == pytest.approx(np.ceil(np.log2(np.sum(np.abs(h)))) - 52, abs=1e-9)
    np.testing.assert_allclose(whole * step, h, rtol=1e-12, atol=step)


@pytest.mark.parametrize("prime", PRIMES)
def test_roots_are_those_of_unity_to_31_places(prime):
    real, imaginary = roots(prime, 2)
    w = np.exp(2j * np.pi * np.arange(2 * prime) / prime)
    np.testing.assert_allclose(real / 2**31 + 1j * imaginary / 2**31, w, rtol=0, atol=2.0**-31)


def test_equal_sums_are_equal_numbers_and_the_right_complex_ones():
    rng = np.random.default_rng(0)
    sums = rng.integers(-(2**40), 2**40, (50, 2, 2))
    other = sums + np.array([-3, 3 << LOW_BITS])
    np.testing.assert_array_equal(carried(sums), carried(other))
    assert literal(carried(sums)) == literal(sums)
    assert np.all(carried(sums)[..., 1] >= 0)
    values = np.array(literal(sums), dtype=float).reshape(50, 2)
    np.testing.assert_allclose(to_complex(carried(sums)), values[:, 0] + 1j * values[:, 1], rtol=1e-15)


@pytest.mark.parametrize("prime", PRIMES)
def test_spectra_are_sums_in_whole_numbers(prime):
    rng, size = np.random.default_rng(prime), 3
    h = whole_amplitudes(rng.normal(size=60))
    outcome, phase = rng.integers(0, size, 60), rng.integers(0, prime, 60)
    expected = []
    for y in range(size):
        for root in roots(prime):
            expected.append(sum(int(h[m]) * int(root[phase[m]]) for m in range(60) if outcome[m] == y))
    found = reference.spectrum(outcome, phase, h, size, prime)
    assert literal(found) == expected
    assert found[..., 1].min() >= 0


@pytest.mark.parametrize("prime", PRIMES)
def test_one_point_of_all_the_weight_does_not_overflow(prime):
    """The largest sums that there can be: all of 2^52 at one phase, and all lower bits at every phase."""
    for h in ([2**52], [-(2**52)], [2**LOW_BITS - 1] * prime):
        phase = np.arange(len(h))
        table = np.bincount(phase, np.array(h, dtype=float), prime).reshape(1, -1)
        found = np.empty((1, 1, 2, 2), dtype=np.int64)
        kernels.add_spectra(table, prime, *roots(prime), found)
        expected = [sum(value * int(root[t]) for t, value in enumerate(h)) for root in roots(prime)]
        assert literal(found) == expected
        np.testing.assert_array_equal(found[0], reference.spectrum(0 * phase, phase, np.array(h), 1, prime))


@pytest.mark.parametrize(("prime", "functionals"), [(2, 4), (2, 1), (3, 2), (5, 1), (257, 1)])
def test_dots_are_scalar_products_of_outcomes(prime, functionals):
    dots = level_dots(prime, functionals)
    for k in range(min(len(dots), 20)):
        for y in range(min(len(dots), 20)):
            digits = [(k // prime**f % prime) * (y // prime**f % prime) for f in range(functionals)]
            assert dots[k, y] == sum(digits) % prime
