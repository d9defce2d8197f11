"""Prospects of data as residues against what the problem itself has, and against slow readable references."""

from collections import Counter, defaultdict

import numpy as np
import pytest

from problems.datasets import REGRESSION, Dataset, load_dataset, split
from problems.errors import InputError
from problems.quantizers import QuantileQuantizer
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.data import load_residues
from problems.ridgelet.prospects import _Ascending, groups_of, label_noise, prospects
from tests.problems.datasets import table_of


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "my.csv"
    path.write_text(table_of(150))
    return load_dataset(path)


def within(values, groups):
    """Return the share of the variance within groups, group by group."""
    kept = defaultdict(list)
    for value, group in zip(values, map(tuple, groups), strict=True):
        kept[group].append(value)
    return sum(len(one) * np.var(one) for one in kept.values()) / (len(values) * np.var(values))


def wrong(labels, groups):
    """Return the share of samples that are not of their group's most frequent label, group by group."""
    kept = defaultdict(Counter)
    for label, group in zip(labels, map(tuple, groups), strict=True):
        kept[group][label] += 1
    mixed = np.mean([len(one) > 1 for one in kept.values()])
    return mixed, 1 - sum(max(one.values()) for one in kept.values()) / len(labels)


@pytest.mark.parametrize("name", ["my.csv", "wine", "diabetes", "digits"])
def test_they_are_those_of_the_problem_that_studies_make(name, table):
    data = table if name == "my.csv" else load_dataset(name)
    train = split(data)[0]
    for one in prospects(data, [2, 5], [1, 4] if data.side else [1, 3]):
        residues = load_residues(data, one.prime, one.dimension)
        problem = RidgeletProblem.from_samples(residues.x_train, residues.y_train, one.prime)
        assert (one.points, one.samples) == (len(problem.points), len(train))
        assert one.coverage == pytest.approx(problem.coverage, rel=1e-12)
        if data.kind == REGRESSION:
            assert one.noise == pytest.approx(within(train.y, residues.x_train), rel=1e-9)
        else:
            assert (one.mixed, one.noise) == pytest.approx(wrong(train.y, residues.x_train), rel=1e-12)
        if not data.side:
            places = [data.features.index(feature) for feature in one.features]
            raw = train.x[:, places]
            exact = within(train.y, raw) if data.kind == REGRESSION else wrong(train.y, raw)[1]
            assert one.lost == pytest.approx(max(0, one.noise - exact), abs=1e-9)
            # A category with a level of its own loses nothing; numbers lose what varies within levels.
            spreads = [within(raw[:, [i]].ravel(), residues.x_train[:, [i]]) for i in range(one.dimension)]
            assert one.spread == pytest.approx(np.mean(spreads), abs=1e-9)


def test_edges_are_the_quantizers():
    rng = np.random.default_rng(5)
    for values in (
        rng.normal(size=101),
        rng.integers(0, 4, 60).astype(float),
        np.full(9, 2.0),
        rng.exponential(size=7),
    ):
        for prime in (2, 3, 17, 101):
            edges = _Ascending.of(values).edges(prime)
            np.testing.assert_array_equal(edges, QuantileQuantizer(prime).fit(values[:, None]).edges[0])


def test_groups_are_the_different_rows():
    rng = np.random.default_rng(2)
    for columns, size in ((1, 3), (4, 2), (60, 2), (12, 1000)):
        x = rng.integers(0, size, (500, columns))
        reference = np.unique(x, axis=0, return_inverse=True)[1].ravel()
        found = groups_of(x.T)
        assert found.max() == reference.max()
        assert len(np.unique(found * 500 + reference)) == found.max() + 1


def test_labels_of_equal_points_that_differ_are_noise():
    groups = np.array([0, 0, 0, 1, 1, 2])
    assert label_noise(np.array([0, 0, 1, 2, 2, 0]), groups, 3) == (pytest.approx(1 / 3), pytest.approx(1 / 6))
    mixed, noise = label_noise(np.array([1.0, 1, 4, 2, 2, 5]), groups, 0)
    assert (mixed, noise) == (pytest.approx(1 / 3), pytest.approx(6 / 13.5))


def test_all_features_are_among_those_that_are_tried_by_default(table):
    assert [(one.dimension, one.prime) for one in prospects(table)] == [
        (d, p) for d in (1, 2, 3) for p in (3, 5, 7, 17)
    ]
    assert {one.dimension for one in prospects(load_dataset("digits"), [3])} == {1, 2, 3, 4, 16, 64}


def test_huge_spaces_have_a_coverage_by_its_logarithm():
    rng = np.random.default_rng(0)
    data = Dataset.from_samples(rng.normal(size=(40, 500)), np.arange(40) % 2)
    (one,) = prospects(data, [17], [500])
    assert one.coverage == 0
    assert one.log10_coverage == pytest.approx(np.log10(one.points) - 500 * np.log10(17))


@pytest.mark.parametrize(
    ("primes", "dimensions", "said"),
    [
        ([4], None, "prime = 4 is not prime"),
        ([3], [9], "features = 9: the data set 'my.csv' has 3"),
        ([3], [0], "too small"),
    ],
)
def test_what_cannot_be_tried_is_refused(table, primes, dimensions, said):
    with pytest.raises(InputError, match=said):
        prospects(table, primes, dimensions)
