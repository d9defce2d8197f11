import numpy as np
import pytest
from scipy import stats

from classical.ridgelet.dequantized.compiled.kernel.nodes import split_words
from classical.ridgelet.dequantized.randomness import BLOCK, Streams, digits_of, digits_per_word
from problems.errors import InputError
from tests.classical.ridgelet.dequantized.cases import ALL_PRIMES

FIELDS = ("point", "frequency", "bias", "levels", "words")


def extreme_words(prime, digits):
    """The smallest and the largest words, and the neighbors of multiples of powers of P."""
    top, words = prime**digits, set(range(min(3, prime**digits)))
    for power in range(1, digits + 1):
        step = prime**power
        multiples = {1, 2, prime - 1, top // step - 1, top // step, top // (2 * step), top // (3 * step)}
        words |= {multiple * step + offset for multiple in multiples for offset in (-2, -1, 0, 1, 2)}
    rng = np.random.default_rng(prime)
    words |= {int(word) for word in rng.integers(0, top, 200)}
    return sorted(word for word in words if 0 <= word < top)


def in_python(word, prime, digits):
    return [word // prime**place % prime for place in range(digits)]


@pytest.mark.parametrize("dimension", [1, 2, 7, 60])
def test_words_hold_as_many_digits_as_stay_below_2_to_the_49th(dimension):
    for prime in [*ALL_PRIMES, 1031, 65537, 2**31 - 1]:
        digits = digits_per_word(prime, dimension)
        assert 1 <= digits <= dimension
        assert digits == 1 or prime**digits <= 2**49
        assert digits == dimension or prime ** (digits + 1) > 2**49


def test_digits_are_those_of_python():
    for prime in [*ALL_PRIMES, 1031, 65537, 2**31 - 1]:
        digits = digits_per_word(prime, 60)
        words = extreme_words(prime, digits)
        drawn = digits_of(np.array(words)[:, None], prime, 60)
        assert drawn.tolist() == [in_python(word, prime, digits) for word in words]


def test_the_first_digits_of_all_words_come_first_and_what_is_too_much_is_dropped():
    words = np.array([[1 + 7 * 2, 3 + 7 * 4 + 49 * 5, 6 + 7 * 5 + 49 * 4]])
    digits = digits_per_word(7, 40)
    assert digits == 17
    assert digits_of(words, 7, 40)[0, :9].tolist() == [1, 3, 6, 2, 4, 5, 0, 5, 4]
    assert digits_of(words, 7, 40).shape == (1, 40)


def test_the_compiled_split_is_exact_at_extreme_words():
    for prime in ALL_PRIMES:
        digits = digits_per_word(prime, 200)
        words = np.array(extreme_words(prime, digits))[:, None]
        out = np.full((len(words) + 1, digits), 7, dtype=np.uint16)
        split_words(words, prime, digits, out)
        np.testing.assert_array_equal(out[:-1], digits_of(words, prime, digits), err_msg=str(prime))
        assert np.all(out[-1] == 7)


@pytest.mark.parametrize("prime", [2, 3, 17, 31, 257, 1021])
@pytest.mark.parametrize("dimension", [1, 2, 9, 48, 49, 50, 98, 99, 200])
def test_the_compiled_split_orders_digits_alike(prime, dimension):
    digits = digits_per_word(prime, dimension)
    width = -(-dimension // digits)
    words = np.random.default_rng(0).integers(0, prime**digits, (30, width))
    out = np.empty((30, dimension), dtype=np.uint16)
    split_words(words, prime, digits, out)
    np.testing.assert_array_equal(out, digits_of(words, prime, dimension))


@pytest.mark.parametrize(
    ("prime", "dimension"), [(2, 1), (3, 1), (5, 2), (2, 100), (3, 33), (17, 20), (257, 8), (1031, 3)]
)
def test_prefixes_are_uniform_and_independent(prime, dimension):
    streams = Streams(5, prime, dimension, 2)
    words = np.vstack([streams.draw(BLOCK * block, BLOCK * block + BLOCK).words for block in range(40)])
    digits = digits_of(words, prime, dimension)
    assert digits.shape == (40 * BLOCK, dimension)
    coarse = digits * min(prime, 16) // prime
    shares = np.bincount(np.arange(prime) * min(prime, 16) // prime) / prime
    pvalues = [
        stats.chisquare(np.bincount(column, minlength=len(shares)), shares * len(column)).pvalue for column in coarse.T
    ]
    assert min(pvalues) > 1e-5
    correlation = np.corrcoef(digits.T)[np.triu_indices(dimension, 1)] if dimension > 1 else np.zeros(1)
    assert np.abs(correlation).max() * np.sqrt(len(digits)) < 5.5


@pytest.mark.parametrize("start", [0, 5 * BLOCK])
def test_rows_of_a_part_of_a_block_are_those_of_the_whole(start):
    streams = Streams(3, 17, 30, 4)
    whole = streams.draw(start, start + BLOCK)
    assert whole.levels.shape == (BLOCK, 4)
    assert whole.words.shape == (BLOCK, 3)
    for first, last in ((0, 1), (0, BLOCK), (3, 4), (100, 357), (BLOCK - 1, BLOCK)):
        part = streams.draw(start + first, start + last)
        for field in FIELDS:
            np.testing.assert_array_equal(getattr(part, field), getattr(whole, field)[first:last])


def test_no_number_is_used_twice():
    streams = Streams(3, 17, 30, 4)
    drawn = [streams.draw(BLOCK * block, BLOCK * block + BLOCK) for block in range(4)]
    uniforms = [np.column_stack([one.point, one.frequency, one.bias, one.levels]) for one in drawn]
    everything = np.concatenate([rows.ravel() for rows in uniforms])
    assert len(np.unique(everything)) == 4 * BLOCK * 7
    assert everything.min() >= 0
    assert everything.max() < 1
    assert len(np.unique(np.concatenate([one.words.ravel() for one in drawn]))) == 4 * BLOCK * 3
    # All of them together are independent: no column looks like another, nor like a word.
    columns = np.column_stack([np.vstack(uniforms), np.vstack([one.words for one in drawn])])
    correlation = np.corrcoef(columns.T)[np.triu_indices(10, 1)]
    assert np.abs(correlation).max() * np.sqrt(4 * BLOCK) < 4.5
    assert all(stats.kstest(column, "uniform").pvalue > 1e-4 for column in np.vstack(uniforms).T)


def test_streams_of_different_seeds_share_no_number():
    seeds = [0, 1, [0, 1], np.random.SeedSequence(0, spawn_key=(0,)), np.random.SeedSequence(0, spawn_key=(1,))]
    numbers = [Streams(seed, 5, 3, 1).draw(0, BLOCK).point for seed in seeds]
    assert len(np.unique(np.concatenate(numbers))) == len(seeds) * BLOCK


def test_a_seed_is_kept_and_a_generator_advances():
    first = Streams(7, 5, 3, 1).draw(0, 9).point
    np.testing.assert_array_equal(Streams(7, 5, 3, 1).draw(0, 9).point, first)
    np.testing.assert_array_equal(Streams(np.random.SeedSequence(7), 5, 3, 1).draw(0, 9).point, first)
    rng = np.random.default_rng(7)
    np.testing.assert_array_equal(Streams(rng, 5, 3, 1).draw(0, 9).point, first)
    assert not np.any(Streams(rng, 5, 3, 1).draw(0, 9).point == first)
    assert not np.any(Streams(None, 5, 3, 1).draw(0, 9).point == Streams(None, 5, 3, 1).draw(0, 9).point)


def test_a_bad_seed_is_refused():
    with pytest.raises(InputError, match="seed = -1 cannot seed a random generator"):
        Streams(-1, 5, 3, 1)
