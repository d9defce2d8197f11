"""Parameters are taken as they are and checked in `fit`, in prose; random states as everywhere in scikit-learn."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from compare.estimators import TicketClassifier, TicketRegressor
from problems.errors import InputError
from tests.compare.estimators import both, made_data

REFUSED = [
    ("n_nodes", 0, r"n_nodes = 0 is too small; give at least 1"),
    ("n_nodes", 2.5, r"n_nodes = 2\.5 is no whole number"),
    ("n_nodes", "many", r"n_nodes = 'many' is no whole number"),
    ("prime", 12, r"prime = 12 is not prime; the nearest primes are 11 and 13"),
    ("prime", None, r"prime = None is no whole number"),
    ("quantizer", "quantiles", r"There is no quantizer 'quantiles'\. Did you mean 'quantile'\?"),
    ("quantizer", None, r"There is no quantizer None\. There are: level, quantile"),
    ("regularization", -1, r"regularization = -1 is negative or not finite"),
    ("ridge", np.nan, r"ridge = nan is negative or not finite"),
    ("ridge", "auto", r"ridge = 'auto' is no number"),
    ("activation", "rely", r"There is no activation 'rely'\. Did you mean 'relu'\?"),
    ("activation", [1.0, 2.0], r"The activation table has shape \(2,\)"),
    ("activation", np.ones(11), r"The activation table is constant on Z_11"),
    ("random_state", "today", r"random_state = 'today' seeds no random numbers; give None"),
    ("random_state", -1, r"random_state = -1 seeds no random numbers; give None"),
]


@both
@pytest.mark.parametrize(("name", "value", "message"), REFUSED)
def test_a_bad_parameter_is_refused_in_one_line_by_fit_and_not_before(estimator, name, value, message):
    x, y = made_data(estimator)
    ticket = estimator(**{name: value})
    for targets in (y, np.ones(len(y))):  # with nothing to learn as well
        with pytest.raises(InputError, match=message) as refused:
            ticket.fit(x, targets)
        assert "\n" not in str(refused.value)


def test_two_numbers_may_be_given_by_name_only():
    with pytest.raises(TypeError):
        TicketClassifier(20, 5)


def test_sparse_targets_are_refused():
    x, y = made_data(TicketRegressor)
    with pytest.raises(InputError, match=r"y is sparse, but targets are needed as a dense array; give y\.toarray"):
        TicketRegressor().fit(x, csr_array(y[:, None]))


def test_continuous_targets_are_no_classes():
    x, y = made_data(TicketRegressor)
    with pytest.raises(ValueError, match="Unknown label type: continuous"):
        TicketClassifier().fit(x, y)


@both
def test_the_same_whole_number_gives_the_same_nodes_and_none_gives_others(estimator):
    x, y = made_data(estimator)
    for state in (0, np.int64(5), 2**32 - 1):
        nodes = estimator(20, random_state=state).fit(x, y).nodes_
        assert estimator(20, random_state=state).fit(x, y).nodes_ == nodes
        assert estimator(20, random_state=1).fit(x, y).nodes_ != nodes
    fresh = estimator(20)
    assert fresh.fit(x, y).nodes_ != fresh.fit(x, y).nodes_


@both
def test_a_random_state_advances_from_fit_to_fit(estimator):
    x, y = made_data(estimator)

    def two_fits():
        ticket = estimator(20, random_state=np.random.RandomState(3))
        return [ticket.fit(x, y).nodes_ for _ in range(2)]

    first, second = two_fits()
    assert first != second
    assert two_fits() == [first, second]


def test_nothing_touches_numpys_global_random_numbers():
    x, y = made_data(TicketRegressor)
    before = np.random.get_state()[1].copy()  # noqa: NPY002  (what is asked)
    TicketRegressor(random_state=0).fit(x, y)
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


@pytest.mark.parametrize("ridge", [0, 1e-9, 1e3])
def test_any_penalty_fits(ridge):
    x, y = made_data(TicketRegressor)
    fitted = TicketRegressor(30, ridge=ridge, random_state=0).fit(x, y)
    assert np.all(np.isfinite(fitted.predict(x)))
    assert fitted.score(x, y) == pytest.approx(1, abs=0.05) if ridge < 1 else fitted.score(x, y) < 0.1


def test_a_table_is_an_activation():
    x, y = made_data(TicketRegressor)
    table = np.maximum([0, 1, 2, -2, -1], 0.0)
    expected = TicketRegressor(20, prime=5, random_state=0).fit(x, y).predict(x)
    np.testing.assert_allclose(
        TicketRegressor(20, prime=5, activation=table, random_state=0).fit(x, y).predict(x), expected
    )


def test_levels_of_equal_width_are_those_of_the_level_quantizer():
    x = np.array([[0.0], [1.0], [10.0]])
    fitted = TicketRegressor(5, prime=5, quantizer="level").fit(x, [0.0, 1.0, 2.0])
    assert fitted.quantizer_.transform(x)[:, 0].tolist() == [0, 0, 4]
    fitted = TicketRegressor(5, prime=5).fit(x, [0.0, 1.0, 2.0])
    assert len(set(fitted.quantizer_.transform(x)[:, 0])) == 3
