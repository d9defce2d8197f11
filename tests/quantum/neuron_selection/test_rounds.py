"""Expected rounds: against the definition term by term, numbers seen before, and long sums against exact ones."""

import doctest
import math

import numpy as np
import pytest

from problems.errors import InputError
from quantum.neuron_selection import best_rounds, expected_measurements, expected_rounds, rounds, search_costs


def by_definition(items, marked, growth):
    """e(k) and the measurements, with every number of rounds of every attempt written out."""
    angle = math.asin(math.sqrt(marked / items))
    size, going, turns, measured = 1.0, 1.0, 0.0, 0.0
    while going > 1e-18:
        choices = range(math.ceil(size))
        turns += going * sum(choices) / len(choices)
        measured += going
        going *= 1 - sum(math.sin((2 * j + 1) * angle) ** 2 for j in choices) / len(choices)
        size = min(growth * size, math.sqrt(items))
    return turns, measured


@pytest.mark.parametrize("growth", [6 / 5, 1.34, 2])
@pytest.mark.parametrize("items", [1, 2, 3, 16, 50])
def test_the_sums_are_those_of_the_definition(items, growth):
    costs = [by_definition(items, rank, growth) for rank in range(1, items)]
    expected = [sum(cost[part] / (rank + 1) for rank, cost in enumerate(costs, 1)) for part in (0, 1)]
    assert expected_rounds(items, growth) == pytest.approx(expected[0], rel=1e-12, abs=1e-15)
    assert expected_measurements(items, growth) == pytest.approx(expected[1], rel=1e-12, abs=1e-15)


def test_the_numbers_that_were_seen_before():
    assert expected_rounds(16, growth=6 / 5) == pytest.approx(2.118511, abs=5e-7)
    assert expected_rounds(256) == pytest.approx(19.878528, abs=5e-7)


def test_a_search_among_any_number_of_marked_items():
    found = search_costs(64, [1, 7, 63, 64])
    expected = np.transpose([by_definition(64, marked, 6 / 5) for marked in (1, 7, 63, 64)])
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)
    assert found[1][-1] == 1


def test_long_sums_are_interpolated_to_eight_digits(monkeypatch):
    rounds._expected.cache_clear()
    cases = [(2**20, 6 / 5), (2**17, 1.34)]
    exact = {case: (expected_rounds(*case), expected_measurements(*case)) for case in cases}
    monkeypatch.setattr(rounds, "EXACT", 2**12)
    rounds._expected.cache_clear()
    for case, (turns, measured) in exact.items():
        assert expected_rounds(*case) == pytest.approx(turns, rel=1e-8)
        assert expected_measurements(*case) == pytest.approx(measured, rel=1e-8)
    # From about 2^9 items on the faster growth is better, by 11% at 2^20.
    assert expected_rounds(2**20) / expected_rounds(2**20, 1.34) == pytest.approx(1.12, abs=0.01)
    rounds._expected.cache_clear()
    assert expected_rounds(2**8) < expected_rounds(2**8, 1.34)
    assert expected_rounds(2**9) > expected_rounds(2**9, 1.34)


def test_rounds_grow_as_the_square_root():
    assert expected_rounds(2**64) / expected_rounds(2**62) == pytest.approx(2, rel=1e-3)
    assert 2.6 < expected_rounds(2**128) / 2**64 < 2.7


def test_best_rounds():
    assert [best_rounds(16, marked) for marked in (1, 4, 16)] == [3, 1, 0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: expected_rounds(0), "items = 0 is too small"),
        (lambda: expected_rounds(2**600), r"items = 2\^600 are above 2\^512"),
        (lambda: expected_rounds(16, 1), "growth = 1 lets no search grow"),
        (lambda: expected_rounds(16, math.nan), "growth = nan lets no search grow"),
        (lambda: search_costs(16, 0), "marked = 0 of 16 items: with none marked a search never ends"),
        (lambda: best_rounds(4, 5), "marked = 5 items of 4"),
    ],
)
def test_refusals_are_one_line(call, message):
    with pytest.raises(InputError, match=message) as refusal:
        call()
    assert "\n" not in str(refusal.value)


def test_examples():
    assert doctest.testmod(rounds).failed == 0
