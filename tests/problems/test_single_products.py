"""Products in single precision: the flags that OpenBLAS leaves of numbers on its stack warn nobody, others do."""

import warnings

import numpy as np
import pytest

from problems.finite_field import scalar_products
from problems.single_products import single_product

SIGNALING = np.full((32, 32), 0x7F8000017F800001, dtype=np.uint64).view(np.float64)
"""Large doubles, either half of which is a signaling NaN of single precision."""


def leave_signaling_numbers_on_the_stack():
    """OpenBLAS copies a vector of strides to its stack before it multiplies a matrix by it."""
    with np.errstate(all="ignore"):
        return SIGNALING @ SIGNALING.ravel()[:64:2]


class Stray(np.ndarray):
    """An array whose product is right, and beside which something invalid and too large is computed."""

    def __matmul__(self, other):
        np.subtract(np.float32(np.inf), np.float32(np.inf))
        np.multiply(np.float32(3e38), np.float32(10))
        return np.asarray(self) @ other


def test_a_flag_that_is_not_of_the_products_own_numbers_warns_nobody():
    rng = np.random.default_rng(0)
    left, right = (rng.standard_normal(shape, dtype=np.float32) for shape in ((7, 3), (3, 2)))
    with pytest.warns(RuntimeWarning, match="invalid value|overflow"):
        left.view(Stray) @ right
    np.testing.assert_array_equal(single_product(left.view(Stray), right), left @ right)


def test_rows_of_five_numbers_times_a_vector_warn_nobody():
    """OpenBLAS 0.3.31 with AVX-512: these products warn if they are NumPy's own; elsewhere none does."""
    rng = np.random.default_rng(0)
    for rows in (2, 3, 6, 7, 14, 15) * 10:
        left, right = (rng.integers(0, 3, shape) for shape in ((rows, 5), (1, 5)))
        singles, expected = (left.astype(np.float32), right.T.astype(np.float32)), left @ right.T
        leave_signaling_numbers_on_the_stack()
        np.testing.assert_array_equal(single_product(*singles), expected)
        leave_signaling_numbers_on_the_stack()
        np.testing.assert_array_equal(scalar_products(left, right, 3), expected % 3)


@pytest.mark.parametrize(("number", "other", "message"), [(3e38, 3e38, "overflow"), (np.inf, -np.inf, "invalid value")])
def test_what_is_not_finite_warns_as_numpy_does_and_as_it_is_set_to(number, other, message):
    left, right = np.array([[number, other]], dtype=np.float32), np.ones((2, 1), dtype=np.float32)
    with pytest.warns(RuntimeWarning, match=message):
        found = single_product(left, right)
    assert not np.isfinite(found).any()
    with np.errstate(all="raise"), pytest.raises(FloatingPointError, match=message):
        single_product(left, right)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error")
        single_product(left, right)
