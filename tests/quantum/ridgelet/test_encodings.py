"""The common rules of all encodings: which primes they take, what they refuse, and which bits they measure."""

import numpy as np
import pytest
from qiskit.quantum_info import Statevector

from problems.errors import InputError
from quantum.ridgelet import ENCODINGS, encodings_of, measured_transform, ridgelet_transform
from tests import reference

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


MEASURED = [
    ("binary", 2),
    ("binary", 5),
    ("rader", 3),
    ("rader", 5),
    ("rader", 17),
    ("crt", 7),
    ("crt", 13),
    ("crt", 31),
]


@pytest.mark.parametrize(("name", "prime"), MEASURED)
def test_measured_bits_decode_to_their_digits(name, prime):
    encoding, rng = ENCODINGS[name](prime), np.random.default_rng(prime)
    digits = rng.integers(0, prime, (500, 4))
    digits[0], digits[1] = 0, prime - 1
    bits = encoding.encode_measured(digits, rng)
    assert bits.dtype == bool
    assert bits.shape == (500, 4 * encoding.digit_qubits)
    decoded, valid = encoding.decode(bits)
    np.testing.assert_array_equal(decoded, digits)
    assert np.all(valid)


def probabilities_of(encoding, digit):
    """The distribution of the bits of a digit's state, made by gates."""
    start = int(encoding.encode([[digit]])[0] @ (1 << np.arange(encoding.digit_qubits)))
    state = Statevector.from_int(start, 2**encoding.digit_qubits).evolve(encoding.complete(np.array([[digit]])))
    return state.probabilities()


@pytest.mark.parametrize(("name", "prime"), MEASURED)
def test_measured_bits_are_distributed_as_in_the_states_of_their_digits(name, prime):
    """20,000 draws of each digit."""
    encoding, rng = ENCODINGS[name](prime), np.random.default_rng(prime)
    for digit in range(prime):
        bits = encoding.encode_measured(np.full((20_000, 1), digit), rng)
        numbers, expected = bits @ (1 << np.arange(encoding.digit_qubits)), probabilities_of(encoding, digit)
        if np.count_nonzero(expected > 1e-12) == 1:
            np.testing.assert_array_equal(numbers, np.argmax(expected))
        else:
            assert reference.chi_square_pvalue(numbers, expected) > 1e-4


@pytest.mark.parametrize(("name", "prime"), [("rader", 3), ("rader", 5), ("crt", 7)])
def test_measured_bits_of_two_zeros_are_independent(name, prime):
    """20,000 draws of both at once, in one row; and of rows that follow each other."""
    encoding, rng = ENCODINGS[name](prime), np.random.default_rng(prime)
    both = np.kron(probabilities_of(encoding, 0), probabilities_of(encoding, 0))
    bits = encoding.encode_measured(np.zeros((20_000, 2), dtype=int), rng)
    for pairs in (bits, bits[:, : encoding.digit_qubits].reshape(10_000, -1)):
        assert reference.chi_square_pvalue(pairs @ (1 << np.arange(2 * encoding.digit_qubits)), both) > 1e-4


@pytest.mark.parametrize("name", NAMES)
def test_measured_bits_are_those_of_the_generator(name):
    encoding, digits = ENCODINGS[name](PRIMES[name]), np.zeros((50, 2), dtype=int)
    one, same, other = (encoding.encode_measured(digits, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert np.array_equal(one, other) == (name == "binary")
    np.testing.assert_array_equal(digits, 0)


@pytest.mark.parametrize("name", NAMES)
def test_digits_out_of_range_have_no_measured_bits(name):
    with pytest.raises(InputError, match=r"digits\[0, 1\] = "):
        ENCODINGS[name](PRIMES[name]).encode_measured(np.array([[0, PRIMES[name]]]), np.random.default_rng(0))
