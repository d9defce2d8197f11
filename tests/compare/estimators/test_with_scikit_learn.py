"""Inside scikit-learn: pipelines, grid searches, copies, pages, calibration."""

import ast
import inspect
import pickle
import re
from functools import partial

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_breast_cancer, load_iris, make_regression
from sklearn.decomposition import PCA
from sklearn.ensemble import BaggingRegressor
from sklearn.inspection import permutation_importance
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from compare.estimators import TicketClassifier, TicketRegressor
from quantum.ridgelet import CircuitSampler
from tests.compare.estimators import both, made_data

TUMORS = load_breast_cancer(return_X_y=True)
CIRCUIT = partial(CircuitSampler, backend="aer_statevector", encoding="rader")


@pytest.mark.parametrize("sampler", ["refined-2", "dequantized", CIRCUIT])
def test_a_pipeline_after_principal_components(sampler):
    ticket = TicketClassifier(60, prime=5, sampler=sampler, random_state=0)
    pipeline = make_pipeline(StandardScaler(), PCA(2), ticket)
    assert cross_val_score(pipeline, *TUMORS, cv=3).mean() > 0.88


def test_a_grid_search_in_one_process_and_in_two():
    pipeline = make_pipeline(StandardScaler(), PCA(2), TicketClassifier(30, random_state=0))
    grid = {
        "pca__n_components": [1, 2],
        "ticketclassifier__sampler": ["subspace-1", "refined-2"],
    }
    x, y = load_iris(return_X_y=True)
    alone, spread = (GridSearchCV(pipeline, grid, cv=2, n_jobs=jobs).fit(x, y) for jobs in (1, 2))
    assert alone.best_score_ > 0.85
    np.testing.assert_array_equal(alone.cv_results_["mean_test_score"], spread.cv_results_["mean_test_score"])
    assert spread.score(x, y) > 0.85


def test_a_regressor_in_a_bag_and_its_features_ranked():
    x, y = make_regression(150, 5, n_informative=1, noise=1.0, shuffle=False, random_state=0)
    bag = BaggingRegressor(TicketRegressor(100, sampler="subspace-1"), n_estimators=3, random_state=0).fit(x, y)
    assert bag.score(x, y) > 0.85
    found = permutation_importance(bag, x, y, n_repeats=2, random_state=0).importances_mean
    assert np.argmax(found) == 0


def test_probabilities_come_from_calibration():
    assert not hasattr(TicketClassifier(), "predict_proba")
    calibrated = CalibratedClassifierCV(TicketClassifier(30, random_state=0), cv=2).fit(*TUMORS)
    probabilities = calibrated.predict_proba(TUMORS[0])
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert np.mean((probabilities[:, 1] - TUMORS[1]) ** 2) < 0.06


@both
def test_a_clone_is_unfitted_and_has_the_same_parameters(estimator):
    x, y = made_data(estimator)
    ticket = estimator(7, prime=5, sampler=CIRCUIT, activation=np.arange(5.0), random_state=0)
    ticket.set_params(sampler="uniform").fit(x, y)
    ticket.set_params(sampler=CIRCUIT)
    copy = clone(ticket)
    assert not hasattr(copy, "network_")
    copy = pickle.loads(pickle.dumps(copy))  # as to the processes of a search
    parameters = copy.get_params()
    assert parameters.pop("sampler").keywords == CIRCUIT.keywords
    assert parameters.pop("activation").tolist() == [0, 1, 2, 3, 4]
    assert parameters == {
        "n_nodes": 7,
        "prime": 5,
        "quantizer": "quantile",
        "regularization": 0.01,
        "ridge": 0.1,
        "random_state": 0,
    }


@both
def test_a_fitted_ticket_survives_pickling(estimator):
    x, y = made_data(estimator)
    fitted = estimator(20, random_state=0).fit(x, y)
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.predict(x), fitted.predict(x))
    assert again.nodes_ == fitted.nodes_
    assert again.problem_.digest == fitted.problem_.digest


@both
def test_every_parameter_is_documented_with_its_default(estimator):
    section = inspect.cleandoc(estimator.__doc__).split("Parameters\n----------\n")[1].split("\n\nAttributes\n")[0]
    documented = re.findall(r"^(\w+) : .*, default=(.*)$", section, re.MULTILINE)
    assert {name: ast.literal_eval(default) for name, default in documented} == estimator().get_params()
    assert len(documented) == 8


@both
def test_the_page_of_a_notebook_shows_parameters_and_whether_it_is_fitted(estimator):
    x, y = made_data(estimator)
    ticket = estimator(20, sampler="subspace-1")
    assert "Not fitted" in ticket._repr_html_()
    page = ticket.fit(x, y)._repr_html_()
    assert "<span>Fitted</span>" in page
    assert "subspace-1" in page
    assert repr(ticket) == f"{estimator.__name__}(n_nodes=20, sampler='subspace-1')"
