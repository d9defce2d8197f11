import numpy as np
import pytest
from sklearn.linear_model import Ridge

from classical.peers.readout import PENALTIES, best_option, errors_by_folds, fit_readout, penalty_by_folds


def samples(n=30, count=12, outputs=1, noise=0.5, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, count))
    y = x[:, :3] @ rng.normal(size=(3, outputs)) + noise * rng.normal(size=(n, outputs))
    return x, y[:, 0] if outputs == 1 else y


def identity(x):
    return np.asarray(x, dtype=float)


@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("scale", [1.0, 1000.0])
def test_the_readout_is_ridge_regression_on_features_of_mean_square_one(outputs, scale):
    x, y = samples(outputs=outputs)
    model = fit_readout(lambda z: scale * identity(z), x, y, penalty=0.1)
    size = np.sqrt(np.mean(x**2))
    expected = Ridge(alpha=0.1 * len(x)).fit(x / size, y).predict(x[:5] / size)
    np.testing.assert_allclose(model.predict(x[:5]), expected, rtol=1e-9)
    assert model.penalty == 0.1


@pytest.mark.parametrize("outputs", [1, 2])
@pytest.mark.parametrize("noise", [0.01, 3.0])
def test_the_penalty_is_the_best_with_one_sample_left_out(outputs, noise):
    x, y = samples(outputs=outputs, noise=noise)
    scaled = x / np.sqrt(np.mean(x**2))
    errors = []
    for penalty in PENALTIES:
        error = 0.0
        for i in range(len(x)):
            rest = np.arange(len(x)) != i
            # scikit-learn keeps penalty x number of samples fixed, as does this sum.
            model = Ridge(alpha=penalty * len(x)).fit(scaled[rest], y[rest])
            error += np.sum((model.predict(scaled[i : i + 1]) - y[i]) ** 2)
        errors.append(error)
    assert fit_readout(identity, x, y).penalty == pytest.approx(PENALTIES[int(np.argmin(errors))])


def test_the_option_whose_features_predict_is_taken():
    x, y = samples()
    noise = np.random.default_rng(1).normal(size=x.shape)
    assert best_option(lambda option: lambda z: option * identity(z) + (1 - option) * noise, (0.0, 0.5, 1.0), x, y) == 1


@pytest.mark.parametrize(("outputs", "count"), [(1, 12), (3, 12), (1, 60)])
def test_errors_by_folds_are_those_of_models_that_never_saw_the_fold(outputs, count):
    x, y = samples(n=33, count=count, outputs=outputs)
    order = np.random.default_rng(7).permutation(33)
    parts = np.array_split(order, 4)
    expected = np.zeros(len(PENALTIES))
    seen = []
    for part in parts:
        rest = np.setdiff1d(order, part)
        kept = np.argsort(-np.abs(x[rest].T @ y[rest].reshape(len(rest), -1)[:, 0]))[:5]
        size = np.sqrt(np.mean(x[np.ix_(rest, kept)] ** 2))
        for i, penalty in enumerate(PENALTIES):
            model = Ridge(alpha=penalty * len(rest)).fit(x[np.ix_(rest, kept)] / size, y[rest])
            expected[i] += np.sum((model.predict(x[np.ix_(part, kept)] / size) - y[part]) ** 2) / 33

    def make(some, targets):
        seen.append(len(some))
        kept = np.argsort(-np.abs(some.T @ targets.reshape(len(some), -1)[:, 0]))[:5]
        return lambda z: z[:, kept]

    np.testing.assert_allclose(errors_by_folds(make, x, y, 7, folds=4), expected, rtol=1e-8)
    assert sorted(seen) == [24, 25, 25, 25]


def test_features_chosen_by_the_labels_get_a_penalty_that_leaving_one_out_does_not_see():
    # Pure noise: the columns most correlated with the labels, of many, predict nothing on new samples.
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(60, 2000)), rng.normal(size=60)

    def make(some, targets):
        kept = np.argsort(-np.abs(some.T @ targets))[:20]
        return lambda z: z[:, kept]

    assert penalty_by_folds(make, x, y, 0) >= 1
    assert fit_readout(make(x, y), x, y).penalty < 1


def test_fewer_samples_than_folds_are_left_out_one_by_one():
    x, y = samples(n=3, count=4)
    assert np.all(np.isfinite(errors_by_folds(lambda some, targets: identity, x, y, 0)))
