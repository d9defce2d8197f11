import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from problems.errors import InputError
from problems.finite_field import (
    check_prime,
    check_residues,
    discrete_log_table,
    exponential_table,
    generator_of,
    inverse,
    is_prime,
    residues,
    row_blocks,
    scalar_products,
)

LIMIT = 20_000
SIEVE = np.ones(LIMIT, dtype=bool)
SIEVE[:2] = False
for divisor in range(2, math.isqrt(LIMIT) + 1):
    SIEVE[divisor * divisor :: divisor] = False
PRIMES = np.flatnonzero(SIEVE).tolist()
LARGE_PRIMES = [65537, 67108859, 2**31 - 1]

SINGLE, DOUBLE, INTEGER = "float32", "float64", "int64"


def branch(prime, dimension):
    largest = dimension * (prime // 2) ** 2
    return SINGLE if largest < 2**24 else DOUBLE if largest < 2**53 else INTEGER


def literal_products(rows, columns, prime):
    return [
        [sum(int(a) * int(z) for a, z in zip(row, column, strict=True)) % prime for column in columns] for row in rows
    ]


@st.composite
def vectors(draw, primes, dimensions):
    prime, dimension = draw(st.sampled_from(primes)), draw(dimensions)
    edges = st.sampled_from([0, 1, prime // 2, min(prime // 2 + 1, prime - 1), prime - 1])
    vector = st.lists(edges | st.integers(0, prime - 1), min_size=dimension, max_size=dimension)
    rows, columns = (draw(st.lists(vector, min_size=1, max_size=3)) for _ in range(2))
    return prime, np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64)


def test_is_prime_agrees_with_a_sieve():
    assert [is_prime(n) for n in range(LIMIT)] == SIEVE.tolist()


@pytest.mark.parametrize("prime", LARGE_PRIMES)
def test_large_primes_are_prime_and_their_products_are_not(prime):
    assert is_prime(prime)
    assert not is_prime(46337 * 46337)
    assert not is_prime(2 * prime)


@given(st.integers(4, LIMIT // 2).filter(lambda n: not SIEVE[n]))
def test_a_composite_number_is_refused_with_the_nearest_primes(number):
    below = max(p for p in PRIMES if p < number)
    above = min(p for p in PRIMES if p > number)
    message = f"prime = {number} is not prime; the nearest primes are {below} and {above}"
    with pytest.raises(InputError, match=re.escape(message)):
        check_prime(number)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (0, "prime = 0 is too small; give at least 2"),
        (1, "prime = 1 is too small; give at least 2"),
        (-3, "prime = -3 is too small; give at least 2"),
        (4, "prime = 4 is not prime; the nearest primes are 3 and 5"),
        (2.5, "prime = 2.5 is no whole number; give one of at least 2"),
        (math.nan, "prime = nan is no whole number; give"),
        (math.inf, "prime = inf is no whole number; give"),
        ("7", "prime = '7' is no whole number; give"),
        (True, "prime = True is no whole number; give"),
        (None, "prime = None is no whole number; give"),
        ([7], "prime = [7] is no whole number; give"),
        (2**31 + 11, "prime = 2147483659 is above 2^31 - 1, where products leave 64-bit integers; give less"),
    ],
)
def test_what_is_no_prime_is_refused(value, message):
    with pytest.raises(InputError, match=re.escape(message)):
        check_prime(value)


@pytest.mark.parametrize("value", [7, 7.0, np.int8(7), np.uint64(7)])
def test_a_prime_is_taken_from_any_kind_of_whole_number(value):
    prime = check_prime(value)
    assert prime == 7
    assert type(prime) is int


@given(st.sampled_from(PRIMES[:100] + LARGE_PRIMES), st.integers(1, 2**62))
def test_inverse_times_value_is_one(prime, value):
    value = value if value % prime else value + 1
    assert int(inverse(value, prime)) * value % prime == 1


@pytest.mark.parametrize("prime", [2, 3, 5, 17, 257])
def test_inverse_of_an_array_keeps_its_shape(prime):
    values = np.arange(1, prime).reshape(1, -1)
    inverses = inverse(values, prime)
    assert inverses.shape == values.shape
    assert np.all(inverses * values % prime == 1)


@pytest.mark.parametrize("value", [0, 5, [1, 10]])
def test_zero_has_no_inverse(value):
    with pytest.raises(InputError, match="0 has no inverse modulo 5; leave zero out"):
        inverse(value, 5)


@pytest.mark.parametrize("prime", [p for p in PRIMES if p < 120])
def test_the_generator_is_the_smallest_one(prime):
    orders = {g: len({pow(g, k, prime) for k in range(prime - 1)}) for g in range(1, prime)}
    assert generator_of(prime) == min(g for g, order in orders.items() if order == prime - 1)


@pytest.mark.parametrize("prime", [2, 3, 5, 7, 17, 241, 257, 7919])
def test_exponential_and_discrete_logarithm_undo_each_other(prime):
    powers, logs = exponential_table(prime), discrete_log_table(prime)
    g = generator_of(prime)
    assert powers.tolist() == [pow(g, k, prime) for k in range(prime - 1)]
    assert sorted(powers) == list(range(1, prime))
    assert logs[0] == -1
    assert logs[powers].tolist() == list(range(prime - 1))
    assert powers[logs[1:]].tolist() == list(range(1, prime))


@given(vectors([2, 3, 5, 17, 257], st.integers(1, 12)))
def test_scalar_products_in_single_precision_are_exact(case):
    prime, rows, columns = case
    assert branch(prime, rows.shape[1]) == SINGLE
    assert scalar_products(rows, columns, prime).tolist() == literal_products(rows, columns, prime)


@given(vectors([16381, 65537, 67108859], st.integers(1, 8)))
def test_scalar_products_in_double_precision_are_exact(case):
    prime, rows, columns = case
    assert branch(prime, rows.shape[1]) == DOUBLE
    assert scalar_products(rows, columns, prime).tolist() == literal_products(rows, columns, prime)


@given(vectors([67108859, 2**31 - 1], st.integers(9, 12)))
def test_scalar_products_in_integers_are_exact(case):
    prime, rows, columns = case
    assert branch(prime, rows.shape[1]) == INTEGER
    assert scalar_products(rows, columns, prime).tolist() == literal_products(rows, columns, prime)


@pytest.mark.parametrize(
    ("prime", "dimension", "expected"),
    [
        (257, 1023, SINGLE),
        (257, 1024, DOUBLE),
        (67108859, 8, DOUBLE),
        (67108859, 9, INTEGER),
        (2**31 - 1, 5000, INTEGER),
    ],
)
def test_scalar_products_are_exact_at_the_edges_of_each_precision(prime, dimension, expected):
    assert branch(prime, dimension) == expected
    half = prime // 2
    rows = np.array([[half] * dimension, [half + 1] * dimension, [half] * (dimension - 1) + [1]])
    assert scalar_products(rows, rows, prime).tolist() == literal_products(rows, rows, prime)


@given(vectors([2, 3, 5, 17, 257, 65537, 67108859, 2**31 - 1], st.integers(1, 40)))
def test_sparse_scalar_products_are_exact_on_either_side(case):
    prime, rows, columns = case
    expected = literal_products(rows, columns, prime)
    compact = [csr_array(z.astype(np.min_scalar_type(prime - 1))) for z in (rows, columns)]
    for products in (scalar_products(compact[0], columns, prime), scalar_products(rows, compact[1], prime)):
        assert products.dtype == np.int64
        assert products.tolist() == expected


@pytest.mark.parametrize("prime", [2, 257, 67108859, 2**31 - 1])
@pytest.mark.parametrize("dimension", [7, 8, 9, 1023, 1024, 5000])
def test_sparse_scalar_products_are_exact_where_the_sums_are_largest(prime, dimension):
    values = [prime // 2, prime // 2 + 1, prime - 1, 2**30 % prime]
    rows = np.array([[value % prime] * dimension for value in values])
    expected = literal_products(rows, rows, prime)
    assert scalar_products(csr_array(rows), rows, prime).tolist() == expected
    assert scalar_products(rows, csr_array(rows), prime).tolist() == expected


def test_sparse_rows_without_entries_have_products_zero():
    assert scalar_products(csr_array((2, 3), dtype=np.uint8), np.ones((1, 3), int), 5).tolist() == [[0], [0]]


@given(vectors([2, 17, 251, 257, 65521, 67108859, 2**31 - 1], st.integers(1, 12)))
def test_scalar_products_of_compact_residues_are_exact(case):
    prime, rows, columns = case
    for dtypes in ([np.min_scalar_type(prime - 1)] * 2, [np.uint64, np.int64], [">u8", ">u4"], [float, float]):
        given_as = [z.astype(dtype) for z, dtype in zip((rows, columns), dtypes, strict=True)]
        before = [z.copy() for z in given_as]
        assert scalar_products(*given_as, prime).tolist() == literal_products(rows, columns, prime)
        for old, new in zip(before, given_as, strict=True):
            np.testing.assert_array_equal(old, new)


def test_checked_residues_are_not_copied():
    values = np.arange(5, dtype=np.uint8)
    assert check_residues("x", values, 5, 1) is values
    assert not np.shares_memory(residues("x", np.arange(5), 5, 1), values)


@pytest.mark.parametrize("row", [0, 2**21 - 1, 2**21, 2**21 + 5])
def test_a_bad_residue_is_named_in_any_block(row):
    values = np.zeros(2**21 + 9, dtype=np.int8)
    values[row] = values[-1] = -3
    with pytest.raises(InputError, match=re.escape(f"x[{row}] = -3 is no whole number in 0..4")):
        residues("x", values, 5, 1)


def test_scalar_products_of_vectors_of_length_zero_are_zero():
    empty = np.empty((2, 0), dtype=np.int64)
    assert scalar_products(empty, empty[:1], 5).tolist() == [[0], [0]]


@given(st.integers(0, 500), st.integers(0, 300), st.integers(1, 1000))
def test_row_blocks_cover_the_rows_in_order_and_stay_small(rows, columns, entries):
    blocks = list(row_blocks(rows, columns, entries))
    assert [i for block in blocks for i in range(block.start, block.stop)] == list(range(rows))
    for block in blocks:
        size = block.stop - block.start
        assert size == 1 or 1 < size * columns <= entries or columns == 0


@given(st.sampled_from(PRIMES[:20]), st.lists(st.integers(0, 10**6), min_size=1))
def test_residues_pass_unchanged_as_int64(prime, values):
    digits = [value % prime for value in values]
    for given_as in (digits, np.array(digits, dtype=float), np.array(digits, dtype=np.uint8)):
        taken = residues("x", given_as, prime, 1)
        assert taken.dtype == np.int64
        assert taken.tolist() == digits


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([[0, 5]], "x[0, 1] = 5 is no whole number in 0..4; quantize the data first"),
        ([[1, 2], [-1, 0]], "x[1, 0] = -1 is no whole number in 0..4; quantize"),
        ([[0, 1.5]], "x[0, 1] = 1.5 is no whole number in 0..4; quantize"),
        ([[math.nan, 1]], "x[0, 0] = nan is no whole number in 0..4; quantize"),
        ([[0, math.inf]], "x[0, 1] = inf is no whole number in 0..4; quantize"),
        ([[0, -1e308]], "x[0, 1] = -1e+308 is no whole number in 0..4; quantize"),
        ([["1", "2"]], "x holds <U1 entries; give whole numbers 0..4"),
        ([[None, 1]], "x[0, 0] = nan is no whole number in 0..4; quantize"),
        ([[1j, 1]], "x holds complex128 entries; give whole numbers 0..4"),
        ([[2**70, 1]], "x[0, 0] = 1.1805916207174113e+21 is no whole number in 0..4; quantize"),
        ([[1, 2], [3]], "x is no rectangular array; give rows of equal length"),
        ([1, 2], "x has shape (2,), but shape (n, D) is needed; reshape it"),
        (3, "x has shape (), but shape (n, D) is needed; reshape it"),
        ([[[1]]], "x has shape (1, 1, 1), but shape (n, D) is needed; reshape it"),
        (np.empty((0, 3)), "x is empty (shape (0, 3)); give at least one entry"),
        (np.empty((3, 0)), "x is empty (shape (3, 0)); give at least one entry"),
    ],
)
def test_what_are_no_residues_is_refused(values, message):
    with pytest.raises(InputError, match=re.escape(message)):
        residues("x", values, 5, 2)
