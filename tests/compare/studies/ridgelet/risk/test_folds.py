"""Folds: what is held out, what sees it, and what is refused."""

import numpy as np
import pytest

from compare.studies.ridgelet.risk.cases import CASES, Case
from compare.studies.ridgelet.risk.folds import INNER_FOLDS, inner_folds, load_split
from problems.datasets import TWO_CLASSES
from problems.errors import InputError
from tests.compare.studies.ridgelet.risk import fold_of


def load(name, number=0, seed=3, activation="relu"):
    return load_split(fold_of(name, number, seed, activation))


def test_every_fold_is_a_split_of_its_own_and_the_same_again():
    first, again, other = load("iris"), load("iris"), load("iris", 1)
    np.testing.assert_array_equal(first.data.x_test, again.data.x_test)
    assert not np.array_equal(first.data.x_test, other.data.x_test)
    assert len(first.data.x_test) == 38
    assert first.data.overlap == pytest.approx(38 / 112)


def test_a_function_on_every_point_holds_nothing_out():
    fold = load("sine")
    assert not fold.data.held_out
    assert fold.data.overlap == 0
    assert fold.problem.coverage == 1


def test_random_targets_are_drawn_anew_and_need_no_correction():
    first, other = load("random"), load("random", 1)
    assert first.data.held_out
    assert first.data.overlap == 0
    assert not np.array_equal(first.data.x_train, other.data.x_train)


def test_of_a_part_of_a_function_the_rest_is_asked():
    fold, whole = load("ridge-part"), load("ridge")
    assert fold.data.held_out
    assert fold.data.overlap == pytest.approx(32 / 93)
    together = np.vstack([fold.data.x_train, fold.data.x_test])
    np.testing.assert_array_equal(np.unique(together, axis=0), np.unique(whole.data.x_train, axis=0))
    assert np.mean(fold.data.y_train) == pytest.approx(0, abs=1e-12)
    # Both parts are shifted alike, by the mean of the training part.
    shift = {tuple(x): y for x, y in zip(whole.data.x_train.tolist(), whole.data.y_train, strict=True)}
    shifts = [
        shift[tuple(x)] - y for x, y in zip(together.tolist(), [*fold.data.y_train, *fold.data.y_test], strict=True)
    ]
    np.testing.assert_allclose(shifts, shifts[0])
    assert "a random quarter of the points is held out" in fold.data.description


@pytest.mark.parametrize("activation", ["relu", (0.0, 1.0, 0.0, 2.0, 0.5)])
def test_inner_problems_know_nothing_of_what_they_hold_out(activation):
    fold = load("iris", activation=activation)
    seen = []
    for problem, kept, out in inner_folds(fold, fold_of("iris", 0, 3, activation)):
        assert not set(kept) & set(out)
        assert len(kept) + len(out) == len(fold.data.x_train)
        assert problem.samples == len(kept)
        np.testing.assert_array_equal(np.unique(fold.data.x_train[kept], axis=0), problem.points)
        np.testing.assert_allclose(problem.ridgelet, fold.problem.ridgelet)
        assert problem.regularization == fold.problem.regularization
        seen += out.tolist()
    assert sorted(seen) == list(range(len(fold.data.x_train)))
    assert len(list(inner_folds(fold, fold_of("iris", 0, 3, activation)))) == INNER_FOLDS


def test_too_few_distinct_points_are_refused_with_the_needed_number(monkeypatch):
    monkeypatch.setitem(CASES, "coarse", Case("digits", 2, 2, TWO_CLASSES))
    with pytest.raises(InputError, match="'coarse' has 4 distinct training points, but the study needs at least 10"):
        load("coarse")
