import numpy as np
import pytest

from problems.errors import InputError
from quantum.resources import gate_counts, loader_row, random_problem, table, transform_rows, transforms
from quantum.ridgelet import ENCODINGS, encodings_of, ridgelet_loader, ridgelet_transform


def test_every_encoding_has_transforms_at_the_primes_that_it_takes():
    assert transforms([2, 3], ["binary"]) == [("binary", False, 2), ("binary", False, 3)]
    assert {encoding for encoding, _, _ in transforms([3])} == set(encodings_of(3)) == set(ENCODINGS) - {"crt"}
    assert transforms([3], ["rader"]) == [("rader", False, 3), ("rader", True, 3)]
    assert transforms([37], ["binary"]) == []


@pytest.mark.parametrize("prime", [2, 3])
def test_every_dimension_has_a_row_of_the_transform(prime):
    rows = list(transform_rows("binary", False, prime, [1, 3, 2, 2]))
    assert [row.dimension for row in rows] == [1, 2, 3]
    for row in rows:
        assert row.counts == gate_counts(ridgelet_transform(prime, row.dimension))


def test_beyond_the_first_large_one_no_transform_is_counted(monkeypatch):
    monkeypatch.setattr(table, "MAX_COUNTED", 15)
    rows = list(transform_rows("binary", False, 3, [1, 2, 3]))
    assert [row.counts.two_qubit > 15 for row in rows] == [False, True]


def test_loaders_have_the_counts_of_a_random_problem_and_the_ideal_one_none():
    row = loader_row("binary", "sparse", 3, 2, 8)
    assert row.counts == gate_counts(ridgelet_loader(random_problem(3, 2, 8), "binary", "sparse"))
    assert loader_row("binary", "ideal", 3, 2, 8).counts is None
    assert row.data_qubits == loader_row("binary", "ideal", 3, 2, 8).data_qubits == 4


def test_the_same_seed_gives_the_same_row_and_another_one_other_points():
    assert loader_row("rader", "sparse", 3, 2, 4, seed=1) == loader_row("rader", "sparse", 3, 2, 4, seed=1)
    assert not np.array_equal(random_problem(5, 3, 8, seed=1).points, random_problem(5, 3, 8, seed=2).points)


@pytest.mark.parametrize(("prime", "dimension", "points"), [(2, 1, 2), (3, 2, 9), (5, 3, 40), (17, 16, 64)])
def test_random_problems_have_distinct_points_of_unequal_frequency(prime, dimension, points):
    problem = random_problem(prime, dimension, points)
    assert len(problem.points) == points
    assert problem.dimension == dimension
    assert np.ptp(problem.frequencies) > 0


def test_what_does_not_exist_is_refused():
    with pytest.raises(InputError, match="prime = 4 is not prime"):
        transforms([4])
    with pytest.raises(InputError, match=r"no encoding 'binry'\. Did you mean 'binary'"):
        transforms([3], ["binry"])
    with pytest.raises(InputError, match=r"no loader 'sparze'\. Did you mean 'sparse'"):
        loader_row("binary", "sparze", 3, 1, 2)


def test_more_points_than_there_are_are_refused():
    with pytest.raises(InputError, match=r"points = 10: Z_3\^2 has only 9"):
        random_problem(3, 2, 10)
