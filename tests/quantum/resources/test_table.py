import numpy as np
import pytest

from problems.errors import InputError
from quantum.resources import gate_counts, random_problem, resource_table
from quantum.ridgelet import ENCODINGS, LOADERS, encodings_of, ridgelet_loader, ridgelet_transform


@pytest.fixture(scope="module")
def table():
    return resource_table([2, 3], [1, 2, 3], [2, 8], encodings=["binary"], loaders=["ideal", "sparse"])


def test_every_size_has_a_row_of_the_transform(table):
    assert [(row.encoding, row.prime, row.dimension) for row in table.transforms] == [
        ("binary", prime, dimension) for prime in (2, 3) for dimension in (1, 2, 3)
    ]
    for row in table.transforms:
        assert row.counts == gate_counts(ridgelet_transform(row.prime, row.dimension))


def test_loaders_have_rows_where_there_are_enough_points_and_the_ideal_one_no_counts(table):
    sizes = [(2, 1, 2), (2, 2, 2), (2, 3, 2), (2, 3, 8), (3, 1, 2), (3, 2, 2), (3, 2, 8), (3, 3, 2), (3, 3, 8)]
    for loader in ("ideal", "sparse"):
        rows = [row for row in table.loaders if row.loader == loader]
        assert [(row.prime, row.dimension, row.points) for row in rows] == sizes
        assert all((row.counts is None) == (loader == "ideal") for row in rows)
    row = table.loaders[-1]
    problem = random_problem(row.prime, row.dimension, row.points)
    assert row.counts == gate_counts(ridgelet_loader(problem, "binary", "sparse"))


def test_the_growth_is_fitted_for_each_encoding_and_prime(table):
    assert [(row.encoding, row.prime) for row in table.growth] == [("binary", 2), ("binary", 3)]
    for row in table.growth:
        fit = row.two_qubit
        counts = [found.counts.two_qubit for found in table.transforms if found.prime == row.prime]
        assert fit.exact
        np.testing.assert_allclose(fit.constant + fit.slope * np.array([1, 2, 3]), counts)


def test_two_dimensions_have_no_growth():
    assert resource_table([2], [1, 2], [2]).growth == ()


def test_all_encodings_and_loaders_are_taken_if_none_is_named():
    table = resource_table([3], [1], [2])
    assert {row.encoding for row in table.transforms} == set(encodings_of(3)) == set(ENCODINGS) - {"crt"}
    assert {row.loader for row in table.loaders} == set(LOADERS)


def test_an_encoding_has_no_rows_at_a_prime_that_it_does_not_take():
    table = resource_table([37], [1], [2], encodings=["binary"])
    assert (table.transforms, table.loaders, table.growth) == ((), (), ())


def test_the_same_seed_gives_the_same_table_and_another_one_other_points():
    assert resource_table([3], [2], [4], seed=1) == resource_table([3], [2], [4], seed=1)
    assert not np.array_equal(random_problem(5, 3, 8, seed=1).points, random_problem(5, 3, 8, seed=2).points)


@pytest.mark.parametrize(("prime", "dimension", "points"), [(2, 1, 2), (3, 2, 9), (5, 3, 40), (17, 16, 64)])
def test_random_problems_have_distinct_points_of_unequal_frequency(prime, dimension, points):
    problem = random_problem(prime, dimension, points)
    assert len(problem.points) == points
    assert problem.dimension == dimension
    assert np.ptp(problem.frequencies) > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([4], [1], [2]), "prime = 4 is not prime"),
        (([3], [0], [2]), "dimension = 0 is too small"),
        (([3], [1], [0]), "points = 0 is too small"),
        (([3], [1], [2], ["binry"]), "no encoding 'binry'. Did you mean 'binary'"),
        (([3], [1], [2], None, ["sparze"]), "no loader 'sparze'. Did you mean 'sparse'"),
    ],
)
def test_what_does_not_exist_is_refused(arguments, message):
    with pytest.raises(InputError, match=message):
        resource_table(*arguments)


def test_more_points_than_there_are_are_refused():
    with pytest.raises(InputError, match=r"points = 10: Z_3\^2 has only 9"):
        random_problem(3, 2, 10)
