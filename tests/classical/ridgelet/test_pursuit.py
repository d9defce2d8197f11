import numpy as np
import pytest
from sklearn.linear_model import orthogonal_mp

from classical.ridgelet.pursuit import matching_pursuit


def by_definition(features, targets, n):
    """Least squares anew after each column; the column most correlated with what is left comes next."""
    kept = []
    for _ in range(n):
        residual = targets
        if kept:
            residual = targets - features[:, kept] @ np.linalg.lstsq(features[:, kept], targets, rcond=None)[0]
        scores = [np.sum((column @ residual) ** 2) / (column @ column) for column in features.T]
        kept.append(int(np.argmax(scores)))
    return kept


@pytest.mark.parametrize("outputs", [1, 2, 5])
def test_columns_are_those_of_the_definition_in_its_order(outputs):
    rng = np.random.default_rng(outputs)
    features = rng.normal(size=(40, 70)) * rng.uniform(0.1, 10, 70)
    targets = rng.normal(size=(40, outputs))
    assert matching_pursuit(features, targets, 20).tolist() == by_definition(features, targets, 20)


@pytest.mark.parametrize("n", [1, 5, 25])
def test_one_target_gets_the_columns_of_scikit_learn(n):
    rng = np.random.default_rng(n)
    features, target = rng.normal(size=(60, 90)), rng.normal(size=60)
    theirs = orthogonal_mp(features / np.linalg.norm(features, axis=0), target, n_nonzero_coefs=n)
    assert sorted(matching_pursuit(features, target[:, None], n)) == np.flatnonzero(theirs).tolist()


def test_a_sparse_combination_is_found_and_nothing_more():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(100, 200))
    targets = features[:, [3, 50, 120]] @ rng.normal(size=(3, 2))
    assert sorted(matching_pursuit(features, targets, 10)) == [3, 50, 120]


def test_columns_already_spanned_are_left():
    rng = np.random.default_rng(0)
    few = rng.normal(size=(30, 4))
    features = np.hstack([few, 2 * few, few[:, :2] @ rng.normal(size=(2, 3)), np.zeros((30, 2))])
    kept = matching_pursuit(features, rng.normal(size=(30, 1)), 13)
    assert len(kept) == 4
    assert np.linalg.matrix_rank(features[:, kept]) == 4


def test_more_columns_than_rows_are_never_taken():
    rng = np.random.default_rng(0)
    assert len(matching_pursuit(rng.normal(size=(6, 40)), rng.normal(size=(6, 1)), 20)) == 6
