"""What all encodings share: which primes they take, and what they refuse of digits and bits."""

import numpy as np
import pytest

from problems.errors import InputError
from quantum.ridgelet import ENCODINGS, encodings_of, measured_transform, ridgelet_transform

PRIMES = {"binary": 5, "rader": 5, "crt": 7}
NAMES = sorted(PRIMES)


def test_every_encoding_is_tested_here():
    assert set(ENCODINGS) == set(PRIMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_whole_number_stored_as_a_float_is_a_prime(name):
    assert ENCODINGS[name](float(PRIMES[name])).digit_qubits == ENCODINGS[name](PRIMES[name]).digit_qubits


@pytest.mark.parametrize("prime", [4, 1, 0, -3, 2.5, "5", None, True])
@pytest.mark.parametrize("name", NAMES)
def test_what_is_no_prime_is_refused(name, prime):
    with pytest.raises(InputError):
        ENCODINGS[name](prime)


@pytest.mark.parametrize(
    ("prime", "names"),
    [
        (2, ["binary"]),
        (3, ["binary", "rader"]),
        (7, ["binary", "crt"]),
        (41, ["crt"]),
        (257, ["rader"]),
        (37, []),
        (4, []),
    ],
)
def test_the_encodings_of_a_prime(prime, names):
    assert encodings_of(prime) == names


@pytest.mark.parametrize("name", NAMES)
def test_bits_that_are_no_rows_of_digits_are_refused(name):
    encoding = ENCODINGS[name](PRIMES[name])
    width = encoding.digit_qubits
    for shape in [(3, width + 1), (width,), (0, width), (3, 0), (2, 2, width)]:
        with pytest.raises(InputError, match="no rows of whole digits"):
            encoding.decode(np.zeros(shape, dtype=bool))
    with pytest.raises(InputError, match="no rows of whole digits"):
        encoding.decode(np.full((2, width), 2))


@pytest.mark.parametrize("name", NAMES)
def test_bits_may_be_whole_numbers(name):
    encoding = ENCODINGS[name](PRIMES[name])
    bits = encoding.encode(np.arange(PRIMES[name])[:, None])
    np.testing.assert_array_equal(encoding.decode(bits.astype(int))[0], np.arange(PRIMES[name])[:, None])


@pytest.mark.parametrize("name", ["crt", "rader"])
def test_digits_out_of_range_are_not_completed(name):
    with pytest.raises(InputError, match="digits"):
        ENCODINGS[name](PRIMES[name]).complete(np.array([[PRIMES[name]]]))


@pytest.mark.parametrize("value", ["no", 1, None, "True"])
def test_choices_are_true_or_false(value):
    with pytest.raises(InputError, match=r"exact = .* is neither True nor False"):
        ridgelet_transform(3, 2, encoding="rader", exact=value)
    with pytest.raises(InputError, match=r"dynamic = .* is neither True nor False"):
        measured_transform(3, 2, encoding="rader", dynamic=value)
