"""Data of every shape, scale and type: predictions stay finite, and what should not matter does not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_wine, make_friedman1
from sklearn.model_selection import cross_val_score

from compare.estimators import TicketClassifier, TicketRegressor
from problems.ridgelet import RidgeletProblem
from tests.compare.estimators import both, made_data


def outputs(fitted, x):
    return fitted.decision_function(x) if isinstance(fitted, TicketClassifier) else fitted.predict(x)


@st.composite
def odd_features(draw):
    """Features of few samples or many, few features or many, constant, repeated, tiny, huge or rare ones among them."""
    n, features = draw(st.integers(1, 30)), draw(st.integers(1, 8))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    columns = {
        "normal": lambda: rng.normal(size=n),
        "constant": lambda: np.full(n, rng.normal()),
        "rare": lambda: (np.arange(n) == 0).astype(float),
        "few": lambda: rng.integers(0, 3, n).astype(float),
        "tiny": lambda: 1e-300 * rng.normal(size=n),
        "huge": lambda: 1e300 * rng.normal(size=n),
    }
    return np.column_stack([columns[draw(st.sampled_from(sorted(columns)))]() for _ in range(features)])


@given(odd_features(), st.data())
@settings(max_examples=40)
def test_whatever_the_features_a_regressor_predicts_finite_numbers(x, data):
    y = np.array(data.draw(st.lists(st.sampled_from([-1e9, 0.0, 1e-9, 2.0, 3.5]), min_size=len(x), max_size=len(x))))
    fitted = TicketRegressor(10, prime=5, random_state=0).fit(x, y)
    predicted = fitted.predict(x)
    assert predicted.shape == (len(x),)
    assert np.all(np.isfinite(predicted))
    # The penalty only shrinks: no fit of squared error is worse than the mean.
    assert np.mean((predicted - y) ** 2) <= np.var(y) * (1 + 1e-9) + 1e-30


@given(odd_features(), st.data())
@settings(max_examples=40)
def test_whatever_the_features_a_classifier_predicts_labels_that_it_has_seen(x, data):
    labels = data.draw(st.sampled_from([["no", "yes"], [False, True], [-7, 3, 1000], ["a", "b", "c", "d"], [2.0]]))
    y = np.array(data.draw(st.lists(st.sampled_from(labels), min_size=len(x), max_size=len(x))))
    fitted = TicketClassifier(10, prime=5, random_state=0).fit(x, y)
    classes = np.unique(y)
    assert fitted.classes_.tolist() == classes.tolist()
    predicted, decision = fitted.predict(x), fitted.decision_function(x)
    assert predicted.dtype == y.dtype
    assert set(predicted) <= set(classes)
    assert decision.shape == ((len(x), len(classes)) if len(classes) > 2 else (len(x),))
    assert np.all(np.isfinite(decision))


@both
@pytest.mark.parametrize("shape", [(200, 1), (8, 300), (3, 1), (2, 2)])
def test_any_shape_is_fitted(estimator, shape):
    x, y = made_data(estimator, *shape)
    fitted = estimator(20, random_state=0).fit(x, y)
    assert outputs(fitted, x).shape == (shape[0],)
    assert fitted.n_features_in_ == shape[1] == fitted.nodes_.dimension


@both
def test_types_and_layouts_do_not_matter(estimator):
    x, y = made_data(estimator)
    x = x.astype(np.float32)
    expected = outputs(estimator(20, random_state=0).fit(x, y), x)
    for same in (x.astype(float), np.asfortranarray(x), x.tolist(), np.repeat(x, 2, axis=0)[::2], x.astype(object)):
        np.testing.assert_array_equal(outputs(estimator(20, random_state=0).fit(same, list(y)), same), expected)


@both
@pytest.mark.parametrize("scale", [2.0**-900, 2.0**900])
def test_the_scale_of_features_does_not_matter(estimator, scale):
    x, y = made_data(estimator)
    expected = outputs(estimator(20, random_state=0).fit(x, y), x)
    np.testing.assert_array_equal(outputs(estimator(20, random_state=0).fit(scale * x, y), scale * x), expected)


@pytest.mark.parametrize("unit", [1e-200, 1e-3, 1e5, 1e200])
def test_predictions_are_in_the_unit_of_the_targets_and_move_with_them(unit):
    x, y = made_data(TicketRegressor)
    expected = TicketRegressor(20, random_state=0).fit(x, y).predict(x)
    shifted = TicketRegressor(20, random_state=0).fit(x, unit * (y + 3)).predict(x)
    np.testing.assert_allclose(shifted / unit, expected + 3, rtol=1e-9, atol=1e-9)


def test_several_outputs_share_their_nodes_whatever_their_units():
    x, y = made_data(TicketRegressor)
    both_outputs = np.column_stack([y, 1e6 * x[:, 2], np.full(len(x), 4.0)])
    fitted = TicketRegressor(60, sampler="subspace-1", random_state=0).fit(x, both_outputs)
    predicted = fitted.predict(x)
    assert predicted.shape == (60, 3)
    assert len(fitted.nodes_) == 60
    r2 = 1 - np.sum((predicted - both_outputs)[:, :2] ** 2, axis=0) / np.sum(
        (both_outputs - both_outputs.mean(axis=0))[:, :2] ** 2, axis=0
    )
    assert np.all(r2 > 0.8)
    np.testing.assert_allclose(predicted[:, 2], 4.0, rtol=1e-12)
    one = TicketRegressor(20, random_state=0).fit(x, y[:, None])
    assert one.predict(x).shape == (60, 1)
    np.testing.assert_allclose(one.predict(x)[:, 0], TicketRegressor(20, random_state=0).fit(x, y).predict(x))


@pytest.mark.parametrize("value", [0.0, 0.1, -1e308, 5e-324])
def test_constant_targets_are_predicted_exactly_without_nodes(value):
    x, _ = made_data(TicketRegressor, n=7)
    fitted = TicketRegressor().fit(x, np.full(7, value))
    assert fitted.predict(x + 1).tolist() == pytest.approx([value] * 7, rel=1e-15, abs=0)
    assert fitted.problem_ is None
    assert len(fitted.nodes_) == 0


@pytest.mark.parametrize("label", ["only", True, 3])
def test_one_class_is_predicted_always(label):
    x, _ = made_data(TicketClassifier, n=7)
    fitted = TicketClassifier().fit(x, [label] * 7)
    assert fitted.classes_.tolist() == [label]
    assert fitted.predict(x).tolist() == [label] * 7
    assert fitted.decision_function(x).tolist() == [-1.0] * 7


@both
def test_features_that_say_nothing_leave_the_mean(estimator):
    x, y = np.ones((60, 3)), made_data(estimator)[1]
    targets = np.where(y, 1.0, -1.0) if estimator is TicketClassifier else y
    np.testing.assert_allclose(outputs(estimator().fit(x, y), x), targets.mean(), atol=1e-12)
    # Targets that cancel at each of two points, in an order that leaves rounding behind.
    x, y = np.repeat([[0.0], [1.0]], 6, axis=0), np.tile([0.1, -0.3, 0.2], 4)
    fitted = TicketRegressor().fit(x, y)
    np.testing.assert_allclose(fitted.predict(x), 0, atol=1e-15)
    assert fitted.problem_ is None


def test_a_rare_class_is_found():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(400, 3))
    y = np.where(x[:, 0] > 1.5, "rare", "common")
    assert 10 < np.sum(y == "rare") < 25
    fitted = TicketClassifier(random_state=0).fit(x, y)
    assert np.mean(fitted.predict(x)[y == "rare"] == "rare") > 0.6


def test_a_rare_category_counts():
    """A feature that is 1 in 30 of 600 samples moves the target by 10."""
    rng = np.random.default_rng(1)
    x = np.column_stack([np.arange(600) % 20 == 0, rng.normal(size=(600, 2))]).astype(float)
    y = 10 * x[:, 0] + 0.1 * x[:, 1]
    fitted = TicketRegressor(random_state=0).fit(x, y)
    low, high = (fitted.predict(x[x[:, 0] == value]).mean() for value in (0, 1))
    assert high - low > 7


def test_repeated_samples_are_one_point_with_their_mean_target():
    x = np.repeat([[0.0], [1.0], [2.0]], 20, axis=0)
    y = np.tile([1.0, 3.0], 30) + x[:, 0] ** 2
    problem = TicketRegressor(prime=3).fit(x, y).problem_
    assert isinstance(problem, RidgeletProblem)
    assert problem.counts.tolist() == [20, 20, 20]
    scaled = (np.array([2.0, 3.0, 6.0]) - y.mean()) / y.std()
    np.testing.assert_allclose(problem.labels[:, 0], scaled, atol=1e-12)


def test_the_defaults_fit_data_they_have_not_seen():
    x, y = load_wine(return_X_y=True)
    assert cross_val_score(TicketClassifier(random_state=0), x, y, cv=3).mean() > 0.9
    x, y = make_friedman1(300, noise=1.0, random_state=0)
    assert cross_val_score(TicketRegressor(random_state=0), x, y, cv=3).mean() > 0.75


def test_nodes_of_all_features_memorize_as_the_docstring_says():
    x, y = load_wine(return_X_y=True)
    ticket = TicketClassifier(400, sampler="dequantized", ridge=1e-4, random_state=0)
    assert ticket.fit(x, y).score(x, y) == 1
    assert cross_val_score(ticket, x, y, cv=3).mean() < 0.5
