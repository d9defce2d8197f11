import itertools
import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from problems.activations import ACTIVATIONS, activation_table
from problems.errors import InputError
from tests.reference import ACTIVATIONS as REFERENCE_ACTIVATIONS
from tests.reference import ridgelet_table

PRIMES = [2, 3, 5, 7, 11, 13, 17, 257]


def test_the_reference_knows_every_activation():
    assert set(REFERENCE_ACTIVATIONS) == set(ACTIVATIONS)


@pytest.mark.parametrize(
    ("activation", "prime"), [case for case in itertools.product(ACTIVATIONS, PRIMES) if case != ("sine", 2)]
)
def test_named_activations_agree_with_their_words(activation, prime):
    np.testing.assert_allclose(
        activation_table(activation, prime), ridgelet_table(prime, activation), rtol=0, atol=1e-12
    )


@given(st.sampled_from(PRIMES), st.data())
def test_a_table_becomes_a_ridgelet_of_zero_mean_and_unit_norm(prime, data):
    table = data.draw(arrays(float, prime, elements=st.floats(allow_nan=False, allow_infinity=False)))
    largest = np.max(np.abs(table))
    assume(largest > 0)
    assume(np.std(table / largest) > 1e-6)
    ridgelet = activation_table(table, prime)
    assert ridgelet.shape == (prime,)
    assert abs(ridgelet.sum()) < 1e-9
    assert abs(np.linalg.norm(ridgelet) - 1) < 1e-12
    centered = table / largest - np.mean(table / largest)
    np.testing.assert_allclose(ridgelet * np.linalg.norm(centered), centered, rtol=0, atol=1e-12)


@pytest.mark.parametrize("factor", [1e-300, 1.0, 1e300])
@pytest.mark.parametrize("shift", [0, -3])
def test_scale_and_shift_of_a_table_do_not_matter(factor, shift):
    table = np.array([0.0, 1.0, 2.0, 5.0, 3.0])
    np.testing.assert_allclose(
        activation_table((table + shift) * factor, 5), activation_table(table, 5), rtol=0, atol=1e-12
    )


@pytest.mark.parametrize("value", [0.0, 1.0, 0.1, -7.3, 1e300, 1e-300])
@pytest.mark.parametrize("prime", [2, 5, 257])
def test_a_constant_table_is_refused(value, prime):
    message = f"The activation table is constant on Z_{prime}, and a constant has no ridgelet; choose another"
    with pytest.raises(InputError, match=re.escape(message)):
        activation_table(np.full(prime, value), prime)


def test_sine_is_constant_at_two_and_refused():
    message = "The activation 'sine' is constant on Z_2, .* choose another activation or a larger prime"
    with pytest.raises(InputError, match=message):
        activation_table("sine", 2)


@pytest.mark.parametrize(
    ("activation", "message"),
    [
        ("rellu", "There is no activation 'rellu'. Did you mean 'relu'? There are: gaussian, relu, sine, step"),
        ("Tanh", "There is no activation 'Tanh'. Did you mean 'tanh'?"),
        ("softmax?", "There is no activation 'softmax?'. There are: gaussian, relu"),
        ([0, 1], "The activation table has shape (2,), but one value for each residue is needed: (3,)"),
        ([[0, 1, 2]], "The activation table has shape (1, 3), but one value for each residue is needed: (3,)"),
        (None, "The activation table has shape (), but one value for each residue is needed: (3,)"),
        ([0, np.nan, 1], "The activation table holds NaN or infinite values; give finite numbers"),
        ([0, np.inf, 1], "The activation table holds NaN or infinite values; give finite numbers"),
        ([0, "a", 1], "activation = [0, 'a', 1] is neither a name nor a table of 3 real numbers"),
        ([0, [1], 1], "activation = [0, [1], 1] is neither a name nor a table of 3 real numbers"),
    ],
)
def test_a_bad_activation_is_refused(activation, message):
    with pytest.raises(InputError, match=re.escape(message)):
        activation_table(activation, 3)
