"""Rows of files in two parts, against the same rows in memory."""

import numpy as np
import pytest

from problems.errors import InputError
from problems.quantizers import QuantileQuantizer
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.chunks import PointFinder
from problems.ridgelet.held_out import hold_out
from tests import reference


@pytest.fixture
def files(tmp_path):
    rng = np.random.default_rng(0)

    def saved(x, y):
        np.save(tmp_path / "x.npy", x)
        np.save(tmp_path / "y.npy", y)
        return tmp_path / "x.npy", tmp_path / "y.npy"

    return rng, saved


def test_both_parts_are_the_rows_of_the_file_and_the_problem_is_that_of_the_training_part(files):
    rng, saved = files
    x, y = rng.integers(0, 5, (203, 4)), rng.integers(0, 2, 203)
    data = hold_out(*saved(x, y), 5, 7)
    train, test = (rows._numbers for rows in (data.x_train, data.x_test))
    assert len(test) == 50
    np.testing.assert_array_equal(np.sort(np.concatenate([train, test])), np.arange(203))
    signs = np.where(y == 1, 1.0, -1.0)
    centered = signs - signs[train].mean()
    np.testing.assert_allclose(data.y_train[:, 0], centered[train])
    np.testing.assert_allclose(data.y_test[:, 0], centered[test])
    np.testing.assert_array_equal(np.concatenate(list(data.blocks(data.x_test))), x[test])
    expected = RidgeletProblem.from_samples(x[train], centered[train], 5, 1e-3, "relu")
    assert data.problem(1e-3, "relu", None).digest == expected.digest
    kept = np.arange(0, len(train), 3)
    some = RidgeletProblem.from_samples(x[train[kept]], centered[train[kept]], 5, 1e-3, "relu")
    assert data.problem(1e-3, "relu", None, kept).digest == some.digest
    again, other = hold_out(*saved(x, y), 5, 7), hold_out(*saved(x, y), 5, 8)
    np.testing.assert_array_equal(again.x_test._numbers, test)
    assert not np.array_equal(other.x_test._numbers, test)


def test_levels_and_centers_see_the_training_part_alone(files):
    rng, saved = files
    x, y = rng.normal(size=(120, 3)), rng.normal(3.0, 2.0, 120)
    data = hold_out(*saved(x, y), 3, 0)
    train, test = (rows._numbers for rows in (data.x_train, data.x_test))
    levels = QuantileQuantizer(3).fit(x[train])
    np.testing.assert_array_equal(np.concatenate(list(data.blocks(data.x_test))), levels.transform(x[test]))
    np.testing.assert_allclose(data.y_test[:, 0], (y[test] - y[train].mean()) / y[train].std())
    assert data.description.startswith("x.npy: 120 rows of 3 features, a random quarter held out, 3 quantile levels")


def test_what_cannot_be_held_out_is_refused(files):
    _, saved = files
    with pytest.raises(InputError, match="has 3 rows, too few"):
        hold_out(*saved(np.eye(3, dtype=int), [0, 1, 0]), 5, 0)
    y = np.zeros(40)
    y[3] = 1
    found = [seed for seed in range(20) if np.any(_out(40, seed) == 3)]
    with pytest.raises(InputError, match="is the same in all 30 rows that are learned from"):
        hold_out(*saved(np.zeros((40, 2), dtype=int), y), 5, found[0])


def _out(count, seed):
    return np.random.default_rng(seed).choice(count, count // 4, replace=False, shuffle=False)


@pytest.mark.parametrize(("prime", "dimension"), [(2, 4), (5, 3), (17, 2), (257, 2)])
def test_rows_are_found_among_the_points_of_a_problem(prime, dimension):
    rng = np.random.default_rng(prime)
    x, y = reference.random_samples(rng, prime, dimension, 60, 1)
    problem = RidgeletProblem.from_chunks(x, y, prime, chunk=7)
    rows = np.vstack([x, rng.integers(0, prime, (40, dimension))])
    place = {tuple(point): number for number, point in enumerate(problem.points.tolist())}
    expected = [place.get(tuple(row), -1) for row in rows.tolist()]
    np.testing.assert_array_equal(PointFinder(problem.data).numbers(rows), expected)


def test_a_row_of_a_points_code_is_not_the_point(monkeypatch):
    x = np.array([[0, 1, 2, 3], [4, 3, 2, 1]])
    problem = RidgeletProblem.from_chunks(x, [1.0, -1.0], 5)
    monkeypatch.setattr("problems.ridgelet.chunks.finding.point_codes", lambda rows, tail, prime: problem.data.codes)
    np.testing.assert_array_equal(PointFinder(problem.data).numbers(x), [0, 1])
    np.testing.assert_array_equal(PointFinder(problem.data).numbers(x[:, ::-1]), [-1, -1])
