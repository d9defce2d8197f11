import numpy as np
import pytest
from sklearn.linear_model import Ridge

from classical.ridgelet.magnitude import magnitude_pruning, ridge_weights


@pytest.mark.parametrize(("m", "count"), [(30, 10), (10, 30), (12, 12)])
@pytest.mark.parametrize("outputs", [1, 3])
def test_weights_are_those_of_ridge_regression(m, count, outputs):
    rng = np.random.default_rng(0)
    features, targets = rng.normal(size=(m, count)), rng.normal(size=(m, outputs))
    theirs = Ridge(alpha=0.3, fit_intercept=False).fit(features, targets).coef_.reshape(outputs, count).T
    np.testing.assert_allclose(ridge_weights(features, targets, 0.3), theirs, atol=1e-10)


def by_definition(features, targets, n, penalty):
    kept = list(range(features.shape[1]))
    ridge = penalty * np.mean([column @ column for column in features.T])
    while len(kept) > n:
        model = Ridge(alpha=ridge, fit_intercept=False).fit(features[:, kept], targets)
        coefficients = model.coef_.reshape(targets.shape[1], len(kept))
        terms = {j: np.linalg.norm(np.outer(features[:, j], coefficients[:, i])) for i, j in enumerate(kept)}
        kept = sorted(sorted(kept, key=lambda j: -terms[j])[: max(n, int(0.7 * len(kept)))])
    return kept


@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("n", [1, 7, 30])
def test_the_smallest_terms_go_round_by_round(outputs, n):
    rng = np.random.default_rng(n + outputs)
    features = rng.normal(size=(20, 30)) * rng.uniform(0.2, 5, 30)
    targets = rng.normal(size=(20, outputs))
    assert magnitude_pruning(features, targets, n, 0.5).tolist() == by_definition(features, targets, n, 0.5)


def test_columns_that_carry_nothing_go_first():
    rng = np.random.default_rng(0)
    features = np.hstack([rng.normal(size=(200, 5)), np.zeros((200, 5)), rng.normal(size=(200, 20))])
    targets = features[:, :5] @ rng.uniform(1, 2, (5, 1))
    assert magnitude_pruning(features, targets, 5, 0.01).tolist() == [0, 1, 2, 3, 4]


def test_the_penalty_is_relative_to_the_columns():
    rng = np.random.default_rng(0)
    features, targets = rng.normal(size=(20, 40)), rng.normal(size=(20, 1))
    one, other = (magnitude_pruning(scale * features, targets, 10) for scale in (1, 1000))
    assert one.tolist() == other.tolist()
