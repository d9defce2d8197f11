"""Sorting: numbers by what they mean, text as people expect it, and what is missing last."""

import itertools

import pytest

from compare.report.ranks import are_numbers, ranks

ASCENDING = {
    "signs": ["-0.341 [-0.698, +0.016] =", "-0.1", "0", "+0.018 [-0.207, +0.243]", "+0.467 [+0.232, +0.702] above"],
    "times": ["86.4 ns", "304 ns [262 ns, 2.05 µs]", "1.2 ms", "0.5 s", "3 s", "33,300 s* [2.62 ms, 10^53 years] (4)"],
    "long times": ["59 s", "2 min", "3 h", "1.5 days", "2 years", "10^29 years* [10^29 years, 10^30 years] (7)"],
    "thousands": ["900", "1,234", "20,000", "1,234,567"],
    "intervals": ["0.45 [0.1, 2]", "0.5 [0.4, 0.6]", "0.983 ±0.043", "1 [1, 1]", "32 [1.86, 549]"],
    "tiny": ["10^-400", "1.0e-350", "< 1e-300", "1e-300", "> 1e-300", "2.3e-43", "5e-324"][:6],
    "powers": ["10^-2", "1", "10^3.5", "10^5.2", "2.3 10^6", "6.0 10^6* [4.6 10^6, 8.0 10^6] (4, 3)", "17^65"],
    "shares": ["0.5%", "12%", "94.3% [90%, 99%]"],
    "bytes": ["900 B", "1.5 KiB", "2 MiB", "1.1 GiB", "27.8 TiB"],
    "pairs": ["7 / 9", "112 / 38", "300 of 400"],
    "words before": ["from 6* [6, 7], to 1,271 (4, 4)", "from 12* [11, 13] (7, 4)", "from 7.5 10^5* [5.8 10^5, 10^6]"],
    "text": ["D = 2, K = 25", "d = 3, K = 7", "D = 3, K = 125", "D = 16, K = 4"],
    "versions": ["3.9.1", "3.11.2", "3.11.10"],
    "dates": ["2026-11-09T10:00:00+00:00", "2026-11-21T09:59:59+00:00"],
    "names": ["enumeration", "Nystroem", "RBFSampler"],
}
"""Columns in ascending order, no two cells alike."""


@pytest.mark.parametrize("cells", ASCENDING.values(), ids=ASCENDING)
def test_cells_are_ranked_in_ascending_order_whatever_order_they_come_in(cells):
    assert ranks(cells) == list(range(len(cells)))
    for shuffled in itertools.islice(itertools.permutations(cells), 0, 120, 7):
        assert [cells[rank] for rank in ranks(shuffled)] == list(shuffled)


def test_equal_values_share_a_rank_however_they_are_written():
    assert ranks(["1000 ms", "1 s", "1,000,000 µs", "10^0 s", "2 s"]) == [0, 0, 0, 0, 1]
    assert ranks(["1,024 KiB", "1 MiB"]) == [0, 0]
    assert ranks(["50%", "0.5", "5e-1"]) == [0, 0, 0]


@pytest.mark.parametrize("missing", ["", "-", " - "])
def test_missing_cells_have_no_rank(missing):
    assert ranks([missing, "2 s", "1 s"]) == [None, 1, 0]
    assert ranks([missing, "b", "a"]) == [None, 1, 0]
    assert ranks([missing]) == [None]


def test_words_among_numbers_have_no_rank_and_numbers_among_words_are_words():
    assert ranks(["3", "does not apply: 17 qubits", "1", "never up to 10^6"]) == [1, None, 0, None]
    assert ranks(["never up to 10^6", "3", "does not apply"]) == [2, 0, 1]


@pytest.mark.parametrize("cell", ["3.11.2", "9 nodes", "1,23", "2026-11-21", "10 N candidates", "x", "p*", "1e", "3rd"])
def test_what_only_begins_like_a_number_is_text(cell):
    assert not are_numbers([cell])


def test_an_absurd_power_is_no_error():
    assert ranks(["99999^999999999999", "10^-9999999999999", "1"]) == [2, 0, 1]
    assert ranks(["0^0", "1", "0^-1", "10^-99999999999999999999999999999999"]) == [None, 1, 2, 0]
    assert ranks([]) == []
    assert not are_numbers([])
